"""Parses the form for footage of browsers without scripts, and builds the body for the API."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from app.geo.coordinates import UnreadablePlace, parse_place
from app.parsing.numbers import is_digits
from app.places.ranking import Match
from app.places.search import find_places

if TYPE_CHECKING:
    from starlette.datastructures import FormData

    from app.database.session import PublicReadSession
    from app.theatre import Theatre

# Empty fields for links that a form without scripts shows.
LINK_FIELDS: Final = 3
PLACES_OFFERED: Final = 8
LONGEST_NAME: Final = 200
# A time of day as people write it; `static/js/lib/event-times.js` reads the same.
_CLOCK: Final = re.compile(r"(\d{1,2})[:.]?(\d{2})(:\d{2})?", re.ASCII)
# The options for the precision, in metres.
PRECISIONS_M: Final = (10, 50, 100, 250, 500, 1_000, 2_000, 5_000, 10_000, 25_000)


@dataclass
class Typed:
    """The values of the form's fields, as typed. The attributes have the names of the fields."""

    footage_urls: list[str] = field(default_factory=list)
    place: str = ""
    precision_m: str = ""
    happened_from: str = ""
    time_from: str = ""
    happened_to: str = ""
    time_to: str = ""
    time_precision: str = "day"
    description: str = ""
    category: str = ""
    actor: str = ""
    affected: str = ""
    sensitivity: list[str] = field(default_factory=list)
    geolocation_url: str = ""
    confirm: list[str] = field(default_factory=list)
    idempotency_key: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True)
class Place:
    """The result of parsing a typed place: a position, an error code, or several places to choose
    from.
    """

    longitude: float | None = None
    latitude: float | None = None
    error: str = ""
    choices: tuple[Match, ...] = ()


def read_form(form: FormData) -> Typed:
    """Reads the form; removes surrounding spaces, and normalises line ends."""

    def text(name: str) -> str:
        value = form.get(name, "")
        return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""

    def texts(name: str) -> list[str]:
        return [value.strip() for value in form.getlist(name) if isinstance(value, str) and value.strip()]

    typed = Typed(footage_urls=texts("footage_urls"), sensitivity=texts("sensitivity"), confirm=texts("confirm"))
    for name in Typed.__dataclass_fields__:
        if isinstance(getattr(typed, name), str) and name in form:
            setattr(typed, name, text(name))
    # A place chosen from a list, or an accepted suggestion, replaces the typed place.
    typed.place = text("use_place") or text("place_choice") or typed.place
    return typed


def find_place(session: PublicReadSession, theatre: Theatre, text: str) -> Place:
    """Parses a typed place: coordinates in any usual form, else a name of the gazetteer.

    The session's transaction has ended when this function returns.
    """
    if not text:
        return Place(error="missing")
    try:
        written = parse_place(text)
    except UnreadablePlace as refused:
        if refused.reason == "needs-reference":
            return _parse_short_code(session, theatre, text, refused.reference)
        if refused.reason != "not-coordinates":
            return Place(error=refused.reason)
    else:
        return Place(written.longitude, written.latitude)
    found = _places_named(session, theatre, text)[:PLACES_OFFERED]
    return Place(error="choose-place", choices=tuple(found)) if found else Place(error="unknown-place")


def _parse_short_code(session: PublicReadSession, theatre: Theatre, text: str, town: str) -> Place:
    """Parses a short plus code relative to the town named after the code."""
    if not town:
        return Place(error="needs-reference")
    found = _places_named(session, theatre, town)
    if not found:
        return Place(error="town-for-code")
    written = parse_place(text, near=(found[0].place.longitude, found[0].place.latitude))
    return Place(written.longitude, written.latitude)


def _places_named(session: PublicReadSession, theatre: Theatre, name: str) -> list[Match]:
    if "\0" in name or len(name) > LONGEST_NAME:
        return []
    found = find_places(session, theatre, name).places
    session.commit()
    return found


def request_body(typed: Typed, place: Place) -> dict[str, Any]:
    """Builds the body for the API, without empty fields."""
    body: dict[str, Any] = {
        "footage_urls": typed.footage_urls or None,
        "longitude": place.longitude,
        "latitude": place.latitude,
        "precision_m": int(typed.precision_m) if is_count(typed.precision_m) else typed.precision_m,
        "happened_from": _time(typed.happened_from, typed.time_from),
        "happened_to": _time(typed.happened_to or (typed.happened_from if typed.time_to else ""), typed.time_to),
        "time_precision": typed.time_precision,
        "description": typed.description,
        "category": typed.category,
        "actor": typed.actor,
        "affected": typed.affected,
        "sensitivity": typed.sensitivity or None,
        "geolocation_url": typed.geolocation_url,
        "idempotency_key": typed.idempotency_key,
        "confirm": typed.confirm or None,
    }
    return {name: value for name, value in body.items() if value is not None and value != ""}


def is_count(text: str) -> bool:
    """Tells whether a text is a whole number as a form sends it."""
    return is_digits(text) and len(text) < 12


def _time(day: str, time: str) -> str:
    """Formats a day, or a day and a time of day in UTC, for the API. "6:05" and "0605" are
    "06:05"; the API refuses what is no time.
    """
    if not day or not time:
        return day
    if clock := _CLOCK.fullmatch(time):
        time = f"{clock[1]:0>2}:{clock[2]}{clock[3] or ''}"
    return f"{day}T{time}{'' if time.count(':') == 2 else ':00'}Z"


def field_name(pointer: str) -> str:
    """Returns the form's field of a JSON pointer of the API: `/footage_urls/0` is
    `footage_urls-0`.
    """
    name, _, rest = pointer.removeprefix("/").partition("/")
    if name in {"longitude", "latitude"}:
        return "place"
    if name == "footage_urls":
        return f"footage_urls-{rest or 0}"
    return name
