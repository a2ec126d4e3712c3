"""The public API of territory."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from app.database.session import PublicReadSession, PublicSession
from app.http.geojson import add_members, add_properties, collection, link, to_json
from app.http.openapi import BytesResponse, GeoJSONResponse, JSONBytesResponse, VectorTileResponse
from app.http.revalidation import FIVE_MINUTES, answer_revalidated
from app.http.tiles import Column, TileJSON, TileRow, Zoom, answer_tile, tile_of
from app.http.transport import site_of
from app.problems import InvalidParameter, NotFound
from app.territory import queries
from app.territory.change import describe_ages, describe_change
from app.territory.features import age_properties, area_feature, assessor_shown, cursor_after
from app.territory.ground_at_position import describe_ground
from app.territory.history import describe_history, history_part
from app.territory.lines import held_statuses, line_of
from app.territory.schemas import (
    AreaCollection,
    AreasQuery,
    AreaTileQuery,
    AssessorQuery,
    Assessors,
    ChangeQuery,
    GroundQuery,
    GroundThere,
    LineCollection,
    LinesQuery,
    NoQuery,
    day_of,
)
from app.territory.series import describe_series
from app.territory.summaries import Change, HistoryManifest, Series
from app.territory.tiles import area_tile, check_assessors, describe_tiles

if TYPE_CHECKING:
    from sqlalchemy import Row

    from app.http.byte_cache import ByteCache
    from app.parsing.days import TimeFilter

router = APIRouter(prefix="/api", tags=["territory"])

TERRITORY_CACHE_BYTES = 32 * 1024 * 1024


@router.get(
    "/collections/control-areas/items",
    response_class=GeoJSONResponse,
    responses={200: {"description": "A page of areas, by assessor and time", "model": AreaCollection}},
)
def list_control_areas(
    request: Request, session: PublicSession, parameters: Annotated[AreasQuery, Query()]
) -> Response:
    """Returns control areas: of one moment (`state_at`), of a time (`datetime`), or of now."""
    _check_slugs(session, parameters.assessor)
    rows, day = queries.page_of_areas(session, parameters), parameters.day()
    page = rows[: parameters.limit]
    cursor = cursor_after(page[-1], page[-1].position) if len(rows) > parameters.limit else None
    return GeoJSONResponse(to_json(collection([area_feature(row, day) for row in page], _links(request, cursor))))


@router.get(
    "/collections/control-areas/tiles/WebMercatorQuad/tilejson.json",
    response_class=JSONBytesResponse,
    responses={200: {"description": "The tiles", "model": TileJSON}},
)
def control_area_tiles(request: Request, session: PublicSession, _: Annotated[NoQuery, Query()]) -> Response:
    """Describes the vector tiles of control areas (TileJSON). `state_at` is added to the URL of
    the tiles.
    """
    attribution = "; ".join(sorted({row.attribution for row in queries.assessors(session) if row.attribution}))
    return JSONBytesResponse(to_json(describe_tiles(request.app.state.theatre, site_of(request), attribution)))


@router.get(
    "/collections/control-areas/tiles/WebMercatorQuad/{z}/{y}/{x}",
    response_class=VectorTileResponse,
    responses={
        200: {"description": "The tile, with a layer `control-areas`", "content": {VectorTileResponse.media_type: {}}},
        304: {"description": "It is unchanged"},
    },
)
def show_control_area_tile(
    request: Request,
    session: PublicSession,
    z: Zoom,
    y: TileRow,
    x: Column,
    parameters: Annotated[AreaTileQuery, Query()],
) -> Response:
    """Returns a vector tile of control areas: of one moment (`state_at`), or of now."""
    _check_slugs(session, parameters.assessor)
    return answer_tile(request, area_tile(session, tile_of(z, y, x), parameters.canonical()))


@router.get(
    "/collections/front-lines/items",
    response_class=GeoJSONResponse,
    responses={200: {"description": "A page of front lines, by assessor and time", "model": LineCollection}},
)
def list_front_lines(request: Request, session: PublicSession, parameters: Annotated[LinesQuery, Query()]) -> Response:
    """Returns front lines, each derived from one assessment: where held ground meets other
    ground.
    """
    _check_slugs(session, parameters.assessor)
    rows = queries.page_of_assessments(session, parameters)
    page = rows[: parameters.limit]
    cursor = cursor_after(page[-1]) if len(rows) > parameters.limit else None
    cache: ByteCache = request.app.state.territory_cache
    ground = request.app.state.ground
    day = parameters.day()
    lines: list[Any] = [
        orjson.Fragment(
            add_properties(line_of(session, cache, row, ground, advance=parameters.advance), age_properties(row, day))
        )
        for row in page
    ]
    return GeoJSONResponse(to_json(collection(lines, _links(request, cursor))))


@router.get(
    "/territory/assessors",
    response_class=JSONBytesResponse,
    responses={200: {"description": "All assessors, the one with the newest assessment first", "model": Assessors}},
)
def list_assessors(session: PublicSession, _: Annotated[NoQuery, Query()]) -> Response:
    """Returns the assessors, with their definitions of control and their licences."""
    return JSONBytesResponse(to_json({"assessors": [assessor_shown(row) for row in queries.assessors(session)]}))


@router.get(
    "/territory/ground",
    response_class=JSONBytesResponse,
    responses={200: {"description": "What each assessor says of it, by assessor", "model": GroundThere}},
)
def show_ground(session: PublicSession, parameters: Annotated[GroundQuery, Query()]) -> Response:
    """Returns the areas at one position, at one moment or now, and the claims about them."""
    _check_slugs(session, parameters.assessor)
    return JSONBytesResponse(to_json(describe_ground(session, parameters)))


@router.get(
    "/territory/change",
    response_class=GeoJSONResponse,
    responses={200: {"description": "What was gained and lost", "model": Change}},
)
def show_change(request: Request, session: PublicSession, parameters: Annotated[ChangeQuery, Query()]) -> Response:
    """Compares the maps of two moments of one assessor: ground gained and lost, in km² and as
    shapes.
    """
    slug = _one_assessor(session, parameters.assessor)
    before = _assessment(session, slug, "from", parameters.from_)
    after = _assessment(session, slug, "to", parameters.to)
    held = held_statuses(advance=parameters.advance)

    def make() -> bytes:
        areas = queries.area_shapes(session, [before.assessment_id, after.assessment_id])
        sides = (areas[before.assessment_id], areas[after.assessment_id])
        return to_json(describe_change((before, after), sides, held))

    cache: ByteCache = request.app.state.territory_cache
    change = cache.get(("change", repr(before), repr(after), held), make)
    sides = ((before, day_of(parameters.from_)), (after, day_of(parameters.to)))
    return GeoJSONResponse(add_members(change, describe_ages(sides)))


@router.get(
    "/territory/series",
    response_class=JSONBytesResponse,
    responses={
        200: {"description": "km² by status, assessment by assessment", "model": Series},
        304: {"description": "It is unchanged"},
    },
)
def show_series(request: Request, session: PublicSession, parameters: Annotated[AssessorQuery, Query()]) -> Response:
    """Returns the area of each status, assessment by assessment. Revalidate with
    `If-None-Match`.
    """
    assessor = _assessor_row(session, _one_assessor(session, parameters.assessor))
    head = {"assessor": assessor.slug, "attribution": assessor.attribution, "licence": assessor.licence}

    def make() -> bytes:
        assessments = queries.assessments(session, assessor.slug)
        sums = queries.sums(session, [one.id for one in assessments])
        return to_json(head | describe_series(assessments, sums))

    cache: ByteCache = request.app.state.territory_cache
    key = ("series", *head.values(), queries.revision(session, assessor.slug))
    return _json_or_304(request, cache.get(key, make))


@router.get(
    "/territory/history",
    response_class=JSONBytesResponse,
    responses={
        200: {"description": "What the history is made of", "model": HistoryManifest},
        304: {"description": "It is unchanged"},
    },
)
def show_history(request: Request, session: PublicSession, parameters: Annotated[AssessorQuery, Query()]) -> Response:
    """Returns the parts of the history of one assessor's line. Revalidate with `If-None-Match`."""
    assessor = _assessor_row(session, _one_assessor(session, parameters.assessor))
    parts = queries.history_parts(session, assessor.slug)
    assessments = queries.assessments(session, assessor.slug)
    return _json_or_304(request, to_json(describe_history(assessor, parts, assessments)))


