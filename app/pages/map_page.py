"""The map page: the configuration of its scripts, and the newest events for browsers without
scripts.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import exists, func, select

from app.database.session import PublicSession
from app.events.columns import PARTS_URL, first_view
from app.events.queries import fetch_column_parts
from app.models.public import public_event, public_origin
from app.pages.formats import format_day
from app.pages.language import messages
from app.pages.plain_fields import fields_config
from app.pages.templating import page_language, render
from app.territory import queries as territory
from app.territory.features import assessor_shown
from app.territory.history import first_requests

if TYPE_CHECKING:
    from app.database.session import PublicReadSession
    from app.settings import Settings
    from app.theatre import Theatre

router = APIRouter(include_in_schema=False)

OPENING_DAYS = 7
_MOMENTS = ("first_valid_from", "last_valid_from")
NEWEST_EVENTS = 20
LATEST_EVENTS = 200
# The origin of `frontline demo --synthetic`: its events are not real, and the page says so.
SYNTHETIC_ORIGIN = "synthetic"


@dataclass(frozen=True)
class NewestEvent:
    """An event of the list that replaces the map in browsers without scripts."""

    id: uuid.UUID
    title: str
    when: str


@dataclass(frozen=True)
class MapPage:
    """The context of `map.html`."""

    config: dict[str, Any]
    newest_events: list[NewestEvent]
    preload_urls: list[str]


def last_day_of(happened_to: dt.datetime) -> dt.date:
    """Returns the last UTC day of a half-open range."""
    return (happened_to - dt.timedelta(microseconds=1)).astimezone(dt.UTC).date()


def opening_days(theatre: Theatre, newest: dt.date) -> tuple[dt.date, dt.date]:
    """Returns the first and last day that the map opens with: the theatre's, or else the week up to
    the newest event.
    """
    if theatre.opening is not None:
        return theatre.opening.from_day, theatre.opening.to_day
    return newest - dt.timedelta(days=OPENING_DAYS - 1), newest


def tiles_config(theatre: Theatre, settings: Settings) -> dict[str, Any] | None:
    """Returns the configuration of the raster tiles; None if they are turned off."""
    url = theatre.tiles.url if settings.tiles_url is None else settings.tiles_url
    if not url:
        return None
    return theatre.tiles.model_dump() | {"url": url}


def theatre_config(theatre: Theatre, language: str) -> dict[str, Any]:
    """Returns the theatre for the page's scripts, in a language."""
    return {
        "name": theatre.named(theatre.name, language),
        "extent": [theatre.extent.west, theatre.extent.south, theatre.extent.east, theatre.extent.north],
        "first_day": theatre.first_day.isoformat(),
        "guesses_categories": bool(theatre.category_words),
        "view": theatre.view.model_dump(),
        "belligerents": [
            {
                "slug": side.slug,
                "name": theatre.named(side.name, language),
                "adjective": theatre.named(side.adjective, language),
                "colour": side.colour,
                "colour_night": side.colour_night,
            }
            for side in theatre.belligerents
        ],
        "categories": [
            {
                "slug": category.slug,
                "name": theatre.named(category.name, language),
                "parent": category.parent,
                "colour": category.colour,
                "colour_night": category.colour_night,
            }
            for category in theatre.categories
        ],
    }


def assessors_config(session: PublicReadSession) -> list[dict[str, Any]]:
    """Returns the assessors for the page's scripts, the one with the newest assessment first."""
    rows = [assessor_shown(row) for row in territory.assessors(session) if row.assessments]
    return [
        assessor
        | {name: assessor[name].isoformat().replace("+00:00", "Z") for name in ("first_valid_from", "last_valid_from")}
        for assessor in rows
    ]


def origins_config(session: PublicReadSession) -> list[dict[str, Any]]:
    """Returns the public origins that have events, by name."""
    origin = public_origin.c
    query = select(origin.slug, origin.name).where(origin.has_events).order_by(origin.name, origin.slug)
    return [{"slug": row.slug, "name": row.name} for row in session.execute(query)]


def first_line(session: PublicReadSession, assessors: list[dict[str, Any]], asked: str) -> list[str]:
    """Returns the first requests for the line that the page opens with.

    Args:
        session: reads the history's parts.
        assessors: of `assessors_config`.
        asked: the parameter `assessor` of the page's address.
    """
    known = [assessor["slug"] for assessor in assessors]
    chosen = [slug for slug in asked.split(",") if slug in known] or known
    return first_requests(session, chosen[0]) if chosen else []


@router.get("/")
def map_page(request: Request, session: PublicSession) -> Response:
    """Renders the map page."""
    theatre: Theatre = request.app.state.theatre
    settings: Settings = request.app.state.settings
    language = page_language(request)
    event = public_event.c
    rows = session.execute(
        select(event.id, event.title, event.happened_to)
        .order_by(event.happened_from.desc(), event.id.desc())
        .limit(NEWEST_EVENTS)
    ).all()
    # Events known only to the month or year, or longer than the opening range, may end on days in
    # the future. So the newest day is the last end among the latest other events, which an index
    # finds.
    latest = (
        select(event.happened_to)
        .where(
            event.time_precision.not_in(("month", "year")),
            event.happened_to <= event.happened_from + dt.timedelta(days=OPENING_DAYS),
        )
        .order_by(event.happened_from.desc())
        .limit(LATEST_EVENTS)
        .subquery()
    )
    ended = session.scalar(select(func.max(latest.c.happened_to))) or session.scalar(
        select(func.max(event.happened_to))
    )
    newest = last_day_of(ended) if ended is not None else dt.datetime.now(dt.UTC).date()
    first, last = opening_days(theatre, newest)
    assessors = assessors_config(session)
    config = {
        "theatre": theatre_config(theatre, language),
        "assessors": assessors,
        "origins": origins_config(session),
        "fields": fields_config(language),
        "opening": {"from": first.isoformat(), "to": last.isoformat()},
        "newest_day": newest.isoformat(),
        "last_day": max([newest.isoformat(), *(assessor["last_valid_from"][:10] for assessor in assessors)]),
        "tiles": tiles_config(theatre, settings),
        "ground": request.app.state.ground_url,
        "language": language,
        "messages": messages(language),
        "synthetic": session.scalar(select(exists().where(public_origin.c.slug == SYNTHETIC_ORIGIN))),
    }
    newest_events = [NewestEvent(row.id, row.title, format_day(language, last_day_of(row.happened_to))) for row in rows]
    # The browser preloads the first requests of the scripts while it loads the scripts: the line
    # first, as it is larger than the events of the first view. A search for words needs other
    # requests for the events.
    preload_urls = first_line(session, assessors, request.query_params.get("assessor", ""))
    if "q" not in request.query_params:
        preload_urls += [PARTS_URL, *first_view(fetch_column_parts(session))]
    return render(request, "map.html", MapPage(config, newest_events, preload_urls))
