"""The page with the events of the desk: a filter, a list and a map, with single and bulk
changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final, get_args
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from app.access.members import CurrentMember
from app.database.session import WritingSession
from app.desk import bulk, choosing
from app.desk.bulk_schemas import BULK_LIMIT, BulkShown, EventRow, ListedState, PlaceDoubt
from app.desk.choosing import ChoiceParameters, origin_names
from app.fields.words import SOURCE_CLASS_NAMES
from app.http.parameters import list_parameters
from app.pages.desk.frame import Choice, Frame, build_frame, show
from app.pages.desk.work_config import work_config
from app.pages.desk.work_words import WorkWords, choices, steps_from
from app.pages.event_words import EventWords
from app.pages.formats import format_distance
from app.pages.language import translate
from app.pages.templating import page_language
from app.parsing.bidi import isolate

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

router = APIRouter()

_BULK_CHANGES = 10
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class RowShown:
    """An event of the list; `row` is the event as in the API."""

    row: EventRow
    category: str
    verification: str
    when: str
    doubt: str | None


@dataclass(frozen=True)
class EventsPage:
    """The context of `desk/events.html`.

    Attributes:
        frame: of the page.
        events: of the list.
        total: the number of matching events.
        select_limit: the maximum number of events of a bulk change.
        more: the URL of the next page, or empty.
        filters: the form's fields with options, by their parameter.
        q, first_day, last_day: the values of the other fields.
        other_conditions: conditions in the URL without a field in the form, as (parameter, value).
        url_without_others: the URL without these conditions.
        filtered: there is a condition besides the state.
        state: of all events in the list.
        verifications, categories, origins: the options for bulk changes.
        bulk_changes: the last bulk changes.
        words: the texts in the reader's language.
        steps: that the member may take from the state.
        config: for the scripts.
    """

    frame: Frame
    events: list[RowShown]
    total: int
    select_limit: int
    more: str
    filters: dict[str, list[Choice]]
    q: str
    first_day: str
    last_day: str
    other_conditions: list[tuple[str, str]]
    url_without_others: str
    filtered: bool
    state: str
    verifications: list[Choice]
    categories: list[Choice]
    origins: list[Choice]
    bulk_changes: list[BulkShown]
    words: WorkWords
    steps: list[Choice]
    config: dict[str, Any]


@router.get("/desk/events")
def events_page(request: Request, member: CurrentMember, session: WritingSession) -> Response:
    """Renders the matching events, most recently changed first, or the farthest first."""
    language = page_language(request)
    _ = partial(translate, language)
    words, when = WorkWords(language, request.app.state.theatre), EventWords(language)
    origins = origin_names(session)
    known: dict[str, dict[str, str]] = {
        "state": {name: words.states[name] for name in get_args(ListedState)},
        "category": words.categories,
        "side": words.sides,
        "verification": words.verifications,
        "origin": origins,
        "source_class": {name: translate(language, text) for name, text in SOURCE_CLASS_NAMES.items()},
        "doubt": {
            "place": _("to check, farthest first"),
            "outside": _("outside this map, farthest first"),
        },
    }
    parameters = _valid_parameters(request.query_params, known)
    wanted = ChoiceParameters.model_validate(parameters)
    found = choosing.matching_events(session, wanted, request.app.state.theatre.extent)
    conditions = {"state": wanted.state} | {name: value for name, value in parameters.items() if name != "after"}
    lang = {"lang": language} if "lang" in request.query_params else {}
    days = _whole_days(parameters.get("datetime", ""))
    other_conditions = [
        (name, value)
        for name, value in conditions.items()
        if name not in known and name != "q" and (name != "datetime" or days == ("", ""))
    ]
    form_conditions = {name: value for name, value in conditions.items() if (name, value) not in other_conditions}
    frame = build_frame(request, member)
    context = EventsPage(
        frame=frame,
        events=[
            RowShown(
                row=row,
                category=words.categories.get(row.category, row.category),
                verification=words.verifications[row.verification],
                when=when.when(row.happened_from, row.happened_to, row.time_precision, inferred=False).text,
                doubt=_doubt_text(row.doubt, language),
            )
            for row in found.events
        ],
        total=found.total,
        select_limit=BULK_LIMIT,
        more=f"/desk/events?{urlencode(conditions | lang | {'after': found.next})}" if found.next else "",
        filters={name: choices(options, parameters.get(name, "").split(",")) for name, options in known.items()}
        | {"state": choices(known["state"], [wanted.state])},
        q=parameters.get("q", ""),
        first_day=days[0],
        last_day=days[1],
        other_conditions=other_conditions,
        url_without_others=f"/desk/events?{urlencode(form_conditions | lang)}",
        filtered=len(conditions) > 1,
        state=wanted.state,
        verifications=choices(words.verifications),
        categories=choices(words.categories),
        origins=choices(origins),
        bulk_changes=bulk.list_acts(session).acts[:_BULK_CHANGES],
        words=words,
        steps=steps_from(wanted.state, words, member.role),
        config=work_config(request, frame)
        | {
            "matching": urlencode(conditions),
            "total": found.total,
            "rows": [row.model_dump(mode="json") for row in found.events],
            "words": words.verifications | words.categories | words.states,
        },
    )
    return show(request, "events.html", context)


def _doubt_text(doubt: PlaceDoubt, language: str) -> str | None:
    """Describes the distance of a place from its name, or from the theatre; None: neither is
    far.
    """
    _ = partial(translate, language)
    if doubt.away_m is not None:
        return _("nearest {name}: {distance} away").format(
            name=isolate(doubt.name or ""), distance=format_distance(language, doubt.away_m, in_kilometres=True)
        )
    if doubt.outside_m:
        distance = format_distance(language, doubt.outside_m, in_kilometres=True)
        return _("{distance} outside the area of this map").format(distance=distance)
    return None


def _valid_parameters(query: QueryParams, known: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Returns the valid parameters of the list; a page ignores the others.

    Args:
        query: the query of the URL; the form sends days as `from` and `to`.
        known: the valid values of parameters that have a fixed set of values.
    """
    given = {name: query.getlist(name) for name in ChoiceParameters.model_fields if name != "limit"}
    if query.get("from") or query.get("to"):
        given["datetime"] = [f"{query.get('from') or '..'}/{query.get('to') or '..'}"]
    lists = list_parameters(ChoiceParameters)
    usable: dict[str, str] = {}
    for name, texts in given.items():
        values = [part.strip() for text in texts for part in text.split(",")] if name in lists else texts[-1:]
        fitting = [value for value in values if value in known.get(name, {value}) and _is_valid_parameter(name, value)]
        if fitting:
            usable[name] = ",".join(dict.fromkeys(fitting))
    return usable


def _is_valid_parameter(name: str, value: str) -> bool:
    if not value.strip():
        return False
    try:
        ChoiceParameters.model_validate({name: value})
    except ValidationError:
        return False
    return True


def _whole_days(datetime: str) -> tuple[str, str]:
    """Returns the first and the last day of an interval, or empty texts for open ends. Both are
    empty for an interval of moments.
    """
    first, slash, last = datetime.partition("/")
    ends = tuple("" if end == ".." else end for end in (first, last if slash else first))
    if any(end and not _DAY.fullmatch(end) for end in ends):
        return "", ""
    return ends[0], ends[1]
