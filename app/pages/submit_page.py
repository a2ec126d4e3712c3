"""The page for sending footage: a form that works without scripts, and the configuration of its
scripts.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import func, select
from starlette.datastructures import FormData

from app.access.members import known_member
from app.database.session import PublicReadSession, PublicSession, WritingSession
from app.fields.limits import LONGEST_TEXT, LONGEST_URL
from app.fields.words import SENSITIVITIES, TIME_PRECISIONS
from app.http.client import client_network
from app.http.fetch_metadata import refuse_cross_site
from app.models.public import public_event
from app.pages.event_words import EventWords
from app.pages.language import messages
from app.pages.map_page import last_day_of, theatre_config, tiles_config
from app.pages.submit_form import (
    LINK_FIELDS,
    PRECISIONS_M,
    Place,
    Typed,
    field_name,
    find_place,
    is_count,
    read_form,
    request_body,
)
from app.pages.submit_words import SubmitWords
from app.pages.templating import page_language, render
from app.parsing.numbers import parse_number
from app.problems import ConfirmationNeeded, Conflict, FieldError, Suspicion, TooManyRequests, Unavailable
from app.submissions.read import parse_footage
from app.submissions.receive import receive_footage
from app.submissions.routes import submission_services
from app.submissions.schemas import URLS_LIMIT, FootageSubmission

if TYPE_CHECKING:
    from app.theatre import Theatre

router = APIRouter(include_in_schema=False)

_NO_PLACE: Final = Place()


@dataclass(frozen=True)
class FormError:
    """An error next to its field: `field` is the name of the field in the form."""

    field: str
    words: str


@dataclass(frozen=True)
class NearEvent:
    """An event on the map that may be the same."""

    title: str
    href: str
    distance: str


@dataclass(frozen=True)
class Warned:
    """The warnings of one code, which are confirmed together, and other actions of the sender."""

    code: str
    words: str
    confirmation: str
    events: list[NearEvent] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Choice:
    """An option of a field."""

    value: str
    words: str
    depth: int = 0


@dataclass(frozen=True)
class Choices:
    """The options of the form's lists."""

    categories: list[Choice]
    sides: list[Choice]
    sensitivities: list[Choice]
    precisions: list[Choice]
    time_precisions: list[Choice]
    places: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class SubmitPage:
    """The context of `submit.html`."""

    typed: Typed
    labels: dict[str, str]
    links: list[str]
    choices: Choices
    errors: dict[str, str]
    warnings: list[Warned]
    failure: str
    first_day: str
    last_day: str
    limits: dict[str, int]
    config: dict[str, Any]


@dataclass(frozen=True)
class ReceivedPage:
    """The context of `received.html`."""

    code: str


async def _form(request: Request) -> FormData:
    """Reads the form; the limit of the body also limits the fields."""
    return await request.form(max_fields=100, max_files=0)


Form = Annotated[FormData, Depends(_form)]


@router.get("/submit")
def submit_page(request: Request, session: PublicSession) -> Response:
    """Renders the empty form, or one that begins at a place (`at=latitude,longitude`) or an event
    (`event=id`).
    """
    typed = Typed()
    _begin_at_event(session, typed, request.query_params.get("event", ""))
    _begin_at_place(typed, request.query_params.get("at", ""))
    return _show(request, typed)


@router.post("/submit", dependencies=[Depends(refuse_cross_site)])
def send_form(request: Request, writing: WritingSession, public: PublicSession, form: Form) -> Response:
    """Handles the form: renders the tracking code, or the form with its errors."""
    theatre: Theatre = request.app.state.theatre
    words = SubmitWords(page_language(request))
    typed = read_form(form)
    place = find_place(public, theatre, typed.place)
    if "more_links" in form or "use_place" in form:  # buttons that do not send
        shown = len(form.getlist("footage_urls"))
        return _show(request, typed, link_fields=shown + LINK_FIELDS if "more_links" in form else shown)
    draft, errors = parse_footage(request_body(typed, place), theatre, dt.datetime.now(dt.UTC))
    form_errors = _form_errors(errors, place, words)
    if form_errors or not isinstance(draft, FootageSubmission):
        return _show(request, typed, place=place, errors=form_errors, status=422)
    try:
        code = receive_footage(
            submission_services(request),
            public,
            writing,
            body=draft,
            theatre=theatre,
            network=client_network(request),
            member=known_member(request),
        )
    except ConfirmationNeeded as asked:
        return _show(request, typed, place=place, warnings=asked.warnings, status=409)
    except Conflict:
        typed.idempotency_key = Typed().idempotency_key
        return _show(request, typed, place=place, failure=words.failures["conflict"], status=409)
    except (TooManyRequests, Unavailable) as refused:
        failure = words.failures[refused.slug]
        response = _show(request, typed, place=place, failure=failure, status=refused.status)
        response.headers.update(refused.headers)
        return response
    response = render(request, "received.html", ReceivedPage(code))
    response.headers["Cache-Control"] = "no-store"
    return response


def _begin_at_place(typed: Typed, at: str) -> None:
    """Fills in the place of a link, which may have a zoom after it. Ignores an invalid place."""
    try:
        latitude, longitude = (parse_number(part) for part in at.split(",")[:2])
    except ValueError:
        return
    if abs(latitude) <= 90 and abs(longitude) <= 180:
        typed.place = f"{latitude:.5f}, {longitude:.5f}"


