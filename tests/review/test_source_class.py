"""The class of a source (a party, state-affiliated, independent, unknown) at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.review.conftest import DRAFT, EVENTS, Desk

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

LINK: Final = "https://t.me/example_channel/7"
FACTS: Final = {"name": "A channel", "publisher": "A ministry", "author": "a_channel"}


def add(desk: Desk, event: dict[str, Any], **facts: Any) -> dict[str, Any]:
    """Adds a source to an event; returns the source."""
    path = f"{EVENTS}/{event['id']}"
    version = desk.ask("GET", path).json()["version"]
    response = desk.ask("POST", f"{path}/sources", FACTS | {"url": LINK, "role": "footage"} | facts, version)
    assert response.status_code == 200, response.text
    made: dict[str, Any] = response.json()["sources"][-1]
    return made


def change(desk: Desk, source: dict[str, Any], **facts: Any) -> Any:
    """Changes the facts of a source in its current version."""
    path = f"/api/desk/sources/{source['id']}"
    return desk.ask("PUT", path, FACTS | facts, desk.ask("GET", path).json()["version"])


@pytest.fixture
def published(ann: Desk, bea: Desk) -> dict[str, Any]:
    """Returns the source of a published event."""
    event = ann.draft()
    source = add(ann, event)
    assert ann.step(event, "submit").status_code == 200
    assert bea.step(event, "publish").status_code == 200
    return source


def test_source_class_is_unknown_by_default(ann: Desk) -> None:
    event = ann.draft()
    assert add(ann, event)["source_class"] == "unknown"
    assert add(ann, event, url=f"{LINK}1", source_class="state_affiliated")["source_class"] == "state_affiliated"


def test_adding_a_source_again_does_not_change_its_class(ann: Desk) -> None:
    first = add(ann, ann.draft(), source_class="party")
    again = add(ann, ann.draft(title="Another one"), source_class="independent")
    assert (again["id"], again["source_class"]) == (first["id"], "party")


def test_analyst_sets_the_class_of_an_unpublished_source(ann: Desk) -> None:
    source = add(ann, ann.draft())
    changed = change(ann, source, source_class="party")
    assert changed.status_code == 200, changed.text
    assert changed.json()["source_class"] == "party"


def test_only_editors_change_the_class_of_a_published_source(
    ann: Desk, edi: Desk, published: dict[str, Any], client: TestClient
) -> None:
    refused = change(ann, published, source_class="independent")
    assert refused.status_code == 403
    assert refused.json()["detail"] == "Published events cite this source, so only editors can change “Who speaks”."
    assert change(ann, published, source_class="unknown", status="deleted").status_code == 200
    assert change(edi, published, source_class="state_affiliated").json()["source_class"] == "state_affiliated"
    (feature,) = client.get("/api/collections/events/items").json()["features"]
    assert [one["source_class"] for one in feature["properties"]["sources"]] == ["state_affiliated"]
    # A class that the analyst sends back unchanged does not prevent other changes, here that the
    # post is deleted.
    assert change(ann, published, source_class="state_affiliated", status="live").status_code == 200


def test_refusal_is_in_the_language_of_the_page(ann: Desk, published: dict[str, Any]) -> None:
    headers = {"X-Test-Member": "Ann", "Accept-Language": "uk", "If-Match": f'"{published["version"]}"'}
    path = f"/api/desk/sources/{published['id']}"
    refused = ann.client.put(path, json=FACTS | {"source_class": "party"}, headers=headers).json()
    assert "«Хто говорить» можуть змінювати лише редактори" in refused["detail"]


def test_client_without_the_field_does_not_reset_it(ann: Desk, edi: Desk) -> None:
    source = add(ann, ann.draft(), source_class="party")
    changed = change(ann, source, status="deleted").json()
    assert (changed["source_class"], changed["status"]) == ("party", "deleted")
    # The fields of the first version are replaced: omitted ones get their default.
    assert change(edi, source).json()["status"] == "unknown"
    refused = change(edi, source, source_class=None)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "/source_class")


def test_change_requires_the_version(ann: Desk, edi: Desk) -> None:
    source = add(ann, ann.draft())
    path = f"/api/desk/sources/{source['id']}"
    facts = FACTS | {"source_class": "party"}
    assert ann.ask("PUT", path, facts).status_code == 428
    assert ann.ask("PUT", path, facts, source["version"]).status_code == 200
    late = edi.ask("PUT", path, FACTS | {"source_class": "independent"}, source["version"])
    assert late.status_code == 412
    assert (late.json()["current"]["source_class"], late.json()["yours"]["source_class"]) == ("party", "independent")


def test_history_has_author_and_reason_of_a_class_change(ann: Desk, edi: Desk, published: dict[str, Any]) -> None:
    assert change(edi, published, source_class="party", why="It is the ministry's own channel").status_code == 200
    (change_,) = [
        one
        for one in ann.ask("GET", f"{EVENTS}/{published['id']}/revisions").json()["revisions"]
        if one["action"] == "update"
    ]
    assert (change_["relation"], change_["made_by"]) == ("source", "Edi")
    assert change_["reason"] == "It is the ministry's own channel"
    assert (change_["old"]["source_class"], change_["new"]["source_class"]) == ("unknown", "party")


@pytest.mark.parametrize("class_", ["unknown", "party", "independent"])
def test_two_posts_of_one_author_are_not_independent(ann: Desk, class_: str) -> None:
    event = ann.draft()
    for number in range(2):
        add(ann, event, url=f"{LINK}{number}", source_class=class_)
    path = f"{EVENTS}/{event['id']}"
    version = ann.ask("GET", path).json()["version"]
    refused = ann.ask("PUT", path, DRAFT | {"verification": "confirmed"}, version)
    assert refused.status_code == 409
    assert "two independent sources" in refused.json()["detail"]
