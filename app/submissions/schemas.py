"""The bodies of requests and responses about submissions."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.fields.limits import LEAST_PRECISION_M, LONGEST_SLUG, LONGEST_TEXT, LONGEST_URL, MOST_PRECISION_M
from app.fields.words import (
    SENSITIVITIES,
    ProblemKind,
    Sensitivity,
    SubmissionKind,
    SubmissionState,
    TimePrecision,
    Verification,
)
from app.parsing.days import Time, parse_time
from app.parsing.text import check_characters
from app.sources.canonical import check_link
from app.sources.refusals import UnusableLink

URLS_LIMIT: Final = 10

SuspicionCode = Literal["zero-zero", "axes-swapped", "lost-digit", "outside-theatre", "near-duplicate", "same-footage"]


def _check_characters(text: str) -> str:
    try:
        return check_characters(text)
    except ValueError as error:
        raise PydanticCustomError("not_text", "Contains an invalid character (NUL or a lone surrogate).") from error


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "Fill in this field.")
    return text


def web_address(text: str) -> str:
    """Returns a link that the public can open, without the spaces around it.

    Raises:
        PydanticCustomError: the address is not allowed.
    """
    try:
        return check_link(text)
    except UnusableLink as refused:
        raise PydanticCustomError(refused.code.replace("-", "_"), refused.message) from refused


def _time(value: object) -> Time:
    """Parses a day or a date and time.

    Raises:
        PydanticCustomError: the text is neither.
    """
    try:
        return parse_time(value if isinstance(value, str) else "")
    except ValueError as error:
        raise PydanticCustomError("not_a_time", str(error)) from error


Text = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_check_characters)]
Words = Annotated[Text, AfterValidator(_not_blank)]
WebAddress = Annotated[
    str,
    StringConstraints(min_length=1, max_length=LONGEST_URL),
    AfterValidator(_check_characters),
    AfterValidator(web_address),
    Field(json_schema_extra={"format": "uri"}),
]
DayOrMoment = Annotated[
    Time,
    PlainValidator(_time),
    WithJsonSchema(
        {
            "type": "string",
            "anyOf": [{"format": "date"}, {"format": "date-time"}],
            "description": "A day, or a date and time (RFC 3339)",
        }
    ),
]
Longitude = Annotated[float, Field(ge=-180, le=180, description="Degrees")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="Degrees")]
Slug = Annotated[str, StringConstraints(max_length=LONGEST_SLUG), AfterValidator(_check_characters)]
IdempotencyKey = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_check_characters)]

EXAMPLE: Final[dict[str, Any]] = {
    "footage_urls": ["https://t.me/example_channel/1024"],
    "longitude": 37.12966,
    "latitude": 48.24819,
    "precision_m": 100,
    "happened_from": "2025-07-21",
    "time_precision": "day",
    "description": "Infantry crossing the street by the water tower.",
    "category": "infiltration",
    "sensitivity": ["graphic"],
    "geolocation_url": "https://example.org/how-it-was-located",
    # Confirms the warnings that the same footage and place are already on the map.
    "confirm": ["near-duplicate", "same-footage"],
}


class _Body(BaseModel):
    """The base of bodies: strict types, and unknown fields are errors."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class FootageDraft(_Body):
    """A submission that is still being written: every field may be missing."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    footage_urls: Annotated[list[WebAddress], Field(min_length=1, max_length=URLS_LIMIT)] | None = Field(
        None, description="Links to the footage; http or https"
    )
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    precision_m: int | None = Field(
        None,
        ge=LEAST_PRECISION_M,
        le=MOST_PRECISION_M,
        description="Radius in metres that contains the place; null: unknown",
    )
    happened_from: DayOrMoment | None = None
    happened_to: DayOrMoment | None = Field(None, description="Last day (inclusive), or a date and time (exclusive)")
    time_precision: TimePrecision | None = Field(
        None,
        description="The precision of the time. `minute` and `hour` need a date and time, the others a day;"
        " `month` and `year` cover whole calendar months and years",
    )
    description: Words | None = Field(None, description="What the footage shows; plain text")
    category: Slug | None = Field(None, description="A category of the theatre")
    actor: Slug | None = Field(None, description="The belligerent that acted; null: unknown")
    affected: Slug | None = Field(None, description="The belligerent that was hit or is shown; null: unknown")
    sensitivity: list[Sensitivity] | None = Field(None, max_length=len(SENSITIVITIES))
    geolocation_url: WebAddress | None = Field(None, description="Link to an explanation of how the place was found")
    idempotency_key: IdempotencyKey | None = Field(
        None, description="A random key for this submission. Sending the same body again with this key stores it once"
    )
    confirm: list[SuspicionCode] | None = Field(
        None, max_length=10, description="Codes of the warnings of a 409 that the sender confirms"
    )


class FootageSubmission(FootageDraft):
    """A submission: links to footage, with place, time and description."""

    footage_urls: list[WebAddress] = Field(
        min_length=1, max_length=URLS_LIMIT, description="Links to the footage; http or https"
    )
    longitude: Longitude
    latitude: Latitude
    happened_from: DayOrMoment
    time_precision: TimePrecision = Field(description=FootageDraft.model_fields["time_precision"].description)
    description: Words = Field(description="What the footage shows; plain text")


class ProblemReport(_Body):
    """A report of a problem with a public event."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "event_id": "5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11",
                    "kind": "wrong_place",
                    "text": "The water tower stands a kilometre farther south.",
                }
            ]
        }
    )

    event_id: Annotated[uuid.UUID, Field(strict=False)]
    kind: ProblemKind
    text: Text | None = Field(None, description="What is wrong; plain text")
    idempotency_key: IdempotencyKey | None = Field(
        None, description="A random key for this report. Sending the same body again with this key stores it once"
    )


