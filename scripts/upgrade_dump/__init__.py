"""Makes what the upgrade test starts from; see `__main__.py`."""
