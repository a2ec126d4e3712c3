"""Compares spellings of names across scripts and transliterations.

Pure: needs no database. A reader, a newspaper and a gazetteer write one village as Звірове,
Зверево, Zvirove, Swirowe or Zverovo. A spelling has two keys:

- `normalise`: the spelling without case, accents, apostrophes and kinds of dash, in its own script.
  Equal keys mean the same word.
- `fold`: a skeleton in Latin letters, the same for all scripts and transliterations. Letters that
  usual transliterations confuse become one letter. Equal skeletons most likely mean the same word.

A query has several `possible_skeletons`, because "ch" is one sound in English and another in
German. `spelling_distance` measures the difference between two skeletons: typing errors and similar
sounds.

Sources of the tables: the Ukrainian national transliteration (Cabinet of Ministers, resolution 55
of 2010), BGN/PCGN 1947 and 1965, ISO 9, and the conventions of the German, French, Polish, Czech
and Spanish press.
"""

# ruff: noqa: RUF001, RUF003 - letters of several scripts are what this module is about

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache
from typing import Final

# Sounds that need two Latin letters have one letter in a skeleton: š, ž, č, and ţ for ts. The
# letters г, ґ and х become one, because each is h in some transliteration.
_CYRILLIC: Final = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "є": "e", "ж": "ž", "з": "z", "и": "i",
    "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s",
    "т": "t", "у": "u", "ф": "f", "х": "h", "ц": "ţ", "ч": "č", "ш": "š", "щ": "š", "ъ": "", "ы": "i", "ь": "",
    "э": "e", "ё": "e", "ю": "iu", "я": "ia", "ў": "v", "ј": "i", "љ": "l", "њ": "n", "ћ": "č", "ђ": "dž", "џ": "dž",
    "ѕ": "dz", "ѣ": "e", "ѳ": "f", "ѵ": "i",
})  # fmt: skip
_LATIN: Final = str.maketrans({
    "ł": "l", "đ": "dž", "ß": "ss", "æ": "e", "œ": "e", "ø": "o", "ı": "i", "þ": "t", "ð": "d", "ć": "č", "ĉ": "č",
    "ś": "š", "ş": "š", "ș": "š", "ŝ": "š", "ż": "ž", "ź": "z", "ĵ": "ž", "ç": "č", "ț": "ţ",
})  # fmt: skip
_SKELETAL: Final = "šžčţ"
_SILENT: Final = dict.fromkeys(map(ord, "'’ʼʹ′`´‘ʻʺ\"“”„«»"), None)  # often left out
_BREAKS: Final = dict.fromkeys(map(ord, "-‐‑‒–—―−_/.,()·"), " ")

# Letter groups, longest first: those of the press of one country, then those of all
# transliterations.
_SHARED: Final = (
    ("shch", "š"), ("sh", "š"), ("zh", "ž"), ("kh", "h"), ("gh", "h"), ("ch", "č"), ("ts", "ţ"), ("tz", "ţ"),
    ("ph", "f"), ("x", "ks"), ("q", "k"), ("w", "v"), ("g", "h"), ("j", "i"), ("y", "i"), ("c", "k"),
)  # fmt: skip
_CONVENTIONS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "english": (),
    "german": (
        ("schtsch", "š"), ("tsch", "č"), ("dsch", "dž"), ("sch", "š"), ("ch", "h"), ("tz", "ţ"), ("z", "ţ"),
    ),
    "french": (("chtch", "š"), ("tch", "č"), ("dj", "dž"), ("ch", "š"), ("ou", "u"), ("j", "ž")),
    "polish": (("szcz", "š"), ("cz", "č"), ("sz", "š"), ("ch", "h"), ("c", "ţ")),
    "spanish": (("j", "h"),),
}  # fmt: skip

# й, и and і before a vowel and next to each other: Novosyolka, Novosiolka; Avdiivka, Avdiyivka,
# Avdivka.
_CONTRACTIONS: Final = (("io", "e"), ("ie", "e"))
_RUNS: Final = re.compile(r"(.)\1+")
# Regular differences between Ukrainian and Russian names at the end of a word.
_ENDINGS: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"aia$", "a"),  # Кремінна, Кременная
        (r"(?<=[^aeiou])[oe]i$", "i"),  # Кривий, Кривой
        (r"o?e$|o$", "e"),  # Білицьке, Белицкое; Звірове, Зверово
        (r"[oei]ve$", "ove"),  # Зверово, Зверево
        (r"[oei]v$", "iv"),  # Харків, Харьков
        (r"[oei]vk([aie])$", r"ivk\1"),  # Костянтинівка, Константиновка
        (r"(?<=p)[oi]l(?:ia|e)$", "ole"),  # Добропілля, Доброполье
        (r"horod$", "hrad"),  # Миргород, Мирград
    )
)

# Words that are translated, not transliterated: the folded Russian word, and the Ukrainian one.
_TRANSLATED: Final = {"bolša": "velika", "bolši": "veliki", "bolše": "velike"}  # Большая, Большой, Большое

