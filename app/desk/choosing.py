"""Events to choose from for a change of many: filtered, counted, page by page, each with the version that is seen."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import Field
from sqlalchemy import ColumnElement, func, select, tuple_
from typing_extensions import override

from app.desk.schemas import BULK_LIMIT, SET_ASIDE, EventRow, EventRows, ListedState
from app.events.filters import EventFilter, conditions_of
from app.events.filters.on_view import EventTables, sql_conditions
from app.models import Event, EventPlace, EventSource, Origin, Source
from app.problems import InvalidParameter

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession

PAGE: Final = 100
_AS_THEY_ARE: Final = (
    *("id", "version", "title", "category", "verification", "origin", "happened_from", "happened_to"),
    *("time_precision", "updated_at"),
)


class ChoiceParameters(EventFilter):
    """Which events are wanted to choose from: the public filter, read from the desk's tables, and their state."""

    state: ListedState = Field("in_review", description="`set_aside`: imports that were rejected or merged")
    after: str = Field("", max_length=120, description="`next` of the page before")
    limit: int = Field(PAGE, ge=1, le=BULK_LIMIT)


def _desk_tables() -> EventTables:
    """Return the tables of the desk: all events, with their true places and all their sources."""
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
class Place:
    """The last event of a page, after which the next one begins."""

    updated_at: dt.datetime
    id: uuid.UUID

    @override
    def __str__(self) -> str:
        return f"{self.updated_at.isoformat()}~{self.id}"


def read_place(text: str) -> Place:
    """Read the `after` of a page.

    Raises:
        InvalidParameter: it is none that was given out.
    """
    try:
        moment, _, event_id = text.partition("~")
        updated_at = dt.datetime.fromisoformat(moment)
        if updated_at.tzinfo is None:
            raise ValueError
        return Place(updated_at, uuid.UUID(event_id))
    except ValueError:
        raise InvalidParameter("after", "this is no `next` of a page") from None


def rows(session: ReadWriteSession, wanted: ChoiceParameters) -> EventRows:
    """Return a page of the events that match, the last changed first, and how many match, by two queries.

    Raises:
        InvalidParameter: `after` is none that was given out.
    """
    after = read_place(wanted.after) if wanted.after else None
    conditions = [*_in_state(wanted.state), *sql_conditions(conditions_of(wanted), _TABLES)]
    total = session.scalar(select(func.count()).select_from(Event).where(*conditions)) or 0
    if after is not None:
        conditions.append(tuple_(Event.updated_at, Event.id) < tuple_(after.updated_at, after.id))
    point = func.ST_PointOnSurface(func.coalesce(Event.exact_shape, Event.shape))
    question = (
        select(
            *(getattr(Event, name) for name in _AS_THEY_ARE),
            Event.hidden_at.is_not(None).label("hidden"),
            func.ST_X(point).label("longitude"),
            func.ST_Y(point).label("latitude"),
        )
        .where(*conditions)
        .order_by(Event.updated_at.desc(), Event.id.desc())
        .limit(wanted.limit + 1)
    )
    found = session.execute(question).all()
    shown = found[: wanted.limit]
    last = shown[-1] if len(found) > wanted.limit else None
    return EventRows(
        events=[EventRow.model_validate(row, from_attributes=True) for row in shown],
        total=total,
        next=None if last is None else str(Place(last.updated_at, last.id)),
    )


def origin_names(session: ReadWriteSession) -> dict[str, str]:
    """Give what each origin is called, by its slug."""
    return {row.slug: row.name for row in session.execute(select(Origin.slug, Origin.name).order_by(Origin.slug))}


def _in_state(state: ListedState) -> Iterator[ColumnElement[bool]]:
    aside = state == SET_ASIDE
    yield Event.state == ("draft" if aside else state)
    if aside or state == "draft":
        yield Event.set_aside_at.is_not(None) if aside else Event.set_aside_at.is_(None)
