"""Connections, sessions, the embedded cluster, migrations and long SQL statements."""
