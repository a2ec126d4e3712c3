"""Vector tiles in the form of OGC API Tiles and TileJSON, for all collections."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from fastapi import Path, Request, Response
from psycopg.errors import QueryCanceled
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.geo.tiles import MAX_ZOOM, Tile
from app.http.cached_response import tag_of
from app.http.openapi import VectorTileResponse
from app.http.parameters import list_parameters
from app.http.revalidation import answer_revalidated
from app.parsing.query import parse_query
from app.problems import InvalidParameter, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.database.session import PublicReadSession
    from app.theatre import Extent

_TILE_PATH: Final = re.compile(r"/api/collections/([a-z-]{1,40})/tiles/WebMercatorQuad/(\d{1,2})/(\d{1,6})/(\d{1,6})")

Filter = TypeVar("Filter", bound=BaseModel)

Zoom = Annotated[int, Path(ge=0, le=MAX_ZOOM, description="Zoom", examples=[8])]
TileRow = Annotated[int, Path(ge=0, lt=1 << MAX_ZOOM, description="Row from the north", examples=[88])]
Column = Annotated[int, Path(ge=0, lt=1 << MAX_ZOOM, description="Column from the west", examples=[154])]


class VectorLayer(BaseModel):
    """A layer of a tile."""

    id: str
    description: str
    fields: dict[str, str] = Field(description="Attributes and their meaning")


class TileJSON(BaseModel):
    """What a map must know to request tiles (TileJSON 3.0)."""

    tilejson: str
    name: str
    tiles: list[str]
    minzoom: int
    maxzoom: int
    bounds: list[float] = Field(description="West, south, east, north in degrees")
    attribution: str
    vector_layers: list[VectorLayer]


def tile_json(name: str, url: str, extent: Extent, attribution: str, layer: dict[str, Any]) -> dict[str, Any]:
    """Describes the tiles of a collection, which have one layer; see `TileJSON`.

    Args:
        name: of the collection, for people.
        url: of a tile, with `{z}`, `{y}` and `{x}`.
        extent: the area that has tiles.
        attribution: of the data.
        layer: see `VectorLayer`.
    """
    return {
        "tilejson": "3.0.0",
        "name": name,
        "tiles": [url],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": [extent.west, extent.south, extent.east, extent.north],
        "attribution": attribution,
        "vector_layers": [layer],
    }


def tile_of(z: int, row: int, column: int) -> Tile:
    """Returns the tile at a zoom, row and column.

    Raises:
        InvalidParameter: the row or column does not exist at this zoom.
    """
    for name, number in (("y", row), ("x", column)):
        if number >= 1 << z:
            raise InvalidParameter(name, f"must be less than {1 << z} at zoom {z}")
    return Tile(z, column, row)


def parse_tile_path(path: str) -> tuple[str, Tile] | None:
    """Parses the path of a tile into collection and tile; None if it is another path."""
    match = _TILE_PATH.fullmatch(path)
    if match is None:
        return None
    z, row, column = (int(number) for number in match.groups()[1:])
    if z > MAX_ZOOM or row >= 1 << z or column >= 1 << z:
        return None
    return match[1], Tile(z, column, row)


def query_parser(model: type[Filter], check: Callable[[Filter], Filter]) -> Callable[[bytes], Filter | None]:
    """Returns a function that parses a query string like the routes; None if they would refuse it.

    Args:
        model: of the parameters; list parameters may be given several times.
        check: checks what the model cannot, and returns the parameters in canonical form.
    """
    lists = list_parameters(model)

    # A map requests many tiles with the same query string.
    @lru_cache(maxsize=256)
    def parse(query: bytes) -> Filter | None:
        given: dict[str, Any] = {}
        try:
            for name, value in parse_query(query):
                given[name] = [*given.get(name, ()), value] if name in lists else value
            return check(model.model_validate(given))
        except (ValueError, ValidationError, Problem):
            return None

    return parse


def fetch_all(session: PublicReadSession, statement: tuple[str, Mapping[str, Any]]) -> Sequence[Any]:
    """Returns the rows of a statement that is written for psycopg, with values as `%(name)s`."""
    sql, values = statement
    return session.connection().exec_driver_sql(sql, dict(values)).all()


def fetch_row(session: PublicReadSession, statement: tuple[str, Mapping[str, Any]]) -> tuple[Any, ...]:
    """Returns the single row of a statement that is written for psycopg."""
    (row,) = fetch_all(session, statement)
    return tuple(row)


def fetch_row_within(
    session: PublicReadSession, statement: tuple[str, Mapping[str, Any]], seconds: float
) -> tuple[Any, ...] | None:
    """Returns the single row, or None if PostgreSQL needs longer than `seconds`."""
    before = session.scalar(text("SELECT current_setting('statement_timeout')"))
    limit = text("SELECT set_config('statement_timeout', :limit, true)")
    try:
        with session.begin_nested():
            session.execute(limit, {"limit": f"{round(seconds * 1000)}ms"})
            row = fetch_row(session, statement)
            session.execute(limit, {"limit": before})
    except OperationalError as error:
        if isinstance(error.orig, QueryCanceled):
            return None
        raise
    return row


def answer_tile(request: Request, content: bytes) -> Response:
    """Responds with a tile, or with 304 if the client has it."""
    return answer_revalidated(request, tag_of(content), VectorTileResponse, lambda: content)
