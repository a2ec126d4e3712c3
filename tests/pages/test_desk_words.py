"""The texts of the desk for codes in its records."""

from __future__ import annotations

import pytest

from app.pages.desk.words import DeskWords


@pytest.mark.parametrize(
    ("language", "detail", "words"),
    [
        ("en", "analyst → editor", "Analyst → Editor"),
        ("uk", "analyst → editor", "Аналітик → Редактор"),
        ("uk", "write, 30 days", "читати й змінювати, 30 днів"),
        ("en", "read_only", "Read-only"),
        ("en", "3 sessions, 1 tokens", "3 sessions, 1 tokens"),
    ],
)
def test_the_audit_log_names_roles_scopes_and_modes(language: str, detail: str, words: str) -> None:
    assert DeskWords(language).detail(detail) == words
