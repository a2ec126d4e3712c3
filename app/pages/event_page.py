"""The page of an event, with the content of its card on the map, for browsers without scripts,
printing and search engines.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import shapely
from fastapi import APIRouter, Request, Response

from app.database.session import PublicSession
from app.events import queries
from app.events.features import features
from app.fields import EVENT
from app.pages.area_words import AreaWords, LineThen
from app.pages.event_parts import (
    ClaimShown,
    Place,
    SourceShown,
    anchor_of,
    build_claim,
    build_source,
    describe_place,
    first_reported_at,
)
from app.pages.event_words import EventWords, When
from app.pages.language import messages, translate
from app.pages.map_page import last_day_of, theatre_config, tiles_config
from app.pages.plain_fields import PlainField, plain_fields
from app.pages.templating import page_language, render
from app.parsing.bidi import isolate
from app.problems import Gone, NotFound

if TYPE_CHECKING:
    from app.database.session import PublicReadSession
    from app.theatre import Theatre

router = APIRouter(include_in_schema=False)

# The zoom of the map for a point, and for a line or an area.
POINT_ZOOM = 12
SHAPE_ZOOM = 9
# Around the event, in which its small map shades occupied ground.
MARGIN_DEGREES = 1.0
DESCRIPTION_LENGTH = 300


@dataclass(frozen=True)
class EventPage:
    """The context of `event.html`."""

    id: uuid.UUID
    title: str
    summary: str
    canonical: str
    kind: str
    verification: str
    verification_name: str
    verification_meaning: str
    description: str | None
    sensitivity: list[str]
    graphic: bool
    when: When
    where: Place
    line_then: LineThen | None
    affected: str
    fields: list[PlainField]
    disagreement: str | None
    claims: list[ClaimShown]
    area_claims: list[ClaimShown]
    sources: list[SourceShown]
    origin: str
    licence: str | None
    updated_on: str | None
    first_reported: str | None
    added_on: str | None
    map_link: str
    submit_link: str
    config: dict[str, Any]


def _sides(properties: dict[str, Any], theatre: Theatre, language: str) -> tuple[str, str]:
    """Describes category, acting side and affected side of an event."""
    _ = partial(translate, language)
    adjectives = {side.slug: theatre.named(side.adjective, language) for side in theatre.belligerents}
    names = {side.slug: theatre.named(side.name, language) for side in theatre.belligerents}
    categories = {category.slug: theatre.named(category.name, language) for category in theatre.categories}
    kind = categories.get(properties["category"], properties["category"])
    if properties["category_guessed"]:
        kind = _("{category} (guessed from the text)").format(category=kind)
    actor, affected = adjectives.get(properties["actor"]), names.get(properties["affected"])
    if actor:
        kind = _("{category} · by {adjective} forces").format(category=kind, adjective=actor)
    if affected:
        return kind, _("{side}: its people or equipment are shown or hit").format(side=affected)
    return kind, _("Unknown or both")


def _map_link(event_id: uuid.UUID, geometry: dict[str, Any], properties: dict[str, Any]) -> str:
    """Returns the URL of the map at the event's place and days, with its card open."""
    anchor = anchor_of(shapely.from_geojson(json.dumps(geometry)))
    query = {
        "at": f"{anchor.y:.5f},{anchor.x:.5f},{POINT_ZOOM if geometry['type'] == 'Point' else SHAPE_ZOOM}",
        "from": properties["happened_from"].date().isoformat(),
        "to": last_day_of(properties["happened_to"]).isoformat(),
        "event": str(event_id),
    }
    return f"/?{urlencode(query, safe=',')}"


def _map_config(
    request: Request, geometry: dict[str, Any], properties: dict[str, Any], line: LineThen | None
) -> dict[str, Any]:
    """Returns the configuration of the page's small map: the shape, its precision, and where the
    line of the event's last day is.
    """
    state = request.app.state
    return {
        "theatre": theatre_config(state.theatre, page_language(request)),
        "tiles": tiles_config(state.theatre, state.settings),
        "ground": state.ground_url,
        "geometry": geometry,
        "precision_m": properties["precision_m"],
        "line": _line_config(geometry, properties, line) if line and line.drawn else None,
    }


