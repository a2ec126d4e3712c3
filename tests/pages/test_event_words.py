"""The texts of an event's page equal those of the map's card, which `tests/js/event-words.test.js`
tests.
"""

from __future__ import annotations

import datetime as dt

import pytest

from app.fields.words import SENSITIVITIES, SOURCE_ROLES, VERIFICATIONS
from app.pages.event_words import EventWords

WORDS = EventWords("en")
DASH = "\N{EN DASH}"


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("start", "end", "precision", "text", "note"),
    [
        ("2025-07-21", "2025-07-22", "day", "21 July 2025", None),
        ("2025-07-17", "2025-07-23", "day", f"17{DASH}22 July 2025", None),
        ("2025-06-28", "2025-07-05", "day", f"28 June {DASH} 4 July 2025", None),
        ("2024-12-30", "2025-01-02", "day", f"30 December 2024 {DASH} 1 January 2025", None),
        ("2024-08-01", "2024-09-01", "month", "August 2024", "known to the month"),
        ("2024-01-01", "2025-01-01", "year", "2024", "known to the year"),
        ("2025-07-21T14:05", "2025-07-21T14:06", "minute", "21 July 2025, 14:05 UTC", None),
        ("2025-07-21T14:05", "2025-07-21T15:31", "minute", f"21 July 2025, 14:05{DASH}15:30 UTC", None),
        ("2025-07-21T23:00", "2025-07-22T00:00", "hour", f"21 July 2025, 23:00{DASH}00:00 UTC", "known to the hour"),
        (
            "2025-07-21T22:00",
            "2025-07-22T03:00",
            "hour",
            f"21 July 2025, 22:00 {DASH} 22 July 2025, 03:00 UTC",
            "known to the hour",
        ),
    ],
)
def test_happened_text(start: str, end: str, precision: str, text: str, note: str | None) -> None:
    when = WORDS.when(moment(start), moment(end), precision, inferred=False)
    assert (when.text, when.note, when.inferred) == (text, note, None)


def test_happened_text_is_in_utc() -> None:
    zone = dt.timezone(dt.timedelta(hours=-10))
    start = dt.datetime(2025, 7, 20, 14, tzinfo=zone)
    assert WORDS.when(start, start + dt.timedelta(days=1), "day", inferred=True).text == "21 July 2025"
    assert WORDS.when(start, start + dt.timedelta(days=1), "day", inferred=True).inferred
    assert WORDS.short_day(start) == "21 Jul 2025"


def test_happened_text_of_several_months_is_a_range() -> None:
    words = WORDS.when(moment("2024-08-01"), moment("2024-10-01"), "month", inferred=False).text
    assert words.startswith("August")
    assert words.endswith("September 2024")


def test_dates_are_in_the_readers_language() -> None:
    words = EventWords("uk")
    assert words.days(dt.date(2025, 7, 21), dt.date(2025, 7, 21)).startswith("21 липня 2025")
    assert words.days(dt.date(2025, 7, 17), dt.date(2025, 7, 22)).startswith(f"17{DASH}22 липня 2025")
    assert words.distance(2500) == "2,5 км"


def test_date_ranges_follow_the_language() -> None:
    assert EventWords("ja").days(dt.date(2025, 7, 17), dt.date(2025, 7, 22)).startswith("2025年7月17日")


@pytest.mark.parametrize(
    ("metres", "shape", "words"),
    [
        (100, "Point", "within 100 m of this point"),
        (2500, "Point", "within 2.5 km of this point"),
        (5000, "LineString", "within 5 km of this line"),
        (1000, "MultiPolygon", "within 1 km of this area"),
        (None, "Point", "precision unknown"),
    ],
)
def test_precision(metres: int | None, shape: str, words: str) -> None:
    assert WORDS.precision(metres, shape) == words


def test_place_has_each_other_spelling_once() -> None:
    names = {"uk": "Звірове"}
    assert WORDS.place("Zvirove", names, "Zverovo") == "Zvirove (Звірове, “Zverovo”)"
    assert WORDS.place("Zvirove", names, "Zvirove") == "Zvirove (Звірове)"
    assert EventWords("uk").place("Zvirove", names, "Zverovo") == "Звірове (Zvirove, «Zverovo»)"
    assert WORDS.place("Zvirove", {}, None) == "Zvirove"


@pytest.mark.parametrize(
    ("metres", "bearing", "words"),
    [
        (290, 180, "0.3 km south of Zvirove"),
        (12_400, 225, "12 km south-west of Zvirove"),
        (1_000, 350, "1 km north of Zvirove"),
        (99, 180, "in Zvirove"),
        (0, None, "in Zvirove"),
    ],
)
def test_position_relative_to_a_settlement(metres: float, bearing: float | None, words: str) -> None:
    assert WORDS.from_place("Zvirove", metres, bearing) == words


@pytest.mark.parametrize(
    ("kind", "stance", "tone", "verb"),
    [
        ("think_tank", "asserts", "asserts", "asserts"),
        ("bloggers", "asserts", "claims", "claim"),
        ("general_staff", "asserts", "claims", "claims"),
        ("official", "denies", "denies", "denies"),
        ("unnamed", "denies", "denies", "deny"),
    ],
)
def test_stances(kind: str, stance: str, tone: str, verb: str) -> None:
    phrase = WORDS.stance(kind, stance)
    assert (phrase.tone, phrase.verb) == (tone, verb)


def test_disagreement_has_two_sides() -> None:
    assert WORDS.disagreement(["asserts", "denies", "asserts"]) == "Disputed: 2 for, 1 against"
    assert WORDS.disagreement(["asserts"]) is None
    assert WORDS.disagreement(["denies"]) is None
    assert WORDS.disagreement([]) is None


def test_every_value_of_the_closed_lists_has_a_text() -> None:
    assert all(WORDS.verification(step)[1] for step in VERIFICATIONS)
    assert all(WORDS.sensitivity(flag) != flag for flag in SENSITIVITIES)
    assert [WORDS.source_kind(role) for role in SOURCE_ROLES] == list(SOURCE_ROLES)
