"""Hidden areas are in no response: every route is requested, as for events."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from app.derived.line_history import update_line_history
from app.models import Assessment, Assessor, ControlArea
from tests.builders import moment
from tests.contracts.crawl import Crawl

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from tests.builders import Builder

WEST = 36.54321


def plant(build: Builder, slug: str, label: str, west: float, *, public: bool = True, **state: Any) -> uuid.UUID:
    """Inserts an assessment with one area."""
    build.origin(slug, public=public)
    if build.session.get(Assessor, slug) is None:
        build.session.add(Assessor(slug=slug, definition=f"What {slug} holds"))
        build.session.flush()
    given = {"state": "published", "valid_from": moment("2025-07-21")} | state
    assessment = Assessment(assessor=slug, covers=["occupied"], shape_digest=uuid.uuid4().bytes * 2, **given)
    build.session.add(assessment)
    build.session.flush()
    ring = f"{west} 48, {west + 0.1} 48, {west + 0.1} 48.1, {west} 48"
    build.session.add(
        ControlArea(
            assessment_id=assessment.id,
            position=0,
            status="occupied",
            label=label,
            shape=f"SRID=4326;MULTIPOLYGON((({ring})))",
            area_km2=41.0,
        )
    )
    build.session.commit()
    update_line_history(build.session, slug)
    build.session.commit()
    return assessment.id


def test_no_response_contains_hidden_areas(app: FastAPI, client: TestClient, build: Builder) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    plant(build, "zebra", "zebra", 37.0, valid_from=moment("2025-07-20"))
    ids = [
        plant(build, "quagga", "quagga of an origin", WEST, public=False),
        plant(build, "zebra", "quagga draft", WEST, state="draft"),
        plant(build, "zebra", "quagga in review", WEST, state="in_review", valid_from=moment("2025-07-22")),
        plant(build, "zebra", "quagga embargoed", WEST, public_from=later, valid_from=moment("2025-07-23")),
        plant(
            build,
            "zebra",
            "quagga withdrawn",
            WEST,
            state="withdrawn",
            withdrawn_at=later,
            valid_from=moment("2025-07-24"),
        ),
    ]
    others = [
        *("/api/territory/series?assessor=zebra", "/api/territory/history?assessor=zebra"),
        "/api/territory/change?assessor=zebra&from=2025-07-20&to=2025-07-24",
        *(
            f"/api/collections/{name}/items?state_at=2025-07-{day}"
            for name in ("control-areas", "front-lines")
            for day in (21, 22, 23, 24)
        ),
        *(f"/api/territory/ground?position=36.62,48.03&state_at=2025-07-{day}" for day in (21, 22, 23, 24)),
        *("/api/collections/control-areas/items?datetime=../..%2F2030-01-01", "/api/territory/series?assessor=quagga"),
    ]
    manifest = client.get("/api/territory/history", params={"assessor": "zebra"}).json()
    assert manifest["assessments"] == 1
    others += [part["url"] for part in manifest["parts"]]
    request_count = 0
    everything = Crawl(app, client, [str(one) for one in ids], {}, ["quagga"]).addresses()
    for address in [*everything, *others]:
        response = client.get(address)
        assert response.status_code < 500, address
        content = response.text + str(response.headers)
        if "quagga" not in address:
            assert "quagga" not in content.lower(), address
            assert not any(str(one) in content for one in ids if str(one) not in address), address
        for number in ("36.54321", "3654321"):
            assert number not in content, address
        request_count += 1
    assert request_count >= 20
    areas = client.get("/api/collections/control-areas/items").json()["features"]
    assert [feature["properties"]["label"] for feature in areas] == ["zebra"]


def test_history_parts_contain_no_private_areas(build: Builder, client: TestClient) -> None:
    from app.geo.line_history import LineHistory

    plant(build, "zebra", "zebra", 37.0, valid_from=moment("2025-07-20"))
    plant(build, "zebra", "draft", WEST, state="draft")
    (part,) = client.get("/api/territory/history").json()["parts"]
    history = LineHistory(client.get(part["url"]).content)
    assert [polygons[0][0][:, 0].min() for _, polygons in history.areas(0)] == [3_700_000]
    assert len(history.days) == 1
