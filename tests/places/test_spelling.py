"""Spellings are folded across scripts and transliterations; the distance between two folded
spellings.
"""

# ruff: noqa: RUF001 - spellings in several scripts are what is tested here

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.spelling import fold, normalise, possible_skeletons, spelling_distance, without_kind

LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэёъabcdefghijklmnopqrstuvwxyzłčšžó -'’"


@pytest.mark.parametrize(
    "spellings",
    [
        ("Покровськ", "Покровск", "Pokrovsk", "Pokrovs'k", "POKROVSʼK", "Pokrowsk"),
        ("Звірове", "Zvirove", "Zwirowe"),
        ("Зверево", "Zverevo", "Zverovo", "Zverjewo"),
        ("Гуляйполе", "Huliaipole", "Gulyaypole", "Gulyay-Pole", "Hulyaypole"),
        ("Авдіївка", "Avdiivka", "Avdiyivka", "Avdeevka", "Авдеевка"),
        ("Костянтинівка", "Kostiantynivka", "Kostyantynivka", "Kostyantinovka"),
        ("Харків", "Харьков", "Kharkiv", "Kharkov", "Charkiw"),
        ("Білицьке", "Bilytske", "Bilitskoye"),
        ("Мар'їнка", "Марʼїнка", "Mar'yinka", "Maryinka", "Marinka"),
        ("Нью-Йорк", "Niu York", "Nyu-York"),
        ("Большая Новосёлка", "Velikaya Novosyolka", "Велика Новоселка"),
        ("Кривой Рог", "Krivoy Rog", "Krivoi Roh"),
        ("Доброполье", "Dobropolye", "Dobropole"),
        ("Кременная", "Kremennaya", "Kremenna"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same_text(spellings: tuple[str, ...]) -> None:
    key = fold(spellings[0])
    for spelling in spellings:
        assert key in possible_skeletons(spelling), f"{spelling}: {possible_skeletons(spelling)}, not {key}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Pokrovsk", "Pokrovske"),
        ("Kotlyne", "Kotelne"),
        ("Robotyne", "Robotove"),
        ("Lyman", "Lymany"),
        ("Novotroitske", "Novotoretske"),
        ("Zvirove", "Zorove"),
    ],
)
def test_different_names_fold_to_different_texts(one: str, other: str) -> None:
    assert fold(one) not in possible_skeletons(other)


@pytest.mark.parametrize(
    ("spelling", "meant"),
    [("Wolnowacha", "Volnovakha"), ("Henitschesk", "Henichesk"), ("Sudscha", "Sudzha"), ("Torezk", "Toretsk"),
     ("Koupiansk", "Kupiansk"), ("Soudja", "Sudzha"), ("Jarkov", "Kharkov"), ("Doniec", "Donets")],
)  # fmt: skip
def test_newspaper_transliterations_are_folded(spelling: str, meant: str) -> None:
    assert fold(meant) in possible_skeletons(spelling)


@given(st.text(max_size=30) | st.text(LETTERS, max_size=30))
def test_folding_is_idempotent(spelling: str) -> None:
    key = fold(spelling)
    assert fold(key) == key
    assert " " not in key
    assert normalise(normalise(spelling)) == normalise(spelling)


@given(st.text(LETTERS, max_size=20))
def test_case_accents_and_dashes_make_no_difference(spelling: str) -> None:
    assert fold(spelling.upper().lower()) == fold(spelling.lower())
    assert fold(spelling.replace("-", " ").replace("'", "’")) == fold(spelling)


@given(st.text("abeihkszšč", max_size=10), st.text("abeihkszšč", max_size=10), st.floats(0, 4))
def test_distance_is_symmetric_and_bounded(one: str, other: str, most: float) -> None:
    weight = spelling_distance(one, other)
    assert weight == spelling_distance(other, one)
    assert (weight == 0) == (one == other)
    assert weight <= max(len(one), len(other)) * 1.0 + 1e-9 or weight <= len(one) + len(other)
    assert spelling_distance(one, other, most) == (weight if weight <= most else math.inf)


def test_misspellings_weigh_by_their_kind() -> None:
    assert spelling_distance("kramatorsk", "kramatorks") == 0.75
    assert spelling_distance("pokrovsk", "pakrovsk") == 0.5
    assert spelling_distance("pokrovsk", "pokrofsk") == 0.5
    assert spelling_distance("pokrovsk", "pokrovk") == 1.0
    assert spelling_distance("pokrovsk", "poltava", 1.0) == math.inf


@pytest.mark.parametrize(
    ("written", "name"),
    [("м. Покровськ", "Покровськ"), ("с. Звірове", "Звірове"), ("village Zvirove", "Zvirove"), ("Село", "Село"),
     ("Гола Пристань", "Гола Пристань"), ("пгт Новгородское", "Новгородское")],
)  # fmt: skip
def test_kind_of_a_place_is_removed_from_its_name(written: str, name: str) -> None:
    assert without_kind(written) == name
