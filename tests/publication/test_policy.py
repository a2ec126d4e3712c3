"""Category policies apply to every publication, by every route, before the event is public."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from app.database.engines import server_options
from app.exchange.demo import load_demo
from app.exchange.importing import ImportOptions, import_files
from app.exchange.origins import OriginTerms
from app.models import CategoryPolicy, ContentRevision, Event, Submission
from app.publication.policy import category_policies, update_policy
from app.publication.release import delete_old_submissions, release_due, release_due_in
from app.theatre import Theatre
from tests.builders import moment

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi.testclient import TestClient
    from sqlalchemy import Connection, Engine

    from app.database.engines import DatabaseUrls
    from app.database.session import Sessions
    from tests.builders import Builder

ITEMS = "/api/collections/events/items"
NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)


def with_policy(theatre: Theatre, **policy: dict[str, Any]) -> Theatre:
    """Returns the theatre with changed policies of some categories; `__` in a name stands for a
    dot.
    """
    described = theatre.model_dump(by_alias=True, exclude_unset=True)
    for category in described["categories"]:
        category.update(policy.get(category["slug"].replace(".", "__"), {}))
    return Theatre.model_validate(described)


@pytest.fixture
def engine(database: DatabaseUrls) -> Iterator[Engine]:
    engine = create_engine(database.app, connect_args={"options": server_options(statement_seconds=0, lock_seconds=5)})
    yield engine
    engine.dispose()


def set_policy(build: Builder, category: str, **policy: Any) -> None:
    build.session.add(CategoryPolicy(category=category, **policy))
    build.session.commit()


def at(session: Session | Connection, clock: dt.datetime) -> None:
    session.execute(text("SELECT set_config('frontline.now', :now, false)"), {"now": clock.isoformat()})


def test_category_inherits_the_policy_of_its_parent(theatre: Theatre) -> None:
    policies = category_policies(
        with_policy(
            theatre,
            strike={"embargo_hours": 6, "forbidden_for": ["ua"]},
            strike__drone={"embargo_hours": 0, "coarsen_m": 500},
        )
    )
    assert policies == {
        "strike": (6, None, ("ua",)),
        "strike.artillery": (6, None, ("ua",)),
        "strike.drone": (0, 500, ("ua",)),
        "strike.missile": (6, None, ("ua",)),
        "strike.air": (6, None, ("ua",)),
    }
    assert category_policies(theatre) == {}


def test_embargo_counts_from_the_end_of_the_event(client: TestClient, sessions: Sessions, build: Builder) -> None:
    set_policy(build, "position", embargo_hours=24)
    today = NOW.strftime("%Y-%m-%dT%H:%M:%S")
    before = (NOW - dt.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S")
    event = build.event("Dug in", category="position", happened=(before, today))
    old = build.event("Long ago", category="position")
    other = build.event("A clash", happened=(before, today))
    path = f"{ITEMS}/{event}"
    assert [client.get(f"{ITEMS}/{one}").status_code for one in (event, old, other)] == [404, 200, 200]
    with sessions.writing() as session:
        ends = session.get_one(Event, event).public_from
        assert ends == NOW + dt.timedelta(hours=24)
        at(session, ends - dt.timedelta(seconds=1))
        assert release_due_in(session).events == 0
        assert client.get(path).status_code == 404
        at(session, ends + dt.timedelta(seconds=1))
        assert client.get(path).status_code == 404  # still hidden until the release job runs
        numbered = client.get(ITEMS).json()["numberReturned"]
        released = release_due_in(session)
        assert released.events == 1
        assert released.number > 0
        assert client.get(path).status_code == 200
        assert client.get(ITEMS).json()["numberReturned"] == numbered + 1
        assert release_due_in(session).events == 0
        at(session, ends - dt.timedelta(seconds=1))  # the view also compares the time, whatever the job released
        assert client.get(path).status_code == 404


def test_public_place_is_coarse_and_desk_place_exact(client: TestClient, sessions: Sessions, build: Builder) -> None:
    set_policy(build, "position", coarsen_m=2000)
    exact = (37.12966, 48.24819)
    event = build.event("Dug in", category="position", at=exact, precision_m=50)
    feature = client.get(f"{ITEMS}/{event}").json()
    (lon, lat), properties = feature["geometry"]["coordinates"], feature["properties"]
    assert properties["precision_m"] == 1415
    assert (lon, lat) != exact
    assert abs(lat - exact[1]) * 111_320 <= 1000.5
    near = build.event("Dug in as well", category="position", at=(exact[0] + 0.0005, exact[1] + 0.0005))
    assert client.get(f"{ITEMS}/{near}").json()["geometry"]["coordinates"] == [lon, lat]
    with sessions.writing() as session:
        shapes = text("SELECT ST_AsText(exact_shape), exact_precision_m FROM frontline.event WHERE id = :id")
        assert session.execute(shapes, {"id": event}).one() == (f"POINT({exact[0]} {exact[1]})", 50)
        # Writing the event again without the place preserves the exact place; a new place is exact
        # too.
        session.execute(text("UPDATE frontline.event SET title = 'x' WHERE id = :id"), {"id": event})
        assert session.execute(shapes, {"id": event}).one() == (f"POINT({exact[0]} {exact[1]})", 50)
        moved = "UPDATE frontline.event SET shape = 'SRID=4326;POINT(30 50)', precision_m = 10 WHERE id = :id"
        session.execute(text(moved), {"id": event})
        assert session.execute(shapes, {"id": event}).one() == ("POINT(30 50)", 10)
        session.execute(text("DELETE FROM frontline.category_policy"))
        session.execute(text("UPDATE frontline.event SET title = 'y' WHERE id = :id"), {"id": event})
        session.commit()
    assert client.get(f"{ITEMS}/{event}").json()["geometry"]["coordinates"] == [30, 50]


@pytest.mark.parametrize("side", ["actor", "affected"])
def test_forbidden_category_is_never_published(client: TestClient, build: Builder, side: str) -> None:
    def event_of(slug: str) -> uuid.UUID:
        sides: dict[str, Any] = {side: slug}
        return build.event(category="position", **sides)

    set_policy(build, "position", forbidden_for=["ua"])
    event = event_of("ua")
    assert client.get(f"{ITEMS}/{event}").status_code == 404
    theirs = event_of("ru")
    assert client.get(f"{ITEMS}/{theirs}").status_code == 200


def test_policy_applies_to_imports_demo_and_existing_events(engine: Engine, theatre: Theatre, tmp_path: Path) -> None:
    strict = with_policy(
        theatre,
        position={"forbidden_for": ["ua"]},
        clash={"coarsen_m": 5000},
        infiltration={"embargo_hours": 24 * 366},
    )
    file = tmp_path / "events.csv"
    recent = (NOW - dt.timedelta(days=2)).strftime("%Y-%m-%d")
    file.write_text(
        "src,id,date,lat,lon,side,category,text,urls\n"
        "map,1,2025-07-21,48.24819,37.12966,ua,position,Ours,https://example.org/1\n"
        "map,2,2025-07-21,48.24819,37.12966,ru,clash,Theirs,https://example.org/2\n"
        f"map,3,{recent},48.24819,37.12966,ru,infiltration,Recent,https://example.org/3\n"
    )
    options = ImportOptions(
        "events-csv", public=True, terms=OriginTerms(licence="CC0"), refusals=tmp_path / "refused.csv"
    )
    report = import_files(engine, strict, [file], options)
    assert report.outcomes == {"added": 3}
    assert report.notes["kept as drafts: policy forbids publication"] == 1
    load_demo(engine, strict)
    with Session(engine) as session:
        public = (
            "SELECT e.origin_id FROM frontline.public_event p JOIN frontline.event e USING (id)"
            " WHERE p.origin = 'map' ORDER BY 1"
        )
        assert session.scalars(text(public)).all() == ["2"]
        assert session.scalar(text("SELECT state FROM frontline.event WHERE origin_id = '1'")) == "draft"
        exact = "SELECT count(*) FROM frontline.public_event WHERE category = 'clash' AND precision_m < 3000"
        assert session.scalar(text(exact)) == 0
        assert session.scalar(text("SELECT made_by FROM frontline.revision LIMIT 1")) == "import"
        before = session.scalar(text("SELECT count(*) FROM frontline.content_revision"))
    assert update_policy(engine, strict) is False
    assert update_policy(engine, with_policy(theatre, clash={"forbidden_for": ["ru"]})) is True
    with Session(engine) as session:
        assert session.scalars(text(public)).all() == []
        assert session.scalar(text("SELECT count(*) FROM frontline.content_revision")) == before + 1
    assert import_files(engine, theatre, [file], options).published == 1
    with Session(engine) as session:
        assert session.scalars(text(public)).all() == ["1", "2"]


def test_concurrent_release_jobs_release_once(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        session.execute(text("INSERT INTO frontline.origin VALUES ('o', 'o', NULL, 'CC0', NULL, true, now())"))
        session.execute(
            text(
                "INSERT INTO frontline.event (id, origin, title, category, shape, happened_from, happened_to,"
                " time_precision, verification, state, public_from) VALUES (gen_random_uuid(), 'o', 't', 'clash',"
                " 'SRID=4326;POINT(37 48)', '2025-07-21', '2025-07-22', 'day', 'reported', 'published',"
                " now() + interval '1 second')"
            )
        )
    with Session(engine) as one, Session(engine) as other:
        later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1)
        at(one, later)
        at(other, later)
        assert release_due_in(one).events == 1
        assert release_due_in(other).events == 0
        one.commit()
        assert release_due_in(other).events == 0
    assert release_due(engine).events == 0


def test_drafts_do_not_change_the_public_revision(sessions: Sessions, build: Builder) -> None:
    def number() -> Any:
        with sessions.public() as session:
            return session.execute(text("SELECT number, changes FROM frontline.public_content")).one()

    with sessions.writing() as session:
        session.execute(text("SELECT pg_current_xact_id()"))
    before = number()
    draft = build.event(state="draft")
    build.source(draft, "https://example.org/draft")
    build.claim(draft)
    build.event(public_from=NOW + dt.timedelta(days=1))
    build.event(origin=build.origin("secret", public=False), state="draft")
    assert number() == before
    build.event()
    assert number() != before


def test_rejected_submissions_are_deleted_in_time(engine: Engine) -> None:
    def submission(state: str, days: int | None) -> Submission:
        return Submission(
            kind="footage",
            state=state,
            decided_at=None if days is None else NOW - dt.timedelta(days=days),
            decided_by_name=None if days is None else "Bea",
            decision_reason=None if days is None else "Old footage",
            tracking_hash=f"{state}{days}".encode(),
            footage_urls=["https://example.org/"],
            spot="SRID=4326;POINT(37 48)",
            happened_from=moment("2025-07-21"),
            happened_to=moment("2025-07-22"),
            time_precision="day",
            created_at=NOW - dt.timedelta(days=400),
        )

    with Session(engine) as session, session.begin():
        session.add_all(
            [submission("received", None), submission("question", None), submission("accepted", 200)]
            + [submission("rejected", days) for days in (89, 91)]
        )
    assert delete_old_submissions(engine, retention_days=90) == 1
    with Session(engine) as session:
        left = session.execute(text("SELECT state FROM frontline.submission ORDER BY state")).scalars().all()
    assert left == ["accepted", "question", "received", "rejected"]


def test_public_revision_counts_transactions(engine: Engine) -> None:
    with Session(engine) as session:
        assert session.query(ContentRevision).count() == 0
