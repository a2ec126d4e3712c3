"""What is not public is in no answer: every address is asked, with words planted in all that is hidden."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from app.models import EventPlace, Submission
from tests.builders import moment
from tests.events import reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from app.database.session import Sessions
    from tests.builders import Builder

HIDDEN_AT = (36.54321, 47.98765)
LATER = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)


@pytest.fixture
def planted(build: Builder) -> dict[str, uuid.UUID]:
    """Hidden rows of every kind, each with the word `quagga` in all its texts, and one event that is public."""
    secret_origin = build.origin("quagga-origin", public=False)
    hidden = {
        "draft": build.event("quagga draft", state="draft", at=HIDDEN_AT),
        "in review": build.event("quagga in review", state="in_review", at=HIDDEN_AT),
        "embargoed": build.event("quagga embargoed", public_from=LATER, at=HIDDEN_AT),
        "origin": build.event("quagga of an origin", origin=secret_origin, at=HIDDEN_AT),
    }
    for name, event in hidden.items():
        source = build.source(event, f"https://quagga.example/{name.replace(' ', '-')}", name=f"quagga {name}")
        build.claim(event, f"quagga party {name}", statement="quagga", source_id=source)
        build.session.add(EventPlace(event_id=event, position=0, as_spelled="Quaggaville"))
    submission = Submission(
        kind="footage",
        tracking_hash=b"\0" * 32,
        footage_urls=["https://quagga.example/submitted"],
        spot=f"SRID=4326;POINT({HIDDEN_AT[0]} {HIDDEN_AT[1]})",
        happened_from=moment("2025-07-21"),
        happened_to=moment("2025-07-22"),
        time_precision="day",
        description="quagga submitted",
    )
    build.session.add(submission)
    build.session.commit()
    build.event("A zebra")
    return hidden | {"submission": submission.id}


def addresses(app: FastAPI, ids: list[uuid.UUID]) -> Iterator[str]:
    """Every address that answers to GET, with the ids of what is hidden, and with filters that could find it."""
    lon, lat = HIDDEN_AT
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute) or "GET" not in (route.methods or ()):
            continue
        if "{" in route.path:
            name = route.path.split("{")[1].split("}")[0].split(":")[0]
            for hidden in ids:
                yield route.path.replace(f"{{{name}}}", str(hidden)).replace(f"{{{name}:path}}", str(hidden))
            continue
        yield route.path
        known = {parameter.alias for parameter in route.dependant.query_params}
        fields = {field for parameter in route.dependant.query_params for field in parameter_fields(parameter)}
        for parameter, value in {
            "q": "uagg",
            "near": f"{lon:.1f},{lat:.1f},20000",
            "bbox": f"{lon - 1:.1f},{lat - 1:.1f},{lon + 1:.1f},{lat + 1:.1f}",
            "ids": ",".join(map(str, ids)),
            "datetime": "2025-07-21",
            "limit": "1000",
        }.items():
            if parameter in known | fields:
                yield f"{route.path}?{parameter}={value}"


def parameter_fields(parameter: object) -> set[str]:
    """The names inside a parameter that is a model."""
    annotation = getattr(getattr(parameter, "field_info", None), "annotation", None)
    return set(getattr(annotation, "model_fields", ()))


def test_nothing_hidden_is_in_any_answer(app: FastAPI, client: TestClient, planted: dict[str, uuid.UUID]) -> None:
    ids = list(planted.values())
    asked = 0
    for address in addresses(app, ids):
        for accept in ("*/*", "text/html"):
            response = client.get(address, headers={"Accept": accept})
            assert response.status_code < 500, address
            told = response.text + str(response.headers)
            if "{" not in address and "/items/" not in address and not any(str(one) in address for one in ids):
                assert not any(str(one) in told for one in ids), address
            assert "quagga" not in told.lower(), address
            for number in ("36.54321", "3654321", "47.98765", "4798765"):
                assert number not in told, address
            asked += 1
    assert asked >= 20


def test_the_public_event_is_there(client: TestClient, planted: dict[str, uuid.UUID]) -> None:
    assert client.get("/api/collections/events/items").json()["features"][0]["properties"]["title"] == "A zebra"
    assert len(reader.filtered(client)) == 1


def test_an_event_becomes_public_at_its_moment(
    client: TestClient, sessions: Sessions, planted: dict[str, uuid.UUID]
) -> None:
    address = f"/api/collections/events/items/{planted['embargoed']}"
    with sessions.writing() as session:
        for clock, status in ((LATER - dt.timedelta(seconds=1), 404), (LATER, 200)):
            session.execute(text("SELECT set_config('frontline.now', :now, false)"), {"now": clock.isoformat()})
            assert client.get(address).status_code == status


def test_the_public_role_can_read_the_public_views_and_nothing_else(sessions: Sessions) -> None:
    with sessions.writing() as session:
        relations = session.execute(
            text("""
                SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE n.nspname = 'frontline' AND c.relkind IN ('r', 'v', 'm', 'p')
            """)
        ).all()
    assert len(relations) > 15
    for name, _ in relations:
        with sessions.public() as session:
            question = text(f'SELECT count(*) FROM frontline."{name}"')  # noqa: S608 - a name from the catalogue
            if name.startswith("public_"):
                session.execute(question)
            else:
                with pytest.raises(ProgrammingError, match="permission denied"):
                    session.execute(question)
        with (
            sessions.public() as session,
            pytest.raises(DBAPIError, match=r"permission denied|cannot"),
        ):
            session.execute(text(f'DELETE FROM frontline."{name}"'))  # noqa: S608 - a name from the catalogue


def test_the_application_role_cannot_change_the_schema(sessions: Sessions) -> None:
    for statement in ("CREATE TABLE frontline.x ()", "DROP TABLE frontline.event", "CREATE TABLE public.x ()"):
        with sessions.writing() as session, pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            session.execute(text(statement))