class Link(BaseModel):
    """A link to a related resource."""

    rel: str
    href: str
    type: str


class Receipt(BaseModel):
    """The response to a sender. The tracking code is returned only once; only its hash is
    stored.
    """

    tracking_code: str = Field(examples=["7Q2M-4XKD-9T0V-HB3C-1WZE-R8PN-6GYS"])
    status: Literal["received"] = "received"
    links: list[Link]


class StatusMessage(BaseModel):
    """A question of the desk, or the sender's answer."""

    by: Literal["desk", "you"]
    text: str
    at: dt.datetime


class SubmissionStatus(BaseModel):
    """The status of a submission, without the names of reviewers."""

    status: SubmissionState
    kind: SubmissionKind
    received_at: dt.datetime
    decided_at: dt.datetime | None = None
    reason: str | None = Field(None, description="The reason of the decision")
    event_id: uuid.UUID | None = Field(None, description="The event that the submission led to, once it is public")
    messages: list[StatusMessage] = Field(
        default_factory=list, description="Questions of the desk and answers of the sender"
    )


class Answer(_Body):
    """The sender's answer to a question of the desk."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"text": "It was filmed from the fifth floor."}]})

    text: Words


class NearbyEvent(BaseModel):
    """A public event that may be the same: near in place and time, or with the same footage."""

    id: uuid.UUID
    title: str
    category: str
    verification: Verification
    happened_from: dt.datetime
    happened_to: dt.datetime = Field(description="Exclusive")
    time_precision: TimePrecision
    longitude: float
    latitude: float
    distance_m: int | None = Field(description="Distance from the submitted place; null without a place")
    same_footage: list[str] = Field(description="The submitted links that the event already has")
    score: float | None = Field(description="Similarity from 0 to 1; null without a place and a time")
    reasons: list[str] = Field(description="Reasons why it may be the same event")


class Fault(BaseModel):
    """An error in one field."""

    field: str = Field(description="JSON pointer")
    code: str
    message: str


class Warned(BaseModel):
    """A warning that the sender can confirm by its code."""

    code: SuspicionCode
    field: str
    message: str
    suggestion: Any = None


class Checked(BaseModel):
    """The result of checking a submission. Nothing is stored."""

    errors: list[Fault] = Field(description="Errors that would be answered with 422")
    warnings: list[Warned] = Field(description="Warnings that would be answered with 409")
    nearby: list[NearbyEvent] = Field(description="Within 500 m and 3 days, or with the same footage; nearest first")
