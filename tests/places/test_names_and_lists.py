"""Place names by language, and the project's own lists in the gazetteer."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.places.lacking import lacking_places
from app.places.load import ALIASES, STRUCK, is_within, read_spellings
from app.places.names import guess_languages
from app.theatre import Extent


@pytest.mark.parametrize(
    ("name", "alternates", "wanted"),
    [
        ("Zvirove", ("Swirowe", "Zverevo", "Зверево", "Звірове"), "Звірове"),
        ("Pokrovsk", ("Красноармейск", "Красноармійськ", "Покровск", "Покровськ"), "Покровськ"),
        ("Dniprovka", ("Днепровка", "Дніпровка"), "Дніпровка"),
        ("Nova Kakhovka", ("Нова Каховка", "Новая Каховка"), "Нова Каховка"),
        ("Zavydovo", ("Завидово",), "Завидово"),
        ("Zavetnoye", ("Заветное", "Заветне"), "Заветне"),
        ("Novoazovs'k", ("Новоазовск",), None),
        ("Desna", ("Деснянський Район",), None),
        ("Koty", (), None),
    ],
)
def test_name_in_the_local_language(name: str, alternates: tuple[str, ...], wanted: str | None) -> None:
    assert guess_languages(name, alternates, ("en", "uk")).get("uk") == wanted
    assert "uk" not in guess_languages(name, alternates, ("en",))


def test_every_line_of_the_own_lists_has_a_source() -> None:
    aliases = read_spellings(ALIASES)
    assert ("Zverovo", 686799) in {(alias.spelling, alias.geonameid) for alias in aliases}
    assert read_spellings(STRUCK)
    assert all(place.source and 0 <= place.bearing < 360 and place.distance_km > 0 for place in lacking_places())


def test_line_without_a_source_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "aliases.csv"
    file.write_text("spelling,geonameid,source\nZverovo,686799,\n")
    with pytest.raises(ValueError, match=r"aliases\.csv, line 2"):
        read_spellings(file)


@pytest.mark.parametrize(
    ("longitude", "latitude", "within"),
    [(30, 50, True), (30, 54.7, True), (30, 55.0, False), (43.4, 48, True), (43.6, 48, False), (-150, 48, False)],
)
def test_margin_is_measured_in_metres(longitude: float, latitude: float, within: bool) -> None:
    extent = Extent(west=21, south=43.5, east=41.5, north=53.5)
    assert is_within(extent, 150_000, longitude, latitude) is within
