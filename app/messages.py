"""Messages for people that can be translated after they were raised.

Code that finds an error does not know the reader's language. It raises
`Translatable("Must be one of: {slugs}.", slugs=…)`, which is English text that remembers its
template. `problems.py` translates the template when the response is sent, in the language of
`Accept-Language`; without that header the text stays English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Self

from pydantic_core import PydanticKnownError
from typing_extensions import override

from app.parsing.bidi import MessageTemplate

_SLUG: Final = re.compile(r"[a-z_]{1,20}")
# Translates an English text.
Translate = Callable[[str], str]


class Translatable(str):
    """English text made from a template for `str.format` and its values.

    A template without values is used as it stands, so that braces in it need no escaping.
    """

    __slots__ = ("template", "values")
    template: str
    values: Mapping[str, object]

    @override
    def __new__(cls, template: str, /, **values: object) -> Self:
        text = super().__new__(cls, MessageTemplate(template).format(**values) if values else template)
        text.template, text.values = template, values
        return text

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self.template, dict(self.values))


def _restore(template: str, values: dict[str, object]) -> Translatable:
    return Translatable(template, **values)


def translate_message(message: str, translate: Translate) -> str:
    """Translates a message, and those of its values that are messages or slugs."""
    if not isinstance(message, Translatable):
        return translate(message)
    template = translate(message.template)
    if not message.values:
        return template
    values = {name: _translate_value(value, translate) for name, value in message.values.items()}
    return MessageTemplate(template).format(**values)


def _translate_value(value: object, translate: Translate) -> object:
    if isinstance(value, Translatable):
        return translate_message(value, translate)
    if not isinstance(value, str) or not _SLUG.fullmatch(value):
        return value
    # The catalogue has the slug `in_review` as "in review".
    plain = value.replace("_", " ")
    translated = translate(plain)
    return value if translated == plain else translated


def pydantic_message(error: Mapping[str, Any]) -> str:
    """Returns the message of a Pydantic error: Pydantic's own, or that of a validator's
    `ValueError`.
    """
    context: dict[str, Any] = error.get("ctx") or {}
    kind: str = error["type"]
    if kind == "value_error":
        raised = context["error"].args[0]
        return raised if isinstance(raised, Translatable) else str(error["msg"]).removeprefix("Value error, ")
    try:
        template = PydanticKnownError(kind, context or None).message_template  # type: ignore[arg-type] # any kind
    except KeyError:
        return str(error["msg"])
    message = str.__new__(Translatable, error["msg"])
    message.template = template
    message.values = {"expected_plural": "s", **context}
    return message


# Pydantic's most frequent messages, listed for the translation catalogue.
PYDANTIC_MESSAGES: Final[Iterable[Translatable]] = (
    Translatable("Field required"),
    Translatable("Extra inputs are not permitted"),
    Translatable("Input should be {expected}"),
    Translatable("Input should be a valid string"),
    Translatable("Input should be a valid integer"),
    Translatable("Input should be a valid integer, unable to parse string as an integer"),
    Translatable("Input should be a valid integer, got a number with a fractional part"),
    Translatable("Input should be a valid UUID, {error}"),
    Translatable("Input should be a valid datetime"),
    Translatable("Input should be a valid dictionary"),
    Translatable("Input should be a valid list"),
    Translatable("Input should be greater than or equal to {ge}"),
    Translatable("Input should be less than or equal to {le}"),
    Translatable("String should have at least {min_length} character{expected_plural}"),
    Translatable("String should have at most {max_length} character{expected_plural}"),
    Translatable("String should match pattern '{pattern}'"),
    Translatable(
        "{field_type} should have at most {max_length} item{expected_plural} after validation, not {actual_length}"
    ),
    Translatable(
        "{field_type} should have at least {min_length} item{expected_plural} after validation, not {actual_length}"
    ),
)
