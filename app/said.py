"""Words of faults, said so that they can be said again in the language of whoever reads them.

On the wire they are English unless the request asks for another language (`Accept-Language`); `problems.py` says them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from pydantic_core import PydanticKnownError
from typing_extensions import override

_SLUG: Final = re.compile(r"[a-z_]{1,20}")
# Gives an English text in a language.
Say = Callable[[str], str]


class Said(str):
    """English words with values put into them; `template` has the places of the values, as `str.format` does."""

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return _made, (self.template, dict(self.values))


def worded(template: str, **values: object) -> Said:
    """Say words with values in them; without values the words are as they stand."""
    return _made(template, values)


def _made(template: str, values: Mapping[str, object]) -> Said:
    words = Said(template.format(**values) if values else template)
    words.template, words.values = template, values
    return words


def say_again(words: str, say: Say) -> str:
    """Say words in a language; values that are words of ours, too."""
    if not isinstance(words, Said):
        return say(words)
    template = say(words.template)
    if not words.values:
        return template
    return template.format(**{name: _value(value, say) for name, value in words.values.items()})


def _value(value: object, say: Say) -> object:
    if isinstance(value, Said):
        return say_again(value, say)
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        return value
    # `in_review` is "in review" in the words of the pages.
    plain = value.replace("_", " ")
    translated = say(plain)
    return value if translated == plain else translated


def said_by_pydantic(fault: Mapping[str, Any]) -> str:
    """Give the words of a fault that Pydantic found: its own, or those that a check of ours raised."""
    context: dict[str, Any] = fault.get("ctx") or {}
    kind: str = fault["type"]
    if kind == "value_error":
        ours = context["error"].args[0]
        return ours if isinstance(ours, Said) else str(fault["msg"]).removeprefix("Value error, ")
    try:
        template = PydanticKnownError(kind, context or None).message_template  # type: ignore[arg-type] # any kind
    except KeyError:
        return str(fault["msg"])
    words = Said(fault["msg"])
    words.template = template
    words.values = {"expected_plural": "s", **context}
    return words


# What Pydantic says most often of what people type, to be translated.
USUAL: Final[Iterable[Said]] = (
    worded("Field required"),
    worded("Extra inputs are not permitted"),
    worded("Input should be {expected}"),
    worded("Input should be a valid string"),
    worded("Input should be a valid integer"),
    worded("Input should be a valid integer, unable to parse string as an integer"),
    worded("Input should be a valid integer, got a number with a fractional part"),
    worded("Input should be a valid UUID, {error}"),
    worded("Input should be a valid datetime"),
    worded("Input should be a valid dictionary"),
    worded("Input should be a valid list"),
    worded("Input should be greater than or equal to {ge}"),
    worded("Input should be less than or equal to {le}"),
    worded("String should have at least {min_length} character{expected_plural}"),
    worded("String should have at most {max_length} character{expected_plural}"),
    worded("String should match pattern '{pattern}'"),
    worded("{field_type} should have at most {max_length} item{expected_plural} after validation, not {actual_length}"),
    worded(
        "{field_type} should have at least {min_length} item{expected_plural} after validation, not {actual_length}"
    ),
)
