"""Query parameters that several collections share, as in OGC API Features: `datetime`, `bbox`,
lists.

`app.parsing` parses them. An error becomes a problem that names the parameter (`app/problems.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, get_origin

from fastapi import Request
from pydantic import BaseModel, BeforeValidator, WithJsonSchema

from app.parsing.bbox import BoundingBox, parse_bbox
from app.parsing.days import TimeFilter, parse_interval
from app.parsing.lists import split_list
from app.parsing.positions import Circle, parse_circle, parse_position
from app.parsing.query import InvalidQuery, parse_query
from app.parsing.text import check_characters
from app.problems import InvalidParameter


async def readable_query(request: Request) -> None:
    """Checks the query string before a route reads it. A dependency of the whole application.

    Raises:
        InvalidParameter: a parameter cannot be read: see `parse_query`.
    """
    try:
        parse_query(request.scope["query_string"])
    except InvalidQuery as error:
        raise InvalidParameter(error.parameter, error.message) from None


def parsed_by(parse: Callable[[str], Any]) -> BeforeValidator:
    """Returns a validator that parses text; other values, which are parsed or null, pass
    unchanged.
    """

    def validate(value: object) -> object:
        if isinstance(value, list) and value:  # FastAPI collects the values of a parameter that becomes a tuple.
            value = value[-1]
        return parse(value) if isinstance(value, str) else value

    return BeforeValidator(validate)


def split_lists(value: object) -> tuple[str, ...]:
    """Parses comma-separated lists. The parameter may be given several times."""
    texts = value if isinstance(value, list | tuple) else [] if value is None else [value]
    return tuple(part for text in texts for part in split_list(str(text)))


def list_parameters(model: type[BaseModel]) -> frozenset[str]:
    """Returns the parameters of a model that may be given several times: those that are lists."""
    return frozenset(name for name, field in model.model_fields.items() if get_origin(field.annotation) is tuple)


def _schema(description: str, *examples: str) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "description": description}
    if examples:
        schema["examples"] = list(examples)
    return WithJsonSchema(schema)


DatetimeParameter = Annotated[
    TimeFilter | None,
    parsed_by(parse_interval),
    _schema(
        "A UTC day, a moment, or an interval `start/end`; both days of an interval of days are included, `..` is open",
        "2025-07-15/2025-07-21",
    ),
]
BoxParameter = Annotated[
    BoundingBox | None,
    parsed_by(parse_bbox),
    _schema("West, south, east, north in degrees; west > east crosses the antimeridian", "36.9,48.1,37.4,48.4"),
]
CircleParameter = Annotated[
    Circle | None,
    parsed_by(parse_circle),
    _schema("Longitude, latitude, radius in metres", "37.12966,48.24819,1500"),
]
_position_schema = _schema("Longitude, latitude in degrees", "37.12966,48.24819")
PositionParameter = Annotated[tuple[float, float] | None, parsed_by(parse_position), _position_schema]
RequiredPosition = Annotated[tuple[float, float], parsed_by(parse_position), _position_schema]
ListParameter = Annotated[
    tuple[str, ...], BeforeValidator(split_lists), _schema("Several values are separated by commas")
]
TextParameter = Annotated[str, parsed_by(check_characters)]
