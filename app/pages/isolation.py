"""Isolates the text direction of every text that a template shows, see `app/parsing/bidi.py`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from jinja2.ext import Extension
from jinja2.lexer import Token
from markupsafe import Markup
from typing_extensions import override

from app.parsing.bidi import isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment
    from jinja2.lexer import TokenStream

FILTER: Final = "isolated"
# The end of the markup before an expression. In a text area and in attributes that people do not
# read, such as `value` and `href`, the characters must stay as they are.
_IN_TEXT_AREA: Final = re.compile(r"<textarea\b[^>]*>[^<]*$")
_IN_ATTRIBUTE: Final = re.compile(r"<[^<>]*\s([\w-]+)=\"[^\"<>]*$")
_READ_ATTRIBUTES: Final = frozenset({"title", "alt", "placeholder", "label", "content", "aria-label"})


def _isolated(value: object) -> object:
    """Isolates a text; markup and other values stay."""
    return isolate(value) if isinstance(value, str) and not isinstance(value, Markup) else value


class Isolation(Extension):
    """Adds the filter `isolated` to each expression of a template that people read."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        environment.filters[FILTER] = _isolated

    @override
    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        markup = ""
        is_read = False
        for token in stream:
            if token.type == "data":
                markup = (markup + token.value)[-2000:]
            elif token.type == "variable_begin":
                attribute = _IN_ATTRIBUTE.search(markup)
                is_read = attribute[1] in _READ_ATTRIBUTES if attribute else not _IN_TEXT_AREA.search(markup)
            if token.type == "variable_end" and is_read:
                yield Token(token.lineno, "rparen", ")")
                yield Token(token.lineno, "pipe", "|")
                yield Token(token.lineno, "name", FILTER)
            yield token
            if token.type == "variable_begin" and is_read:
                yield Token(token.lineno, "lparen", "(")
