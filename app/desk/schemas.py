"""The bodies of requests and responses about submissions, imports and the work on them.

See also `bulk_schemas.py`, `queue_schemas.py` and, for events, `app/review/schemas.py`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

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
from app.publication.second_person import Reason
from app.review.schemas import DeskEvent, EventBody, Versioned

NORMAL = 2  # a rank; 3 is urgent, 1 is low
ItemKind = Literal["footage", "problem", "import", "event", "hidden"]
Name = Annotated[str, Field(min_length=1, max_length=60)]
SecondPersonReasons = Annotated[
    list[Reason],
    Field(
        description="Why a second person is needed; empty: one person is enough. `origin`: the origin is not public, so"
        " nobody can publish it. `changed`: you have changed its fields"
    ),
]


def examples(*bodies: dict[str, Any]) -> ConfigDict:
    """Returns the configuration of a body: unknown fields are errors, and these bodies are its
    examples.
    """
    return ConfigDict(extra="forbid", json_schema_extra={"examples": list(bodies)})


TwinCode = Literal["same-footage-event", "near-event", "same-footage-item", "near-item"]


class AcceptBody(BaseModel):
    """The event that a submission becomes. The links of the submission become its sources."""

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
        "in_review",
        description="`published` if policy lets one person publish it; otherwise it waits for a second person",
    )
    reason: Text | None = Field(None, description="The sender reads it")
    confirm: list[TwinCode] = Field(
        default_factory=list, max_length=4, description="The codes of the warnings about twins that you have checked"
    )


class AcceptImportBody(BaseModel):
    """Accepts an import, unchanged or with new fields. Who changes the fields cannot publish the
    event.
    """

    model_config = examples({"then": "in_review"}, {"then": "published", "reason": "Checked against the footage."})

    event: EventBody | None = Field(None, description="All fields, if you change any")
    then: Literal["in_review", "published"] = Field(
        "in_review",
        description="`published` if policy lets one person publish it; otherwise it waits for a second person",
    )
    reason: Text | None = Field(None, description="For the history")


class MergeImportBody(BaseModel):
    """The event that gets the sources of an import. The import is set aside."""

    model_config = examples({"event_id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11"})

    event_id: uuid.UUID
    reason: Text | None = Field(None, description="For the history")


class MergeBody(BaseModel):
    """The event that gets the links of a submission as sources."""

    model_config = examples({"event_id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11", "role": "footage"})

    event_id: uuid.UUID
    role: SourceRole = "footage"
    reason: Text | None = Field(None, description="The sender reads it")


class ReasonBody(BaseModel):
    """The reason of a decision; the sender reads it."""

    model_config = examples({"reason": "The footage is of 2023, and was shown then."})

    reason: Text


class QuestionBody(BaseModel):
    """A question to the sender, who reads it with the tracking code."""

    model_config = examples({"question": "From where was it filmed?"})

    question: Text


class AssigneeBody(BaseModel):
    """The member that an item is assigned to: a name, `me`, or null for nobody."""

    model_config = examples({"member": "me"}, {})

    member: Name | None = None


class PriorityBody(BaseModel):
    """3 urgent, 2 normal, 1 low; null: the default."""

    model_config = examples({"priority": 3})

    priority: int | None = Field(None, ge=1, le=3)


class EventWork(BaseModel):
    """The assignee and the priority of an event or an import."""

    assigned_to: Person | None
    rank: int = Field(description="3 urgent, 2 normal, 1 low")


class CommentBody(BaseModel):
    """A comment for other members; @name notifies a member."""

    model_config = examples({"text": "Looks like the tower of @olena's list."})

    text: Text


class RelationBody(BaseModel):
    """A relation of this event to another event."""

    model_config = examples({"other_id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11", "kind": "follows"})

    other_id: uuid.UUID
    kind: RelationKind


class Person(BaseModel):
    """A member as other members see them."""

    id: uuid.UUID
    name: str


class Message(BaseModel):
    """A question to the sender, or the sender's answer."""

    by_sender: bool
    made_by: str | None
    text: str
    created_at: dt.datetime


