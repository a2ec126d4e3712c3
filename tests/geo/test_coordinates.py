"""Parsing of coordinates: every usual notation is read, round trips preserve values, and invalid
texts have a reason.
"""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from mgrs import MGRS
from openlocationcode import openlocationcode

from app.geo.coordinates import ParsedPlace, UnreadablePlace, parse_place

LATITUDE, LONGITUDE = 48.24819, 37.12966

latitudes = st.floats(-90, 90, allow_nan=False)
longitudes = st.floats(-180, 180, allow_nan=False)


def metres_between(place: ParsedPlace, longitude: float, latitude: float) -> float:
    """Returns a small distance on the sphere, accurate to one per cent."""
    turn = abs(place.longitude - longitude)
    east = math.radians(min(turn, 360 - turn)) * math.cos(math.radians(latitude))
    return 6_371_009 * math.hypot(math.radians(place.latitude - latitude), east)


# One place in many notations.
WRITTEN: dict[str, list[str]] = json.loads(Path(__file__).with_name("written_places.json").read_text("utf-8"))


@pytest.mark.parametrize("text", WRITTEN["decimal"])
def test_decimal_degrees_are_read(text: str) -> None:
    place = parse_place(text)
    assert (place.form, place.longitude, place.latitude) == ("decimal", LONGITUDE, LATITUDE)
    assert place.precision_m == 1


@pytest.mark.parametrize("text", WRITTEN["dms"])
def test_degrees_with_minutes_are_read(text: str) -> None:
    place = parse_place(text)
    assert place.form == "dms"
    assert metres_between(place, LONGITUDE, LATITUDE) <= place.precision_m


@pytest.mark.parametrize("text", WRITTEN["map_link"])
def test_links_to_maps_are_read(text: str) -> None:
    place = parse_place(text)
    assert place.form == "map_link"
    assert metres_between(place, LONGITUDE, LATITUDE) <= place.precision_m


def test_hemisphere_sets_the_sign() -> None:
    for text in WRITTEN["south_and_west"]:
        place = parse_place(text)
        assert (round(place.latitude, 6), round(place.longitude, 6)) == (-33.9, -18.4), text


def test_precision_follows_the_number_of_digits() -> None:
    assert parse_place("48, 37").precision_m > 70_000
    assert 700 <= parse_place("48.25, 37.13").precision_m <= 800
    assert 1_300 <= parse_place("48°14'N 37°07'E").precision_m <= 1_320
    assert parse_place("37U CP 61 45").precision_m == 708
    assert parse_place("geo:48.24819,37.12966;u=350").precision_m == 350


@pytest.mark.parametrize(
    "text",
    [
        "37U CP 61154 45577",
        "37UCP6115445577",
        "37ucp 6115445577",
        "37U CP 6115 4557",
        "37UCP61154557",
        "37U CP 61154 45577 ",
    ],
)
def test_grid_references_are_read(text: str) -> None:
    place = parse_place(text)
    assert place.form == "mgrs"
    assert metres_between(place, LONGITUDE, LATITUDE) <= place.precision_m


def test_grid_square_outside_its_latitude_band_is_refused() -> None:
    with pytest.raises(UnreadablePlace):
        parse_place("9ESE")


@pytest.mark.parametrize("text", ["8GWV64XH+7V", "8gwv64xh+7v", "8GWV64XH+7V Zvirove"])
def test_plus_codes_are_read(text: str) -> None:
    place = parse_place(text)
    assert place.form == "plus_code"
    assert metres_between(place, LONGITUDE, LATITUDE) <= place.precision_m + 1


def test_short_plus_code_is_relative_to_the_place_after_it() -> None:
    with pytest.raises(UnreadablePlace) as refused:
        parse_place("64XH+7V Pokrovsk, Ukraine")
    assert (refused.value.reason, refused.value.reference) == ("needs-reference", "Pokrovsk, Ukraine")
    place = parse_place("64XH+7V Pokrovsk, Ukraine", near=(37.17706, 48.28014))
    assert metres_between(place, LONGITUDE, LATITUDE) <= place.precision_m


