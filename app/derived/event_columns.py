"""The public events as browsers load them: parts in columns, each of some days, compressed once, named by its bytes.

Triggers (`database/sql/stale.sql`) write down which days are stale, in the transaction that changes an event; whoever
calls `rebuild_stale_parts` makes those parts anew, from the public views, and strikes the days off in the same
transaction. A part of which something was taken back is handed out by nobody from the moment of that change on
(`public_event_columns_part`).
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
from app.models import Event, EventColumnsPart, EventColumnsStale, EventColumnsWatch
from app.models.public import public_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.orm import Session

    from app.theatre import Theatre

# Goes up when the bytes of the same events would be others.
_FORMAT: Final = 3
# Of both compressors. Brotli 9 takes five times as long for half a hundredth.
QUALITY: Final = 6
_ENCODINGS: Final = ("br", "gzip")
# What changes oftenest is small: the newest week and the one before it. With it, the part before it holds the last 90
# days, which are the first view, and no more than a week beyond them.
_RECENT: Final = dt.timedelta(weeks=1)
_SEASON: Final = dt.timedelta(weeks=12)
_DAY: Final = dt.timedelta(days=1)

Span = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Layout:
    """Which days make a part: quarters, then twelve weeks, then what is recent. Both ends of a span belong to it.

    The last two begin on a Monday, so that they move once a week.
    """

    newest: dt.date

    @property
    def recent_from(self) -> dt.date:
        """The first day of the last part."""
        return self.newest - dt.timedelta(days=self.newest.weekday()) - _RECENT

    def span_of(self, day: dt.date) -> Span:
        """Give the days of the part that has a day."""
        if day >= self.recent_from:
            return self.recent_from, dt.date.max
        season_from = self.recent_from - _SEASON
        if day >= season_from:
            return season_from, self.recent_from - _DAY
        month = (day.month - 1) // 3 * 3 + 1
        quarter_to = dt.date(day.year, month + 2, 31 if month in {1, 10} else 30)
        return dt.date(day.year, month, 1), min(quarter_to, season_from - _DAY)


def rebuild_stale_parts(session: Session, theatre: Theatre) -> int:
    """Make anew all parts that are stale, the newest first, each in a transaction of its own.

    Nothing is done while another process does it.

    Args:
        session: reads and writes rows; it is committed.
        theatre: whose words the parts have.

    Returns:
        How many spans of days were made anew.
    """
    made = 0
    with EncoderPool(workers=1) as pool:
        while spans := _rebuild_next(session, theatre, pool):
            made += len(spans)
    return made


def _rebuild_next(session: Session, theatre: Theatre, pool: EncoderPool) -> list[Span]:
    """Make the next part or parts anew, if any are stale."""
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
    # Parts that give their days to others are replaced together, or some days would be there twice, or not at all.
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
    """Match moments of some days, so that an index on them can be used."""
    first, last = span
    conditions = [column >= dt.datetime.combine(first, dt.time(), dt.UTC)]
    if last < dt.date.max:
        conditions.append(column < dt.datetime.combine(last + _DAY, dt.time(), dt.UTC))
    return conditions


def _mark_ended_embargoes(session: Session) -> None:
    """Write down the days of events that have become public by the clock alone."""
    until = session.scalars(select(EventColumnsWatch.embargoes_until)).one()
    ended = select(cast(func.timezone("UTC", Event.happened_from), Date), literal(False)).where(
        Event.public_from > until, Event.public_from <= func.frontline.app_now(), Event.state == "published"
    )
    if session.execute(ended.limit(1)).first() is not None:
        session.execute(insert(EventColumnsStale).from_select(["day", "removal"], ended.distinct()))
        session.execute(update(EventColumnsWatch).values(embargoes_until=func.frontline.app_now()))


def _expand_every_day(session: Session) -> None:
    """Put days in the place of "every day": those that have events or a part."""
    everything = session.execute(
        delete(EventColumnsStale).where(EventColumnsStale.day.is_(null())).returning(EventColumnsStale.removal)
    ).all()
    if everything:
        removal = any(row.removal for row in everything)
        days = union(select(_first_day()), select(EventColumnsPart.from_day)).subquery()
        session.execute(insert(EventColumnsStale).from_select(["day", "removal"], select(days.c[0], literal(removal))))


def _spans_with_events(session: Session, layout: Layout, old: Sequence[Span]) -> list[Span]:
    """Give the spans into which the days of old parts fall."""
    conditions = or_(*(and_(*_within(public_event.c.happened_from, span)) for span in old))
    days: Iterable[dt.date] = session.scalars(select(_first_day()).where(conditions).distinct()).all()
    return sorted({layout.span_of(day) for day in days}, reverse=True)


def _encode_span(session: Session, theatre: Theatre, pool: EncoderPool, span: Span, recipe: str) -> None:
    """Make the parts of some days: one of the events of one day each, one of those that last."""
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
    """Tell by what parts are made: the format, the words, and what is public."""
    views = session.scalars(
        text("SELECT pg_get_viewdef(view) FROM unnest(CAST(:views AS regclass[])) AS view"),
        {"views": ["frontline.public_event", "frontline.public_event_source"]},
    ).all()
    told = (_FORMAT, theatre.category_slugs_in_order, theatre.belligerent_slugs_in_order, *views)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
