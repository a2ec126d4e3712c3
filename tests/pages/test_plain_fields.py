"""Pages show every plain, exported field without a template of its own."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.fields import SOURCE, Field, Fields
from app.pages.plain_fields import plain_fields

PLAIN: dict[str, Any] = {"plain": True, "exported": True, "help": ""}
EVENT = Fields(
    "event",
    (
        Field(name="unit", type="text", title="Unit", **PLAIN),
        Field(name="weapon", type="word", title="Weapon", words={"drone": "Drone", "unknown": "Not known"}, **PLAIN),
        Field(name="tags", type="words", title="Tags", words={"a": "Alpha"}, **PLAIN),
        Field(name="filmed", type="flag", title="Filmed", **PLAIN),
        Field(name="count", type="number", title="Count", **PLAIN),
        Field(name="seen_at", type="moment", title="Seen at", **PLAIN),
        Field(name="note", type="text", title="Note", help="", plain=True),
        Field(name="title", type="text", title="Title", help="", exported=True),
    ),
)


def field_texts(values: dict[str, object], language: str = "en") -> list[str]:
    return [f"{field.title}: {field.value}" for field in plain_fields(EVENT, values, language)]


def test_texts_words_lists_and_flags() -> None:
    values = {"unit": "47th", "weapon": "drone", "tags": ["a", "b"], "filmed": False, "note": "x", "title": "y"}
    assert field_texts(values) == ["Unit: 47th", "Weapon: Drone", "Tags: Alpha, b", "Filmed: no"]


def test_numbers_and_moments_are_formatted_in_the_readers_language() -> None:
    values = {"count": 12904, "seen_at": dt.datetime(2025, 7, 21, 14, 5, tzinfo=dt.UTC)}
    assert field_texts(values) == ["Count: 12,904", "Seen at: 21 July 2025, 14:05 UTC"]
    count, seen_at = field_texts(values, "uk")
    assert count == "Count: 12\N{NO-BREAK SPACE}904"
    assert seen_at.startswith("Seen at: 21 липня 2025")
    assert seen_at.endswith("14:05 UTC")


def test_desk_shows_unknown_values() -> None:
    (field,) = plain_fields(SOURCE, {"source_class": "unknown"}, "en", for_desk=True)
    assert (field.title, field.value) == ("Who speaks", SOURCE["source_class"].words["unknown"])


def test_unknown_values_are_omitted() -> None:
    assert field_texts({"unit": None, "weapon": "unknown", "tags": []}) == []
    assert field_texts({"unit": ""}) == []
    assert field_texts({"unit": "unknown"}) == ["Unit: unknown"], "free text is always shown"


def test_free_text_is_not_translated() -> None:
    assert field_texts({"unit": "Sources"}, "uk") == ["Unit: Sources"]


def test_source_class_is_in_the_readers_language() -> None:
    (field,) = plain_fields(SOURCE, {"source_class": "party"}, "uk")
    assert (field.title, field.value) == ("Хто говорить", "Сторона війни")
    assert plain_fields(SOURCE, {"source_class": "unknown"}, "en") == []