def _line_config(geometry: dict[str, Any], properties: dict[str, Any], line: LineThen) -> dict[str, Any]:
    """Returns which front line, and which occupied ground around the event, the small map shows."""
    west, south, east, north = shapely.from_geojson(json.dumps(geometry)).bounds
    box = (west - MARGIN_DEGREES, south - MARGIN_DEGREES, east + MARGIN_DEGREES, north + MARGIN_DEGREES)
    limits = (-180, -90, 180, 90)
    corners = [f"{max(-limit, min(limit, edge)):.3f}" for edge, limit in zip(box, map(abs, limits), strict=True)]
    return {
        "assessor": line.assessor,
        "state_at": last_day_of(properties["happened_to"]).isoformat(),
        "bbox": ",".join(corners),
        "is_old": line.is_old,
    }


def _make_page(
    request: Request, session: PublicReadSession, feature: dict[str, Any], geometry: dict[str, Any]
) -> EventPage:
    theatre: Theatre = request.app.state.theatre
    language = page_language(request)
    words = EventWords(language)
    properties: dict[str, Any] = feature["properties"]
    event_id: uuid.UUID = feature["id"]
    kind, affected = _sides(properties, theatre, language)
    name, meaning = words.verification(properties["verification"])
    when = words.when(
        properties["happened_from"],
        properties["happened_to"],
        properties["time_precision"],
        inferred=properties["time_inferred"],
    )
    where = describe_place(session, words, geometry, properties, language)
    sources = {source["id"]: source for source in properties["sources"]}
    about: dict[str, list[ClaimShown]] = {"event": [], "area": []}
    for claim in properties["claims"]:
        about[claim["about"]].append(build_claim(claim, sources, words))
    anchor = anchor_of(shapely.from_geojson(json.dumps(geometry)))
    line_then = AreaWords(language).line(session, anchor.x, anchor.y, last_day_of(properties["happened_to"]))
    spot = where.nearby_places[0] if where.nearby_places else where.notations[0]
    summary = " · ".join(map(isolate, (kind, when.text, spot, name)))
    return EventPage(
        id=event_id,
        title=properties["title"],
        summary=summary[:DESCRIPTION_LENGTH],
        canonical=str(request.url.replace(query="", fragment="")),
        kind=kind,
        verification=properties["verification"],
        verification_name=name,
        verification_meaning=meaning,
        description=properties["description"],
        sensitivity=[words.sensitivity(flag) for flag in properties["sensitivity"]],
        graphic="graphic" in properties["sensitivity"],
        when=when,
        where=where,
        line_then=line_then,
        affected=affected,
        fields=plain_fields(EVENT, properties, language),
        disagreement=words.disagreement(
            [claim["stance"] for claim in properties["claims"] if claim["about"] == "event"]
        ),
        claims=about["event"],
        area_claims=about["area"],
        sources=[build_source(source, words, language) for source in properties["sources"]],
        origin=properties["attribution"] or properties["origin"],
        licence=properties["licence"],
        updated_on=words.short_day(properties["updated_at"]),
        first_reported=words.short_day(first_reported_at(properties)),
        added_on=words.short_day(properties["released_at"]),
        map_link=_map_link(event_id, geometry, properties),
        submit_link=f"/submit?at={anchor.y:.5f},{anchor.x:.5f}&event={event_id}",
        config={
            "language": language,
            "messages": messages(language),
            "event": {"id": str(event_id), "title": properties["title"]},
            "map": _map_config(request, geometry, properties, line_then),
        },
    )


def _gone_problem(request: Request, tombstone: Any) -> Gone:
    """Describes when and why an event was withdrawn. A hidden event has only its public note."""
    language = page_language(request)
    _ = partial(translate, language)
    day = EventWords(language).short_day(tombstone.withdrawn_at)
    first = (
        _("Hidden on {day} for safety reasons. No further details are given.")
        if tombstone.hidden
        else _("Withdrawn on {day}.")
    )
    sentences = [first.format(day=day), tombstone.withdrawn_reason or ""]
    return Gone(" ".join(part for part in sentences if part), id=str(tombstone.id), hidden=tombstone.hidden)


@router.get("/events/{event_id}")
def event_page(request: Request, session: PublicSession, event_id: str) -> Response:
    """Renders an event; 410 with time and reason if it was withdrawn, 404 if it was never
    public.
    """
    try:
        wanted = uuid.UUID(event_id)
    except ValueError:
        raise NotFound from None
    row = queries.fetch_event(session, wanted)
    if row is None:
        tombstone = queries.fetch_tombstone(session, wanted)
        raise NotFound if tombstone is None else _gone_problem(request, tombstone)
    (feature,) = features(session, [row], request.app.state.surroundings)
    return render(request, "event.html", _make_page(request, session, feature, json.loads(row.geometry)))
