"""What goes over the wire at the desk, besides the events themselves (`app/review/schemas.py`)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.fields.limits import LONGEST_SLUG
from app.fields.words import (
    ProblemKind,
    RelationKind,
    Sensitivity,
    SourceRole,
    State,
    SubmissionKind,
    SubmissionState,
    TimePrecision,
    Verification,
)
from app.publication.field_models import Text
from app.publication.states import StepName
from app.review.schemas import DeskEvent, EventBody, Versioned

PAGE: Final = 50
USUAL, URGENT = 2, 3  # ranks; 1 is low
# As many as a body of 64 KiB names.
BULK_LIMIT: Final = 1000
SET_ASIDE: Final = "set_aside"
ListedState = Literal[State, "set_aside"]
ItemKind = Literal["footage", "problem", "import", "event", "hidden"]
Name = Annotated[str, Field(min_length=1, max_length=60)]


def examples(*bodies: dict[str, Any]) -> ConfigDict:
    """Make the settings of a body: a field that is not known is an error, and these are examples of it."""
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(bodies)})


class AcceptBody(BaseModel):
    """A submission becomes an event: its fields as the desk writes them; the links sent become its sources."""

    model_config = examples(
        {
            "event": {
                "title": "Infantry crosses a street in Pokrovsk",
                "category": "infiltration",
                "geometry": {"type": "Point", "coordinates": [37.12966, 48.24819]},
                "precision_m": 100,
                "happened_from": "2025-07-21T00:00:00Z",
                "happened_to": "2025-07-22T00:00:00Z",
                "time_precision": "day",
                "verification": "geolocated",
            },
            "then": "in_review",
        }
    )

    event: EventBody
    then: Literal["draft", "in_review", "published"] = Field(
        "in_review", description="`published` where the policy lets one person do it; else it waits for a second one"
    )
    reason: Text | None = Field(None, description="The sender reads it")


class AcceptImportBody(BaseModel):
    """An import is taken up, as it came or with its fields written anew; who changes them does not publish it."""

    model_config = examples({"then": "in_review"}, {"then": "published", "reason": "Checked against the footage."})

    event: EventBody | None = Field(None, description="All fields, where they are not as they came")
    then: Literal["in_review", "published"] = Field(
        "in_review", description="`published` where the policy lets one person do it; else it waits for a second one"
    )
    reason: Text | None = Field(None, description="For the history")


class MergeImportBody(BaseModel):
    """The sources of an import become further sources of an event that is there; the import is set aside."""

    model_config = examples({"event_id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11"})

    event_id: uuid.UUID
    reason: Text | None = Field(None, description="For the history")


class MergeBody(BaseModel):
    """A submission becomes a further source of an event that is there."""

    model_config = examples({"event_id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11", "role": "footage"})

    event_id: uuid.UUID
    role: SourceRole = "footage"
    reason: Text | None = Field(None, description="The sender reads it")


class ReasonBody(BaseModel):
    """Why it is decided so; the sender reads it."""

    model_config = examples({"reason": "The footage is of 2023, and was shown then."})

    reason: Text


class QuestionBody(BaseModel):
    """What the sender is asked; they see it with their tracking code."""

    model_config = examples({"question": "From where was it filmed?"})

    question: Text


class AssigneeBody(BaseModel):
    """Whose item it is; null: nobody's. `me` is whoever asks."""

    model_config = examples({"member": "me"}, {})

    member: Name | None = None


class PriorityBody(BaseModel):
    """3 urgent, 2 usual, 1 low; null: as it came."""

    model_config = examples({"priority": 3})

    priority: int | None = Field(None, ge=1, le=3)


class EventWork(BaseModel):
    """Whose an event or an import is to look at, and how urgent it is while it waits."""

    assigned_to: Person | None
    rank: int = Field(description="3 urgent, 2 usual, 1 low")


class CommentBody(BaseModel):
    """What the others should know; @name calls a member."""

    model_config = examples({"text": "Looks like the tower of @olena's list."})

    text: Text


class RelationBody(BaseModel):
    """How this event stands to another one."""

    model_config = examples({"other_id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11", "kind": "follows"})

    other_id: uuid.UUID
    kind: RelationKind


class Person(BaseModel):
    """A member, as the others know them."""

    id: uuid.UUID
    name: str


class Message(BaseModel):
    """A question to the sender, or the answer."""

    by_sender: bool
    made_by: str | None
    text: str
    created_at: dt.datetime


