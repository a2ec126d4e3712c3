"""Files in and out: importers, the demo, the staging they share."""
