"""Rebuilt points and tallies equal those that triggers maintain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import create_engine, func, text, update

from app.database.engines import server_options
from app.derived.points import fold_tallies, rebuild_points
from app.exchange.demo.synthetic_load import load_synthetic
from app.models import Event

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

TABLES = {
    "event_point": "SELECT md5(string_agg(p::text, ',' ORDER BY id, month)) FROM frontline.event_point p",
    "event_shape": "SELECT md5(string_agg(s::text, ',' ORDER BY id)) FROM frontline.event_shape s",
    "event_tally": "SELECT md5(string_agg(t::text, ',' ORDER BY level, cell, facet, year)) FROM frontline.event_tally t"
    " WHERE total <> 0",
    "event_tally_change": "SELECT count(*)::text FROM frontline.event_tally_change",
}


def content(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return {table: connection.scalar(text(question)) for table, question in TABLES.items()}


def test_rebuild_equals_trigger_maintained_tables(database: DatabaseUrls, theatre: Theatre) -> None:
    engine = create_engine(database.app, connect_args={"options": server_options(statement_seconds=0, lock_seconds=5)})
    load_synthetic(engine, theatre, 1_500, 42)
    assert fold_tallies(engine) > 500
    some = update(Event).where(Event.precision_m < 300)
    with engine.begin() as connection:
        connection.execute(text("SELECT set_config('frontline.role', 'editor', true)"))
        connection.execute(some.values(category="other", actor=None))
        connection.execute(some.where(Event.affected.is_(None)).values(state="withdrawn", withdrawn_at=func.now()))
    assert fold_tallies(engine, at_least=1) > 100
    maintained = content(engine)
    assert maintained["event_tally_change"] == "0"
    made = rebuild_points(engine, batch=400)
    with engine.connect() as connection:
        assert made == connection.scalar(text("SELECT count(*) FROM frontline.event WHERE state = 'published'"))
    assert content(engine) == maintained
    engine.dispose()
