"""Builds Pydantic models from the tables of fields (`app/fields`): for requests and for responses.

    @writes(SOURCE.having(editable=True))
    class SourceFacts(BaseModel):
        name: str | None = Field(None, description="Its name; without it, its account or host")
        status: str = "unknown"

The model gets every field of the table. A field that the class describes (`Field(description=...)`)
stays as it is in the class. Other annotations are for the type checker only: the table has the
type, limits, default and description.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, create_model
from pydantic import Field as ModelField

from app.fields.limits import LONGEST_NAME, LONGEST_SLUG, LONGEST_TEXT, LONGEST_URL
from app.http.parameters import parsed_by
from app.messages import Translatable
from app.parsing.days import parse_moment
from app.parsing.text import check_characters
from app.sources.canonical import check_link

if TYPE_CHECKING:
    from app.fields.field import Field, Type

Model = TypeVar("Model", bound=BaseModel)

# The maximum of the database's integer type.
LEAST_INTEGER, MOST_INTEGER = -(2**31), 2**31 - 1
# Ends the description of a field that came after the first clients: they do not know it, and must
# not reset it.
KEPT: Final = "Left out of a change, it stays as it is."


def check_text(text: str) -> str:
    """Returns the text.

    Raises:
        ValueError: it is blank, or contains an invalid character.
    """
    check_characters(text)
    if not text.strip():
        raise ValueError(Translatable("fill in this field"))
    return text


def _text(most: int) -> Any:
    return Annotated[str, ModelField(min_length=1, max_length=most), AfterValidator(check_text)]


def _url(most: int) -> Any:
    return Annotated[str, ModelField(max_length=most), AfterValidator(check_link)]


Text = Annotated[str, ModelField(min_length=1, max_length=LONGEST_TEXT), AfterValidator(check_text)]
Name = Annotated[str, ModelField(min_length=1, max_length=LONGEST_NAME), AfterValidator(check_text)]
Slug = Annotated[str, ModelField(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=LONGEST_SLUG)]
Url = Annotated[str, ModelField(max_length=LONGEST_URL), AfterValidator(check_link)]
Moment = Annotated[dt.datetime, parsed_by(parse_moment)]

_PLAIN_TYPES: Final[dict[Type, Any]] = {
    "text": str,
    "url": str,
    "slug": str,
    "texts": list[str],
    "number": int,
    "flag": bool,
    "moment": dt.datetime,
    "uuid": uuid.UUID,
    "uuids": list[uuid.UUID],
}
# Fields that the API represents in another way, for example as GeoJSON geometry.
_NOT_IN_MODELS: Final[frozenset[Type]] = frozenset({"shape", "bytes"})


def _one_of(field: Field) -> Any:
    literal: Any = Literal
    return literal[tuple(field.words)]


def read_type(field: Field) -> Any:
    """Returns the type of a field in responses."""
    if field.type == "word":
        return _one_of(field)
    return list[_one_of(field)] if field.type == "words" else _PLAIN_TYPES[field.type]  # type: ignore[misc] # made here


def written_type(field: Field) -> Any:
    """Returns the type of a field in requests, with its limits."""
    match field.type:
        case "text":
            return _text(field.most or LONGEST_TEXT)
        case "url":
            return _url(field.most or LONGEST_URL)
        case "slug":
            return Slug
        case "words":
            return Annotated[read_type(field), ModelField(max_length=len(field.words))]
        case "texts":
            return Annotated[list[Name], ModelField(max_length=field.most)]
        case "number":
            least = LEAST_INTEGER if field.least is None else field.least
            most = MOST_INTEGER if field.most is None else field.most
            return Annotated[int, ModelField(ge=least, le=most)]
        case "moment":
            return Moment
    return read_type(field)


def _read(field: Field) -> tuple[Any, Any]:
    type_ = read_type(field)
    return (type_ | None if field.null else type_), ModelField(title=field.title, description=field.help)


def _request_field(field: Field) -> tuple[Any, Any]:
    type_ = written_type(field)
    about: dict[str, Any] = {"title": field.title, "description": field.help}
    if field.plain:
        about["description"] = f"{field.help.rstrip('.')}. {KEPT}"
    if field.null:
        return type_ | None, ModelField(None, **about)
    if field.default is None:
        return type_, ModelField(**about)
    if isinstance(field.default, tuple):
        members = field.default
        return type_, ModelField(default_factory=lambda: list(members), **about)
    return type_, ModelField(field.default, **about)


def writes(fields: Iterable[Field]) -> Callable[[type[Model]], type[Model]]:
    """Returns a decorator that adds fields to the model of a request."""
    return _add_fields({field.name: _request_field(field) for field in fields if field.type not in _NOT_IN_MODELS})


def shows(fields: Iterable[Field]) -> Callable[[type[Model]], type[Model]]:
    """Returns a decorator that adds fields to the model of a response; none of them may be
    missing.
    """
    return _add_fields({field.name: _read(field) for field in fields if field.type not in _NOT_IN_MODELS})


def _add_fields(definitions: dict[str, tuple[Any, Any]]) -> Callable[[type[Model]], type[Model]]:
    def extend(model: type[Model]) -> type[Model]:
        described = {name for name, field in model.model_fields.items() if field.description is not None}
        added: dict[str, Any] = {name: made for name, made in definitions.items() if name not in described}
        return create_model(model.__name__, __base__=model, __module__=model.__module__, __doc__=model.__doc__, **added)

    return extend


def sent(body: BaseModel, fields: Iterable[Field], *, new: bool = False) -> dict[str, Any]:
    """Returns the values of some fields to write, by name.

    Args:
        body: the request.
        fields: of the model of the body.
        new: a row is created, from all fields. Otherwise a row is changed, and plain fields that
            the body omits are left out: the client may be older than the field, and must not reset
            it.
    """
    return {
        field.name: getattr(body, field.name)
        for field in fields
        if new or not field.plain or field.name in body.model_fields_set
    }
