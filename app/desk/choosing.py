"""Events to choose from for a change of many: filtered, counted, page by page, each with the version that is seen."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from typing_extensions import override

from app.desk.schemas import SET_ASIDE, EventRow, EventRows
from app.models import Event, Origin
from app.problems import InvalidParameter

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession

PAGE: Final = 100
_AS_THEY_ARE: Final = (
    *("id", "version", "title", "category", "verification", "origin", "happened_from", "happened_to"),
    *("time_precision", "updated_at"),
)


@dataclass(frozen=True)
class Choice:
    """What of the events is wanted; empty: all in the state.

    Attributes:
        state: of all of them; `set_aside`: drafts that nobody is to work on, which are no others' state.
        category: with its children.
        verification: of all of them.
        origin: of all of them.
        q: stands in the title or the description.
        bbox: west, south, east, north in degrees, which their shape touches.
    """

    state: str = "in_review"
    category: str = ""
    verification: str = ""
    origin: str = ""
    q: str = ""
    bbox: tuple[float, float, float, float] | None = None


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


def read_bbox(text: str) -> tuple[float, float, float, float]:
    """Read a box of degrees: west, south, east, north.

    Raises:
        InvalidParameter: it is none.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise InvalidParameter("bbox", "this is not west,south,east,north in degrees") from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InvalidParameter("bbox", "west must be up to east and south up to north, on the globe")
    return west, south, east, north


def rows(session: ReadWriteSession, wanted: Choice, *, after: Place | None = None, limit: int = PAGE) -> EventRows:
    """Give a page of the events that match, the last changed first, and how many match: two questions, however many."""
    conditions = _conditions(wanted)
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
        .limit(limit + 1)
    )
    found = session.execute(question).all()
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return EventRows(
        events=[EventRow.model_validate(row, from_attributes=True) for row in shown],
        total=total,
        next=None if last is None else str(Place(last.updated_at, last.id)),
    )


def origin_names(session: ReadWriteSession) -> dict[str, str]:
    """Give what each origin is called, by its slug."""
    return {row.slug: row.name for row in session.execute(select(Origin.slug, Origin.name).order_by(Origin.slug))}


def _conditions(wanted: Choice) -> list[ColumnElement[bool]]:
    aside = wanted.state == SET_ASIDE
    found: list[Any] = [Event.state == ("draft" if aside else wanted.state)]
    if aside or wanted.state == "draft":
        found.append(Event.set_aside_at.is_not(None) if aside else Event.set_aside_at.is_(None))
    if wanted.category:
        below = Event.category.startswith(f"{wanted.category}.", autoescape=True)
        found.append(or_(Event.category == wanted.category, below))
    if wanted.verification:
        found.append(Event.verification == wanted.verification)
    if wanted.origin:
        found.append(Event.origin == wanted.origin)
    if wanted.q.strip():
        found.append(Event.words.contains(wanted.q.strip().lower(), autoescape=True))
    if wanted.bbox is not None:
        found.append(func.coalesce(Event.exact_shape, Event.shape).op("&&")(func.ST_MakeEnvelope(*wanted.bbox, 4326)))
    return found
