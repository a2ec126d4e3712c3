"""Places are named as their country writes them, unless the theatre prefers another name."""

# ruff: noqa: RUF001 - letters of several scripts are what this module is about

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.errors import UserError
from app.places.load import Settlement, collect_spellings, name_settlements
from app.places.names import guess_languages, romanise

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from app.theatre import Theatre

PLACES = "/api/collections/places/items"


@pytest.mark.parametrize(
    ("ukrainian", "wanted"),
    [
        ("Запоріжжя", "Zaporizhzhia"),
        ("Кривий Ріг", "Kryvyi Rih"),
        ("Миколаїв", "Mykolaiv"),
        ("Авдіївка", "Avdiivka"),
        ("Київ", "Kyiv"),
        ("Згурівка", "Zghurivka"),
        ("Їжакевичі", "Yizhakevychi"),
        ("Знам’янка", "Znamianka"),
        ("Знам'янка-Яр", "Znamianka-Yar"),
        ("Єнакієве", "Yenakiieve"),
    ],
)
def test_national_transliteration(ukrainian: str, wanted: str) -> None:
    assert romanise(ukrainian) == wanted


@pytest.mark.parametrize(
    ("name", "alternates", "wanted"),
    [
        ("Kryvyy Rih", ("Криви Рог", "Кривий Ріг", "Кривой Рог"), "Кривий Ріг"),
        ("Sevastopol", ("Севастопол", "Севастополь"), "Севастополь"),
        ("Kerch", ("Керчь", "Керч"), "Керч"),
    ],
)
def test_ukrainian_name_is_told_from_others_like_it(name: str, alternates: tuple[str, ...], wanted: str) -> None:
    assert guess_languages(name, alternates, ("uk",))["uk"] == wanted


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("Zaporizhzhya", "Zaporizhzhia"),
        ("Kryvyy Rih", "Kryvyi Rih"),
        ("Nikolaev", "Mykolaiv"),
        ("Avdiyivka", "Avdiivka"),
        ("Makeevka", "Makiivka"),
    ],
)
def test_other_spellings_stay_findable(places: TestClient, asked: str, wanted: str) -> None:
    found = places.get(PLACES, params={"q": asked}).json()["features"]
    assert found[0]["properties"]["name"] == wanted


def settlement(geonameid: int, name: str, *alternates: str) -> Settlement:
    return Settlement(geonameid, name, "UA", None, 1000, 37.0, 48.0, in_theatre=True, alternates=alternates)


def preferring(theatre: Theatre, names: dict[str, str | dict[str, str]]) -> Theatre:
    return theatre.model_copy(update={"gazetteer": theatre.gazetteer.model_copy(update={"names": names})})


def test_theatre_may_prefer_names(theatre: Theatre) -> None:
    given = [settlement(1, "Dnipropetrovs'k", "Дніпропетровськ"), settlement(2, "Artemivs'k", "Артемівськ")]
    wanted = preferring(theatre, {"1": {"en": "Dnipro", "uk": "Дніпро"}, "Artemivsk": "Bakhmut"})
    dnipro, bakhmut = name_settlements(given, wanted)
    assert (dnipro.name, dnipro.names) == ("Dnipro", {"en": "Dnipro", "uk": "Дніпро"})
    assert (bakhmut.name, bakhmut.names) == ("Bakhmut", {"en": "Bakhmut", "uk": "Bakhmut"})
    spellings = {one.spelling for one in collect_spellings([dnipro], [], [])}
    assert spellings == {"Dnipro", "Дніпро", "Dnipropetrovsk", "Dnipropetrovs'k", "Дніпропетровськ"}


def test_preferred_name_of_no_place_or_of_several_is_refused(theatre: Theatre) -> None:
    twins = [settlement(1, "Lyman", "Лиман"), settlement(2, "Lyman", "Лиман")]
    with pytest.raises(UserError, match="'Lyman' is a name or GeoNames id that several places have: 1, 2"):
        name_settlements(twins, preferring(theatre, {"Lyman": "Krasnyi Lyman"}))
    with pytest.raises(UserError, match="no place has"):
        name_settlements(twins, preferring(theatre, {"Lymann": "Lyman"}))
