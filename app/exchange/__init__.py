"""Importers of files, the demo, and the staging tables that they share."""
