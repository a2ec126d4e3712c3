"""Categories guessed by word rules: by whole words, marked, and only if none is given."""

# ruff: noqa: RUF001 - words in several scripts are what is tested here

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from app.exchange.category_words import CategoryGuesser
from app.exchange.events_csv import read_events_csv
from app.theatre import CategoryWords, Theatre
from tests.dates import NOW
from tests.desk.test_bulk import BULK, change
from tests.events.reader import filtered
from tests.review.conftest import DRAFT, EVENTS, Desk, ann, bea

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from tests.builders import Builder

__all__ = ["ann", "bea"]

RULES = (
    CategoryWords(category="strike.drone", words=("FPV", "drone strike", "БПЛА")),
    CategoryWords(category="strike.artillery", words=("artillery", "артилерія", "m'yata")),
)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("An fpv hits a truck", "strike.drone"),
        ("Drone  strike on a depot", "strike.drone"),
        ("A drone. Strike follows? drone-strike", None),
        ("Працює артилерія, потім БПЛА", "strike.drone"),
        ("АРТИЛЕРІЯ", "strike.artillery"),
        ("artilleryman", None),
        ("M’yata", "strike.artillery"),
        ("", None),
    ],
)
def test_whole_words_in_any_language(text: str, category: str | None) -> None:
    assert CategoryGuesser(RULES).guess(text) == category


def test_rules_are_off_and_checked(theatre: Theatre) -> None:
    assert theatre.category_words == ()
    assert CategoryGuesser(()).guess("FPV") is None
    given = theatre.model_dump(by_alias=True)
    with pytest.raises(ValidationError, match="there is no category 'nothing'"):
        Theatre.model_validate(given | {"category_words": [{"category": "nothing", "words": ["x"]}]})
    with pytest.raises(ValidationError, match="category_words"):
        Theatre.model_validate(given | {"category_words": [{"category": "clash", "words": ["..."]}]})


def rows(theatre: Theatre, *cells: str) -> list[tuple[Any, Any]]:
    lines = ["id,lat,lon,date,text,category,category_guessed", *cells]
    read = read_events_csv(iter(lines), theatre, origin="desk", now=NOW, report_unknown=lambda _: None)
    records = [row.record for row in read]
    return [(one.category, bool(one.facts.get("category_guessed"))) for one in records if one is not None]


def test_import_guesses_only_what_is_not_given(theatre: Theatre) -> None:
    cells = (
        "a,48,37,2025-07-21,An FPV hits a truck,,",
        "b,48,37,2025-07-21,An FPV hits a truck,other,",
        "c,48,37,2025-07-21,An FPV hits a truck,clash,true",
        "d,48,37,2025-07-21,A truck,,",
    )
    guessing = theatre.model_copy(update={"category_words": RULES})
    assert rows(guessing, *cells) == [
        ("strike.drone", True),
        ("other", False),
        ("clash", True),
        ("other", False),
    ]
    assert rows(theatre, cells[0]) == [("other", False)]


def test_readers_are_told_and_filters_find_it(client: TestClient, build: Builder) -> None:
    event = build.event("A guess", category="strike.drone", category_guessed=True)
    build.event("Stated", category="strike.drone")
    found = client.get("/api/collections/events/items?category=strike").json()["features"]
    assert {one["properties"]["title"]: one["properties"]["category_guessed"] for one in found} == {
        "A guess": True,
        "Stated": False,
    }
    assert "Drone strike (guessed from the text)" in client.get(f"/events/{event}").text
    assert filtered(client, q="guess").flags.tolist() == [2]


def test_member_who_changes_the_category_states_it(ann: Desk) -> None:
    def guessed(event: dict[str, Any]) -> bool:
        return bool(ann.ask("GET", f"{EVENTS}/{event['id']}").json()["category_guessed"])

    event = ann.draft(category_guessed=True)
    other = ann.ask("PUT", f"{EVENTS}/{event['id']}", DRAFT | {"title": "New", "category_guessed": True}, 1)
    assert other.json()["category_guessed"] is True
    stated = DRAFT | {"category": "advance", "category_guessed": True}
    assert (
        ann.ask("PUT", f"{EVENTS}/{event['id']}", stated, other.json()["version"]).json()["category_guessed"] is False
    )
    second = ann.draft(category_guessed=True)
    act = change(ann, [second], category="advance").json()
    assert not guessed(second)
    assert ann.ask("POST", f"{BULK}/{act['id']}/undo").status_code == 200
    assert guessed(second)