@router.get(
    "/territory/history/{part}",
    response_class=BytesResponse,
    responses={
        200: {"description": "The part", "content": {BytesResponse.media_type: {}}},
        304: {"description": "A manifest still names it"},
    },
)
def show_history_part(
    request: Request,
    session: PublicSession,
    part: Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="As the manifest names it")],
    _: Annotated[NoQuery, Query()],
) -> Response:
    """Returns a part of a line's history, which never changes. A part that no manifest names any
    more answers 410, so revalidate with If-None-Match.
    """
    gzipped = "gzip" in request.headers.get("accept-encoding", "")
    content = history_part(session, request.app.state.territory_cache, part, gzipped=gzipped)
    encoding = "gzip" if gzipped else "identity"
    return answer_revalidated(
        request, part, BytesResponse, lambda: content, encoding=encoding, cache_control=FIVE_MINUTES
    )


def _json_or_304(request: Request, content: bytes) -> Response:
    """Returns a JSON response, or 304 if the client has it already."""
    tag = hashlib.sha256(content).hexdigest()[:32]
    return answer_revalidated(request, tag, JSONBytesResponse, lambda: content)


def _links(request: Request, cursor: str | None) -> list[dict[str, str]]:
    query = request.query_params.multi_items()
    links = [link("self", f"{request.url.path}?{urlencode(query)}" if query else request.url.path)]
    if cursor is not None:
        onward = [(name, value) for name, value in query if name != "cursor"]
        links.append(link("next", f"{request.url.path}?{urlencode([*onward, ('cursor', cursor)])}"))
    return links


