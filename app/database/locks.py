"""Advisory locks: one for each kind of work that only one process may do at a time.

The numbers are arbitrary, but must differ and never change. The holder of a lock can show its
progress to those who want the lock too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.errors import UserError

if TYPE_CHECKING:
    from psycopg import Connection

_FIRST: Final = 5_214_738_213

(
    MIGRATION,
    GAZETTEER,
    EVENTS_IMPORT,
    AREAS_IMPORT,
    RELEASE,
    POLICY,
    TALLY,  # `sql/derived.sql` has the same number
    EVENT_COLUMNS,
) = range(_FIRST, _FIRST + 8)

# First of two keys; the second one is the assessor. Locks with two keys have a number space of
# their own.
LINE_HISTORY: Final = 1_380_731_210
# First of two keys; the second one is the hash of a canonical link.
SAME_FOOTAGE: Final = 1_380_731_211

_HOLDER: Final = """
    SELECT a.pid, to_char(a.xact_start AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), a.application_name
    FROM pg_locks l
    JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND (l.classid::bigint << 32 | l.objid::bigint) = %s
"""


class LockTaken(UserError):
    """Another process has the lock; the message names its connection and says how far it is."""


def take(connection: Connection[Any], key: int, work: str) -> None:
    """Takes a lock until the end of the transaction.

    Args:
        connection: in the transaction.
        key: of the lock.
        work: a noun for the message, such as "import".

    Raises:
        LockTaken: another process has the lock.
    """
    taken = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (key,)).fetchone()
    if taken and taken[0]:
        return
    holder = connection.execute(_HOLDER, (key,)).fetchone()
    if holder is None:  # the lock was released meanwhile
        raise LockTaken(f"Another {work} was running. Start this one again.")
    pid, since, name = holder
    known = [f"process {pid} of PostgreSQL", since and f"since {since}", name.partition(": ")[2]]
    described = ", ".join(filter(None, known))
    raise LockTaken(f"Another {work} is running ({described}). Wait until it ends, then start this one again.")


def show_progress(connection: Connection[Any], progress: str) -> None:
    """Shows how far a transaction is: in the message of `LockTaken`, and in `pg_stat_activity`."""
    connection.execute("SELECT set_config('application_name', %s, true)", (f"frontline: {progress}",))
