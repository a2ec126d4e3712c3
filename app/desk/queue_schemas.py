"""The bodies of responses about the queue and the statistics of the desk, and the filters of the
queue.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.desk.schemas import ItemKind, Person
from app.fields.words import TimePrecision

PAGE: Final = 50


class QueueItem(BaseModel):
    """An item to review."""

    id: uuid.UUID
    kind: ItemKind
    state: str
    rank: int
    since: dt.datetime
    title: str
    category: str | None
    happened_from: dt.datetime | None
    happened_to: dt.datetime | None
    time_precision: TimePrecision | None
    origin: str | None = Field(description="Of an event; submissions have none")
    warnings: int = Field(description="The number of warnings that the sender confirmed")
    answered: bool = Field(description="A sender has answered a question")
    senders: int = Field(description="How many submissions with this footage the item has; 0 for events")
    assigned_to: Person | None
    seen_by: list[str] = Field(description="Other members who view it now")


class QueueParameters(BaseModel):
    """The filters of the queue; a filter that is left out matches everything."""

    model_config = ConfigDict(extra="forbid")

    kind: list[ItemKind] = Field(default_factory=list, description="Repeat it for several")
    state: list[Literal["received", "in_review", "question", "hidden"]] = Field(default_factory=list)
    priority: int | None = Field(None, ge=1, le=3, description="3 urgent, 2 normal, 1 low")
    assigned: str = Field("", max_length=60, description="`me`, `nobody`, or the name of a member")
    category: str = Field("", max_length=60, description="With its subcategories")
    origin: str = Field("", max_length=60, description="Of events and imports; submissions have none")
    waiting_hours: int | None = Field(None, ge=1, le=87_600, description="Waiting for at least this long")
    after: str = Field("", max_length=120, description="`next` of the page before")
    limit: int = Field(PAGE, ge=1, le=200)


class Queue(BaseModel):
    """Items to review, most urgent first, then oldest; `next` is the `after` of the next page."""

    items: list[QueueItem]
    total: int
    next: str | None


class Week(BaseModel):
    """The decisions of a week, which begins on Monday (UTC)."""

    week: dt.date
    accepted: int
    merged: int
    rejected: int


class Numbers(BaseModel):
    """Statistics of the desk."""

    waiting: dict[str, int] = Field(description="By state, and `event`, `hidden`, `import`")
    oldest_hours: float | None
    median_hours: float | None
    median_decision_hours: float | None = Field(description="From arrival to decision, in the last twelve weeks")
    weeks: list[Week]
    published: int
    confirmed: int
    sources_per_event: float | None
    by_sources: dict[str, int] = Field(description="Published events by their number of sources: 0, 1, 2, 3+")
