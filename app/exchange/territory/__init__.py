"""Importers of territory: snapshots of control areas in the formats of those who draw them."""
