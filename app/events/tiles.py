"""Vector tiles of events: in a session, or by the async reader for the response cache."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from app.events.filters import EventFilter, conditions_of
from app.events.filters.conditions import During
from app.events.filters.facets import is_exact_and_cheap
from app.events.filters.on_points import Statement, is_on_points
from app.events.tile_statements import (
    COUNTED_ZOOM,
    LAYER,
    counts_statement,
    events_statement,
    sampled_statement,
)
from app.fields import EVENT
from app.fields.words import TIME_PRECISIONS, VERIFICATIONS
from app.http.openapi import VectorTileResponse
from app.http.response_cache import RouteMatch, RouteMatcher
from app.http.tiles import fetch_row, fetch_row_within, parse_tile_path, query_parser, tile_json

if TYPE_CHECKING:
    from collections.abc import Generator

    from app.database.reader import AsyncReader
    from app.database.session import PublicReadSession
    from app.geo.tiles import Tile
    from app.theatre import Theatre

MAX_BYTES: Final = 500_000
# Time limit for counting without tallies; after that, a sample is counted.
EXACT_SECONDS: Final = 0.4
TEMPLATE: Final = "/api/collections/events/tiles/WebMercatorQuad/{z}/{y}/{x}"

FIELDS: Final = {
    "id": "Id of the event; not where events are counted. What is not known (null) of an event is left out",
    **{name: EVENT[name].help for name in ("category", "actor", "affected", "precision_m")},
    "verification": ", ".join(VERIFICATIONS),
    "time_precision": ", ".join(TIME_PRECISIONS),
    "day": "First UTC day, in days since 1970-01-01",
    "days": "How many UTC days it touches",
    "count": "How many events a cell has; only where events are counted",
    "about": "true where the count is estimated from a sample: the filter would have taken long to count",
}


def event_tile(session: PublicReadSession, tile: Tile, event_filter: EventFilter) -> bytes:
    """Returns a tile, read in a session."""
    statements = tile_statements(tile, event_filter)
    statement, seconds = next(statements)
    while True:
        row = fetch_row(session, statement) if seconds is None else fetch_row_within(session, statement, seconds)
        try:
            statement, seconds = statements.send(row)
        except StopIteration as finished:
            return bytes(finished.value)


async def read_event_tile(reader: AsyncReader, tile: Tile, event_filter: EventFilter) -> bytes:
    """Returns the same tile, read by the async reader."""
    statements = tile_statements(tile, event_filter)
    statement, seconds = next(statements)
    while True:
        row = await (reader.fetch(*statement) if seconds is None else reader.fetch_within(*statement, seconds))
        try:
            statement, seconds = statements.send(row)
        except StopIteration as finished:
            return bytes(finished.value)


def tile_statements(
    tile: Tile, event_filter: EventFilter
) -> Generator[tuple[Statement, float | None], tuple[Any, ...] | None, bytes]:
    """Yields the statements for a tile and returns the tile.

    A tile contains events, or counts if there are too many events, or estimated counts if counting
    takes too long. Each statement is yielded with its timeout in seconds; None means no timeout.
    The caller sends the row, or None after a timeout.
    """
    conditions = conditions_of(event_filter)
    seconds = None if all(isinstance(condition, During) for condition in conditions) else EXACT_SECONDS
    timed_out = False
    if tile.z > COUNTED_ZOOM:
        row = yield events_statement(tile, event_filter), seconds
        # Counting would search for the same words, which is not faster.
        timed_out = row is None
        # If many events match the looked-up conditions, testing the tile's own events is faster.
        if row is None and not all(map(is_on_points, conditions)):
            row = yield events_statement(tile, event_filter, one_by_one=True), seconds
        if row is not None and _fits_in_tile(row[1]):
            return bytes(row[1])
    if not timed_out:
        row = yield counts_statement(tile, event_filter), seconds
        if row is not None:
            return bytes(row[1])
    row = yield sampled_statement(tile, event_filter), None
    assert row is not None  # noqa: S101 - it has all the time
    return bytes(row[1])


def _fits_in_tile(content: Any) -> bool:
    return content is not None and len(content) <= MAX_BYTES


def event_tile_matcher(theatre: Theatre) -> RouteMatcher:
    """Returns the route matcher of event tiles. Tiles with a slow filter have no cache key.

    Counts for several filters at once may be cached although they are estimates.
    """

    def check(event_filter: EventFilter) -> EventFilter:
        event_filter.check(theatre)
        return event_filter.canonical()

    parse = query_parser(EventFilter, check)

    def match(path: str, query: bytes) -> RouteMatch | None:
        found = parse_tile_path(path)
        if found is None or found[0] != LAYER:
            return None
        event_filter = parse(query)
        if event_filter is None:
            return None
        tile = found[1]
        is_cached = all(map(is_exact_and_cheap, conditions_of(event_filter)))
        return RouteMatch(
            f"{LAYER} {tile} {event_filter!r}" if is_cached else None,  # a text, whose hash is computed once
            lambda reader: read_event_tile(reader, tile, event_filter),
            VectorTileResponse.media_type,
            TEMPLATE,
        )

    return match


def describe_tiles(theatre: Theatre, base: str, attribution: str) -> dict[str, Any]:
    """Returns the TileJSON of event tiles; `base` is the URL of the site."""
    layer = {"id": LAYER, "description": "Events; far away, or too many for a tile, counted by cell", "fields": FIELDS}
    return tile_json("Events", f"{base}{TEMPLATE}", theatre.extent, attribution, layer)
