"""Events as GeoJSON, the format `events-geojson`: features as our API gives them, as a collection or one a line.

Properties as in `/api/collections/events/items`: `title`, `category`, `happened_from`, `happened_to` (exclusive, as
moments or days), `time_precision` and `verification` are required; `description`, `actor`, `affected`, `precision_m`,
`time_inferred`, `sensitivity`, `places`, `sources`, `claims` and `origin` are read; `attribution`, `licence` and
`updated_at` are not, since whoever imports states the origin's. The feature's `id` tells it from a new one; one of our
own ids is kept when it is free. A file of one feature a line (GeoJSON text sequence) may have any size.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from app.exchange import fields
from app.exchange.events_csv import FileUnusable
from app.exchange.plain_text import LONGEST_TEXT, plain_text
from app.exchange.records import ClaimRecord, EventRecord, PlaceRecord, Remark, Row, RowRefused, SourceRecord
from app.fields.words import (
    CLAIM_SUBJECTS,
    PARTY_KINDS,
    SENSITIVITIES,
    SOURCE_ROLES,
    SOURCE_STATUSES,
    STANCES,
    TIME_PRECISIONS,
    VERIFICATIONS,
)
from app.http.parameters import day_start, parse_day, parse_moment
from app.sources.canonical import CanonicalLink, canonicalise
from app.sources.naming import name_of
from app.sources.refusals import UnusableLink

if TYPE_CHECKING:
    from app.theatre import Theatre

LARGEST_COLLECTION: Final = 50 * 1024 * 1024  # characters
MOST_VERTICES: Final = 100_000
LONGEST_TITLE: Final = 500
LONGEST_NAME: Final = 500
_MOST_PARTS: Final = 200  # sources, claims or places of one event

PROPERTIES: Final = frozenset(
    ("title", "description", "category", "actor", "affected", "verification", "precision_m", "happened_from",
     "happened_to", "time_precision", "time_inferred", "sensitivity", "places", "sources", "claims", "origin",
     "attribution", "licence", "updated_at")
)  # fmt: skip

Object = Mapping[str, Any]


def read_events_geojson(
    lines: Iterable[str],
    theatre: Theatre,
    *,
    origin: str | None,
    now: dt.datetime,
    tell_unknown: Callable[[list[str]], None],
) -> Iterator[Row]:
    """Read a file feature by feature; the parameters are those of `read_events_csv`.

    Raises:
        FileUnusable: it is no such file.
    """
    read = _Reader(theatre, origin, now)
    unknown: set[str] = set()
    for number, feature in _features(lines):
        row = Row(number)
        try:
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise RowRefused("", json.dumps(feature)[:80], "is no GeoJSON feature")
            row.id = str(feature.get("id") or "")[: fields.LONGEST_ID]
            row.record = read.event(feature, row)
            unknown |= feature["properties"].keys() - PROPERTIES
        except RowRefused as refused:
            row.refused = refused.remark
        yield row
    tell_unknown(sorted(unknown))


def _features(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    """Give each feature with its number, or with its line in a file of one a line."""
    lines = iter(lines)
    first = next(lines, "")
    if _is_feature(first):
        for number, line in enumerate(chain([first], lines), start=1):
            if text := line.lstrip("\x1e").strip():
                yield number, _parsed(text, f"line {number}: ")
        return
    pieces, size = [first], len(first)
    for line in lines:
        size += len(line)
        if size > LARGEST_COLLECTION:
            raise FileUnusable(
                f"a collection of more than {LARGEST_COLLECTION // 2**20} MiB is not read at once:"
                " write one feature on each line instead"
            )
        pieces.append(line)
    collection = _parsed("".join(pieces), "")
    if isinstance(collection, dict) and collection.get("type") == "Feature":
        yield 1, collection
    elif isinstance(collection, dict) and isinstance(collection.get("features"), list):
        yield from enumerate(collection["features"], start=1)
    else:
        raise FileUnusable("it is no GeoJSON FeatureCollection")


def _is_feature(line: str) -> bool:
    """Tell whether a line is a whole feature."""
    try:
        parsed = json.loads(line.lstrip("\x1e"))
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict) and parsed.get("type") == "Feature"


def _parsed(text: str, where: str) -> Any:
    def refuse(constant: str) -> float:
        raise ValueError(f"{constant} is no number in JSON")

    try:
        return json.loads(text, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise FileUnusable(f"{where}it is no valid JSON: {error}") from error


class _Reader:
    """Turns features into records."""

    def __init__(self, theatre: Theatre, origin: str | None, now: dt.datetime) -> None:
        self._words = fields.Vocabulary(theatre)
        self._origin = origin
        self._now = now

    def event(self, feature: Object, row: Row) -> EventRecord:
        """Read one feature; remarks and notes are left on the row."""
        given = feature.get("properties")
        if not isinstance(given, dict):
            raise RowRefused("properties", given, "is missing")
        if isinstance(feature.get("id"), bool) or not isinstance(feature.get("id"), str | int):
            raise RowRefused("id", feature.get("id"), "has no id, without which it could not be told from a new one")
        origin_id = fields.id_of(str(feature["id"]))
        outline, remarks = self._shape(feature.get("geometry"))
        row.remarks += remarks
        start, end = _moment(given, "happened_from"), _moment(given, "happened_to")
        if start >= end:
            raise RowRefused("happened_to", given.get("happened_to"), "must lie after happened_from; it is exclusive")
        fields.check_not_future("happened_from", str(given["happened_from"]), start, self._now)
        title, notes = plain_text(_text(given, "title", LONGEST_TITLE, required=True) or "")
        description, more = plain_text(_text(given, "description", LONGEST_TEXT) or "")
        row.notes += notes + [note for note in more if note not in notes]
        sources, number_of_source = _sources(given)
        return EventRecord(
            origin=self._origin or fields.origin_slug("origin", str(given.get("origin") or "")),
            origin_id=origin_id,
            event_id=fields.own_id(origin_id),
            title=title,
            description=description or None,
            category=_word(given, "category", self._words.categories),
            actor=self._words.side("actor", _text(given, "actor", 60) or ""),
            affected=self._words.side("affected", _text(given, "affected", 60) or ""),
            shape=outline,
            precision_m=_whole(given, "precision_m", 1, 1_000_000),
            happened_from=start,
            happened_to=end,
            time_precision=_word(given, "time_precision", TIME_PRECISIONS),
            time_inferred=_flag(given, "time_inferred"),
            verification=_word(given, "verification", VERIFICATIONS),
            sensitivity=fields.words_of("sensitivity", _texts(given, "sensitivity"), SENSITIVITIES),
            sources=sources,
            claims=tuple(_claim(claim, where, number_of_source) for where, claim in _objects(given, "claims")),
            places=tuple(_place(place, where) for where, place in _objects(given, "places")),
        )

    def _shape(self, geometry: Any) -> tuple[str, list[Remark]]:
        """Give the geometry in hexadecimal letters, and doubts about where it lies."""
        if not isinstance(geometry, dict) or not isinstance(geometry.get("type"), str):
            raise RowRefused("geometry", geometry, "is missing")
        kind = geometry["type"]
        if kind == "GeometryCollection":
            raise RowRefused("geometry", kind, "must be points, lines or areas, not a collection of them")
        if not _are_numbers(geometry.get("coordinates")):
            raise RowRefused("geometry", kind, "its coordinates must be numbers")
        try:
            made = shapely.force_2d(shape(geometry))
            empty = made.is_empty
        except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
            raise RowRefused("geometry", kind, "is no GeoJSON geometry") from error
        positions = shapely.get_coordinates(made)
        if empty or len(positions) == 0:
            raise RowRefused("geometry", kind, "is empty")
        if len(positions) > MOST_VERTICES:
            raise RowRefused(
                "geometry", f"{kind} of {len(positions)} vertices", f"has more than {MOST_VERTICES} vertices"
            )
        for longitude, latitude in positions.tolist():
            fields.check_position(longitude, latitude, ("geometry", "geometry"))
        if kind == "Point":
            longitude, latitude = positions[0].tolist()
            return fields.point_of(longitude, latitude), fields.doubts_about(
                longitude, latitude, self._words.extent, "geometry"
            )
        made = shapely.transform(made, lambda places: places.round(fields.COORDINATE_DIGITS))
        if not made.is_valid:
            raise RowRefused("geometry", kind, f"is not valid: {shapely.is_valid_reason(made)}")
        west, south, east, north = made.bounds
        extent = self._words.extent
        inside = extent.contains(west, south) and extent.contains(east, north)
        remarks = [] if inside else [Remark("geometry", kind, fields.OUTSIDE)]
        return shapely.to_wkb(shapely.set_srid(made, 4326), hex=True, include_srid=True), remarks


def _are_numbers(coordinates: Any) -> bool:
    """Tell whether nested lists hold numbers alone; shapely takes texts and truths for numbers too."""
    waiting = [coordinates]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, bool) or not isinstance(part, int | float):
            return False
    return True


def _sources(given: Object) -> tuple[tuple[SourceRecord, ...], dict[str, int]]:
    """Give the sources, and the number of each by the id that claims name it by."""
    sources: list[SourceRecord] = []
    number_of: dict[str, int] = {}
    for where, source in _objects(given, "sources"):
        record = _source(source, where)
        known = [(one.canonical_url or one.name) for one in sources]
        key = record.canonical_url or record.name
        if key not in known:
            sources.append(record)
            known.append(key)
        if source.get("id") is not None:
            number_of[str(source["id"])] = known.index(key)
    return tuple(sources), number_of


def _source(given: Object, where: str) -> SourceRecord:
    url, archive = _text(given, "url", 2048, where=where), _text(given, "archive_url", 2048, where=where)
    link = _link(f"{where}.url", url)
    _link(f"{where}.archive_url", archive)
    name = _text(given, "name", LONGEST_NAME, where=where) or (name_of(link) if link else None)
    if not name:
        raise RowRefused(f"{where}.name", given.get("name"), "a source needs a url or a name")
    return SourceRecord(
        name=name,
        role=_word(given, "kind", SOURCE_ROLES, where=where),
        canonical_url=link.url if link else None,
        given_url=url,
        platform=_text(given, "platform", 60, where=where) or (link.platform if link else None),
        publisher=_text(given, "publisher", LONGEST_NAME, where=where),
        author=_text(given, "author", LONGEST_NAME, where=where) or (link.author if link else None),
        published_at=_moment(given, "published_at", where=where) if given.get("published_at") else None,
        language=_text(given, "language", 20, where=where),
        status=_word(given, "status", SOURCE_STATUSES, where=where) if given.get("status") else "unknown",
        archive_url=archive,
    )


def _link(field: str, url: str | None) -> CanonicalLink | None:
    try:
        return canonicalise(url) if url else None
    except UnusableLink as refused:
        raise RowRefused(field, url, refused.message) from None


def _claim(given: Object, where: str, number_of_source: Mapping[str, int]) -> ClaimRecord:
    source = given.get("source_id")
    if source is not None and str(source) not in number_of_source:
        raise RowRefused(f"{where}.source_id", source, "names no source of this event")
    return ClaimRecord(
        party=_text(given, "party", LONGEST_NAME, where=where, required=True) or "",
        party_kind=_word(given, "party_kind", PARTY_KINDS, where=where),
        stance=_word(given, "stance", STANCES, where=where),
        statement=_text(given, "statement", LONGEST_TEXT, where=where, required=True) or "",
        about=_word(given, "about", CLAIM_SUBJECTS, where=where) if given.get("about") else "event",
        chain=tuple(_texts(given, "chain", where=where)),
        stated_at=_moment(given, "stated_at", where=where) if given.get("stated_at") else None,
        source=None if source is None else number_of_source[str(source)],
    )


def _place(given: Object, where: str) -> PlaceRecord:
    geonameid = _whole(given, "geonameid", 1, 2**31 - 1, where=where)
    spelled = _text(given, "as_spelled", 200, where=where)
    if geonameid is None and not spelled:
        raise RowRefused(where, "", "a place needs a geonameid or a spelling")
    return PlaceRecord(geonameid, spelled)


def _objects(given: Object, field: str) -> list[tuple[str, Object]]:
    """Give the members of a list of objects, each with the path that names it."""
    value = given.get(field)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MOST_PARTS or not all(isinstance(part, dict) for part in value):
        raise RowRefused(field, "", f"must be a list of at most {_MOST_PARTS} objects")
    return [(f"{field}[{number}]", part) for number, part in enumerate(value)]


def _text(given: Object, field: str, longest: int, *, where: str = "", required: bool = False) -> str | None:
    value, path = given.get(field), f"{where}.{field}".removeprefix(".")
    if value is None or value == "":
        if required:
            raise RowRefused(path, value, "is missing")
        return None
    if not isinstance(value, str):
        raise RowRefused(path, value, "is no text")
    text = fields.text_of(path, value.strip(), longest)
    if required and not text:
        raise RowRefused(path, value, "is missing")
    return text or None


def _texts(given: Object, field: str, *, where: str = "") -> list[str]:
    value, path = given.get(field), f"{where}.{field}".removeprefix(".")
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MOST_PARTS or not all(isinstance(part, str) for part in value):
        raise RowRefused(path, value, f"must be a list of at most {_MOST_PARTS} texts")
    return [fields.text_of(path, part, LONGEST_NAME) for part in value]


def _word(given: Object, field: str, words: Collection[str], *, where: str = "") -> str:
    value = given.get(field)
    return fields.one_of(f"{where}.{field}".removeprefix("."), value if isinstance(value, str) else "", words)


def _flag(given: Object, field: str) -> bool:
    value = given.get(field, False)
    if not isinstance(value, bool):
        raise RowRefused(field, value, "is neither true nor false")
    return value


def _whole(given: Object, field: str, least: int, most: int, *, where: str = "") -> int | None:
    value, path = given.get(field), f"{where}.{field}".removeprefix(".")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RowRefused(path, value, f"is not a whole number from {least} to {most}")
    return fields.whole_number_of(path, str(value), least, most)


def _moment(given: Object, field: str, *, where: str = "") -> dt.datetime:
    """Read a moment, or a day, which means its first moment."""
    value, path = given.get(field), f"{where}.{field}".removeprefix(".")
    if not isinstance(value, str):
        raise RowRefused(path, value, "is missing" if value is None else "is no moment")
    try:
        return parse_moment(value) if "T" in value.upper() else day_start(parse_day(value))
    except (ValueError, OverflowError) as error:
        raise RowRefused(path, value, str(error)) from None
