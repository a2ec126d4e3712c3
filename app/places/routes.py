"""The public API of the gazetteer."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.database.session import PublicReadSession, PublicSession
from app.http.openapi import JSONBytesResponse
from app.http.revalidation import REVALIDATE, answer_revalidated
from app.places import queries
from app.places.labels import encode_labels, make_labels
from app.places.schemas import NEAR_DEFAULT_M, LabelsQuery, PlaceCollection, PlaceLabels, PlacesQuery
from app.places.search import Found, Spot, find_places, metres_and_bearing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.http.byte_cache import ByteCache
    from app.places.ranking import Match
    from app.theatre import Theatre

router = APIRouter(prefix="/api/collections/places", tags=["places"])

GEOJSON = "application/geo+json"
ATTRIBUTION = "GeoNames (geonames.org), CC BY 4.0"
LABELS_KEPT_SECONDS = 86_400
LABELS_CACHE_BYTES = 4 * 1024 * 1024


@router.get(
    "/items",
    response_class=Response,
    responses={200: {"description": "Settlements", "model": PlaceCollection, "content": {GEOJSON: {}}}},
)
def list_places(
    request: Request,
    session: PublicSession,
    parameters: Annotated[PlacesQuery, Query(openapi_examples={"spelling": {"value": {"q": "Zverovo"}}})],
) -> Response:
    """Returns the settlements that a spelling may mean, or that lie nearest to a position; empty:
    not in the gazetteer.
    """
    parameters.check()
    if parameters.q.strip():
        answer = _find_by_spelling(session, request.app.state.theatre, parameters)
    else:
        assert parameters.near is not None  # noqa: S101 - `check` saw to it; for the type checker
        answer = {
            "features": _nearest(session, *parameters.near, parameters.limit),
            "context": [],
            "lacking": [],
            "namesakes": [],
        }
    collection = {
        "type": "FeatureCollection",
        "numberReturned": len(answer["features"]),
        "timeStamp": dt.datetime.now(dt.UTC).replace(microsecond=0),
        "attribution": ATTRIBUTION,
    } | answer
    return Response(orjson.dumps(collection, option=orjson.OPT_UTC_Z), media_type=GEOJSON)


@router.get(
    "/labels",
    response_class=JSONBytesResponse,
    responses={200: {"description": "Names for the map", "model": PlaceLabels}, 304: {"description": "Unchanged"}},
)
def place_labels(request: Request, session: PublicSession, parameters: Annotated[LabelsQuery, Query()]) -> Response:
    """Returns the names of settlements for the map, most important first; any cache may store them
    for a day.
    """
    language = parameters.language(request.app.state.theatre.languages)
    cache: ByteCache = request.app.state.labels_cache
    revision = queries.revision(session)
    tag = hashlib.sha256(f"{revision} {language}".encode()).hexdigest()[:32]
    # While the gazetteer is being loaded there are no names yet.
    cache_control = REVALIDATE if revision == "0" else f"public, max-age={LABELS_KEPT_SECONDS}"
    gzipped = "gzip" in request.headers.get("accept-encoding", "")

    def load() -> bytes:
        body = cache.get(tag, lambda: encode_labels(make_labels(session, language, ATTRIBUTION)))
        return body if gzipped else gzip.decompress(body)

    encoding = "gzip" if gzipped else "identity"
    return answer_revalidated(request, tag, JSONBytesResponse, load, encoding=encoding, cache_control=cache_control)


def _find_by_spelling(session: PublicReadSession, theatre: Theatre, parameters: PlacesQuery) -> dict[str, Any]:
    near = Spot(*parameters.near, parameters.metres or NEAR_DEFAULT_M) if parameters.near else None
    found = find_places(session, theatre, parameters.q, context=parameters.context, near=near)
    return {
        "features": _match_features(session, found.places[: parameters.limit], near),
        "context": [{"kind": hint.kind, "means": hint.means, "bearing": hint.bearing} for hint in found.understood],
        "lacking": _lacking_places(session, found),
        "namesakes": _match_features(session, found.namesakes[: parameters.limit], near),
    }


def _match_features(session: PublicReadSession, matches: Sequence[Match], near: Spot | None) -> list[dict[str, Any]]:
    names = queries.names_by_language(session, [match.place.geonameid for match in matches]) if matches else {}
    features = []
    for match in matches:
        properties: dict[str, Any] = {
            "matched": match.place.spelling,
            "matched_kind": match.place.kind,
            "likeness": match.likeness,
        }
        if near is not None:
            distance_m, bearing = metres_and_bearing((near.longitude, near.latitude), match.place)
            # The response has the direction from the settlement; the measured bearing is the
            # direction towards it.
            properties |= {"distance_m": round(distance_m, 1), "bearing": round((bearing + 180) % 360, 1)}
        features.append(_feature(match.place, names, properties))
    return features


def _nearest(session: PublicReadSession, longitude: float, latitude: float, limit: int) -> list[dict[str, Any]]:
    rows = queries.nearest(session, longitude, latitude, limit)
    names = queries.names_by_language(session, [row.geonameid for row in rows])
    return [
        _feature(
            row,
            names,
            {
                "distance_m": round(row.distance_m, 1),
                "bearing": None if row.bearing is None else round(row.bearing, 1),
            },
        )
        for row in rows
    ]


def _feature(place: Any, names: dict[int, dict[str, str]], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": place.geonameid,
        "geometry": {"type": "Point", "coordinates": [place.longitude, place.latitude]},
        "properties": {
            "geonameid": place.geonameid,
            "name": place.name,
            "names": names.get(place.geonameid, {}),
            "kind": "settlement",
            "country": place.country,
            "admin1": place.admin1,
            "population": place.population or None,
            "in_theatre": place.in_theatre,
        }
        | properties,
    }


def _lacking_places(session: PublicReadSession, found: Found) -> list[dict[str, Any]]:
    anchors = queries.places_by_id(session, [entry.geonameid for entry in found.lacking]) if found.lacking else {}
    return [
        {
            "name": entry.spelling,
            "of": anchors[entry.geonameid].name,
            "bearing": entry.bearing,
            "distance_m": entry.distance_km * 1000,
            "source": entry.source,
        }
        for entry in found.lacking
    ]
