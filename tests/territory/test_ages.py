"""The age of an assessment and the bounds of a change, by the same vectors as in the browser."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, Final

import pytest

from app.models.control_area import AREA_STATUSES
from app.pages.area_words import AreaWords
from app.settings import PROJECT_DIRECTORY
from app.territory.ages import StatusSeen, age_in_days, assessed_day, is_old, last_change

VECTORS: Final[dict[str, list[dict[str, Any]]]] = json.loads(
    (PROJECT_DIRECTORY / "tests" / "js" / "vectors" / "assessments.json").read_text("utf-8")
)
WORDS: Final = AreaWords("en")


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def seen(given: dict[str, Any]) -> StatusSeen:
    return StatusSeen(
        moment(given["valid_from"]),
        moment(given.get("last_seen_at", given["valid_from"])),
        given.get("covers", AREA_STATUSES),
        [given["status"]] if given["status"] else [],
    )


@pytest.mark.parametrize("given", VECTORS["ages"], ids=lambda given: f"{given['last_seen_at']} {given['day']}")
def test_age(given: dict[str, Any]) -> None:
    last_seen, day = moment(given["last_seen_at"]), dt.date.fromisoformat(given["day"])
    age = age_in_days(last_seen, day)
    assert (age, is_old(age)) == (given["age_days"], given["is_old"])
    assert assessed_day(last_seen, day) == min(day, last_seen.date())


@pytest.mark.parametrize("given", VECTORS["changes"], ids=lambda given: str(given["what"]))
def test_last_change(given: dict[str, Any]) -> None:
    status, since = last_change(seen(one) for one in reversed(given["assessments"]))
    assert status == given["status"]
    assert since.after == (given["after"] and moment(given["after"]))
    assert since.by == moment(given["by"])
    assert WORDS.since(since) == given["text"]


def test_search_ends_with_the_change() -> None:
    newest_first = iter([seen(one) for one in reversed(VECTORS["changes"][0]["assessments"])] * 2)
    last_change(newest_first)
    assert len(list(newest_first)) == 3


def test_strongest_status_counts() -> None:
    day = moment("2025-07-20T00:00:00Z")
    assert StatusSeen(day, day, AREA_STATUSES, ["claimed", "occupied"]).status == "occupied"
    assert StatusSeen(day, day, AREA_STATUSES, ["claimed", "liberated"]).status == "liberated"
