"""The configuration files of the cluster."""

from __future__ import annotations

from pathlib import Path

PORT = 5432  # the number in the socket's file name; nothing listens on a network
SUPERUSER = "postgres"
ROLES = ("frontline_owner", "frontline_app", "frontline_public")

AUTHENTICATION = """\
# The operating system identifies users of the socket; no passwords, no network.
local all all peer map=frontline
"""


def identities(os_users: set[str]) -> str:
    """Returns pg_ident.conf: each of these operating-system users may use each role."""
    lines = [f'frontline {_quote(user)} "{role}"' for user in sorted(os_users) for role in (SUPERUSER, *ROLES)]
    return "# map, operating-system user, role\n" + "\n".join(lines) + "\n"


def settings(socket_directory: Path, *, for_tests: bool, lz4: bool = False) -> str:
    """Returns postgresql.conf for a small machine.

    Args:
        socket_directory: of the server.
        for_tests: faster, but the data may be lost in a crash.
        lz4: whether this PostgreSQL supports LZ4. Its own compression of full pages in the WAL
            (pglz) takes more processor time than the rest of an import.
    """
    lines = f"""\
# Written by Frontline at every start. Settings of your own: ALTER SYSTEM, which overrides these.
cluster_name = 'frontline'
listen_addresses = ''
port = {PORT}
unix_socket_directories = '{socket_directory}'
unix_socket_permissions = 0700
max_connections = 60

shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
max_wal_size = 2GB
wal_compression = {"lz4" if lz4 else "on"}
jit = off

timezone = 'UTC'
log_timezone = 'UTC'
datestyle = 'iso, ymd'
lc_messages = 'C'

# One file for each day of the week, overwritten a week later. Terse: a DETAIL would repeat what people typed.
logging_collector = on
log_destination = 'stderr'
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_file_mode = 0600
log_line_prefix = '%m [%p] %q%u@%d '
log_error_verbosity = terse
log_statement = none
"""
    if for_tests:
        lines += """
# For tests: fast, and lost in a crash of the machine.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 256MB
autovacuum_naptime = 5min
"""
    return lines


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
