"""Parsing the fields of imported rows, and making titles from their texts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import wkb

from app.exchange import row_values
from app.exchange.plain_text import INVISIBLE, LABELS, MARKUP, first_sentence, plain_text, remove_labels
from app.exchange.records import RowRefused

if TYPE_CHECKING:
    from app.theatre import Theatre


@pytest.mark.parametrize(
    ("written", "first", "stop", "precision"),
    [
        ("2025-07-21", "2025-07-21T00:00", "2025-07-22T00:00", "day"),
        ("2024-08", "2024-08-01T00:00", "2024-09-01T00:00", "month"),
        ("2024-12", "2024-12-01T00:00", "2025-01-01T00:00", "month"),
        ("2024", "2024-01-01T00:00", "2025-01-01T00:00", "year"),
        ("2025-07-21T06:30:00Z", "2025-07-21T06:30", "2025-07-21T06:31", "minute"),
        ("2025-07-21T01:30:00+03:00", "2025-07-20T22:30", "2025-07-20T22:31", "minute"),
    ],
)
def test_date_is_a_half_open_range_with_its_precision(written: str, first: str, stop: str, precision: str) -> None:
    when = row_values.parse_period(written)
    assert when.start == dt.datetime.fromisoformat(first).replace(tzinfo=dt.UTC)
    assert when.end == dt.datetime.fromisoformat(stop).replace(tzinfo=dt.UTC)
    assert when.precision == precision


@pytest.mark.parametrize(
    "written", ["", "2024-02-30", "2024-13", "21.07.2025", "infinity", "now", "20250721", "0000", "2025-07-21T06:30"]
)
def test_invalid_date_is_refused(written: str) -> None:
    with pytest.raises(RowRefused) as refused:
        row_values.parse_period(written)
    assert refused.value.remark.field == "date"
    assert refused.value.remark.value == written


def test_range_of_days_includes_first_and_last_day() -> None:
    when = row_values.parse_range("2025-07-17", "2025-07-22")
    assert (when.start.day, when.end.day, when.precision) == (17, 23, "day")
    with pytest.raises(RowRefused):
        row_values.parse_range("2025-07-17", "2025-07-16")
    with pytest.raises(RowRefused):
        row_values.parse_range("2025-07-17", "2025-08")


@pytest.mark.parametrize("written", ["NaN", "inf", "1e400", "", "1,5", "0x10", "١٢", "1_000"])
def test_invalid_number_is_refused(written: str) -> None:
    with pytest.raises(RowRefused):
        row_values.parse_number("lat", written)


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_points_are_rounded_to_a_tenth_of_a_metre(longitude: float, latitude: float) -> None:
    point = wkb.loads(row_values.encode_point(longitude, latitude), hex=True)
    assert point.x == pytest.approx(longitude, abs=6e-7)
    assert point.y == pytest.approx(latitude, abs=6e-7)


@pytest.mark.parametrize(("longitude", "latitude"), [(37.1, 8.19), (37.1, 0.5), (24.0, 3.0)])
def test_coordinate_without_first_digit_is_refused(theatre: Theatre, longitude: float, latitude: float) -> None:
    with pytest.raises(RowRefused) as refused:
        row_values.check_extent(longitude, latitude, theatre.extent)
    assert refused.value.remark.reason == row_values.LOST_DIGIT


@pytest.mark.parametrize(("longitude", "latitude"), [(60.6, 56.8), (2.35, 8.0), (37.1, -8.2)])
def test_places_outside_the_theatre_are_accepted_and_reported(
    theatre: Theatre, longitude: float, latitude: float
) -> None:
    (doubt,) = row_values.check_extent(longitude, latitude, theatre.extent)
    assert doubt.reason == row_values.OUTSIDE


@pytest.mark.parametrize("text", ["a\x00b", "a\udcffb", "a" * 5001])
def test_text_that_cannot_be_stored_is_refused(text: str) -> None:
    with pytest.raises(RowRefused):
        row_values.check_text("text", text, 5000)


def test_only_random_uuids_are_accepted_as_ids() -> None:
    assert row_values.parse_own_id("5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11") is not None
    assert row_values.parse_own_id("5f0c7d1e-6f0b-1a52-9d43-2f6a1f0f7c11") is None
    assert row_values.parse_own_id("{5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11}") is None
    assert row_values.parse_own_id("ucm-1") is None


@pytest.mark.parametrize(
    ("given_text", "plain", "notes"),
    [
        ("Tank &amp; truck<br>near <b>Lyman</b>", "Tank & truck\nnear Lyman", [MARKUP]),
        ("<p>One</p><p>Two</p>", "One\n\nTwo", [MARKUP]),
        ("<script>alert(1)</script>Footage", "Footage", [MARKUP]),
        ("speed < 50 and > 20, R&D", "speed < 50 and > 20, R&D", []),
        ("area of \u200b\u200bthe settlement", "area of the settlement", [INVISIBLE]),
        ("\u202etxt.exe", "txt.exe", [INVISIBLE]),
        ("  one\u00a0 two \r\n\r\n\r\n three ", "one two\n\nthree", []),
        ("👨‍👩‍👧 family", "👨‍👩‍👧 family", []),
    ],
)
def test_markup_is_converted_to_plain_text_and_reported(given_text: str, plain: str, notes: list[str]) -> None:
    assert plain_text(given_text) == (plain, notes)


@given(st.text(max_size=200))
def test_plain_text_accepts_any_text(text: str) -> None:
    plain, _ = plain_text(text)
    assert plain == plain.strip()
    assert "\x00" not in plain
    assert len(first_sentence(plain)) <= 120
    assert "\n" not in first_sentence(plain)


def test_labels_of_map_programs_are_removed() -> None:
    labelled = "Location: 47.5, 35.4\nDescription: Tank hit near Zherebyanky\n\ncode: RU\nlayer: C"
    assert remove_labels(labelled) == ("Tank hit near Zherebyanky", [LABELS])
    assert remove_labels("Location: unknown") == ("Location: unknown", [])


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Tank hit near Lyman.", "Tank hit near Lyman"),
        ("Tank hit near Lyman. The crew escaped.", "Tank hit near Lyman"),
        ("Gen. Syrskyi visits the front. Later more.", "Gen. Syrskyi visits the front"),
        ("First line\nsecond line", "First line"),
        ("[24.03.23] Aerial reconnaissance", "[24.03.23] Aerial reconnaissance"),
        ("word " * 60, ("word " * 60)[:119].rstrip() + "…"),
        ("x" * 300, "x" * 119 + "…"),
        ("", ""),
    ],
)
def test_titles(text: str, title: str) -> None:
    assert first_sentence(text) == title
