"""The page about this map: operator, method, origins and licences, and privacy."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import APIRouter, Request, Response
from sqlalchemy import select

from app.database.session import PublicSession
from app.fields.words import VERIFICATIONS
from app.models.public import public_origin
from app.pages.area_words import AreaWords
from app.pages.event_parts import web_link
from app.pages.event_words import EventWords
from app.pages.language import translate
from app.pages.status_words import STATUS_NAMES, status_meaning
from app.pages.templating import page_language, render
from app.territory import queries as territory
from app.territory.ages import age_in_days, is_old
from app.territory.features import assessor_shown

if TYPE_CHECKING:
    from app.database.session import PublicReadSession
    from app.pages.assets import Leaflet
    from app.settings import Settings
    from app.theatre import Theatre

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Contact:
    """The contact of the operator; `href` is None if the contact is not an address."""

    words: str
    href: str | None


@dataclass(frozen=True)
class OriginShown:
    """An origin of records, with its licence."""

    name: str
    home_page: str | None
    attribution: str | None
    licence: str | None


@dataclass(frozen=True)
class CategoryShown:
    """A category of events, with its subcategories."""

    name: str
    parts: list[str]


@dataclass(frozen=True)
class StatusShown:
    """A status of control areas. `is_own`: the meaning is the assessor's, not the general one."""

    name: str
    meaning: str
    is_own: bool


@dataclass(frozen=True)
class AssessorShown:
    """An assessor, with its terms, its definition of control and of each status that it draws.

    Attributes:
        reach: from which day until which day its areas are known.
        is_old: they end more than a week before today.
        skipped: how many features of its files are missing on the map.
    """

    name: str
    home_page: str | None
    attribution: str | None
    licence: str | None
    reach: str
    is_old: bool
    skipped: int
    definition: str
    statuses: list[StatusShown]


@dataclass(frozen=True)
class Tiles:
    """The host of the background tiles, which sees the reader's IP address."""

    host: str
    attribution: str
    attribution_url: str | None


@dataclass(frozen=True)
class AboutPage:
    """The context of `about.html`. `code_host` is the other host that serves code; None with a
    local copy.
    """

    theatre_name: str
    operator: str
    contact: Contact | None
    security_contact: str
    steps: list[tuple[str, str, str]]
    categories: list[CategoryShown]
    sides: list[str]
    assessors: list[AssessorShown]
    origins: list[OriginShown]
    tiles: Tiles | None
    code_host: str | None


def parse_contact(text: str) -> Contact | None:
    """Parses the contact of the operator: a link, an e-mail address, or plain text."""
    if not text:
        return None
    if web_link(text):
        return Contact(text, text)
    name, at, domain = text.partition("@")
    is_mail = bool(at and name and "." in domain) and not any(letter.isspace() or letter in "<>?&" for letter in text)
    return Contact(text, f"mailto:{text}" if is_mail else None)


def _tiles(theatre: Theatre, settings: Settings) -> Tiles | None:
    url = theatre.tiles.url if settings.tiles_url is None else settings.tiles_url
    host = urlsplit(url.replace("{s}.", "")).hostname if url else None
    if host is None:
        return None
    return Tiles(host, theatre.tiles.attribution, web_link(theatre.tiles.attribution_url))


def _categories(theatre: Theatre, language: str) -> list[CategoryShown]:
    return [
        CategoryShown(
            theatre.named(category.name, language),
            [theatre.named(part.name, language) for part in theatre.categories if part.parent == category.slug],
        )
        for category in theatre.categories
        if category.parent is None
    ]


def _assessors(session: PublicReadSession, language: str) -> list[AssessorShown]:
    def shown(status: str, assessor: str) -> StatusShown:
        meaning, is_own = status_meaning(assessor, status)
        return StatusShown(translate(language, STATUS_NAMES[status]), translate(language, meaning), is_own)

    words, today = AreaWords(language), dt.datetime.now(dt.UTC).date()
    reaches = {row.assessor: row for row in territory.reaches(session)}
    rows = [assessor_shown(row) for row in territory.assessors(session) if row.assessments]
    return [
        AssessorShown(
            row["name"],
            web_link(row["home_page"]),
            row["attribution"],
            row["licence"],
            words.reach(reaches[row["slug"]].first_valid_from, reaches[row["slug"]].last_seen_at, today),
            is_old(age_in_days(reaches[row["slug"]].last_seen_at, today)),
            reaches[row["slug"]].skipped,
            row["definition"],
            [shown(status, row["slug"]) for status in row["covers"]],
        )
        for row in rows
    ]


@router.get("/about")
def about_page(request: Request, session: PublicSession) -> Response:
    """Renders operator, method, origins and licences, and privacy."""
    theatre: Theatre = request.app.state.theatre
    settings: Settings = request.app.state.settings
    leaflet: Leaflet = request.app.state.templates.env.globals["leaflet"]
    language = page_language(request)
    words = EventWords(language)
    origin = public_origin.c
    origins = session.execute(
        select(origin.name, origin.home_page, origin.attribution, origin.licence).order_by(origin.name)
    )
    context = AboutPage(
        theatre_name=theatre.named(theatre.name, language),
        operator=settings.operator,
        contact=parse_contact(settings.operator_contact),
        security_contact=settings.security_contact,
        steps=[(step, *words.verification(step)) for step in VERIFICATIONS],
        categories=_categories(theatre, language),
        sides=[theatre.named(side.name, language) for side in theatre.belligerents],
        assessors=_assessors(session, language),
        origins=[OriginShown(row.name, web_link(row.home_page), row.attribution, row.licence) for row in origins],
        tiles=_tiles(theatre, settings),
        code_host=urlsplit(leaflet.origins[0]).hostname if leaflet.origins else None,
    )
    return render(request, "about.html", context)