def _begin_at_event(session: PublicReadSession, typed: Typed, text: str) -> None:
    """Fills in place, time and category of a public event."""
    try:
        event_id = uuid.UUID(text)
    except ValueError:
        return
    event = public_event.c
    point = func.ST_PointOnSurface(event.shape)
    row = session.execute(
        select(
            func.ST_Y(point).label("latitude"),
            func.ST_X(point).label("longitude"),
            event.precision_m,
            event.happened_from,
            event.happened_to,
            event.time_precision,
            event.category,
            event.actor,
            event.affected,
        ).where(event.id == event_id)
    ).one_or_none()
    if row is None:
        return
    typed.place = f"{row.latitude:.5f}, {row.longitude:.5f}"
    typed.precision_m = str(row.precision_m or "")
    typed.category, typed.actor, typed.affected = row.category, row.actor or "", row.affected or ""
    typed.time_precision = row.time_precision
    start = row.happened_from.astimezone(dt.UTC)
    typed.happened_from = start.date().isoformat()
    if row.time_precision in {"minute", "hour"}:
        end = row.happened_to.astimezone(dt.UTC)
        typed.time_from, typed.time_to = f"{start:%H:%M}", f"{end:%H:%M}"
        typed.happened_to = end.date().isoformat() if end.date() != start.date() else ""
    elif last_day_of(row.happened_to) != start.date() and row.time_precision == "day":
        typed.happened_to = last_day_of(row.happened_to).isoformat()


def _form_errors(errors: list[FieldError], place: Place, words: SubmitWords) -> list[FormError]:
    """Returns the errors in the order of the form, one for each field."""
    message_of: dict[str, str] = {}
    for error in errors:
        name = field_name(error.field)
        if name == "place" and place.error:
            message_of.setdefault(name, words.error_message(name, place.error, ""))
        else:
            message_of.setdefault(name, words.error_message(name.partition("-")[0], error.code, error.message))
    order = list(Typed.__dataclass_fields__)
    return sorted(
        (FormError(name, message) for name, message in message_of.items()),
        key=lambda error: order.index(error.field.partition("-")[0]),
    )


def _group_warnings(suspicions: list[Suspicion], words: SubmitWords) -> list[Warned]:
    """Groups the warnings by code."""
    distance_in = EventWords(words.language).distance
    warnings_by_code: dict[str, Warned] = {}
    for code, suggestion in ((suspicion.code, suspicion.suggestion) for suspicion in suspicions):
        warned = warnings_by_code.setdefault(code, Warned(code, words.suspicions[code], words.confirmations[code]))
        if isinstance(suggestion, dict) and "event" in suggestion:
            distance_m = suggestion.get("distance_m")
            distance = "" if distance_m is None else distance_in(distance_m)
            warned.events.append(NearEvent(suggestion["event"]["title"], suggestion["event"]["href"], distance))
        elif suggestion is not None:
            places = suggestion if isinstance(suggestion, list) else [suggestion]
            warned.places.extend(f"{place['latitude']:.5f}, {place['longitude']:.5f}" for place in places)
    return list(warnings_by_code.values())


def _choices(theatre: Theatre, typed: Typed, place: Place, words: SubmitWords) -> Choices:
    event_words = EventWords(words.language)
    language = words.language
    precisions = sorted({*PRECISIONS_M, *([int(typed.precision_m)] if is_count(typed.precision_m) else [])})
    return Choices(
        categories=[
            Choice(category.slug, theatre.named(category.name, language), category.slug.count("."))
            for category in theatre.categories
        ],
        sides=[Choice(side.slug, theatre.named(side.name, language)) for side in theatre.belligerents],
        sensitivities=[Choice(flag, event_words.sensitivity(flag)) for flag in SENSITIVITIES],
        precisions=[Choice(str(metres), words.within(event_words.distance(metres))) for metres in precisions],
        time_precisions=[Choice(word, words.time_precisions[word]) for word in TIME_PRECISIONS],
        places=[
            Choice(
                f"{match.place.latitude:.5f}, {match.place.longitude:.5f}",
                event_words.place(match.place.name, {}, match.place.spelling),
            )
            for match in place.choices
        ],
    )


def _show(
    request: Request,
    typed: Typed,
    *,
    place: Place = _NO_PLACE,
    errors: list[FormError] | None = None,
    warnings: list[Suspicion] | None = None,
    failure: str = "",
    link_fields: int = LINK_FIELDS,
    status: int = 200,
) -> Response:
    """Renders the form with its values, errors and warnings."""
    theatre: Theatre = request.app.state.theatre
    language = page_language(request)
    words = SubmitWords(language)
    empty = min(link_fields, URLS_LIMIT) - len(typed.footage_urls)
    page = SubmitPage(
        typed=typed,
        labels=words.labels,
        links=typed.footage_urls + [""] * empty,
        choices=_choices(theatre, typed, place, words),
        errors={error.field: error.words for error in errors or ()},
        warnings=_group_warnings(warnings or [], words),
        failure=failure,
        first_day=theatre.first_day.isoformat(),
        last_day=(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date().isoformat(),
        limits={"text": LONGEST_TEXT, "url": LONGEST_URL, "urls": URLS_LIMIT},
        config={
            "theatre": theatre_config(theatre, language),
            "tiles": tiles_config(theatre, request.app.state.settings),
            "ground": request.app.state.ground_url,
            "language": language,
            "messages": messages(language),
            "words": words.tables(),
            "limits": {"urls": URLS_LIMIT},
        },
    )
    response = render(request, "submit.html", page, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response