class CommentShown(BaseModel):
    """A comment; `on` tells what it is about."""

    id: uuid.UUID
    made_by: str
    text: str
    created_at: dt.datetime
    submission_id: uuid.UUID | None
    event_id: uuid.UUID | None


class Comments(BaseModel):
    """Comments on an item, the first first; or those that name you, the last first."""

    comments: list[CommentShown]


class Near(BaseModel):
    """An event in any state that may be what was sent in: near in place and time, or with the same footage."""

    id: uuid.UUID
    version: int
    title: str
    state: State
    category: str
    verification: Verification
    happened_from: dt.datetime
    happened_to: dt.datetime
    time_precision: TimePrecision
    longitude: float
    latitude: float
    distance_m: int
    hours_apart: float
    likeness: float = Field(description="Of the words, from 0 to 1")
    score: float
    reasons: list[str]
    same_sources: int


class DeskSubmission(Versioned):
    """A submission as members see it. Nothing tells who sent it, but whether it was you."""

    id: uuid.UUID
    kind: SubmissionKind
    state: SubmissionState
    rank: int = Field(description="3 urgent, 2 usual, 1 low")
    received_at: dt.datetime
    yours: bool = Field(description="You sent it while signed in, so others decide about it")
    assigned_to: Person | None
    footage_urls: list[str]
    geolocation_url: str | None
    longitude: float | None
    latitude: float | None
    precision_m: int | None
    happened_from: dt.datetime | None
    happened_to: dt.datetime | None
    time_precision: TimePrecision | None
    description: str | None
    category: str | None
    actor: str | None
    affected: str | None
    sensitivity: list[Sensitivity]
    warnings: list[dict[str, Any]] = Field(description="Suspicions that the sender confirmed")
    problem_kind: ProblemKind | None
    event_id: uuid.UUID | None = Field(description="The event that a problem is reported of")
    event_title: str | None
    decided_at: dt.datetime | None
    decided_by: str | None
    decision_reason: str | None
    result_event_id: uuid.UUID | None
    messages: list[Message]
    near: list[Near]
    draft: dict[str, Any] | None = Field(
        description="The body of an event, as it was sent in; its title is to be written"
    )


class Decided(Versioned):
    """A submission after a decision, and the event that it led to."""

    submission: DeskSubmission
    event_state: State | None = None
    waits_for: list[str] = Field(
        default_factory=list, description="Why a second person is needed: `confirmed`, `near_line`, `always`, `origin`"
    )


class DeskImport(Versioned, EventWork):
    """An event that a file brought, as a draft that waits for a member."""

    id: uuid.UUID
    state: State
    waits: bool
    origin: str
    origin_id: str | None
    origin_public: bool = Field(description="What is of another origin is never published")
    imported_at: dt.datetime
    decided_at: dt.datetime | None = Field(description="When it was set aside: rejected, or merged")
    decided_by: str | None
    decision_reason: str | None
    merged_into: uuid.UUID | None
    event: DeskEvent
    near: list[Near]
    needs_second: list[str] = Field(description="Why one person may not publish it; empty: one is enough")


class ImportDecided(Versioned):
    """An import after a decision, and the state of the event that it led to."""

    item: DeskImport
    event_state: State
    waits_for: list[str] = Field(
        description="Why a second person is needed: `confirmed`, `near_line`, `always`, `origin`, `changed`"
    )


class QueueItem(BaseModel):
    """Something that waits for somebody."""

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
    origin: str | None = Field(description="Of an event; what is sent in has none")
    warnings: int = Field(description="How many suspicions the sender confirmed")
    answered: bool = Field(description="The sender has answered a question")
    assigned_to: Person | None
    seen_by: list[str] = Field(description="Others who look at it now")


class QueueParameters(BaseModel):
    """What of the queue is wanted; what is left out: all."""

    model_config = ConfigDict(extra="forbid")

    kind: list[ItemKind] = Field(default_factory=list, description="Several are repeated")
    state: list[Literal["received", "in_review", "question", "hidden"]] = Field(default_factory=list)
    priority: int | None = Field(None, ge=1, le=3, description="3 urgent, 2 usual, 1 low")
    assigned: str = Field("", max_length=60, description="`me`, `nobody`, or the name of a member")
    category: str = Field("", max_length=60, description="With its children")
    origin: str = Field("", max_length=60, description="Of events and imports; what is sent in has none")
    waiting_hours: int | None = Field(None, ge=1, le=87_600, description="Waiting for at least so long")
    after: str = Field("", max_length=120, description="`next` of the page before")
    limit: int = Field(PAGE, ge=1, le=200)


