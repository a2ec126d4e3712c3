"""Guesses the category of an event from the words of its text, by the rules of the theatre.

The rules are off unless `theatre.toml` has them. A guess is stored with the mark
`category_guessed`, and nothing is guessed when a category is given
(docs/decisions/0054-guessed-categories.md).
"""

# ruff: noqa: RUF001 - apostrophes of several scripts are compared

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.theatre import CategoryWords

# A word: letters and digits of any script. An apostrophe or a hyphen inside belongs to it. The end
# of a sentence counts as a word, so that no phrase goes across it.
_WORD: Final = re.compile(r"\w+(?:['’ʼ-]\w+)*|[.!?;]")
_APOSTROPHES: Final = str.maketrans({"’": "'", "ʼ": "'"})


def words_of(text: str) -> list[str]:
    """Returns the words of a text, in lower case."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES))


class CategoryGuesser:
    """The word rules of a theatre, indexed by the first word of each phrase."""

    def __init__(self, rules: tuple[CategoryWords, ...]) -> None:
        self._phrases: dict[str, list[tuple[int, list[str], str]]] = {}
        for number, rule in enumerate(rules):
            for phrase in rule.words:
                words = words_of(phrase)
                self._phrases.setdefault(words[0], []).append((number, words, rule.category))

    def guess(self, text: str) -> str | None:
        """Returns the category of the first rule of which a word or phrase is in a text, or None.

        The time grows with the length of the text only.
        """
        if not self._phrases:
            return None
        words = words_of(text)
        found = [
            (number, category)
            for at, word in enumerate(words)
            for number, phrase, category in self._phrases.get(word, ())
            if words[at : at + len(phrase)] == phrase
        ]
        return min(found)[1] if found else None
