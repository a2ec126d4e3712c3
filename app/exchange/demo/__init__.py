"""The demo of the project: a news paragraph as events, claims and sources, and schematic control
areas.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shapely.geometry import shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.exchange.territory.importing import TerritoryOptions, import_territory
from app.models import Claim, Event, EventPlace, EventSource, Origin, Party, Source
from app.publication.acting import act_as_program
from app.publication.policy import update_policy
from app.sources.canonical import canonicalise

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.theatre import Theatre

FILE = Path(__file__).parent / "pokrovsk-2025-07.json"
AREAS = Path(__file__).parent / "schematic-2025-07.json"


class DemoError(UserError):
    """The demo does not fit this installation; the message says why."""


def _day(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def load_demo(engine: Engine, theatre: Theatre) -> int:
    """Inserts the demo into the database; existing events stay unchanged.

    Args:
        engine: connects as the role that writes.
        theatre: must have the demo's belligerents and categories.

    Returns:
        How many events were added.

    Raises:
        DemoError: the theatre lacks the demo's belligerents or categories.
    """
    demo = json.loads(FILE.read_text("utf-8"))
    _check(demo, theatre)
    update_policy(engine, theatre)
    with Session(engine) as session, session.begin():
        act_as_program(session, "demo", "the demo that is shipped")
        origin = demo["origin"]
        if session.get(Origin, origin["slug"]) is None:
            session.add(Origin(public=True, **origin))
            session.flush()
        existing = set(session.scalars(select(Event.origin_id).where(Event.origin == origin["slug"])))
        wanted = [event for event in demo["events"] if event["key"] not in existing]
        if wanted:
            sources = _sources(session, demo["sources"])
            for event in wanted:
                _add(session, origin["slug"], event, sources)
    import_territory(engine, theatre, [AREAS], "areas-geojson", TerritoryOptions(public=True))
    return len(wanted)


def _check(demo: dict[str, Any], theatre: Theatre) -> None:
    for event in demo["events"]:
        sides = {event["actor"], event["affected"]} - {None}
        if event["category"] not in theatre.category_slugs or not sides <= theatre.belligerent_slugs:
            raise DemoError(
                "The demo is about another theatre: it needs its belligerents and categories in the theatre's file."
            )


def _sources(session: Session, described: dict[str, dict[str, Any]]) -> dict[str, Source]:
    """Returns each source of the demo; a source whose link is in the database is reused."""
    source_of: dict[str, Source] = {}
    for key, given in described.items():
        fields = dict(given)
        url = fields.pop("url", None)
        published = fields.pop("published_at", None)
        canonical = canonicalise(url).url if url else None
        known = session.scalar(select(Source).where(Source.canonical_url == canonical)) if url else None
        source_of[key] = known or Source(
            canonical_url=canonical, given_url=url, published_at=_day(published) if published else None, **fields
        )
        session.add(source_of[key])
    session.flush()
    return source_of


def _add(session: Session, origin: str, given: dict[str, Any], sources: dict[str, Source]) -> None:
    fields = dict(given)
    key, geometry = fields.pop("key"), fields.pop("geometry")
    places, roles, claims = fields.pop("places"), fields.pop("sources"), fields.pop("claims")
    happened = {end: _day(fields.pop(end)) for end in ("happened_from", "happened_to")}
    event = Event(
        origin=origin,
        origin_id=key,
        shape=f"SRID=4326;{shape(geometry).wkt}",
        state="published",
        places=[EventPlace(position=position, **place) for position, place in enumerate(places)],
        **happened,
        **fields,
    )
    session.add(event)
    session.flush()
    session.add_all(
        EventSource(event_id=event.id, source_id=sources[source].id, role=role, position=position)
        for position, (source, role) in enumerate(roles.items())
    )
    session.add_all(
        Claim(
            event_id=event.id,
            position=position,
            source_id=sources["article"].id,
            party_id=_party(session, claim.pop("party"), claim.pop("party_kind")),
            **claim,
        )
        for position, claim in enumerate(map(dict, claims))
    )


def _party(session: Session, name: str, kind: str) -> uuid.UUID:
    """Returns the id of a party; inserts the party if it is missing."""
    known = session.scalar(select(Party).where(Party.name == name, Party.kind == kind))
    if known is None:
        known = Party(name=name, kind=kind)
        session.add(known)
        session.flush()
    return known.id
