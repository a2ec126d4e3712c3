"""Descriptions of where a place lies are parsed into hints."""

# ruff: noqa: RUF001 - three languages are read

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.places.context import Hint, read_context


@pytest.mark.parametrize(
    ("text", "hints"),
    [
        ("Kharkiv oblast", [[Hint("region", ("kharkiv",))]]),
        ("the one in Kharkiv oblast; 2 more", [[Hint("region", ("kharkiv",))], [Hint("unclear", ("2 more",))]]),
        ("Rostov oblast, Russia", [[Hint("region", ("rostov",))], [Hint("unclear", ("russia",))]]),
        ("у Харківській області", [[Hint("region", ("харківській",))]]),
        ("south of Pokrovsk", [[Hint("direction", ("pokrovsk",), 180.0)]]),
        ("village north-west of the town of Pokrovsk", [[Hint("direction", ("pokrovsk",), 315.0)]]),
        ("Southeast of Bakhmut", [[Hint("direction", ("bakhmut",), 135.0)]]),
        ("південніше Покровська", [[Hint("direction", ("покровська",), 180.0)]]),
        ("на північний схід від Бахмута", [[Hint("direction", ("бахмута",), 45.0)]]),
        ("к северо-западу от Донецка", [[Hint("direction", ("донецка",), 315.0)]]),
        ("near Bakhmut", [[Hint("near", ("bakhmut",))]]),
        ("біля Слов'янська", [[Hint("near", ("слов'янська",))]]),
        ("Pavlohrad-Pokrovsk road", [[Hint("near", ("pavlohrad", "pokrovsk"))]]),
        (
            "north of Dobropillia road / near Bilytske",
            [[Hint("direction", ("dobropillia",), 0.0), Hint("near", ("bilytske",))]],
        ),
        ("47.44 35.84", []),
        ("", []),
    ],
)  # fmt: skip
def test_hints(text: str, hints: list[list[Hint]]) -> None:
    assert [list(clause) for clause in read_context(text)] == hints


@given(st.text(max_size=300))
def test_any_text_is_accepted(text: str) -> None:
    for clause in read_context(text):
        for hint in clause:
            assert hint.names
            assert hint.bearing is None or 0 <= hint.bearing < 360
