"""The list of events to select from for a bulk change: filtered, counted and paged, each with its
version.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import Field
from sqlalchemy import ColumnElement, FromClause, func, select, tuple_
from typing_extensions import override

from app.derived.doubtful_places import PlaceTables, select_doubts
from app.desk.bulk_schemas import BULK_LIMIT, SET_ASIDE, EventRow, EventRows, ListedState, PlaceDoubt
from app.events.filters import EventFilter, conditions_of
from app.events.filters.on_view import EventTables, sql_conditions
from app.models import Event, EventPlace, EventSource, Origin, Place, PlaceName, Source
from app.parsing.cursors import decode_cursor, encode_cursor, invalid_cursor
from app.parsing.days import parse_moment
from app.parsing.numbers import parse_number
from app.problems import InvalidParameter

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession
    from app.theatre import Extent

PAGE: Final = 100
_COLUMNS: Final = (
    *("id", "version", "title", "category", "verification", "origin", "happened_from", "happened_to"),
    *("time_precision", "updated_at"),
)


class ChoiceParameters(EventFilter):
    """The query parameters: the public filter, applied to the desk's tables, and the state."""

    state: ListedState = Field("in_review", description="`set_aside`: imports that were rejected or merged")
    doubt: Literal["", "place", "outside"] = Field(
        "",
        description="`place`: events whose place should be checked. `outside`: events outside the theatre's extent."
        " Those farthest from a place of the name in their reports come first, then those farthest outside",
    )
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


# The tables in which a member's doubt is computed: the exact places.
_PLACES: Final = PlaceTables(
    Event.__table__,
    func.coalesce(Event.exact_shape, Event.shape, type_=Event.__table__.c.shape.type),
    EventPlace.__table__,
    Place.__table__,
    PlaceName.__table__,
)
# Ranks every distance from a name before every distance from the extent, in metres.
_NAMED_FIRST_M: Final = 100_000_000


@dataclass(frozen=True)
class PagePosition:
    """The last event of a page; the next page begins after it. `rank` is the order of the list: the
    last change, or the distance.
    """

    rank: dt.datetime | float
    id: uuid.UUID

    @override
    def __str__(self) -> str:
        rank = self.rank.isoformat() if isinstance(self.rank, dt.datetime) else repr(self.rank)
        return encode_cursor(rank, str(self.id))


def parse_position(text: str, *, by_distance: bool) -> PagePosition:
    """Parses the parameter `after` of a list by last change, or by distance.

    Raises:
        InvalidParameter: it is not the `next` of a page.
    """
    try:
        rank, event_id = decode_cursor(text, parts=2)
        return PagePosition(parse_number(rank) if by_distance else parse_moment(rank), uuid.UUID(event_id))
    except ValueError:
        raise InvalidParameter("after", str(invalid_cursor())) from None


def matching_events(session: ReadWriteSession, parameters: ChoiceParameters, extent: Extent) -> EventRows:
    """Returns a page of the matching events and their number. The order is that of the last change,
    or with `doubt` that of the distance.

    Args:
        session: a database session.
        parameters: of the list.
        extent: of the theatre.

    Raises:
        InvalidParameter: `after` is not the `next` of a page.
    """
    by_distance = bool(parameters.doubt)
    after = parse_position(parameters.after, by_distance=by_distance) if parameters.after else None
    conditions = [*_state_conditions(parameters.state), *sql_conditions(conditions_of(parameters), _TABLES)]
    listed: FromClause = Event.__table__
    rank: ColumnElement[Any] = Event.updated_at  # type: ignore[assignment] # a mapped column is an element
    if by_distance:
        doubts = select_doubts(extent, conditions, _PLACES, sound=True).subquery()
        listed = listed.join(doubts, doubts.c.event_id == Event.id)
        conditions = [doubts.c.doubtful if parameters.doubt == "place" else doubts.c.outside_m > 0]
        rank = func.coalesce(doubts.c.away_m + _NAMED_FIRST_M, doubts.c.outside_m)
    total = session.scalar(select(func.count()).select_from(listed).where(*conditions)) or 0
    if after is not None:
        conditions.append(tuple_(rank, Event.id) < tuple_(after.rank, after.id))
    point = func.ST_PointOnSurface(func.coalesce(Event.exact_shape, Event.shape))
    query = (
        select(
            *(getattr(Event, name) for name in _COLUMNS),
            Event.hidden_at.is_not(None).label("hidden"),
            func.ST_X(point).label("longitude"),
            func.ST_Y(point).label("latitude"),
            rank.label("rank"),
        )
        .select_from(listed)
        .where(*conditions)
        .order_by(rank.desc(), Event.id.desc())
        .limit(parameters.limit + 1)
    )
    found = session.execute(query).all()
    page = found[: parameters.limit]
    last = page[-1] if len(found) > parameters.limit else None
    measured = select_doubts(extent, [Event.id.in_([row.id for row in page])], _PLACES, sound=True)
    doubt_of = {row.event_id: PlaceDoubt.model_validate(row, from_attributes=True) for row in session.execute(measured)}
    return EventRows(
        events=[EventRow.model_validate({**row._mapping, "doubt": doubt_of[row.id]}) for row in page],
        total=total,
        next=None if last is None else str(PagePosition(last.rank, last.id)),
    )


def origin_names(session: ReadWriteSession) -> dict[str, str]:
    """Returns the name of each origin by its slug."""
    return {row.slug: row.name for row in session.execute(select(Origin.slug, Origin.name).order_by(Origin.slug))}


def _state_conditions(state: ListedState) -> Iterator[ColumnElement[bool]]:
    is_set_aside = state == SET_ASIDE
    yield Event.state == ("draft" if is_set_aside else state)
    if is_set_aside or state == "draft":
        yield Event.set_aside_at.is_not(None) if is_set_aside else Event.set_aside_at.is_(None)