class CommentShown(BaseModel):
    """A comment on a submission or an event."""

    id: uuid.UUID
    made_by: str
    text: str
    created_at: dt.datetime
    submission_id: uuid.UUID | None
    event_id: uuid.UUID | None


class Comments(BaseModel):
    """Comments on an item, oldest first; or those that mention you, newest first."""

    comments: list[CommentShown]


class Near(BaseModel):
    """An event in any state that is near in place and time, or has the same footage."""

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
    likeness: float = Field(description="Similarity of the texts, from 0 to 1")
    score: float
    reasons: list[str]
    same_sources: int


class QueueTwin(BaseModel):
    """Another item of the queue that has some of the same footage, or is near in place and time."""

    id: uuid.UUID
    title: str
    state: SubmissionState
    received_at: dt.datetime
    same_footage: bool
    distance_m: int
    hours_apart: float
    likeness: float = Field(description="Similarity of the texts, from 0 to 1")
    score: float
    reasons: list[str]


class EarlierItem(BaseModel):
    """A decided item with some of the same footage."""

    id: uuid.UUID
    state: SubmissionState
    decided_at: dt.datetime
    decided_by: str
    decision_reason: str | None
    result_event_id: uuid.UUID | None


class SentValues(Versioned):
    """What one sender sent."""

    id: uuid.UUID
    state: SubmissionState
    received_at: dt.datetime
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
    warnings: list[dict[str, Any]] = Field(description="Warnings confirmed by the sender")
    messages: list[Message] = Field(description="Questions to this sender, and the answers")


class DeskSubmission(SentValues):
    """A submission as members see it. It does not name the sender; `yours` is true if you sent
    it, or another submission of the same item.
    """

    kind: SubmissionKind
    rank: int = Field(description="3 urgent, 2 normal, 1 low")
    yours: bool = Field(description="You sent it while signed in, so others must decide about it")
    assigned_to: Person | None
    joined_to: uuid.UUID | None = Field(description="The item with the same footage that it belongs to")
    senders: list[SentValues] = Field(
        description="The submissions with the same footage that joined this item, oldest first, at most 50"
    )
    twins: list[QueueTwin]
    earlier: list[EarlierItem]
    problem_kind: ProblemKind | None
    event_id: uuid.UUID | None = Field(description="The event of a problem report")
    event_title: str | None
    decided_at: dt.datetime | None
    decided_by: str | None
    decision_reason: str | None
    result_event_id: uuid.UUID | None
    near: list[Near]
    draft: dict[str, Any] | None = Field(
        description="The body of an event made from the submission; the title is missing"
    )


class Decided(Versioned):
    """A submission after a decision, and the state of the event."""

    submission: DeskSubmission
    event_state: State | None = None
    waits_for: SecondPersonReasons = Field(default_factory=list)


class DeskImport(Versioned, EventWork):
    """An import: an event from a file, which waits as a draft for a member's decision."""

    id: uuid.UUID
    state: State
    waits: bool
    origin: str
    origin_id: str | None
    origin_public: bool = Field(description="Events of other origins are never published")
    imported_at: dt.datetime
    decided_at: dt.datetime | None = Field(description="When it was rejected or merged")
    decided_by: str | None
    decision_reason: str | None
    merged_into: uuid.UUID | None
    event: DeskEvent
    near: list[Near]
    needs_second: SecondPersonReasons


class ImportDecided(Versioned):
    """An import after a decision, and the state of the event."""

    item: DeskImport
    event_state: State
    waits_for: SecondPersonReasons


class Presence(BaseModel):
    """The other members who view an item now."""

    others: list[str]
    seconds: int = Field(description="How long your own presence lasts; renew it before")


class RelationShown(BaseModel):
    """A relation to another event; `outgoing`: this event follows or contradicts the other one."""

    kind: RelationKind
    outgoing: bool
    other_id: uuid.UUID
    other_title: str
    other_state: State
    made_by: str


class Relations(BaseModel):
    """The relations of an event."""

    relations: list[RelationShown]
