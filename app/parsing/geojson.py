"""Reads the type of a GeoJSON geometry that somebody else wrote; it may be any JSON value."""

from __future__ import annotations


def geometry_type(geometry: object) -> str:
    """Returns the type of a geometry; empty if the value is no object, or its type no text."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    return kind if isinstance(kind, str) else ""
