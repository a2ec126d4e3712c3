"""Builds the published columns of events: parts of some days each, compressed once and named by
their hash.

Triggers (`database/sql/stale.sql`) insert the days that are stale, in the transaction that changes
an event. `rebuild_stale_parts` rebuilds the parts of these days from the public views, and deletes
the days in the same transaction. From the moment an event may have been withdrawn, the part that
contains it is no longer served (`public_event_columns_part`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    Date,
    and_,
    cast,
    delete,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    union,
    update,
)

from app.database import locks
from app.database.engines import TAKE_YOUR_TIME
from app.derived.event_columns_pool import EncoderPool
from app.derived.event_columns_query import encode_events
from app.models import Event, EventColumnsPart, EventColumnsStale, EventColumnsWatch, PlaceName
from app.models.public import public_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.theatre import Theatre

# Increment this when the encoding of the same events changes.
_FORMAT: Final = 4
# Quality of both compressors. Brotli 9 takes five times as long and saves 0.5 %.
QUALITY: Final = 6
_ENCODINGS: Final = ("br", "gzip")
# The part that changes most often is small: the newest week and the week before it. Together with
# the part before it, it covers the first view (the last 90 days) and at most a week more.
_RECENT: Final = dt.timedelta(weeks=1)
_SEASON: Final = dt.timedelta(weeks=12)
_DAY: Final = dt.timedelta(days=1)

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Layout:
    """Decides which days form a part: a quarter, then twelve weeks, then the most recent days.

    Both ends of a span are included. The last two parts begin on a Monday, so they move once a
    week.
    """

    newest: dt.date

    @property
    def recent_from(self) -> dt.date:
        """Returns the first day of the last part."""
        return _days_before(self.newest, dt.timedelta(days=self.newest.weekday()) + _RECENT)

    def span_of(self, day: dt.date) -> Span:
        """Returns the span of the part that contains a day."""
        if day >= self.recent_from:
            return self.recent_from, dt.date.max
        season_from = _days_before(self.recent_from, _SEASON)
        if day >= season_from:
            return season_from, self.recent_from - _DAY
        month = (day.month - 1) // 3 * 3 + 1
        quarter_to = dt.date(day.year, month + 2, 31 if month in {1, 10} else 30)
        return dt.date(day.year, month, 1), min(quarter_to, season_from - _DAY)


def _days_before(day: dt.date, duration: dt.timedelta) -> dt.date:
    """Returns the day that is so much earlier, or the first day of the calendar."""
    return day - duration if day - dt.date.min >= duration else dt.date.min


def rebuild_stale_parts(session: Session, theatre: Theatre) -> int:
    """Rebuilds all stale parts, the newest first, each in a transaction of its own.

    Does nothing while another process rebuilds parts.

    Args:
        session: reads and writes rows; it is committed.
        theatre: its categories and belligerents come first in the dictionaries of the parts.

    Returns:
        How many spans of days were rebuilt.
    """
    rebuilt = 0
    with EncoderPool(workers=1) as pool:
        while spans := _rebuild_next(session, theatre, pool):
            rebuilt += len(spans)
    return rebuilt


def _rebuild_next(session: Session, theatre: Theatre, pool: EncoderPool) -> list[Span]:
    """Rebuilds the next stale part, or the next parts that must be replaced together."""
    if not session.scalar(select(func.pg_try_advisory_xact_lock(locks.EVENT_COLUMNS))):
        session.rollback()
        return []
    session.execute(text(TAKE_YOUR_TIME))
    _mark_ended_embargoes(session)
    _expand_every_day(session)
    stale = session.execute(select(EventColumnsStale.id, EventColumnsStale.day)).all()
    recipe = _recipe(session, theatre)
    parts = session.execute(
        select(EventColumnsPart.from_day, EventColumnsPart.to_day, EventColumnsPart.recipe).distinct()
    ).all()
    if not stale and all(part.recipe == recipe for part in parts):
        session.commit()
        return []
    moment = session.scalar(select(public_event.c.happened_from).order_by(public_event.c.happened_from.desc()).limit(1))
    layout = Layout(_utc_day(moment) if moment is not None else max(row.day for row in stale) if stale else dt.date.max)
    moved = [
        (part.from_day, part.to_day)
        for part in parts
        if part.recipe != recipe or layout.span_of(part.from_day) != (part.from_day, part.to_day)
    ]
    # Parts that exchange days are replaced together, or some days would be in two parts or in none.
    spans = _spans_with_events(session, layout, moved) if moved else [layout.span_of(max(row.day for row in stale))]
    for span in {*moved, *spans}:
        session.execute(delete(EventColumnsPart).where(EventColumnsPart.from_day.between(*span)))
    for span in spans:
        _encode_span(session, theatre, pool, span, recipe)
    done = [row.id for row in stale if any(first <= row.day <= last for first, last in (*spans, *moved))]
    session.execute(delete(EventColumnsStale).where(EventColumnsStale.id.in_(done)))
    session.commit()
    return [*spans, *moved]


def _utc_day(moment: dt.datetime) -> dt.date:
    return moment.astimezone(dt.UTC).date()


def _first_day() -> ColumnElement[dt.date]:
    return cast(func.timezone("UTC", public_event.c.happened_from), Date)


def _within(column: Any, span: Span) -> list[ColumnElement[bool]]:
    """Returns conditions for moments on some days. An index on the column can be used for them."""
    first, last = span
    conditions = [column >= dt.datetime.combine(first, dt.time(), dt.UTC)]
    if last < dt.date.max:
        conditions.append(column < dt.datetime.combine(last + _DAY, dt.time(), dt.UTC))
    return conditions


def _mark_ended_embargoes(session: Session) -> None:
    """Marks the days of events whose embargo has ended as stale."""
    until = session.scalars(select(EventColumnsWatch.embargoes_until)).one()
    ended = select(cast(func.timezone("UTC", Event.happened_from), Date), literal(False)).where(
        Event.public_from > until, Event.public_from <= func.frontline.app_now(), Event.state == "published"
    )
    if session.execute(ended.limit(1)).first() is not None:
        session.execute(insert(EventColumnsStale).from_select(["day", "removal"], ended.distinct()))
        session.execute(update(EventColumnsWatch).values(embargoes_until=func.frontline.app_now()))


def _expand_every_day(session: Session) -> None:
    """Replaces the entry that stands for every day by the days that have events or a part."""
    everything = session.execute(
        delete(EventColumnsStale).where(EventColumnsStale.day.is_(null())).returning(EventColumnsStale.removal)
    ).all()
    if everything:
        removal = any(row.removal for row in everything)
        days = union(select(_first_day()), select(EventColumnsPart.from_day)).subquery()
        session.execute(insert(EventColumnsStale).from_select(["day", "removal"], select(days.c[0], literal(removal))))


def _spans_with_events(session: Session, layout: Layout, old: Sequence[Span]) -> list[Span]:
    """Returns the new spans that contain the days of old parts."""
    conditions = or_(*(and_(*_within(public_event.c.happened_from, span)) for span in old))
    days: Iterable[dt.date] = session.scalars(select(_first_day()).where(conditions).distinct()).all()
    return sorted({layout.span_of(day) for day in days}, reverse=True)


def _encode_span(session: Session, theatre: Theatre, pool: EncoderPool, span: Span, recipe: str) -> None:
    """Inserts the parts of some days: one of events of a single day, one of longer events."""
    latest = session.scalar(
        select(func.max(Event.public_from)).where(
            *_within(Event.happened_from, span),
            Event.state == "published",
            Event.public_from <= func.frontline.app_now(),
        )
    )
    conditions = _within(public_event.c.happened_from, span)
    for columns in encode_events(session, theatre, conditions, pool, encodings=_ENCODINGS, quality=QUALITY, split=True):
        metadata = dict(columns.metadata)
        days = {name: dt.date(1970, 1, 1) + dt.timedelta(days=metadata.pop(name)) for name in ("first_day", "last_day")}
        brotli, gzip = columns.bodies
        session.add(
            EventColumnsPart(
                from_day=span[0],
                to_day=span[1],
                brotli=brotli,
                gzip=gzip,
                public_from=latest,
                recipe=recipe,
                **days,
                **metadata,
            )
        )
    session.flush()


def _recipe(session: Session, theatre: Theatre) -> str:
    """Returns a hash of everything that parts depend on besides events: format, words, extent,
    gazetteer and views.
    """
    views = session.scalars(
        text("SELECT pg_get_viewdef(view) FROM unnest(CAST(:views AS regclass[])) AS view"),
        {"views": ["frontline.public_event", "frontline.public_event_source"]},
    ).all()
    # The gazetteer and the extent decide which places are doubtful.
    gazetteer = session.scalar(select(func.max(PlaceName.id)))
    words = (theatre.category_slugs_in_order, theatre.belligerent_slugs_in_order)
    inputs = (_FORMAT, *words, theatre.extent, gazetteer, *views)
    return hashlib.sha256(repr(inputs).encode()).hexdigest()[:16]