def _check_slugs(session: PublicReadSession, parameters: tuple[str, ...]) -> None:
    """Refuses the slug of an assessor that does not exist.

    Raises:
        InvalidParameter: the message lists the slugs that exist.
    """
    if parameters:
        check_assessors(queries.slugs(session), parameters)


def _one_assessor(session: PublicReadSession, parameters: str | None) -> str:
    """Returns the requested assessor; the only one, if none is named.

    Raises:
        InvalidParameter: there is no assessor of that name, or no name is given and there are
            several.
        NotFound: there is no assessor.
    """
    if parameters is not None:
        _check_slugs(session, (parameters,))
        return parameters
    known = queries.slugs(session)
    if not known:
        raise NotFound("There is no assessor.")
    if len(known) > 1:
        raise InvalidParameter("assessor", f"Required, since there are several. Must be one of: {', '.join(known)}.")
    return known[0]


def _assessor_row(session: PublicReadSession, slug: str) -> Row[Any]:
    """Returns a requested assessor.

    Raises:
        NotFound: the assessor is no longer public.
    """
    row = queries.assessor(session, slug)
    if row is None:
        raise NotFound("There is no such assessor.")
    return row


def _assessment(session: PublicReadSession, slug: str, parameter: str, time: TimeFilter) -> Row[Any]:
    """Returns the assessment that is valid at a moment.

    Raises:
        InvalidParameter: there was none yet.
    """
    row = queries.assessment_at(session, slug, time)
    if row is None:
        first = queries.first_valid_from(session, slug)
        hint = f"The first is of {first:%Y-%m-%d %H:%M} UTC." if first else "There are none."
        raise InvalidParameter(parameter, f"{slug} has no assessment at that moment. {hint}")
    return row
