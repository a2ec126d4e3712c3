"""Guesses which spelling of a settlement is its name in a language, because the gazetteer does not
tell, and writes this name in Latin letters as its country does officially.

The gazetteer's name is the local name in Latin letters. So the local spelling is the one whose
official romanisation is most similar to it. Only languages with a romanisation table here are
guessed.
"""

# ruff: noqa: RUF001 - letters of several scripts are what this module is about

from __future__ import annotations

import re
from typing import Final

from app.places.spelling import normalise, spelling_distance

# The Ukrainian national transliteration (Cabinet of Ministers, resolution 55 of 2010), except at
# the start of a word.
_UKRAINIAN: Final = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z", "и": "y",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu",
    "я": "ia",
})  # fmt: skip
_AT_THE_START: Final = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_ONLY_UKRAINIAN: Final = frozenset("іїєґ")
_SILENT: Final = frozenset("'’ʼ`")
_UKRAINIAN_LETTERS: Final = frozenset("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя")
# Endings that no Ukrainian place name has, and endings that few have; the gazetteer's name may
# itself be Russian.
_NOT_UKRAINIAN: Final = re.compile(r"(ое|ее|ая|яя|[сц]к|[жчшщ]ь)( |$)| район$")
_RARELY_UKRAINIAN: Final = re.compile(r"[ое]в(о|ка)( |$)|ия( |$)")
_RARE_ENDING_COSTS: Final = 0.15

ROMANISATIONS: Final = {"uk": (_UKRAINIAN, _UKRAINIAN_LETTERS, _NOT_UKRAINIAN, _RARELY_UKRAINIAN)}

# The language in which a country's places are named, if its official romanisation is known here.
LANGUAGE_OF_COUNTRY: Final = {"UA": "uk"}

# A spelling further from the name than this share of its letters is another word.
_FARTHEST: Final = 0.3
_SAME: Final = 0.1


def guess_languages(name: str, alternates: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, str]:
    """Returns a settlement's name in each language in which it can be guessed.

    Args:
        name: the gazetteer's name, in Latin letters.
        alternates: its other spellings, in any script.
        languages: the theatre's languages.

    Returns:
        The spelling by language; languages without a similar spelling are left out.
    """
    guessed = {}
    for language in languages:
        if language in ROMANISATIONS:
            best = min((_order(name, spelling, language) for spelling in alternates), default=(1.0, 0, 0, ""))
            if best[0] <= _FARTHEST:
                guessed[language] = best[3]
    return guessed


def _order(name: str, spelling: str, language: str) -> tuple[float, int, int, str]:
    """Returns what spellings are compared by. Of equally near ones, the one with more letters that
    only Ukrainian has comes first, then the one with a soft sign, which romanisation drops.
    """
    own = sum(letter in _ONLY_UKRAINIAN for letter in spelling)
    return _distance(name, spelling, language), -own, -len(spelling), spelling


def official_name(name: str, ukrainian: str) -> str:
    """Returns a name in Latin letters: the romanised Ukrainian name, if it is surely the same."""
    return romanise(ukrainian) if _distance(name, ukrainian, "uk") <= _SAME else name


def romanise(ukrainian: str) -> str:
    """Writes a Ukrainian name in Latin letters by the national transliteration: Запоріжжя becomes
    Zaporizhzhia.
    """
    written: list[str] = []
    before = ""
    for letter in ukrainian:
        small = letter.lower()
        if small == "г" and before == "з":
            latin = "gh"  # зг, as zh is ж
        elif not before.isalpha() and small in _AT_THE_START:
            latin = _AT_THE_START[small]
        else:
            latin = "" if small in _SILENT else small.translate(_UKRAINIAN)
        written.append(latin.capitalize() if letter != small else latin)
        # The apostrophe does not begin a word.
        before = before if small in _SILENT else small
    return "".join(written)


def _distance(name: str, spelling: str, language: str) -> float:
    """Returns the difference of the romanised spelling from the name, as a share of its letters;
    infinite for another language.
    """
    table, alphabet, never, rarely = ROMANISATIONS[language]
    word = normalise(spelling)
    if not word or not set(word) <= alphabet | {" "} or never.search(word):
        return float("inf")
    wanted = _normalise_letters(normalise(name))
    share = spelling_distance(_normalise_letters(word.translate(table)), wanted) / max(len(wanted), 1)
    return share + (_RARE_ENDING_COSTS if rarely.search(word) else 0)


def _normalise_letters(romanised: str) -> str:
    """Normalises letters that are romanised in two ways."""
    for group, letter in (
        ("iy", "i"),
        ("yi", "i"),
        ("yy", "i"),
        ("ye", "ie"),
        ("ya", "ia"),
        ("yu", "iu"),
        ("yo", "io"),
    ):
        romanised = romanised.replace(group, letter)
    return romanised.replace("ii", "i").replace(" ", "")
