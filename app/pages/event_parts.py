"""The parts of an event's page: places, claims and sources."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import shapely

from app.fields import SOURCE
from app.geo.measure import length_m
from app.geo.notation import format_decimal, format_dms, format_grid
from app.pages.event_words import Stance
from app.pages.language import translate
from app.pages.plain_fields import PlainField, plain_fields
from app.parsing.bidi import isolate
from app.places.queries import names_by_language, nearest

if TYPE_CHECKING:
    import uuid

    from app.database.session import PublicReadSession
    from app.pages.event_words import EventWords


# A settlement farther away than this does not describe a place outside the theatre.
_NEARBY_M: Final = 100_000
_WORD: Final = re.compile(r"\w+")
_A_DAY: Final = dt.timedelta(days=1)


@dataclass(frozen=True)
class Place:
    """The place of an event: both ends of a line, or one position in every notation."""

    length: str | None
    notations: list[str]
    precision: str
    nearby_places: list[str]
    doubt: str | None


@dataclass(frozen=True)
class ClaimShown:
    """A statement of a party."""

    party: str
    stance: Stance
    statement: str
    when: str | None
    nearest: str | None
    url: str | None
    chain: list[str]


@dataclass(frozen=True)
class SourceShown:
    """A publication or post; `url` is None if it is known by name only."""

    name: str
    url: str | None
    facts: str
    fields: list[PlainField]
    more: str
    deleted: bool
    archive_url: str | None


def web_link(url: str | None) -> str | None:
    """Returns a URL if its scheme is http or https, else None."""
    try:
        return url if url and urlsplit(url).scheme in {"http", "https"} else None
    except ValueError:  # "http://[" is not a valid URL
        return None


def anchor_of(shape: shapely.Geometry) -> shapely.Point:
    """Returns a representative point: half-way along a line, inside an area, or the point
    itself.
    """
    if shape.geom_type == "LineString":
        return shapely.line_interpolate_point(shape, 0.5, normalized=True)
    return shapely.point_on_surface(shape)


def _lines(geometry: dict[str, Any]) -> list[list[list[float]]]:
    """Returns the lines of a (Multi)LineString; none for other geometries."""
    if geometry["type"] not in {"LineString", "MultiLineString"}:
        return []
    lines: list[list[list[float]]] = geometry["coordinates"]
    return lines if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]


def _describe_settlement(
    session: PublicReadSession, words: EventWords, shape: shapely.Geometry, properties: dict[str, Any], language: str
) -> list[str]:
    """Describes the nearest settlement of a point, or its country outside the theatre, and other
    places that the reports name.
    """
    named: list[dict[str, Any]] = properties["places"]
    phrases = []
    by_itself: dict[str, Any] | None = None
    found = nearest(session, shape.x, shape.y, limit=1) if shape.geom_type == "Point" else ()
    for settlement in found:
        if properties["outside"] is not None and settlement.distance_m > _NEARBY_M:
            continue
        by_itself = next((place for place in named if place["geonameid"] == settlement.geonameid), None)
        names = (
            by_itself["names"]
            if by_itself
            else names_by_language(session, [settlement.geonameid])[settlement.geonameid]
        )
        spelled = by_itself["as_spelled"] if by_itself else None
        place = words.place(settlement.name, names, spelled)
        phrases.append(words.from_place(place, settlement.distance_m, settlement.bearing))
    if outside := words.outside(properties["outside"]):
        phrases.append(outside)
    others = [
        words.place(place["name"], place["names"], place["as_spelled"]) for place in named if place is not by_itself
    ]
    if others:
        places = "; ".join(map(isolate, others))
        phrases.append(translate(language, "mentioned in the reports: {places}").format(places=places))
    return phrases


def describe_place(
    session: PublicReadSession, words: EventWords, geometry: dict[str, Any], properties: dict[str, Any], language: str
) -> Place:
    """Describes the place of an event, its precision, and the nearest settlement."""
    shape = shapely.from_geojson(json.dumps(geometry))
    if lines := _lines(geometry):
        ends = (lines[0][0], lines[-1][-1])
        distance = words.distance(sum(length_m(line) for line in lines))
        length = translate(language, "A line {distance} long; its ends:").format(distance=distance)
        notations = [format_decimal(end[0], end[1]) for end in ends]
    else:
        anchor = anchor_of(shape)
        length = None
        every = (format(anchor.x, anchor.y) for format in (format_decimal, format_dms, format_grid))
        notations = [notation for notation in every if notation is not None]
    return Place(
        length=length,
        notations=notations,
        precision=words.precision(properties["precision_m"], geometry["type"]),
        nearby_places=_describe_settlement(session, words, shape, properties, language),
        doubt=words.doubt(properties["doubt"]),
    )


def build_claim(claim: dict[str, Any], sources: dict[uuid.UUID, dict[str, Any]], words: EventWords) -> ClaimShown:
    """Builds a claim for the page; without its own date, it has the date of its source."""
    source = sources.get(claim["source_id"])
    chain = claim["chain"] or ([source["name"]] if source else [])
    return ClaimShown(
        party=claim["party"],
        stance=words.stance(claim["party_kind"], claim["stance"]),
        statement=claim["statement"],
        when=words.short_day(claim["stated_at"] or (source["published_at"] if source else None)),
        nearest=chain[0] if chain else None,
        url=web_link(source["url"]) if source else None,
        chain=chain[1:],
    )


def first_reported_at(properties: dict[str, Any]) -> dt.datetime | None:
    """Returns the time of the earliest source, if that was a day or more after the event.

    None if a source was earlier, or if no source has a time.
    """
    posted = [source["published_at"] for source in properties["sources"] if source["published_at"] is not None]
    return min(posted) if posted and min(posted) >= properties["happened_to"] + _A_DAY else None


def _without_repeats(said: str, *texts: str | None) -> list[str | None]:
    """Returns the texts, with None for each whose words are all in an earlier one: "x.com" says
    what "x" says. A text without words, such as an emoji, is compared as a whole.
    """
    known = {said, *_WORD.findall(said.lower())}
    left: list[str | None] = []
    for text in texts:
        words = _WORD.findall((text or "").lower()) or [text or said]
        left.append(None if known.issuperset(words) else text)
        known.update(words)
    return left


def build_source(source: dict[str, Any], words: EventWords, language: str) -> SourceShown:
    """Builds a source for the page, with a link if its URL is safe."""
    _ = partial(translate, language)
    url = web_link(source["url"])
    site = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    posted, seen = words.short_day(source["published_at"]), words.short_day(source["first_seen_at"])
    author, place, publisher = _without_repeats(
        source["name"], source["author"], site if url else source["platform"], source["publisher"]
    )
    more = (
        _("by {author}").format(author=author) if author else None,
        publisher,
        place,
        None if url else _("no link available"),
        None if posted or not url else _("date of post unknown"),
        _("added {day}").format(day=seen),
        _("online when last checked") if source["status"] == "live" else None,
    )
    facts = (words.source_kind(source["kind"]), posted and _("posted {day}").format(day=posted))
    return SourceShown(
        name=source["name"],
        url=url,
        facts=" · ".join(fact for fact in facts if fact),
        fields=plain_fields(SOURCE, source, language),
        more=" · ".join(isolate(part) for part in more if part),
        deleted=source["status"] == "deleted",
        archive_url=web_link(source["archive_url"]),
    )
