"""The bodies of requests and responses about bulk changes of events."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.desk.schemas import examples
from app.fields.limits import LONGEST_SLUG
from app.fields.words import State, TimePrecision, Verification
from app.publication.field_models import Text
from app.publication.states import StepName

# A body of 64 KiB has room for this many events.
BULK_LIMIT: Final = 1000
SET_ASIDE: Final = "set_aside"
ListedState = Literal[State, "set_aside"]


class SelectedEvent(BaseModel):
    """A selected event, and the version that was seen."""

    model_config = ConfigDict(extra="forbid")

    id: uuid.UUID
    version: int = Field(ge=1)


class PlaceDoubt(BaseModel):
    """Where the place of an event lies, and whether it should be checked."""

    doubtful: bool = Field(description="Far from every known place of the names in the reports, or far outside")
    name: str | None = Field(description="The nearest known place of the name, if it is far away")
    away_m: float | None = Field(description="Its distance")
    outside_m: float = Field(description="Distance from the theatre's extent; 0: inside")


class EventRow(BaseModel):
    """An event to select, with its version. The place is a point on its shape."""

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
    doubt: PlaceDoubt


class EventRows(BaseModel):
    """Matching events in the order of the list; `next` is the `after` of the next page."""

    events: list[EventRow]
    total: int
    next: str | None


class BulkChange(BaseModel):
    """The change: exactly one of these fields."""

    model_config = ConfigDict(extra="forbid")

    step: StepName | None = None
    category: Annotated[str, Field(max_length=LONGEST_SLUG)] | None = None
    verification: Verification | None = None
    origin: Annotated[str, Field(max_length=LONGEST_SLUG)] | None = None


class BulkBody(BaseModel):
    """A change of up to 1 000 events, all or none. Without `apply`, the response is a preview."""

    model_config = examples(
        {
            "events": [{"id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11", "version": 1}],
            "change": {"verification": "disputed"},
            "reason": "The channel has taken the footage back.",
        }
    )

    events: list[SelectedEvent] = Field(min_length=1, max_length=BULK_LIMIT)
    change: BulkChange
    reason: Text
    apply: bool = False


class BulkItem(BaseModel):
    """The change of one event; `refusal` says why it is not possible."""

    id: uuid.UUID
    title: str
    before: str
    after: str
    refusal: str | None = None


class BulkResult(BaseModel):
    """The result or the preview of a bulk change; `id` is for undoing it."""

    id: uuid.UUID | None = None
    applied: bool
    items: list[BulkItem]


class BulkShown(BaseModel):
    """A bulk change that was made."""

    id: uuid.UUID
    made_by: str
    reason: str
    change: dict[str, Any]
    events: int
    created_at: dt.datetime
    undone_at: dt.datetime | None
    undone_by: str | None


class BulkActs(BaseModel):
    """The last bulk changes, newest first."""

    acts: list[BulkShown]
