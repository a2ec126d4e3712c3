"""The list of events to select from for a bulk change: filtered, counted and paged, each with its
version.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import Field
from sqlalchemy import ColumnElement, func, select, tuple_
from typing_extensions import override

from app.desk.bulk_schemas import BULK_LIMIT, SET_ASIDE, EventRow, EventRows, ListedState
from app.events.filters import EventFilter, conditions_of
from app.events.filters.on_view import EventTables, sql_conditions
from app.models import Event, EventPlace, EventSource, Origin, Source
from app.parsing.cursors import decode_cursor, encode_cursor, invalid_cursor
from app.parsing.days import parse_moment
from app.problems import InvalidParameter

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession

PAGE: Final = 100
_COLUMNS: Final = (
    *("id", "version", "title", "category", "verification", "origin", "happened_from", "happened_to"),
    *("time_precision", "updated_at"),
)


class ChoiceParameters(EventFilter):
    """The query parameters: the public filter, applied to the desk's tables, and the state."""

    state: ListedState = Field("in_review", description="`set_aside`: imports that were rejected or merged")
    after: str = Field("", max_length=120, description="`next` of the page before")
    limit: int = Field(PAGE, ge=1, le=BULK_LIMIT)


def _desk_tables() -> EventTables:
    """Returns the tables that the filter reads: all events with their exact shapes and all their
    sources.
    """
    event = Event.__table__.c
    sources = select(EventSource.event_id, Source).join(Source, Source.id == EventSource.source_id).subquery()
    return EventTables(
        event=dict(event.items()),
        shape=func.coalesce(event.exact_shape, event.shape, type_=event.shape.type),
        sources=dict(sources.c.items()),
        places=dict(EventPlace.__table__.c.items()),
    )


_TABLES: Final = _desk_tables()


@dataclass(frozen=True)
class PagePosition:
    """The last event of a page; the next page begins after it."""

    updated_at: dt.datetime
    id: uuid.UUID

    @override
    def __str__(self) -> str:
        return encode_cursor(self.updated_at.isoformat(), str(self.id))


def parse_position(text: str) -> PagePosition:
    """Parses the parameter `after`.

    Raises:
        InvalidParameter: it is not the `next` of a page.
    """
    try:
        updated_at, event_id = decode_cursor(text, parts=2)
        return PagePosition(parse_moment(updated_at), uuid.UUID(event_id))
    except ValueError:
        raise InvalidParameter("after", str(invalid_cursor())) from None


def matching_events(session: ReadWriteSession, parameters: ChoiceParameters) -> EventRows:
    """Returns a page of the matching events, most recently changed first, and the number of
    matches, by two queries.

    Raises:
        InvalidParameter: `after` is not the `next` of a page.
    """
    after = parse_position(parameters.after) if parameters.after else None
    conditions = [*_state_conditions(parameters.state), *sql_conditions(conditions_of(parameters), _TABLES)]
    total = session.scalar(select(func.count()).select_from(Event).where(*conditions)) or 0
    if after is not None:
        conditions.append(tuple_(Event.updated_at, Event.id) < tuple_(after.updated_at, after.id))
    point = func.ST_PointOnSurface(func.coalesce(Event.exact_shape, Event.shape))
    query = (
        select(
            *(getattr(Event, name) for name in _COLUMNS),
            Event.hidden_at.is_not(None).label("hidden"),
            func.ST_X(point).label("longitude"),
            func.ST_Y(point).label("latitude"),
        )
        .where(*conditions)
        .order_by(Event.updated_at.desc(), Event.id.desc())
        .limit(parameters.limit + 1)
    )
    found = session.execute(query).all()
    page = found[: parameters.limit]
    last = page[-1] if len(found) > parameters.limit else None
    return EventRows(
        events=[EventRow.model_validate(row, from_attributes=True) for row in page],
        total=total,
        next=None if last is None else str(PagePosition(last.updated_at, last.id)),
    )


def origin_names(session: ReadWriteSession) -> dict[str, str]:
    """Returns the name of each origin by its slug."""
    return {row.slug: row.name for row in session.execute(select(Origin.slug, Origin.name).order_by(Origin.slug))}


def _state_conditions(state: ListedState) -> Iterator[ColumnElement[bool]]:
    is_set_aside = state == SET_ASIDE
    yield Event.state == ("draft" if is_set_aside else state)
    if is_set_aside or state == "draft":
        yield Event.set_aside_at.is_not(None) if is_set_aside else Event.set_aside_at.is_(None)
