"""Chooses the language of a page, and translates texts of the interface.

The texts in code and templates are English; `app/locale/<language>.po` translates them. The URL
sets the language (`?lang=uk`); otherwise it is the first language of the browser that the theatre
has. No cookie stores the language.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from babel import Locale, negotiate_locale
from babel.messages.pofile import read_po

from app.parsing.bidi import MessageTemplate
from app.parsing.numbers import parse_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import Request

LOCALE_DIRECTORY = Path(__file__).resolve().parent.parent / "locale"


# The order in which gettext has plural forms.
_PLURAL_CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")


@lru_cache(maxsize=32)
def messages(language: str) -> dict[str, str | dict[str, str]]:
    """Returns the translations of a language by their English text.

    A text with plural forms has them by CLDR plural category ("one", "few" …), as
    `Intl.PluralRules` names them for scripts. Texts without a translation are left out: they stay
    English.
    """
    path = LOCALE_DIRECTORY / f"{language}.po"
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    plural_form = Locale(language).plural_form
    used = {plural_form(number) for number in range(200)}
    categories = [category for category in _PLURAL_CATEGORIES if category in used]
    translations: dict[str, str | dict[str, str]] = {}
    for message in catalog:
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string:
            translations[message.id] = message.string
        elif (
            isinstance(message.id, (list, tuple)) and isinstance(message.string, (list, tuple)) and all(message.string)
        ):
            translations[message.id[0]] = dict(zip(categories, message.string, strict=True))
    return translations


def translate(language: str, english: str) -> MessageTemplate:
    """Translates a text of the interface."""
    translation = messages(language).get(english)
    return MessageTemplate(translation if isinstance(translation, str) else english)


def translate_plural(language: str, singular: str, plural: str, number: float) -> MessageTemplate:
    """Translates a text of the interface with plural forms."""
    forms = messages(language).get(singular)
    if not isinstance(forms, dict):
        return MessageTemplate(singular if number == 1 else plural)
    # Fractions may have a category that no integer has.
    return MessageTemplate(forms.get(Locale(language).plural_form(number)) or list(forms.values())[-1])


def language_name(language: str) -> str:
    """Returns a language's own name."""
    return Locale(language).get_display_name(language) or language


def negotiate_language(request: Request, languages: Sequence[str]) -> str:
    """Returns the language of a page."""
    requested = request.query_params.get("lang", "")
    if requested in languages:
        return requested
    weighted = []
    for position, part in enumerate(request.headers.get("accept-language", "")[:500].split(",")):
        tag, _, weight = part.partition(";q=")
        try:
            weighted.append((-parse_number(weight or "1"), position, tag.strip().replace("-", "_")))
        except ValueError:
            continue
    preferred = [tag for _, _, tag in sorted(weighted)]
    return negotiate_locale(preferred, list(languages), sep="_") or languages[0]