@given(st.floats(-180, 179.9), st.floats(-90, 89.9))
def test_openstreetmap_short_link_is_decoded(longitude: float, latitude: float) -> None:
    x, y = int((longitude + 180) / 360 * 2**30), int((latitude + 90) / 180 * 2**30)
    bits = "".join(f"{x >> place & 1}{y >> place & 1}" for place in reversed(range(30)))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_~"
    code = "".join(letters[int(bits[start : start + 6], 2)] for start in range(0, 60, 6))
    assert metres_between(parse_place(f"https://osm.org/go/{code}--?m"), longitude, latitude) <= 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not-coordinates"),
        ("Pokrovsk", "not-coordinates"),
        ("48.25", "not-coordinates"),
        ("48,25", "not-coordinates"),
        ("48.25, 37.13, 5", "not-coordinates"),
        ("48 15 37", "not-coordinates"),
        ("2024-05-06", "not-coordinates"),
        ("48.25-37.13", "not-coordinates"),
        ("48.25.1, 37.13", "not-coordinates"),
        ("1e2, 37", "not-coordinates"),
        ("NaN, NaN", "not-coordinates"),
        ("91, 37", "out-of-range"),
        ("137.13, 48.25", "out-of-range"),
        ("48.25, 181", "out-of-range"),
        ("48.25N 37.13N", "contradiction"),
        ("-48.25N 37.13E", "contradiction"),
        ("48°61'N 37°13'E", "contradiction"),
        ("48.5°14'N 37°13'E", "contradiction"),
        ("lat 48.25E lon 37.13", "contradiction"),
        ("37U CP 611 45", "not-coordinates"),
        ("37U CP 61154455770", "not-coordinates"),
        ("61U CP 61154 45577", "not-coordinates"),
        ("37U ZZ 61154 45577", "not-coordinates"),
        ("64XH+7V", "needs-reference"),
        ("8GWV64XH+7", "not-coordinates"),
        ("https://maps.app.goo.gl/Abc123", "short-link"),
        ("https://goo.gl/maps/Abc123", "short-link"),
        ("https://yandex.ru/maps/-/CCUabc", "short-link"),
        ("https://maps.apple/p/abc", "short-link"),
        ("https://www.google.com/maps/place/Pokrovsk", "no-place-in-link"),
        ("https://www.openstreetmap.org/node/123", "no-place-in-link"),
        ("https://www.google.com/maps/place/64XH%2B7V", "needs-reference"),
        ("https://t.me/somewhere/12", "no-place-in-link"),
        ("geo:48.25", "no-place-in-link"),
        ("geo:48.25,37.13;crs=other", "no-place-in-link"),
        ("///filled.count.soap", "words-code"),
        ("https://what3words.com/filled.count.soap", "words-code"),
        ("https://[::1", "not-coordinates"),
    ],
)
def test_invalid_coordinates_have_a_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadablePlace) as refused:
        parse_place(text)
    assert refused.value.reason == reason


def _sexagesimal(degrees: float, letters: str) -> str:
    hundredths = round(abs(degrees) * 360_000)
    minutes, seconds = divmod(hundredths, 6_000)
    return f"{minutes // 60}°{minutes % 60:02}'{seconds / 100:05.2f}\"{letters[degrees < 0]}"


@given(latitudes, longitudes)
def test_degrees_round_trip(latitude: float, longitude: float) -> None:
    for text in (
        f"{latitude:.5f}, {longitude:.5f}",
        f"{latitude:.5f} {longitude:.5f}".replace(".", ","),
        f"lon {longitude:.5f} lat {latitude:.5f}",
        f"{_sexagesimal(latitude, 'NS')} {_sexagesimal(longitude, 'EW')}",
        f"{_sexagesimal(longitude, 'EW')}, {_sexagesimal(latitude, 'NS')}",
        f"https://www.openstreetmap.org/#map=15/{latitude:.5f}/{longitude:.5f}",
        f"https://yandex.com/maps/?pt={longitude:.5f},{latitude:.5f}",
        f"geo:{latitude:.5f},{longitude:.5f}",
    ):
        assert metres_between(parse_place(text), longitude, latitude) <= 1, text


@given(st.floats(-79.9, 83.9), st.floats(-179.9, 179.9), st.integers(1, 5))
def test_grid_references_round_trip(latitude: float, longitude: float, digits: int) -> None:
    # A millimetre south of the equator the library returns references to a square that does not
    # exist.
    assume(abs(latitude) > 1e-6)
    reference = MGRS().toMGRS(latitude, longitude, MGRSPrecision=digits)
    place = parse_place(reference)
    assert place.form == "mgrs"
    # A square at the edge of a zone is cut off, so its centre is not the centre of the whole
    # square.
    assert metres_between(place, longitude, latitude) <= 1.5 * place.precision_m + 1
    spaced = re.sub(r"^(\d+[A-Z])([A-Z]{2})(\d+)$", r"\1 \2 \3", reference)
    assert parse_place(spaced) == place


@given(st.floats(-90, 89.99), st.floats(-180, 179.999), st.sampled_from([8, 10, 11, 12]))
def test_plus_codes_round_trip(latitude: float, longitude: float, length: int) -> None:
    code = openlocationcode.encode(latitude, longitude, length)
    place = parse_place(code)
    assert place.form == "plus_code"
    assert openlocationcode.encode(place.latitude, place.longitude, length) == code
    assert metres_between(place, longitude, latitude) <= place.precision_m + 1


@given(st.text(max_size=60))
def test_parser_accepts_any_text(text: str) -> None:
    try:
        place = parse_place(text)
    except UnreadablePlace:
        return
    assert -90 <= place.latitude <= 90
    assert -180 <= place.longitude <= 180
    assert place.precision_m >= 1


@given(st.from_regex(r"[-+ 0-9.,;:°'\"NSEWnsew=/@!#&?]{0,40}", fullmatch=True))
def test_parser_accepts_texts_similar_to_coordinates(text: str) -> None:
    for tried in (text, f"https://www.google.com/maps/{text}", f"https://osm.org/{text}", f"geo:{text}"):
        try:
            place = parse_place(tried)
        except UnreadablePlace:
            continue
        assert abs(place.latitude) <= 90
        assert abs(place.longitude) <= 180
