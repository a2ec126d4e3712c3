"""Parses query strings, with limits, for every route and for the cache of tiles."""

from __future__ import annotations

from collections import Counter
from typing import Final
from urllib.parse import parse_qsl

from app.messages import Translatable
from app.parsing.text import check_characters

# Characters of a name or a value. Links are the longest values.
LONGEST_VALUE: Final = 2_048
# Parameters of a query string, and values of one parameter: a list may be given as several values.
MOST_PARAMETERS: Final = 200
MOST_VALUES: Final = 50
_LONGEST_SHOWN: Final = 40


class InvalidQuery(ValueError):
    """A query string is refused; `parameter` is the name of the parameter at fault."""

    def __init__(self, parameter: str, message: Translatable) -> None:
        super().__init__(message)
        self.parameter = parameter
        self.message = message


def parse_query(query: bytes) -> list[tuple[str, str]]:
    """Returns names and values in the order of the query string.

    Args:
        query: without the question mark, percent-encoded.

    Raises:
        InvalidQuery: a name or value is too long, contains NUL or is not percent-encoded UTF-8, or
            there are too many.
    """
    if query.count(b"&") >= MOST_PARAMETERS:
        raise InvalidQuery(
            "query", Translatable("Must not have more than {number} parameters.", number=MOST_PARAMETERS)
        )
    # Bytes that are not UTF-8 or not percent-encoded become lone surrogates, which
    # `check_characters` refuses. Starlette decodes the latter in two contradicting ways.
    given = parse_qsl(query.decode("ascii", "surrogateescape"), keep_blank_values=True, errors="surrogateescape")
    for name, value in given:
        for text in (name, value):
            if len(text) > LONGEST_VALUE:
                raise InvalidQuery(
                    _shown(name), Translatable("Must be at most {number} characters long.", number=LONGEST_VALUE)
                )
            try:
                check_characters(text)
            except ValueError:
                raise InvalidQuery(_shown(name), Translatable("Must be percent-encoded UTF-8, without NUL.")) from None
    for name, number in Counter(name for name, _ in given).items():
        if number > MOST_VALUES:
            raise InvalidQuery(
                _shown(name), Translatable("Must not be given more than {number} times.", number=MOST_VALUES)
            )
    return given


def _shown(name: str) -> str:
    """Returns a name for a message: short, and without characters that cannot be sent."""
    return name[:_LONGEST_SHOWN].replace("\x00", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()
