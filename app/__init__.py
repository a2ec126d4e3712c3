"""Frontline: a self-hosted map of a war's front line in time, from public reports."""

__version__ = "0.1.0"
