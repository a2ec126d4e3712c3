"""Importers of control areas, in the formats of their assessors."""
