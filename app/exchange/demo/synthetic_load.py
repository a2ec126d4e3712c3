"""Inserts synthetic events into the database with COPY."""

from __future__ import annotations

import itertools
import uuid
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, select, text
from sqlalchemy.orm import Session

from app.database.copy import copy_text
from app.database.engines import KEEP_PLANS, TAKE_YOUR_TIME
from app.database.indexes import indexes_created_at_end
from app.exchange.demo import DemoError
from app.exchange.demo import synthetic_rows as rows
from app.exchange.demo.synthetic import Front
from app.exchange.thread_switching import fast_thread_switching
from app.models import Event, Origin, Party
from app.publication.acting import act_as_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from psycopg import Connection
    from sqlalchemy import Engine

    from app.theatre import Theatre

# If events of this origin exist, the map page says that nothing on it is real.
ORIGIN: Final = "synthetic"


# What an event takes on the disk, with its sources, claims, points and indexes.
_BYTES: Final = 2_500
# Tables that grow with the events, in the order in which their indexes are created. The check of
# confirmed events needs the indexes of sources, so these come before the indexes of events.
_GROWING: Final = (
    *("event_source", "source", "claim", "revision", "event_point", "event_shape", "event_tally_change", "event"),
)


def needed_bytes(count: int) -> int:
    """Returns how much disk that many events need at least, with the log of their writing."""
    return count * _BYTES + min(count * _BYTES, 1_000_000_000)


def load_synthetic(
    engine: Engine, theatre: Theatre, count: int, seed: int, report_progress: Callable[[int], object] = lambda _: None
) -> int:
    """Inserts synthetic events into the database, in one transaction.

    Args:
        engine: connects as the role that writes, or as the owner. As the owner, an empty database
            is filled in a third of the time: indexes are created at the end, and nobody can read
            meanwhile.
        theatre: its extent, categories and belligerents are used.
        count: the number of events.
        seed: of the random generator.
        report_progress: called with the number of inserted events after each batch.

    Returns:
        The number of added events.

    Raises:
        DemoError: the database has synthetic events already.
    """
    front = Front(theatre.extent, theatre.first_day, seed)
    with Session(engine) as session, session.begin():
        if session.scalar(select(exists(select(Event.id).where(Event.origin == ORIGIN)))):
            raise DemoError("There are synthetic events already. Start anew with another FRONTLINE_DATA_DIR.")
        if session.get(Origin, ORIGIN) is None:
            session.add(
                Origin(
                    slug=ORIGIN,
                    name="Synthetic events",
                    licence="CC0 1.0",
                    attribution="Made up by this program: none of it happened",
                    public=True,
                )
            )
            session.flush()
        act_as_program(session, "synthetic", "made up for measuring")
        parties = [Party(id=uuid.uuid4(), name=name, kind="ministry") for name in rows.PARTIES]
        session.add_all(parties)
        session.flush()
        owned = session.scalar(
            text("SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = 'frontline.event'::regclass")
        )
        empty = not session.scalar(select(exists(select(Event.id))))
        connection: Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment] # psycopg
        connection.execute(f"{KEEP_PLANS}; {TAKE_YOUR_TIME}")
        with indexes_created_at_end(connection.cursor(), _GROWING) if owned and empty else nullcontext():
            _fill(connection, front, theatre, count, [party.id for party in parties], report_progress)
    return count


def _fill(
    connection: Connection[Any],
    front: Front,
    theatre: Theatre,
    count: int,
    parties: list[uuid.UUID],
    report_progress: Callable[[int], object],
) -> None:
    """Generates the rows of each batch while a thread writes the previous batch."""
    kinds = len(theatre.categories), len(theatre.belligerents)
    sources: list[uuid.UUID] = []
    source_rows = rows.source_rows(front, max(2, count // rows.EVENTS_A_SOURCE))
    while some := [*itertools.islice(source_rows, 50_000)]:
        _copy(connection, "source", rows.SOURCE, (row for row, _ in some))
        sources += [id_ for _, id_ in some]
    done = 0
    writing: Future[None] | None = None
    with ThreadPoolExecutor(1, "synthetic") as writer, fast_thread_switching():
        for first_day, events in front.batches(count):
            written = rows.Rows(front, front.batch(first_day, events, *kinds), theatre, done, sources, parties)
            if writing is not None:
                writing.result()
                report_progress(done)
            writing = writer.submit(_write, connection, written)
            done += events
        if writing is not None:
            writing.result()
    report_progress(done)


def _write(connection: Connection[Any], written: rows.Rows) -> None:
    _copy(connection, "event", rows.EVENT, written.events)
    _copy(connection, "event_source", rows.EVENT_SOURCE, written.event_sources)
    _copy(connection, "claim", rows.CLAIM, written.claims)


def _copy(connection: Connection[Any], table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    copy_text(connection, f"frontline.{table}", columns, ["".join(lines)])
