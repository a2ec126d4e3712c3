"""Fields that pages show without a place made for them: any field that is plain and exported."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.fields import SOURCE, Field, Fields
from app.pages.plain_fields import plain_fields

SHOWN: dict[str, Any] = {"plain": True, "exported": True, "help": ""}
EVENT = Fields(
    "event",
    (
        Field(name="unit", type="text", title="Unit", **SHOWN),
        Field(name="weapon", type="word", title="Weapon", words={"drone": "Drone", "unknown": "Not known"}, **SHOWN),
        Field(name="tags", type="words", title="Tags", words={"a": "Alpha"}, **SHOWN),
        Field(name="filmed", type="flag", title="Filmed", **SHOWN),
        Field(name="count", type="number", title="Count", **SHOWN),
        Field(name="seen_at", type="moment", title="Seen at", **SHOWN),
        Field(name="note", type="text", title="Note", help="", plain=True),
        Field(name="title", type="text", title="Title", help="", exported=True),
    ),
)


def said(values: dict[str, object], language: str = "en") -> list[str]:
    return [f"{field.title}: {field.value}" for field in plain_fields(EVENT, values, language)]


def test_texts_words_lists_and_flags() -> None:
    values = {"unit": "47th", "weapon": "drone", "tags": ["a", "b"], "filmed": False, "note": "x", "title": "y"}
    assert said(values) == ["Unit: 47th", "Weapon: Drone", "Tags: Alpha, b", "Filmed: no"]


def test_numbers_and_moments_are_formatted_in_the_readers_language() -> None:
    values = {"count": 12904, "seen_at": dt.datetime(2025, 7, 21, 14, 5, tzinfo=dt.UTC)}
    assert said(values) == ["Count: 12,904", "Seen at: 21 July 2025, 14:05 UTC"]
    count, seen_at = said(values, "uk")
    assert count == "Count: 12\N{NO-BREAK SPACE}904"
    assert seen_at.startswith("Seen at: 21 липня 2025")
    assert seen_at.endswith("14:05 UTC")


def test_the_desk_shows_that_a_value_is_unknown() -> None:
    (shown,) = plain_fields(SOURCE, {"source_class": "unknown"}, "en", for_desk=True)
    assert (shown.title, shown.value) == ("Who speaks", SOURCE["source_class"].words["unknown"])


def test_what_is_not_known_is_left_out() -> None:
    assert said({"unit": None, "weapon": "unknown", "tags": []}) == []
    assert said({"unit": ""}) == []
    assert said({"unit": "unknown"}) == ["Unit: unknown"], "what people wrote is said"


def test_what_people_wrote_is_not_translated() -> None:
    assert said({"unit": "Sources"}, "uk") == ["Unit: Sources"]


def test_who_speaks_through_a_source_in_the_readers_language() -> None:
    (shown,) = plain_fields(SOURCE, {"source_class": "party"}, "uk")
    assert (shown.title, shown.value) == ("Хто говорить", "Сторона війни")
    assert plain_fields(SOURCE, {"source_class": "unknown"}, "en") == []