# Words before a name that are not part of it, as `normalise` returns them.
_KINDS_OF_PLACE: Final = frozenset(
    (
        "м",
        "місто",
        "с",
        "село",
        "смт",
        "селище",
        "сел",
        "г",
        "гор",
        "город",
        "пгт",
        "пос",
        "поселок",
        "деревня",
        "дер",
        "city",
        "town",
        "village",
        "settlement",
    )
)

_VOWELS: Final = frozenset("aeiou")
_NEAR_SOUNDS: Final = frozenset(
    frozenset(pair) for pair in ("hk", "sz", "šž", "šč", "čh", "čţ", "ţs", "ţz", "bp", "dt", "vf", "šs", "žz", "hv")
)
_MOST_ROUNDS: Final = 8


def normalise(spelling: str) -> str:
    """Normalises a spelling: lower case, no accents or apostrophes, one kind of dash, single
    spaces.
    """
    text = unicodedata.normalize("NFKC", spelling).casefold().translate(_SILENT).translate(_BREAKS)
    return " ".join(_without_accents(text, keep="йїёў").split())


def without_kind(spelling: str) -> str:
    """Removes the word that says what kind of place it is: "м. Покровськ", "village Zvirove"."""
    first, _, rest = spelling.strip().partition(" ")
    return rest.strip() if rest.strip() and normalise(first) in _KINDS_OF_PLACE else spelling.strip()


def fold(spelling: str) -> str:
    """Returns the skeleton of a spelling, by which the gazetteer's spellings are compared."""
    return _fold(spelling, "english")


def possible_skeletons(spelling: str) -> tuple[str, ...]:
    """Returns every possible skeleton of a spelling, most likely first, without duplicates."""
    return tuple(key for key in dict.fromkeys(_fold(spelling, convention) for convention in _CONVENTIONS) if key)


@lru_cache(maxsize=4096)
def _fold(spelling: str, convention: str) -> str:
    text = unicodedata.normalize("NFKC", spelling).casefold().translate(_SILENT).translate(_BREAKS)
    text = _without_accents(text.translate(_CYRILLIC).translate(_LATIN), keep=_SKELETAL)
    words = (_apply_rules(word, (*_CONVENTIONS[convention], *_SHARED)) for word in text.split())
    joined = "".join(_TRANSLATED.get(word, word) for word in words)
    # Joined words may form a new letter group, so the result is folded again until it stays the
    # same.
    return _apply_rules(joined, _SHARED)


def _apply_rules(word: str, groups: tuple[tuple[str, str], ...]) -> str:
    """Applies the rules until nothing changes."""
    for _ in range(_MOST_ROUNDS):
        before = word
        for group, letter in groups:
            word = word.replace(group, letter)
        for pair, letter in _CONTRACTIONS:
            word = word.replace(pair, letter)
        word = _RUNS.sub(r"\1", word)
        for ending, replacement in _ENDINGS:
            word = ending.sub(replacement, word)
        if word == before:
            break
        groups = _SHARED  # groups of one country are replaced only once
    return word


def _without_accents(text: str, *, keep: str) -> str:
    """Removes accents, except from letters of which the accent is a part."""
    return "".join(
        letter
        if letter in keep
        else "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
        for letter in text
    )


def spelling_distance(one: str, other: str, most: float = math.inf) -> float:
    """Measures the difference between two skeletons: 0 for nothing, 1 for a letter.

    The optimal string alignment distance with these weights: 0.5 for another vowel, a similar
    sound, or a missing or extra vowel or h, and 0.75 for two swapped letters.

    Args:
        one: a skeleton.
        other: another.
        most: the greatest distance of interest; returns infinity for greater distances.
    """
    if one == other:
        return 0.0
    earlier: list[float] = []
    above = [0.0]
    for letter in other:
        above.append(above[-1] + _weight(letter))
    for row, mine in enumerate(one):
        weight = _weight(mine)
        line = [above[0] + weight]
        for column, theirs in enumerate(other):
            best = above[column] + _difference(mine, theirs)
            if (dropped := above[column + 1] + weight) < best:
                best = dropped
            if (added := line[column] + _weight(theirs)) < best:
                best = added
            if row and column and mine == other[column - 1] and theirs == one[row - 1]:
                best = min(best, earlier[column - 1] + 0.75)
            line.append(best)
        # A swap continues from the row before the last one, so both rows must exceed the limit.
        if min(line) > most and min(above) > most:
            return math.inf
        earlier, above = above, line
    return above[-1] if above[-1] <= most else math.inf


@lru_cache(maxsize=1024)
def _weight(letter: str) -> float:
    return 0.5 if letter in _VOWELS or letter == "h" else 1.0


@lru_cache(maxsize=16384)
def _difference(mine: str, theirs: str) -> float:
    if mine == theirs:
        return 0.0
    if {mine, theirs} <= _VOWELS or frozenset((mine, theirs)) in _NEAR_SOUNDS:
        return 0.5
    return 1.0
