"""The language of a page, and the words of the interface in it.

The texts in code and templates are English; `app/locale/<language>.po` translates them. A reader's language is the one
that the address names (`?lang=uk`), else the first of the browser's that the theatre has. No cookie keeps it.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from babel import Locale, negotiate_locale
from babel.messages.pofile import read_po

from app.parsing.numbers import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request

LOCALE_DIRECTORY = Path(__file__).resolve().parent.parent / "locale"


@lru_cache(maxsize=32)
def messages(language: str) -> dict[str, str]:
    """Give the translations of a language, English to translated; those that are missing stay English."""
    path = LOCALE_DIRECTORY / f"{language}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return {
        message.id: message.string
        for message in catalog
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
    }


def translate(language: str, english: str) -> str:
    """Give a text of the interface in a language."""
    return messages(language).get(english, english)


def own_name(language: str) -> str:
    """Give the name that a language has for itself."""
    return Locale(language).get_display_name(language) or language


def negotiated(request: Request, languages: Sequence[str]) -> str:
    """Give the language of a page."""
    asked = request.query_params.get("lang", "")
    if asked in languages:
        return asked
    weighted = []
    for position, part in enumerate(request.headers.get("accept-language", "")[:500].split(",")):
        tag, _, weight = part.partition(";q=")
        try:
            weighted.append((-parse_number(weight or "1"), position, tag.strip().replace("-", "_")))
        except ValueError:
            continue
    preferred = [tag for _, _, tag in sorted(weighted)]
    return negotiate_locale(preferred, list(languages), sep="_") or languages[0]
