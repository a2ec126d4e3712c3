"""Texts that stay in the language of their source, by their script; scripts have the same rule."""

from __future__ import annotations

import pytest

from app.pages.source_language import foreign_attribute, is_foreign


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        ("Russian flag raised in Rodynske", "uk", True),
        ("Прапор над Родинським, фото X", "uk", False),
        ("Прапор над Родинським", "en", True),
        ("Ukrainska Pravda", "en", False),
        ("דגל רוסי", "en", True),
        ("2025-07-21, 48.2", "uk", False),
        ("", "uk", False),
        (None, "uk", False),
    ],
)
def test_a_text_in_another_script_than_the_page_is_foreign(text: str | None, language: str, foreign: bool) -> None:
    assert is_foreign(language, text) is foreign
    assert foreign_attribute(language, text) == (' lang=""' if foreign else "")
