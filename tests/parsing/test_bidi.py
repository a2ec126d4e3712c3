"""Isolation of the text direction: balanced, repeatable, and only where it is needed."""

from __future__ import annotations

import json
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.messages import Translatable, translate_message
from app.parsing.bidi import MessageTemplate, isolate, terminal_text
from app.settings import PROJECT_DIRECTORY

FSI, PDI, RLO, RLI, PDF = "\u2068", "\u2069", "\u202e", "\u2067", "\u202c"
# The scripts are tested with the same texts: tests/js/bidi.test.js.
CASES: Final[dict[str, str]] = json.loads(
    (PROJECT_DIRECTORY / "tests/js/vectors/bidi.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("text", CASES)
def test_text_is_isolated_as_in_the_browser(text: str) -> None:
    assert isolate(text) == CASES[text]


@given(st.text("ab\n" + FSI + PDI + RLO + RLI + PDF + "\u05d0"))
def test_isolated_text_is_balanced_and_isolated_once(text: str) -> None:
    shown = isolate(text)
    assert isolate(shown) == shown
    assert text.replace(FSI, "").replace(PDI, "") == shown.replace(FSI, "").replace(PDI, "")
    for line in shown.split("\n"):
        depth = 0
        for one in line:
            depth += (one in {FSI, RLI}) - (one == PDI)
            assert depth >= (one in {RLO, PDF})
        assert depth == 0


def test_messages_isolate_what_they_fill_in() -> None:
    assert MessageTemplate("{0} and {name}").format(3, name=f"a{RLO}b") == f"3 and {FSI}a{RLO}b{PDI}"
    message = Translatable("“{title}” has changed", title=f"a{RLO}b")
    assert str(message) == f"“{FSI}a{RLO}b{PDI}” has changed"
    assert translate_message(message, lambda english: english.replace("has changed", "changed")) == (
        f"“{FSI}a{RLO}b{PDI}” changed"
    )


def test_terminal_shows_control_characters_as_text() -> None:
    assert terminal_text(f"a\x1b[2J\x9b{RLO}b\n\tc") == f"{FSI}a\\x1b[2J\\x9b{RLO}b{PDI}\n\tc"
