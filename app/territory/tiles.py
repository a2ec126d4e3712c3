"""Tiles of control areas: the map of a day, or of now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.geo.tiles import EXTENT, Tile
from app.http.openapi import VectorTileResponse
from app.http.response_cache import RouteMatch, RouteMatcher
from app.http.tiles import fetch_row, parse_tile_path, query_parser, tile_json
from app.problems import InvalidParameter
from app.territory.schemas import AreaTileQuery

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.database.reader import AsyncReader
    from app.database.session import PublicReadSession
    from app.theatre import Theatre

LAYER: Final = "control-areas"
TEMPLATE: Final = "/api/collections/control-areas/tiles/WebMercatorQuad/{z}/{y}/{x}"

FIELDS: Final = {
    "id": "Id of the area",
    "assessor": "Slug of whoever drew it",
    "status": "occupied, gray_zone, advance, claimed, counteroffensive, liberated",
    "since_before": "Held since before the war that is mapped",
    "label": "As its assessor names it",
    "area_km2": "km² on the ellipsoid",
    "valid_from": "The moment of the assessment",
    "last_seen_at": "When the same areas were last seen, unchanged",
    "age_days": "Days from then to the day of `state_at`, or to today",
}


def area_statement(tile: Tile, parameters: AreaTileQuery) -> tuple[str, dict[str, Any]]:
    """Returns the SQL of a tile, which selects the number of areas and the tile, and its values."""
    time = parameters.time()
    where = ["shape && ST_MakeEnvelope(%(west)s, %(south)s, %(east)s, %(north)s, 4326)"]
    values: dict[str, Any] = dict(zip(("west", "south", "east", "north"), tile.degrees(), strict=True))
    values |= {"z": tile.z, "column": tile.x, "row": tile.y, "after": time.after, "before": time.before}
    values["day"] = parameters.day()
    where.append("(valid_to IS NULL OR valid_to > %(after)s)")
    where.append("valid_from <= %(before)s" if time.before_included else "valid_from < %(before)s")
    if parameters.assessor:
        where.append("assessor = ANY (%(assessors)s)")
        values["assessors"] = list(parameters.assessor)
    statement = f"""
        WITH held AS (
            SELECT id AS held_id, assessor, valid_from, last_seen_at,
                lead(valid_from) OVER (PARTITION BY assessor ORDER BY valid_from) AS valid_to
            FROM public_assessment
        )
        SELECT count(*), ST_AsMVT(t.*, '{LAYER}', {EXTENT}, 'clipped') FROM (
            SELECT ST_AsMVTGeom(
                    ST_Transform(shape, 3857), ST_TileEnvelope(%(z)s, %(column)s, %(row)s), {EXTENT}, 64
                ) AS clipped,
                id::text AS id, assessor, status, since_before, label, area_km2,
                to_char(valid_from AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS valid_from,
                to_char(last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last_seen_at,
                greatest(0, %(day)s::date - (last_seen_at AT TIME ZONE 'UTC')::date) AS age_days
            FROM held
            JOIN public_control_area ON assessment_id = held_id
            WHERE {" AND ".join(where)}
            ORDER BY assessor, position
        ) t
        WHERE clipped IS NOT NULL
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, values


def area_tile(session: PublicReadSession, tile: Tile, parameters: AreaTileQuery) -> bytes:
    """Renders a tile in a session."""
    return bytes(fetch_row(session, area_statement(tile, parameters))[1])


def check_assessors(known: Sequence[str], parameters: tuple[str, ...]) -> None:
    """Refuses the slug of an assessor that does not exist.

    Raises:
        InvalidParameter: the message lists the slugs that exist.
    """
    if unknown := set(parameters).difference(known):
        choices = f"Must be one of: {', '.join(known)}." if known else "There are no assessors."
        raise InvalidParameter("assessor", f"{min(unknown)!r} is not known. {choices}")


async def read_area_tile(reader: AsyncReader, tile: Tile, parameters: AreaTileQuery) -> bytes:
    """Renders the same tile without a session.

    Raises:
        InvalidParameter: an assessor is unknown.
    """
    if parameters.assessor:
        (known,) = await reader.fetch("SELECT array_agg(slug ORDER BY slug) FROM public_assessor", {})
        check_assessors(known or (), parameters.assessor)
    return bytes((await reader.fetch(*area_statement(tile, parameters)))[1])


def area_tile_matcher() -> RouteMatcher:
    """Returns the route matcher of area tiles. Only tiles of a whole day are cached."""
    parse = query_parser(AreaTileQuery, AreaTileQuery.canonical)

    def match(path: str, query: bytes) -> RouteMatch | None:
        found = parse_tile_path(path)
        if found is None or found[0] != LAYER:
            return None
        parameters = parse(query)
        if parameters is None:
            return None
        tile = found[1]
        of_a_day = parameters.state_at is not None and not parameters.state_at.before_included
        return RouteMatch(
            f"{LAYER} {tile} {parameters!r}" if of_a_day else None,  # a text, whose hash is computed once
            lambda reader: read_area_tile(reader, tile, parameters),
            VectorTileResponse.media_type,
            TEMPLATE,
        )

    return match


def describe_tiles(theatre: Theatre, base: str, attribution: str) -> dict[str, Any]:
    """Returns the TileJSON of control areas; `base` is the URL of the site."""
    layer = {"id": LAYER, "description": "Who held what at `state_at`, by each assessor", "fields": FIELDS}
    return tile_json("Control areas", f"{base}{TEMPLATE}", theatre.extent, attribution, layer)
