"""Writes the dump for the upgrade test; see `__main__.py`."""
