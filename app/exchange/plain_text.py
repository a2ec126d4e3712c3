"""Converts texts of imported files to plain text, with notes on the changes, and makes titles.
Pure.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Final

from typing_extensions import override

MARKUP: Final = "markup converted to plain text"
INVISIBLE: Final = "invisible characters removed from the text"
LABELS: Final = "labels around the text (Location, Description, code, layer) removed"

# The longest title that is made from a text: one line of a list. A title in the file may be longer.
LONGEST_MADE_TITLE: Final = 120

_MARKUP: Final = re.compile(
    r"<(?:/?[A-Za-z][^<>]*|!--.*?--)>|&(?:[A-Za-z]{2,31}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});", re.DOTALL
)
# Controls, zero-width spaces, marks of text direction and byte order; joiners stay, since scripts
# and emoji need them.
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)
_SPACES: Final = re.compile(r"[^\S\n]+")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_BLOCKS: Final = frozenset(
    ("address", "blockquote", "br", "div", "h1", "h2", "h3", "h4", "li", "ol", "p", "table", "tr", "ul")
)
_HIDDEN_ELEMENTS: Final = frozenset(("script", "style", "template"))

# "Location: 47.50, 35.42 / Description: … / code: RU / layer: C", as some map programs export
# placemarks.
_LABELLED: Final = re.compile(
    r"\s*Location:[^\n]*\n\s*Description:(?P<text>.*?)(?:\n\s*(?:code|layer|unnamed \(\d+\)):[^\n]*)*\s*", re.DOTALL
)
_SENTENCE: Final = re.compile(r"(?P<first>.{8,}?[.!?…])[\"”»)]*\s+(?=[\"“«(]?[A-ZА-ЯЄІЇҐ0-9])")  # noqa: RUF001 - capitals of both alphabets
_ABBREVIATED: Final = re.compile(r"(?:^|[\s(])(?:[A-Z]|Lt|Gen|Col|Mr|St|No|approx|vs|ca|c|м|с|вул|св|им)\.$")  # noqa: RUF001 - both alphabets


class _TextOf(HTMLParser):
    """Collects the text that a browser would show for a piece of HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _HIDDEN_ELEMENTS
        if tag in _BLOCKS:
            self.pieces.append("\n")

    @override
    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _HIDDEN_ELEMENTS))
        if tag in _BLOCKS:
            self.pieces.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)


def plain_text(text: str) -> tuple[str, list[str]]:
    """Returns a text without markup, invisible characters and needless spaces.

    Returns:
        The text, and a note on each kind of change except those of spaces.
    """
    notes = []
    if ("<" in text or "&" in text) and _MARKUP.search(text):
        parser = _TextOf()
        parser.feed(text)
        parser.close()
        text = "".join(parser.pieces)
        notes.append(MARKUP)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
        notes.append(INVISIBLE)
    text = "\n".join(line.strip() for line in _SPACES.sub(" ", text).split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip(), notes


def remove_labels(text: str) -> tuple[str, list[str]]:
    """Extracts the description from a text with labels of a map program; returns a note if it
    did.
    """
    labelled = _LABELLED.fullmatch(text) if text.lstrip().startswith("Location:") else None
    return (labelled["text"].strip(), [LABELS]) if labelled else (text, [])


def first_sentence(text: str) -> str:
    """Returns the first sentence of a plain text, at most 120 characters. A longer one is cut
    between words.
    """
    line = text.strip().split("\n", 1)[0].strip()
    position = 0
    while (sentence := _SENTENCE.match(line, position)) and _ABBREVIATED.search(line[: sentence.end("first")]):
        position = sentence.end()
    if sentence:
        line = line[: sentence.end("first")]
    line = line[:-1] if line.endswith(".") and not line.endswith("..") else line
    if len(line) <= LONGEST_MADE_TITLE:
        return line
    between_words = line.rfind(" ", LONGEST_MADE_TITLE // 2, LONGEST_MADE_TITLE)
    cut = line[: between_words if between_words > 0 else LONGEST_MADE_TITLE - 1]
    return cut.rstrip(" ,;:–—-") + "…"  # noqa: RUF001 - dashes
