"""Routes for public events."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from app.database.session import PublicSession
from app.events import queries
from app.events.columns import describe_parts, filtered_columns
from app.events.columns import part as column_part
from app.events.features import features
from app.events.filters import EventFilter  # noqa: TC001 - FastAPI reads it
from app.events.histogram import make_histogram
from app.events.schemas import (
    ColumnsManifest,
    EventCollection,
    EventFeature,
    Histogram,
    ItemsQuery,
    NoQuery,
)
from app.events.tiles import describe_tiles, event_tile
from app.http.encoding import negotiate_encoding
from app.http.geojson import collection, link, to_json
from app.http.openapi import BytesResponse, GeoJSONResponse, JSONBytesResponse, VectorTileResponse
from app.http.revalidation import FIVE_MINUTES, answer_revalidated
from app.http.tiles import Column, TileJSON, TileRow, Zoom, answer_tile, tile_of
from app.http.transport import site_of
from app.parsing.cursors import encode_cursor
from app.problems import Gone, NotFound

if TYPE_CHECKING:
    from app.theatre import Theatre

router = APIRouter(prefix="/api/collections/events", tags=["events"])

COLUMNS_CACHE_BYTES = 24 * 1024 * 1024


@router.get(
    "/items",
    response_class=GeoJSONResponse,
    responses={200: {"description": "A page of events, newest first", "model": EventCollection}},
)
def list_events(request: Request, session: PublicSession, parameters: Annotated[ItemsQuery, Query()]) -> Response:
    """Returns matching events, newest first, in pages. The next link leads to the next page."""
    theatre: Theatre = request.app.state.theatre
    parameters.check(theatre)
    rows = queries.fetch_event_page(session, parameters)
    page = rows[: parameters.limit]
    given = request.query_params.multi_items()
    links = [link("self", f"{request.url.path}?{urlencode(given)}" if given else request.url.path)]
    if len(rows) > parameters.limit:
        last = page[-1]
        cursor = encode_cursor(last.happened_from.isoformat().replace("+00:00", "Z"), str(last.id))
        onward = [(name, value) for name, value in given if name != "cursor"]
        links.append(link("next", f"{request.url.path}?{urlencode([*onward, ('cursor', cursor)])}"))
    return GeoJSONResponse(to_json(collection(features(session, page, request.app.state.surroundings), links)))


@router.get(
    "/items/{event_id}",
    response_class=GeoJSONResponse,
    responses={200: {"description": "The event", "model": EventFeature}},
)
def show_event(
    request: Request,
    session: PublicSession,
    event_id: Annotated[UUID, Path(examples=["5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11"])],
) -> Response:
    """Returns one event. A withdrawn or hidden event is answered with 410, the time and the
    reason.
    """
    row = queries.fetch_event(session, event_id)
    if row is None:
        gone = queries.fetch_tombstone(session, event_id)
        if gone is not None:
            raise Gone(
                gone.withdrawn_reason or "",
                id=str(gone.id),
                withdrawn_at=gone.withdrawn_at.isoformat().replace("+00:00", "Z"),
                hidden=gone.hidden,
            )
        raise NotFound("There is no event with this id.")
    (feature,) = features(session, [row], request.app.state.surroundings)
    feature["links"] = [
        link("self", f"/api/collections/events/items/{event_id}"),
        link("alternate", f"/events/{event_id}", "text/html"),
        link("collection", "/api/collections/events/items"),
    ]
    return GeoJSONResponse(to_json(feature))


@router.get(
    "/columns",
    response_class=BytesResponse,
    responses={
        200: {"description": "The columns", "content": {BytesResponse.media_type: {}}},
        304: {"description": "They are unchanged"},
    },
)
def event_columns(request: Request, session: PublicSession, event_filter: Annotated[EventFilter, Query()]) -> Response:
    """Returns matching events in columns, encoded for this request. Revalidate with If-None-Match.

    To load all events, use the column parts, which caches may store.
    """
    theatre: Theatre = request.app.state.theatre
    event_filter.check(theatre)
    encoding = negotiate_encoding(request.headers.get("accept-encoding", ""))
    tag, body = filtered_columns(session, event_filter, theatre, request.app.state.encoder_pool, encoding)
    return answer_revalidated(request, tag, BytesResponse, lambda: body, encoding=encoding)


@router.get(
    "/columns/parts",
    response_class=JSONBytesResponse,
    responses={
        200: {"description": "What the columns are made of", "model": ColumnsManifest},
        304: {"description": "It is unchanged"},
    },
)
def show_column_parts(request: Request, session: PublicSession, _: Annotated[NoQuery, Query()]) -> Response:
    """Returns the list of the column parts of all public events. Revalidate with If-None-Match."""
    content = to_json(describe_parts(queries.fetch_column_parts(session), stale=queries.columns_are_stale(session)))
    tag = hashlib.sha256(content).hexdigest()[:32]
    return answer_revalidated(request, tag, JSONBytesResponse, lambda: content)


@router.get(
    "/columns/parts/{part}",
    response_class=BytesResponse,
    responses={
        200: {"description": "The part", "content": {BytesResponse.media_type: {}}},
        304: {"description": "It is still listed"},
    },
)
def show_column_part(
    request: Request,
    session: PublicSession,
    part: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="As the manifest names it")],
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Returns a part of the columns; its content never changes. A part that is no longer listed is
    answered with 410, so revalidate with If-None-Match.
    """
    encoding = negotiate_encoding(request.headers.get("accept-encoding", ""))
    content = column_part(session, request.app.state.columns_cache, part, encoding)
    return answer_revalidated(
        request, part, BytesResponse, lambda: content, encoding=encoding, cache_control=FIVE_MINUTES
    )


@router.get(
    "/histogram",
    response_class=JSONBytesResponse,
    responses={200: {"description": "The bars", "model": Histogram}},
)
def show_histogram(request: Request, session: PublicSession, event_filter: Annotated[EventFilter, Query()]) -> Response:
    """Counts the matching events by the day on which they begin."""
    event_filter.check(request.app.state.theatre)
    return JSONBytesResponse(to_json(make_histogram(session, event_filter)))


@router.get(
    "/tiles/WebMercatorQuad/tilejson.json",
    response_class=JSONBytesResponse,
    responses={200: {"description": "The tiles", "model": TileJSON}},
)
def event_tiles(request: Request, session: PublicSession, _: Annotated[NoQuery, Query()]) -> Response:
    """Describes the vector tiles of events (TileJSON). Add filters to the URL of the tiles."""
    attribution = "; ".join(queries.fetch_attributions(session))
    return JSONBytesResponse(to_json(describe_tiles(request.app.state.theatre, site_of(request), attribution)))


@router.get(
    "/tiles/WebMercatorQuad/{z}/{y}/{x}",
    response_class=VectorTileResponse,
    responses={
        200: {"description": "The tile, with a layer `events`", "content": {VectorTileResponse.media_type: {}}},
        304: {"description": "It is unchanged"},
    },
)
def show_event_tile(
    request: Request,
    session: PublicSession,
    z: Zoom,
    y: TileRow,
    x: Column,
    event_filter: Annotated[EventFilter, Query()],
) -> Response:
    """Returns a vector tile of events. Up to zoom 6, and where there are too many events, it has
    counts by cell.
    """
    event_filter.check(request.app.state.theatre)
    return answer_tile(request, event_tile(session, tile_of(z, y, x), event_filter.canonical()))
