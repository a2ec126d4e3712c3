"""The public responses that an upgrade must not change: their URLs, and how each response is read
for the comparison.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import shapely

from app.geo.tiles import Tile
from tests.tiles.reading import features_of
from tests.upgrade.comparing import differences, unordered

if TYPE_CHECKING:
    import httpx2

Answer = dict[str, Any]
Decode = Callable[[str, list[bytes]], Any]

EVENTS: Final = "/api/collections/events"
AREAS: Final = "/api/collections/control-areas"
LINES: Final = "/api/collections/front-lines"

# Filters as URL parameters: each is requested from the items, the histogram, the columns and the
# tiles.
FILTERS: Final = (
    "category=strike",
    "category=clash,advance",
    "side=ru",
    "verification=confirmed,disputed",
    "q=road",
    "near=31.2,49.05,20000",
    "category=strike&side=ua&verification=geolocated",
)
# The commit of the first dump ignored this filter in histograms and tiles, so only correct
# responses are compared.
PLACE: Final = "place=704422"
# Few filters: the server starts a worker process for each of these responses.
COLUMN_FILTERS: Final = (PLACE, FILTERS[-1], "q=road")
TIMES: Final = ("datetime=2025-05-01/2025-07-31", "datetime=../2023-01-01", "bbox=36,47,39,49.5")
# Zoom, row, column: the whole theatre, then the place of the demo.
TILES: Final = ((0, 0, 0), (3, 2, 4), (5, 11, 19), (6, 22, 38), (7, 44, 77), (9, 177, 308), (12, 1419, 2470))
# (zoom, row, column) of events in the files of `inputs`: a line, an area and points.
NEAR_TILES: Final = ((8, 87, 150), (10, 351, 600), (11, 702, 1201))
AREA_TILES: Final = ((4, 5, 9), (8, 87, 151), (10, 355, 617))
MOMENTS: Final = ("", "state_at=2025-03-05", "state_at=2025-03-12", "state_at=2025-07-20")
SPOTS: Final = ("33.5,49.5", "32.75,49.5", "37.12,48.21", "34.25,49.15", "30,50")
SPELLINGS: Final = (
    "q=Pokrovsk",
    "q=Zverovo",
    "q=Myrnohrad,%20near%20Pokrovsk",
    "q=Nowhere",
    "near=37.18,48.28&limit=3",
)


def questions(client: httpx2.Client) -> Iterator[str]:
    """Yields the URLs to request from the server with the data, including the links to next
    pages.
    """
    yield from _pages(client, f"{EVENTS}/items?limit=100")
    yield f"{EVENTS}/items"
    for query in (*FILTERS, *TIMES):
        yield f"{EVENTS}/items?{query}&limit=20"
        yield f"{EVENTS}/histogram?{query}"
    yield f"{EVENTS}/items?{PLACE}"
    for query in COLUMN_FILTERS:
        yield f"{EVENTS}/columns?{query}"
    yield f"{EVENTS}/histogram"
    yield f"{EVENTS}/columns/parts"
    yield f"{EVENTS}/tiles/WebMercatorQuad/tilejson.json"
    yield f"{AREAS}/tiles/WebMercatorQuad/tilejson.json"
    for z, y, x in (*TILES, *NEAR_TILES):
        yield f"{EVENTS}/tiles/WebMercatorQuad/{z}/{y}/{x}"
    for query in (*FILTERS, TIMES[0]):
        for z, y, x in ((3, 2, 4), (8, 87, 150), (9, 177, 308)):
            yield f"{EVENTS}/tiles/WebMercatorQuad/{z}/{y}/{x}?{query}"
    for moment in MOMENTS:
        for z, y, x in AREA_TILES:
            yield f"{AREAS}/tiles/WebMercatorQuad/{z}/{y}/{x}?{moment}"
        yield f"{AREAS}/items?{moment}"
        yield f"{LINES}/items?{moment}"
        for spot in SPOTS:
            yield f"/api/territory/ground?position={spot}&{moment}"
    yield from _pages(client, f"{AREAS}/items?datetime=2025-01-01/2025-12-31&limit=5")
    yield from _pages(client, f"{LINES}/items?datetime=2025-01-01/2025-12-31&limit=3")
    yield f"{LINES}/items?advance=true&assessor=made-up"
    yield "/api/territory/assessors"
    for assessor, first, last in (("made-up", "2025-03-05", "2025-03-25"), ("schematic", "2025-07-16", "2025-07-22")):
        yield f"/api/territory/change?assessor={assessor}&from={first}&to={last}"
        yield f"/api/territory/series?assessor={assessor}"
        yield f"/api/territory/history?assessor={assessor}"
    for query in SPELLINGS:
        yield f"/api/collections/places/items?{query}"
    for language in ("en", "uk"):
        yield f"/api/collections/places/labels?lang={language}"


def event_question(event_id: str) -> str:
    """Returns the URL of one event."""
    return f"{EVENTS}/items/{event_id}"


def submission_question(code: str) -> str:
    """Returns the URL of the status of a submission, by its tracking code."""
    return f"/api/submissions/{quote(code)}"


def _pages(client: httpx2.Client, path: str) -> Iterator[str]:
    following: str | None = path
    while following:
        yield following
        links = client.get(following).raise_for_status().json()["links"]
        following = next((link["href"] for link in links if link["rel"] == "next"), None)


def ask(client: httpx2.Client, path: str, decode: Decode) -> Answer:
    """Requests one URL and returns the response without the parts that differ each time."""
    response = client.get(path)
    answer: Answer = {
        "status": response.status_code,
        "type": response.headers.get("content-type", "").partition(";")[0],
    }
    if response.status_code == 410:
        # The note of a withdrawal; `title` and `type` describe the kind of problem and may change.
        return answer | {"body": {key: value for key, value in response.json().items() if key not in {"title", "type"}}}
    if response.status_code != 200:
        return answer
    if "/tiles/" in path and not path.endswith(".json"):
        z, y, x = (int(number) for number in path.partition("?")[0].split("/")[-3:])
        layer = path.split("/")[3]
        return answer | {"features": json.loads(json.dumps(features_of(response.content, Tile(z, x, y), layer)))}
    if path.startswith(f"{EVENTS}/columns?"):
        return answer | {"rows": decode("columns", [response.content])}
    body = response.json()
    if path.endswith("/columns/parts"):
        return answer | {"body": _without_parts(body), "rows": decode("columns", _parts_of(client, body))}
    if path.startswith("/api/territory/history?"):
        return answer | {"body": _without_parts(body), "days": decode("history", _parts_of(client, body))}
    if path.endswith("/tilejson.json"):
        for layer in body["vector_layers"]:
            # Descriptions of a layer and its attributes: their presence is compared, not their
            # wording.
            layer["description"], layer["fields"] = "", dict.fromkeys(layer["fields"], "")
    if path.startswith(LINES):
        for feature in body["features"]:
            # Whether this machine has coasts and borders (`make assets`), which no upgrade changes.
            feature["properties"].pop("removed_km")
    body.pop("timeStamp", None)
    return answer | {"body": body}


def _parts_of(client: httpx2.Client, manifest: dict[str, Any]) -> list[bytes]:
    return [client.get(part["url"]).raise_for_status().content for part in manifest["parts"]]


def _without_parts(manifest: dict[str, Any]) -> dict[str, Any]:
    """Removes the fields of a manifest that depend on the bytes of its parts, which may differ for
    the same rows.
    """
    named = {"url", "bytes", "decoded_bytes"}
    parts = [{key: value for key, value in part.items() if key not in named} for part in manifest["parts"]]
    return manifest | {"parts": parts}


def _plain_lines(geometry: dict[str, Any]) -> list[str]:
    """Returns lines without corners on straight stretches; closed ones begin at their lowest
    corner.
    """
    lines = [
        shapely.normalize(shapely.Polygon(line)).exterior if line.is_closed else line
        for line in shapely.get_parts(shapely.from_geojson(json.dumps(geometry)))
    ]
    return sorted(shapely.normalize(shapely.simplify(line, 1e-9)).wkt for line in lines)


def _with_plain_lines(answer: Answer) -> Answer:
    """Rewrites front lines so that neither their first corner counts, nor corners on straight
    stretches; these add a few metres to the length along the ellipsoid.
    """
    features = [
        feature
        | {
            "geometry": _plain_lines(feature["geometry"]),
            "properties": feature["properties"] | {"length_km": round(feature["properties"]["length_km"], 2)},
        }
        for feature in answer["body"].get("features", [])
    ]
    return answer | {"body": answer["body"] | {"features": features}}


def answer_differences(path: str, before: Answer, after: Answer) -> list[str]:
    """Returns a line for each difference between two responses of one URL."""
    for unsorted_list in ("features", "rows"):
        if unsorted_list in before and unsorted_list in after:
            one, other = unordered(before[unsorted_list], after[unsorted_list])
            before, after = before | {unsorted_list: one}, after | {unsorted_list: other}
    if path.startswith(LINES) and "body" in before and "body" in after:
        before, after = _with_plain_lines(before), _with_plain_lines(after)
    return [f"{path}: {difference}" for difference in differences(before, after)]