class Queue(BaseModel):
    """What waits, the most urgent first, then the oldest; `next` is the `after` of the next page."""

    items: list[QueueItem]
    total: int
    next: str | None


class Presence(BaseModel):
    """Who else looks at an item now."""

    others: list[str]
    seconds: int = Field(description="How long yours holds; ask again before it ends")


class RelationShown(BaseModel):
    """How an event stands to another; `outgoing`: it is this event that follows or contradicts the other."""

    kind: RelationKind
    outgoing: bool
    other_id: uuid.UUID
    other_title: str
    other_state: State
    made_by: str


class Relations(BaseModel):
    """The relations of an event."""

    relations: list[RelationShown]


class MeantEvent(BaseModel):
    """An event, and the version of it that was seen."""

    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID
    version: int = Field(ge=1)


class ChoiceParameters(BaseModel):
    """Which events are wanted to choose from; what is left out: all."""

    model_config = ConfigDict(extra="forbid")

    state: ListedState = Field("in_review", description="`set_aside`: imports that were rejected or merged")
    category: str = Field("", max_length=60, description="With its children")
    verification: Verification | None = None
    origin: str = Field("", max_length=60)
    q: str = Field("", max_length=200, description="Stands in the title or the description")
    bbox: str = Field("", max_length=100, description="west,south,east,north in degrees")
    after: str = Field("", max_length=120, description="`next` of the page before")
    limit: int = Field(100, ge=1, le=BULK_LIMIT)


class EventRow(BaseModel):
    """An event to choose, and the version of it that is seen; the place is a point on its shape."""

    id: uuid.UUID
    version: int
    title: str
    category: str
    verification: Verification
    origin: str
    happened_from: dt.datetime
    happened_to: dt.datetime
    time_precision: TimePrecision
    hidden: bool
    longitude: float
    latitude: float


class EventRows(BaseModel):
    """Events that match, the last changed first; `next` is the `after` of the next page."""

    events: list[EventRow]
    total: int
    next: str | None


class BulkChange(BaseModel):
    """What becomes of all: exactly one of these."""

    model_config = ConfigDict(extra="forbid")

    step: StepName | None = None
    category: Annotated[str, Field(max_length=LONGEST_SLUG)] | None = None
    verification: Verification | None = None
    origin: Annotated[str, Field(max_length=LONGEST_SLUG)] | None = None


class BulkBody(BaseModel):
    """A change of up to 1 000 events, all or none. Without `apply` it is only told what would become of each."""

    model_config = examples(
        {
            "events": [{"id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11", "version": 1}],
            "change": {"verification": "disputed"},
            "reason": "The channel has taken the footage back.",
        }
    )

    events: list[MeantEvent] = Field(min_length=1, max_length=BULK_LIMIT)
    change: BulkChange
    reason: Text
    apply: bool = False


class BulkItem(BaseModel):
    """What becomes of one event; `refusal` says why it cannot be."""

    id: uuid.UUID
    title: str
    before: str
    after: str
    refusal: str | None = None


class BulkResult(BaseModel):
    """What a change of many does, or did; `id` undoes it."""

    id: uuid.UUID | None = None
    applied: bool
    items: list[BulkItem]


class BulkShown(BaseModel):
    """A change of many that was made."""

    id: uuid.UUID
    made_by: str
    reason: str
    change: dict[str, Any]
    events: int
    created_at: dt.datetime
    undone_at: dt.datetime | None
    undone_by: str | None


class BulkActs(BaseModel):
    """The last changes of many, the newest first."""

    acts: list[BulkShown]


class Week(BaseModel):
    """The decisions of a week, which begins on a Monday (UTC)."""

    week: dt.date
    accepted: int
    merged: int
    rejected: int


class Numbers(BaseModel):
    """How the desk is doing."""

    waiting: dict[str, int] = Field(description="By state, and `event`, `hidden`, `import`")
    oldest_hours: float | None
    median_hours: float | None
    median_decision_hours: float | None = Field(description="From arrival to decision, of the last twelve weeks")
    weeks: list[Week]
    published: int
    confirmed: int
    sources_per_event: float | None
    by_sources: dict[str, int] = Field(description="Published events by their number of sources: 0, 1, 2, 3+")
