"""Putting synthetic events into the database, by COPY."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.exchange.demo import DemoError
from app.exchange.demo import synthetic_rows as rows
from app.exchange.demo.synthetic import Front
from app.models import Event, Origin

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterable

    from sqlalchemy import Engine

    from app.theatre import Theatre

# What the page looks for to say that it shows nothing real.
ORIGIN: Final = "synthetic"
MOST_EVENTS: Final = 10_000_000


def load_synthetic(
    engine: Engine, theatre: Theatre, count: int, seed: int, told: Callable[[int], object] = lambda _: None
) -> int:
    """Put events that never happened into the database, all in one transaction.

    Args:
        engine: connects as the role that writes.
        theatre: whose extent, categories and belligerents they have.
        count: how many.
        seed: the same gives the same events.
        told: is given how many are there, every now and then.

    Returns:
        How many were added.

    Raises:
        DemoError: there are synthetic events already.
    """
    front = Front(theatre.extent, theatre.first_day, seed)
    kinds = len(theatre.categories), len(theatre.belligerents)
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
        cursor = session.connection().connection.cursor()
        sources: list[uuid.UUID] = []
        made = rows.source_rows(front, max(1, count // rows.EVENTS_A_SOURCE))
        while some := [*itertools.islice(made, 50_000)]:
            _copy(cursor, "source", rows.SOURCE, (row for row, _ in some))
            sources += [id_ for _, id_ in some]
        done = 0
        for first_day, events in front.batches(count):
            written = rows.Rows(front, front.batch(first_day, events, *kinds), theatre, done, sources)
            _copy(cursor, "event", rows.EVENT, written.events)
            _copy(cursor, "event_source", rows.EVENT_SOURCE, written.event_sources)
            _copy(cursor, "claim", rows.CLAIM, written.claims)
            done += events
            told(done)
    return done


def _copy(cursor: Any, table: str, columns: str, lines: Iterable[str]) -> None:
    with cursor.copy(f"COPY frontline.{table} ({columns}) FROM STDIN") as copy:
        copy.write("".join(lines))
