"""Reads events from GeoJSON, the format `events-geojson`: features like those of our API.

A file is a FeatureCollection, or has one feature per line (GeoJSON text sequence) and may then have
any size. docs/import.md lists the properties. The `id` of a feature identifies it; an id that our
API gave is kept if no event has it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from app.exchange import row_values
from app.exchange.events_csv import FileUnusable
from app.exchange.field_values import check_value, parse_facts, parse_link, plain_fields
from app.exchange.links import add_facts
from app.exchange.plain_text import plain_text
from app.exchange.records import ClaimRecord, EventRecord, PlaceRecord, Remark, Row, RowRefused, SourceRecord
from app.exchange.row_values import REQUIRED
from app.fields import CLAIM, EVENT, SOURCE, Field
from app.fields.words import SOURCE_ROLES
from app.geo.null_island import NULL_ISLAND
from app.parsing.geojson import geometry_type
from app.sources.naming import name_of
from app.sources.report_pages import KEPT_AS_REPORT, role_of

if TYPE_CHECKING:
    from app.theatre import Theatre

LARGEST_COLLECTION: Final = 50 * 1024 * 1024  # characters
MOST_VERTICES: Final = 100_000
_MOST_PARTS: Final = 200  # sources, claims or places of one event

# `READ` are the properties that are imported. `PROPERTIES` also has those that our API adds, which
# are known but not read.
READ: Final = frozenset((*EVENT.names(importable=True), "places", "sources", "claims")) - {"shape"}
# The API computes `doubt` and `outside` when it is asked.
PROPERTIES: Final = READ | frozenset((*EVENT.names(exported=True), "doubt", "outside"))

_EVENT: Final = {field.name: field for field in EVENT}
_SOURCE: Final = {field.name: field for field in SOURCE}
_CLAIM: Final = {field.name: field for field in CLAIM}
_EVENT_PLAIN: Final = plain_fields(EVENT)
_SOURCE_PLAIN: Final = plain_fields(SOURCE)
_CLAIM_PLAIN: Final = plain_fields(CLAIM)
_GEONAMEID: Final = Field(
    name="geonameid", type="number", title="", help="", null=True, least=1, most=row_values.MOST_GEONAMEID
)
_AS_SPELLED: Final = Field(
    name="as_spelled", type="text", title="", help="", null=True, most=row_values.LONGEST_SPELLING
)

Object = Mapping[str, Any]


def read_events_geojson(
    lines: Iterable[str],
    theatre: Theatre,
    *,
    origin: str | None,
    now: dt.datetime,
    report_unknown: Callable[[list[str]], None],
) -> Iterator[Row]:
    """Reads a file feature by feature; the parameters are those of `read_events_csv`.

    Raises:
        FileUnusable: the file is not of this format.
    """
    read = _Reader(theatre, origin, now)
    unknown: set[str] = set()
    for number, feature in _features(lines):
        row = Row(number)
        try:
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise RowRefused("", json.dumps(feature)[:80], "Must be a GeoJSON feature.")
            row.id = str(feature.get("id") or "")[: row_values.LONGEST_ID]
            row.record = read.event(feature, row)
            unknown |= feature["properties"].keys() - PROPERTIES
        except RowRefused as refused:
            row.refused = refused.remark
        yield row
    report_unknown(sorted(unknown))


def _features(lines: Iterable[str]) -> Iterator[tuple[int, Any]]:
    """Yields each feature with its number, or with its line number if each line is one feature."""
    lines = iter(lines)
    first = next(lines, "")
    if _is_feature(first):
        for number, line in enumerate(chain([first], lines), start=1):
            if text := line.lstrip("\x1e").strip():
                yield number, _parse_json(text, f"line {number}: ")
        return
    pieces, size = [first], len(first)
    for line in lines:
        size += len(line)
        if size > LARGEST_COLLECTION:
            raise FileUnusable(
                f"A collection of more than {LARGEST_COLLECTION // 2**20} MiB is too large to read at once."
                " Write one feature on each line instead."
            )
        pieces.append(line)
    yield from enumerate(_features_of_collection("".join(pieces)), start=1)


def _features_of_collection(text: str) -> Iterator[Any]:
    """Yields the features of a FeatureCollection, or the only feature of a file, one after the
    other: parsed at once, they would need ten times the memory of the file.
    """
    members: dict[str, Any] = {}
    try:
        at = _after(text, 0, "{")
        while not text.startswith("}", at):
            name, at = _DECODER.raw_decode(text, _after(text, at, "," if members else ""))
            at = _after(text, at, ":")
            if name == "features" and text.startswith("[", at) and name not in members:
                members[name] = None
                at = _after(text, at, "[")
                is_first = True
                while not text.startswith("]", at):
                    feature, at = _DECODER.raw_decode(text, at if is_first else _after(text, at, ","))
                    yield feature
                    at, is_first = _after(text, at, ""), False
                at += 1
            else:
                members[name], at = _DECODER.raw_decode(text, at)
            at = _after(text, at, "")
        if _after(text, at, "}") < len(text):
            raise ValueError(f"something follows the end of the collection, at character {at + 1}")
    except (ValueError, TypeError, RecursionError) as error:
        raise FileUnusable(f"The file is not valid JSON: {error}") from error
    if "features" in members:
        return
    if members.get("type") != "Feature":
        raise FileUnusable("The file is not a GeoJSON FeatureCollection.")
    yield members


def _after(text: str, at: int, mark: str) -> int:
    """Returns the index of what follows a mark and the spaces around it.

    Raises:
        ValueError: the mark is not there.
    """
    found = _MARKS[mark].match(text, at)
    if found is None:
        raise ValueError(f"expecting '{mark}' at character {at + 1}")
    return found.end()


def _is_feature(line: str) -> bool:
    """Tells whether a line is a whole feature."""
    try:
        parsed = json.loads(line.lstrip("\x1e"))
    except (ValueError, RecursionError):
        return False
    return isinstance(parsed, dict) and parsed.get("type") == "Feature"


def _parse_json(text: str, where: str) -> Any:
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise FileUnusable(f"{where}The file is not valid JSON: {error}") from error


def _refuse_constant(constant: str) -> float:
    raise ValueError(f"{constant} is not a number in JSON")


_DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
_MARKS: Final = {mark: re.compile(rf"[ \t\n\r]*{re.escape(mark)}[ \t\n\r]*") for mark in ("", *"{[:,]}")}


class _Reader:
    """Turns features into records."""

    def __init__(self, theatre: Theatre, origin: str | None, now: dt.datetime) -> None:
        self._words = row_values.Vocabulary(theatre)
        self._origin = origin
        self._now = now

    def event(self, feature: Object, row: Row) -> EventRecord:
        """Parses one feature; adds remarks and notes to the row."""
        given = feature.get("properties")
        if not isinstance(given, dict):
            raise RowRefused("properties", given, REQUIRED)
        if isinstance(feature.get("id"), bool) or not isinstance(feature.get("id"), str | int):
            raise RowRefused("id", feature.get("id"), row_values.ID_REQUIRED)
        origin_id = row_values.check_id(str(feature["id"]))
        outline, remarks = self._shape(feature.get("geometry"))
        row.remarks += remarks

        def value(name: str, *, required: bool | None = None) -> Any:
            return check_value(_EVENT[name], given.get(name), name, required=required)

        start, end = value("happened_from"), value("happened_to")
        first, last = ((name, str(given[name])) for name in ("happened_from", "happened_to"))
        row_values.check_happened(start, end, self._now, first=first, last=last)
        title, notes = plain_text(value("title"))
        if not title:
            raise RowRefused("title", given["title"], "Must contain text.")
        description, more = plain_text(value("description") or "")
        notes += (note for note in more if note not in notes)
        sources, number_of_source = _sources(given, notes)
        record = EventRecord(
            origin=self._origin or row_values.check_origin("origin", str(given.get("origin") or "")),
            origin_id=origin_id,
            event_id=row_values.parse_own_id(origin_id),
            title=title,
            description=description or None,
            category=row_values.check_choice("category", str(value("category")), self._words.categories),
            actor=self._words.side("actor", value("actor") or ""),
            affected=self._words.side("affected", value("affected") or ""),
            shape=outline,
            precision_m=value("precision_m"),
            happened_from=start,
            happened_to=end,
            time_precision=value("time_precision"),
            time_inferred=value("time_inferred"),
            # The default `reported` is for events that members enter; a file must state the
            # verification.
            verification=value("verification", required=True),
            sensitivity=value("sensitivity"),
            sources=sources,
            claims=tuple(_claim(claim, where, number_of_source, notes) for where, claim in _objects(given, "claims")),
            places=tuple(_place(place, where) for where, place in _objects(given, "places")),
            facts=parse_facts(_EVENT_PLAIN, given, "", notes),
        )
        row.notes += notes
        return record

    def _shape(self, geometry: Any) -> tuple[str, list[Remark]]:
        """Returns the geometry as hexadecimal EWKB, and remarks on its position."""
        kind = geometry_type(geometry)
        if not kind:
            raise RowRefused("geometry", geometry, REQUIRED)
        if kind == "GeometryCollection":
            raise RowRefused("geometry", kind, "Must be points, lines or areas, not a GeometryCollection.")
        if not _are_numbers(geometry.get("coordinates")):
            raise RowRefused("geometry", kind, "The coordinates must be numbers.")
        try:
            geometry_shape = shapely.force_2d(shape(geometry))
            empty = geometry_shape.is_empty
        except (ShapelyError, ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
            raise RowRefused("geometry", kind, "Must be a GeoJSON geometry.") from error
        positions = shapely.get_coordinates(geometry_shape)
        if empty or len(positions) == 0:
            raise RowRefused("geometry", kind, "Must not be empty.")
        if len(positions) > MOST_VERTICES:
            raise RowRefused(
                "geometry", f"{kind} of {len(positions)} vertices", f"Must have at most {MOST_VERTICES} vertices."
            )
        for longitude, latitude in positions.tolist():
            row_values.check_position(longitude, latitude, ("geometry", "geometry"))
        if kind == "Point":
            longitude, latitude = positions[0].tolist()
            return row_values.encode_point(longitude, latitude), row_values.check_extent(
                longitude, latitude, self._words.extent, "geometry"
            )
        geometry_shape = shapely.transform(geometry_shape, lambda places: places.round(row_values.COORDINATE_DIGITS))
        if not geometry_shape.is_valid:
            raise RowRefused("geometry", kind, f"Must be valid: {shapely.is_valid_reason(geometry_shape)}.")
        if shapely.box(*NULL_ISLAND).intersects(geometry_shape):
            raise RowRefused("geometry", kind, row_values.NULL_ISLAND)
        west, south, east, north = geometry_shape.bounds
        extent = self._words.extent
        inside = extent.contains(west, south) and extent.contains(east, north)
        remarks = [] if inside else [Remark("geometry", kind, row_values.OUTSIDE)]
        return shapely.to_wkb(shapely.set_srid(geometry_shape, 4326), hex=True, include_srid=True), remarks


def _are_numbers(coordinates: Any) -> bool:
    """Tells whether nested lists contain numbers only; shapely accepts strings and booleans as
    numbers.
    """
    waiting = [coordinates]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting += part
        elif isinstance(part, bool) or not isinstance(part, int | float):
            return False
    return True


def _sources(given: Object, notes: list[str]) -> tuple[tuple[SourceRecord, ...], dict[str, int]]:
    """Returns the sources, and the index of each source by the id that claims refer to."""
    sources: list[SourceRecord] = []
    number_of: dict[str, int] = {}
    known: dict[str, int] = {}
    for where, source in _objects(given, "sources"):
        record = _source(source, where, notes)
        number = known.setdefault(record.canonical_url or record.name, len(sources))
        if number == len(sources):
            sources.append(record)
        else:
            sources[number] = add_facts(sources[number], record.facts, f"{where}.")
        if source.get("id") is not None:
            number_of[str(source["id"])] = number
    return tuple(sources), number_of


def _source(given: Object, where: str, notes: list[str]) -> SourceRecord:
    def value(name: str, property_: str = "") -> Any:
        property_ = property_ or name
        return check_value(_SOURCE[name], given.get(property_), f"{where}.{property_}", required=False)

    url = value("given_url", "url")
    link = parse_link(f"{where}.url", url)
    name = value("name") or (name_of(link) if link else None)
    if not name:
        raise RowRefused(f"{where}.name", given.get("name"), "A source needs a url or a name.")
    role = row_values.check_choice(f"{where}.kind", str(given.get("kind") or ""), SOURCE_ROLES)
    kept = role_of(link, role) if link else role
    if kept != role:
        notes.append(KEPT_AS_REPORT)
    return SourceRecord(
        name=name,
        role=kept,
        canonical_url=link.url if link else None,
        given_url=url,
        platform=value("platform") or (link.platform if link else None),
        publisher=value("publisher"),
        author=value("author") or (link.author if link else None),
        published_at=value("published_at"),
        language=value("language"),
        status=value("status"),
        archive_url=value("archive_url"),
        facts=parse_facts(_SOURCE_PLAIN, given, where, notes),
    )


def _claim(given: Object, where: str, number_of_source: Mapping[str, int], notes: list[str]) -> ClaimRecord:
    source = given.get("source_id")
    if source is not None and str(source) not in number_of_source:
        raise RowRefused(f"{where}.source_id", source, "Must be the id of a source of this event.")

    def value(name: str) -> Any:
        return check_value(_CLAIM[name], given.get(name), f"{where}.{name}")

    return ClaimRecord(
        party=value("party"),
        party_kind=value("party_kind"),
        stance=value("stance"),
        statement=value("statement"),
        about=value("about"),
        chain=value("chain"),
        stated_at=value("stated_at"),
        source=None if source is None else number_of_source[str(source)],
        facts=parse_facts(_CLAIM_PLAIN, given, where, notes),
    )


def _place(given: Object, where: str) -> PlaceRecord:
    geonameid = check_value(_GEONAMEID, given.get("geonameid"), f"{where}.geonameid")
    spelled = check_value(_AS_SPELLED, given.get("as_spelled"), f"{where}.as_spelled")
    if geonameid is None and not spelled:
        raise RowRefused(where, "", "A place needs a geonameid or a spelling.")
    return PlaceRecord(geonameid, spelled)


def _objects(given: Object, field: str) -> list[tuple[str, Object]]:
    """Returns the members of a list of objects, each with its path."""
    value = given.get(field)
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > _MOST_PARTS or not all(isinstance(part, dict) for part in value):
        raise RowRefused(field, "", f"Must be a list of at most {_MOST_PARTS} objects.")
    return [(f"{field}[{number}]", part) for number, part in enumerate(value)]
