"""Derived tables: computed from other rows, and updated when those rows change."""
