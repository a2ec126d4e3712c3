"""Submissions with the same footage: which item of the queue a new submission belongs to.

An item of the queue is a submission with the submissions that joined it, `joined_to`. A new
submission joins the oldest item that waits and has one of its links, in whatever spelling. Nobody
outside the desk learns whether a submission joined another: its row, its tracking code and its
status are its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ARRAY, Text, any_, bindparam, case, func, insert, literal, select, text, update
from sqlalchemy.orm import aliased

from app.database import locks
from app.models import Submission, SubmissionLink
from app.models.submission import OPEN_STATES, URGENT
from app.sources.canonical import canonical_urls

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Sequence

    from sqlalchemy import ColumnElement, Select

    from app.database.session import ReadWriteSession

# An item with so many joined submissions takes no more: the next one begins another item. So the
# work of reading an item and deciding about it is bounded.
MOST_JOINED: Final = 200

# Sorted, so that two submissions with the same links do not wait for each other for ever.
_LOCK_LINKS = text("""
    SELECT pg_advisory_xact_lock(:key, sorted.hash)
    FROM (SELECT DISTINCT hashtext(link) AS hash FROM unnest(:links) link ORDER BY hash) sorted
""").bindparams(bindparam("links", type_=ARRAY(Text)))


def canonical_links(urls: Iterable[str]) -> list[str]:
    """Returns the canonical links of footage, each once and sorted."""
    return sorted(set(canonical_urls(urls)))


def item_id_of(submission: type[Submission]) -> ColumnElement[uuid.UUID]:
    """Returns the id of the item that a submission belongs to: its own, or that which it joined."""
    return func.coalesce(submission.joined_to, submission.id)


def items_with_links(links: Sequence[str]) -> Select[uuid.UUID]:
    """Returns the query for the items, waiting or decided, of which a submission has one of the
    links.
    """
    having = any_(literal(list(links), ARRAY(Text)))
    return (
        select(item_id_of(Submission))
        .join(SubmissionLink, SubmissionLink.submission_id == Submission.id)
        .where(SubmissionLink.canonical_url == having)
    )


def join_waiting_item(session: ReadWriteSession, links: Sequence[str], row: dict[str, Any]) -> None:
    """Sets `joined_to` of a new row if an item that waits has one of its links.

    Holds a lock on each link until the transaction ends, so that of two submissions at the same
    instant the second one joins the first. The version of the item changes: a member who is about
    to decide about it must look again. An urgent submission makes its item urgent.
    """
    session.execute(_LOCK_LINKS, {"key": locks.SAME_FOOTAGE, "links": list(links)})
    item, other = aliased(Submission), aliased(Submission)
    count = select(func.count()).where(other.joined_to == item.id).scalar_subquery()
    # Locked, so that a decision about the item comes before or after this submission.
    joined = session.scalar(
        select(item.id)
        .where(item.id.in_(items_with_links(links)), item.state.in_(OPEN_STATES), count < MOST_JOINED)
        .order_by(item.created_at, item.id)
        .limit(1)
        .with_for_update()
    )
    row["joined_to"] = joined
    if joined is not None:
        is_urgent = bool({"personal_data", "prisoners"} & set(row["sensitivity"]))
        rank = case((Submission.priority.is_(None) & literal(is_urgent), URGENT), else_=Submission.priority)
        session.execute(update(Submission).where(Submission.id == joined).values(priority=rank))


def insert_links(session: ReadWriteSession, submission_id: uuid.UUID, links: Sequence[str]) -> None:
    """Inserts the canonical links of a submission; a problem report has none."""
    if links:
        rows = [{"submission_id": submission_id, "canonical_url": link} for link in links]
        session.execute(insert(SubmissionLink), rows)
