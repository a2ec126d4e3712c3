"""Statistics of the desk: length and age of the queue, decisions by week, sources per event."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Date, case, cast, func, select

from app.desk.queue import HIDDEN_UNREVIEWED, IMPORT_WAITS
from app.desk.queue_schemas import Numbers, Week
from app.fields.words import OUTCOMES
from app.models import Decision, Event, EventSource, Submission
from app.models.submission import OPEN_STATES

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession

WEEKS: Final = 12
_MOST_SOURCES: Final = 3
# Items that wait; a submission that joined one is not counted again.
_WAITING: Final = (Submission.state.in_(OPEN_STATES), Submission.joined_to.is_(None))


def read_numbers(session: ReadWriteSession) -> Numbers:
    """Returns the statistics of the desk."""
    waiting: dict[str, int] = dict.fromkeys(OPEN_STATES, 0)
    for state, count in session.execute(
        select(Submission.state, func.count()).where(*_WAITING).group_by(Submission.state)
    ):
        waiting[state] = count
    in_review = select(func.count()).where(Event.state == "in_review")
    hidden = select(func.count()).where(HIDDEN_UNREVIEWED)
    imports = select(func.count()).where(Event.state == "draft", *IMPORT_WAITS)
    waiting |= {
        name: session.scalar(query) or 0
        for name, query in (("event", in_review), ("hidden", hidden), ("import", imports))
    }
    age = func.extract("epoch", func.now() - Submission.created_at) / 3600
    oldest, median = session.execute(
        select(func.max(age), func.percentile_cont(0.5).within_group(age)).where(*_WAITING)
    ).one()
    first_week = _monday(dt.datetime.now(dt.UTC).date()) - dt.timedelta(weeks=WEEKS - 1)
    return Numbers.model_validate(
        {
            "waiting": waiting,
            "oldest_hours": oldest,
            "median_hours": median,
            "median_decision_hours": _median_decision(session, first_week),
            "weeks": _weeks(session, first_week),
        }
        | _count_sources(session)
    )


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _median_decision(session: ReadWriteSession, first_week: dt.date) -> float | None:
    took = func.extract("epoch", Decision.decided_at - Decision.received_at) / 3600
    return session.scalar(select(func.percentile_cont(0.5).within_group(took)).where(Decision.decided_at >= first_week))


def _weeks(session: ReadWriteSession, first_week: dt.date) -> list[Week]:
    week = cast(func.date_trunc("week", Decision.decided_at, "UTC"), Date)
    counts = {
        (row.week, row.outcome): row.count
        for row in session.execute(
            select(week.label("week"), Decision.outcome, func.count().label("count"))
            .where(Decision.decided_at >= first_week)
            .group_by(week, Decision.outcome)
        )
    }
    weeks = [first_week + dt.timedelta(weeks=number) for number in range(WEEKS)]
    return [
        Week.model_validate({"week": one} | {outcome: counts.get((one, outcome), 0) for outcome in OUTCOMES})
        for one in weeks
    ]


def _count_sources(session: ReadWriteSession) -> dict[str, Any]:
    """Counts the sources of published events in one query."""
    each = (
        select(Event.verification, func.count(EventSource.source_id).label("sources"))
        .outerjoin(EventSource, EventSource.event_id == Event.id)
        .where(Event.state == "published")
        .group_by(Event.id)
        .subquery()
    )
    bucket = func.least(each.c.sources, _MOST_SOURCES)
    rows = session.execute(
        select(
            bucket.label("bucket"),
            func.count().label("events"),
            func.sum(each.c.sources).label("sources"),
            func.sum(case((each.c.verification == "confirmed", 1), else_=0)).label("confirmed"),
        ).group_by(bucket)
    ).all()
    published = sum(row.events for row in rows)
    by_sources = {str(number): 0 for number in range(_MOST_SOURCES)} | {f"{_MOST_SOURCES}+": 0}
    for row in rows:
        by_sources[f"{_MOST_SOURCES}+" if row.bucket == _MOST_SOURCES else str(row.bucket)] = row.events
    return {
        "published": published,
        "confirmed": int(sum(row.confirmed for row in rows)),
        "sources_per_event": float(sum(row.sources for row in rows)) / published if published else None,
        "by_sources": by_sources,
    }
