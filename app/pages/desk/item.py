"""What the pages of items share, whether they were sent in or imported: the events near, who may
have it, the map.
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
    """An event that may be the same."""

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
        words: of the reader's language.
        state: of the item, by its slug.
        open: it waits for a decision.
        may_decide: and the reader may be the one.
        rank: 3 urgent, 2 usual, 1 low.
        assigned_to: the name of who has it, or empty.
        reviewers: the names of those who may have it.
        mapped: it has a place.
        near: events that may be the same.
        when: when it happened, or empty.
        precision: how exactly the place is known, or empty.
        comments: of members.
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
    mapped: bool
    near: list[NearShown]
    when: str
    precision: str
    comments: list[CommentShown]
    config: dict[str, Any]


def near_shown(near: Iterable[Near], words: WorkWords, when: EventWords) -> list[NearShown]:
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
