"""Synthetic events: the same seed always gives the same events, of every kind, and they are marked
as synthetic.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import numpy as np
import pytest
from sqlalchemy import create_engine, text

from app.exchange.demo import DemoError
from app.exchange.demo.synthetic import Front
from app.exchange.demo.synthetic_load import load_synthetic

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre
    from tests.conftest import Serve

EVENTS = 3_000


def test_seed_determines_the_events(theatre: Theatre) -> None:
    first, again, other = (Front(theatre.extent, theatre.first_day, seed).batch(700, 500, 16, 2) for seed in (1, 1, 2))
    for column in ("longitude", "latitude", "begins", "category", "actor"):
        assert np.array_equal(getattr(first, column), getattr(again, column))
    assert not np.array_equal(first.longitude, other.longitude)


def test_all_events_are_loaded_and_spread_over_the_days(theatre: Theatre) -> None:
    batches = Front(theatre.extent, theatre.first_day, 42).batches(10_001)
    assert sum(count for _, count in batches) == 10_001
    assert min(count for _, count in batches) > 0


def test_every_kind_is_loaded_once_and_page_marks_it_synthetic(
    database: DatabaseUrls, theatre: Theatre, serve: Serve
) -> None:
    engine = create_engine(database.app)
    assert load_synthetic(engine, theatre, EVENTS, 42) == EVENTS
    with engine.connect() as connection:
        kinds = "count(DISTINCT category), count(DISTINCT verification), count(DISTINCT time_precision)"
        row = connection.execute(text(f"SELECT count(*), {kinds} FROM frontline.public_event")).one()  # noqa: S608
        assert row[:3] == (EVENTS, len(theatre.categories), 5)
        assert row[3] >= 4  # a precision of a year is rare
        spans = "SELECT count(*) FROM frontline.event WHERE happened_to - happened_from > interval '1 day'"
        assert connection.scalar(text(spans)) > EVENTS / 50
        assert connection.scalar(text("SELECT count(*) FROM frontline.public_claim")) > EVENTS / 10
        same_place = "SELECT max(n) FROM (SELECT count(*) n FROM frontline.event GROUP BY shape) AS places"
        assert connection.scalar(text(same_place)) > EVENTS / 300
    with pytest.raises(DemoError, match="already"):
        load_synthetic(engine, theatre, 1, 42)
    engine.dispose()
    page = httpx2.get(serve(database).url).text
    assert ">synthetic</span>" in page
    assert '"synthetic": true' in page


def test_owner_fills_empty_database_with_the_same_rows(database: DatabaseUrls, theatre: Theatre) -> None:
    owner = create_engine(database.owner)
    assert load_synthetic(owner, theatre, EVENTS, 42) == EVENTS
    with owner.connect() as connection:
        counts = {
            table: connection.scalar(text(f"SELECT count(*) FROM frontline.{table}"))  # noqa: S608 - our own words
            for table in ("public_event", "public_event_source", "public_claim", "event_source", "claim")
        }
        points = connection.scalar(text("SELECT count(*) FROM frontline.public_event_point WHERE starts"))
        noted = connection.scalar(text("SELECT sum(change) FROM frontline.public_event_tally_change"))
        trail = connection.scalar(text("SELECT count(*) FROM frontline.revision WHERE relation = 'event'"))
    owner.dispose()
    assert counts["public_event"] == points == noted == trail == EVENTS
    assert counts["public_event_source"] == counts["event_source"] > EVENTS
    assert counts["public_claim"] == counts["claim"] > EVENTS / 10
