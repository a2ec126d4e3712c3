"""What is not published changes no public answer: two copies of one database at one clock.

In one copy, all of `unpublished.WORK` is done. Then every public answer of both is compared:
status, headers with ETags, and bytes; and every row of every public view. Whatever a stranger could
learn about unpublished work, be it a time, a count, an id or an order, is a difference.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import main
from app.database.engines import DatabaseUrls, make_engines
from app.database.session import Sessions
from app.derived.event_columns import rebuild_stale_parts
from app.derived.line_history import update_line_history
from app.models import EventPlace
from app.publication.policy import update_policy
from app.publication.release import release_due_in
from app.settings import Settings
from app.theatre import Theatre
from tests.builders import Builder, moment
from tests.conftest import cloned, make_settings
from tests.contracts.crawl import Crawl, read, stable_text
from tests.contracts.unpublished import NEW_LINK, PUBLIC_LINK, WORK, Copy, PublicIds
from tests.review.conftest import EVENTS, member_from_header
from tests.sampling import IS_LONG

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.embedded import EmbeddedCluster

DAY: Final = "2025-07-21"
NOW: Final = dt.datetime.now(dt.UTC).replace(microsecond=0)
EMBARGO_ENDS: Final = NOW + dt.timedelta(days=1)
UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MOMENT: Final = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")


def fill(build: Builder) -> PublicIds:
    """Inserts what both copies have."""
    place = EventPlace(position=0, as_spelled="Zebra")
    zebra = build.event("A zebra", at=(37.5, 48.5), places=[place], actor="ru", affected="ua")
    build.claim(zebra, source_id=build.source(zebra, PUBLIC_LINK))
    other = build.event("A line", wkt="LINESTRING(37.1 48.2, 37.2 48.3)", happened=("2025-07-01", "2025-08-01"))
    withdrawn = build.event("Gone", state="withdrawn", withdrawn_reason="Taken back.")
    hidden = build.event("Hidden", hidden_at=NOW, released_at=NOW - dt.timedelta(days=1))
    archive = build.origin("archive")
    imported = build.event("Archived", origin=archive, at=(37.9, 48.1), import_digest=b"row", time_precision="month")
    embargoed = build.event("Embargoed", at=(37.3, 48.6), public_from=EMBARGO_ENDS)
    build.source(embargoed, "https://t.me/zebra/2")
    area = build.area("zebra area", west=39.0, valid_from=moment(DAY))
    build.claim(None, area_id=area, about="area", source_id=build.source(other, "https://example.org/area"))
    return PublicIds(zebra, other, withdrawn, hidden, imported, embargoed)


def run_jobs(copy: Copy) -> None:
    """Does what the background jobs of a server do."""
    with copy.sessions.writing() as session:
        release_due_in(session)
        update_line_history(session, "desk")
        session.execute(text("SELECT frontline.tally()"))
        session.commit()
        rebuild_stale_parts(session, copy.theatre)


@dataclass(frozen=True)
class Twins:
    """Two copies of one database; work is done in the second."""

    quiet: DatabaseUrls
    busy: DatabaseUrls
    settings: Settings
    theatre: Theatre
    ids: PublicIds

    @contextmanager
    def at(self, clock: dt.datetime) -> Iterator[tuple[Copy, Copy]]:
        """Opens applications on both copies, with a clock that stands still."""
        with ExitStack() as stack:
            yield stack.enter_context(self._open(self.quiet, clock)), stack.enter_context(self._open(self.busy, clock))

    @contextmanager
    def _open(self, urls: DatabaseUrls, clock: dt.datetime) -> Iterator[Copy]:
        set_clock(urls, clock)
        engines = make_engines(urls, self.settings)
        app = main.create_app(self.settings, self.theatre, Sessions(engines))
        app.state.authenticate = member_from_header
        try:
            with TestClient(app, base_url="http://localhost") as client:
                copy = Copy(app, client, Sessions(engines), engines, self.theatre, self.settings.data_dir, self.ids)
                run_jobs(copy)
                yield copy
        finally:
            engines.dispose()


@pytest.fixture
def twins(cluster: EmbeddedCluster, template: str, theatre: Theatre, tmp_path: Path) -> Iterator[Twins]:
    categories = [
        category.model_copy(update={"forbidden_for": ("ua",)} if category.slug == "position" else {})
        for category in theatre.categories
    ]
    theatre = theatre.model_copy(update={"categories": tuple(categories)})
    settings = make_settings(tmp_path, submissions_per_minute=10_000, submissions_per_hour=100_000)
    with ExitStack() as stack:
        base = stack.enter_context(cloned(cluster, template))
        engines = make_engines(base, settings)
        update_policy(engines.importing, theatre)
        with Sessions(engines).writing() as session:
            ids = fill(Builder(session))
        engines.dispose()
        name = str(make_url(base.owner).database)
        quiet, busy = (stack.enter_context(cloned(cluster, name)) for _ in range(2))
        yield Twins(quiet, busy, settings, theatre, ids)


def set_clock(urls: DatabaseUrls, clock: dt.datetime) -> None:
    """Sets the clock of a database, for connections that are opened from now on."""
    url = make_url(urls.owner)
    engine = create_engine(url.set(username="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {url.database} SET frontline.now = '{clock.isoformat()}'"))
    engine.dispose()


def unpublished_ids(busy: Copy) -> list[str]:
    """Returns ids that one copy alone has: of a draft and a submission, in `make long` of all."""
    with busy.sessions.writing() as session:
        query = (
            "SELECT id FROM frontline.{} WHERE created_at > (SELECT created_at FROM frontline.event WHERE id = :last)"
        )
        found = [
            [str(one) for one in session.scalars(text(query.format(table)), {"last": busy.ids.embargoed})]
            for table in ("event", "submission", "source", "claim")
        ]
    assert all(found)
    return [one for ids in found for one in ids] if IS_LONG else [found[0][0], found[1][0]]


def crawl(copy: Copy, unknown: list[str]) -> dict[str, tuple[int, str]]:
    """Requests every public address, with ids that the public knew once and `unknown` ones."""
    ids = copy.ids
    known = [str(ids.zebra), str(ids.hidden), *unknown]
    if IS_LONG:
        known += [str(one) for one in (ids.other, ids.imported, ids.withdrawn, ids.embargoed)]
    return Crawl(
        copy.app,
        copy.client,
        ids=known,
        values={
            "q": ["quagga", "zebra"],
            "near": ["37.50,48.50,5000"],
            "bbox": ["36.5,47.5,38.5,49"],
            "position": ["39.08,48.03", "37.48,48.03"],
            "ids": [",".join(known[:50])],
            "datetime": [DAY, "../.."],
            "state_at": [DAY],
            "limit": ["2", "1000"] if IS_LONG else ["2"],
            "category": ["position", "clash"],
            "side": ["ua"],
            "verification": ["geolocated"],
            "assessor": ["desk"],
            "origin": ["archive", "quagga-drafts"],
            "at": ["48.5,37.5,12"],
            "event": known[:1],
            "lang": ["uk"],
        },
        words=["quagga"],
    ).run()


def differences(one: dict[str, tuple[int, str]], other: dict[str, tuple[int, str]]) -> list[str]:
    """Describes each answer that differs, from where it does."""
    found = [f"only one copy has a link to {address}" for address in one.keys() ^ other.keys()]
    for address in one.keys() & other.keys():
        (status, content), (other_status, other_content) = one[address], other[address]
        texts = stable_text(content), stable_text(other_content)
        if (status, texts[0]) != (other_status, texts[1]):
            start = next((n for n, pair in enumerate(zip(*texts, strict=False)) if pair[0] != pair[1]), 0)
            around = [content[max(0, start - 60) : start + 120] for content in texts]
            found.append(f"{address}: {status} {around[0]!r} and {other_status} {around[1]!r}")
    return sorted(found)


def rows_of_views(copy: Copy) -> dict[str, list[str]]:
    """Returns the rows of every public view, read as the public does."""
    with copy.sessions.public() as session:
        views = session.scalars(
            text("""
                SELECT c.relname FROM pg_class c
                WHERE c.relnamespace = 'frontline'::regnamespace AND has_table_privilege(c.oid, 'SELECT')
            """)
        ).all()
        assert len(views) > 15
        query = 'SELECT v::text FROM frontline."{}" v ORDER BY 1'
        return {view: list(session.scalars(text(query.format(view)))) for view in views}


@pytest.mark.sampled
def test_unpublished_work_changes_no_public_answer(twins: Twins) -> None:
    """Compares before and, for the answers in `make long` only, after the end of an embargo."""
    with twins.at(NOW) as (quiet, busy):
        assert rows_of_views(quiet) == rows_of_views(busy)
        for work in WORK:
            work(busy)
        unknown = unpublished_ids(busy)
    for clock in (NOW, EMBARGO_ENDS + dt.timedelta(seconds=1)):
        with twins.at(clock) as (quiet, busy):
            rows, busy_rows = rows_of_views(quiet), rows_of_views(busy)
            for view in rows:
                assert rows[view] == busy_rows[view], view
            embargoed = f"/api/collections/events/items/{twins.ids.embargoed}"
            assert quiet.client.get(embargoed).status_code == (404 if clock == NOW else 200)
            if clock == NOW or IS_LONG:
                answers = crawl(quiet, unknown)
                assert len(answers) >= 150
                assert differences(answers, crawl(busy, unknown)) == []


def test_first_publication_does_not_tell_what_was_there_before(twins: Twins) -> None:
    """Publishes one event with a link that a draft had, and one that a public event has."""
    with twins.at(NOW) as (quiet, busy):
        for work in WORK:
            work(busy)
        began = dt.datetime.now(dt.UTC)
        answers = [publish(copy, began) for copy in (quiet, busy)]
    assert answers[0] == answers[1]
    assert "since" in answers[0][0]


def publish(copy: Copy, began: dt.datetime) -> list[str]:
    """Publishes an event with a link that a draft may have had, and one that a public event has."""
    event = copy.desk("Eva").draft(title="Published", geometry={"type": "Point", "coordinates": [38.5, 49.2]})
    path = f"{EVENTS}/{event['id']}"
    for url in (NEW_LINK, PUBLIC_LINK):
        copy.versioned("Eva", "POST", f"{path}/sources", path, {"url": url, "role": "footage"})
    for name, step in (("Eva", "submit"), ("Bea", "publish")):
        copy.versioned(name, "POST", f"{path}/{step}", path, {})
    run_jobs(copy)
    addresses = (f"/api/collections/events/items/{event['id']}", f"/events/{event['id']}")
    return [normalise(read(copy.client.get(address)), began) for address in addresses]


def normalise(content: str, began: dt.datetime) -> str:
    """Replaces ids by their order, and moments since the public act; drops the ETag, which depends
    on both.
    """
    ids: dict[str, str] = {}
    content = UUID.sub(lambda found: ids.setdefault(found[0], f"id {len(ids)}"), content)
    content = MOMENT.sub(lambda found: "since" if dt.datetime.fromisoformat(found[0]) >= began else found[0], content)
    return re.sub(r"'etag': '[^']*'", "", stable_text(content))
