"""The common part of the pages of submissions and imports: nearby events, assignment, and the
map.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.desk.schemas import CommentShown, Near
from app.pages.desk.frame import Frame
from app.pages.desk.work_words import WorkWords
from app.similarity import explain_similarity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.pages.event_words import EventWords


@dataclass(frozen=True)
class NearShown:
    """An event that may be a duplicate."""

    id: uuid.UUID
    title: str
    state: str
    verification: str
    when: str
    reasons: str


@dataclass(frozen=True, kw_only=True)
class ItemPage:
    """The context of `desk/item.html`.

    Attributes:
        frame: of the page.
        words: the texts in the reader's language.
        state: the slug of the item's state.
        open: the item waits for a decision.
        may_decide: the item waits, and the member may decide.
        rank: 3 urgent, 2 usual, 1 low.
        assigned_to: the name of the assignee, or empty.
        reviewers: the names of members to whom it can be assigned.
        has_map: the item has a place.
        near: events that may be duplicates.
        when: the time of the event, or empty.
        precision: the precision of the place, or empty.
        comments: the comments of members.
        config: for the script.
    """

    frame: Frame
    words: WorkWords
    state: str
    open: bool
    may_decide: bool
    rank: int
    assigned_to: str
    reviewers: list[str]
    has_map: bool
    near: list[NearShown]
    when: str
    precision: str
    comments: list[CommentShown]
    config: dict[str, Any]


def describe_nearby_events(near: Iterable[Near], words: WorkWords, when: EventWords) -> list[NearShown]:
    """Describes the events near an item."""
    return [
        NearShown(
            id=one.id,
            title=one.title,
            state=words.states[one.state],
            verification=words.verifications[one.verification],
            when=when.when(one.happened_from, one.happened_to, one.time_precision, inferred=False).text,
            reasons=", ".join(
                explain_similarity(
                    distance_m=one.distance_m,
                    hours_apart=one.hours_apart,
                    words=one.likeness,
                    same_sources=one.same_sources,
                    translate=words._,
                )
            ),
        )
        for one in near
    ]
