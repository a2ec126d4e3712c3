"""What goes over the wire about submissions. A submission says what was seen, where and when; nothing else is taken."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit

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
from app.sources.canonical import canonicalise
from app.sources.refusals import UnusableLink

URLS_LIMIT: Final = 10

SuspicionCode = Literal["zero-zero", "axes-swapped", "lost-digit", "outside-theatre", "near-duplicate", "same-footage"]

_WEB_ADDRESS = re.compile(r"https?://[^\s\\<>\"{}|^`\x00-\x20\x7f]+", re.IGNORECASE)


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
    """Check an address of the web: http or https, a host with a dot in it, nobody's password.

    Raises:
        PydanticCustomError: it is none.
    """
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise PydanticCustomError("not_web_address", "This is not a web address.") from error
    if parts.scheme not in {"http", "https"}:
        raise PydanticCustomError("not_web_address", "Enter a full link that starts with https:// or http://.")
    if parts.username is not None or parts.password is not None:
        raise PydanticCustomError("credentials", "This link contains a user name or password. Remove it.")
    if not _WEB_ADDRESS.fullmatch(text) or "." not in host.strip("."):
        raise PydanticCustomError("not_web_address", "This is not a web address.")
    try:
        canonicalise(text)
    except UnusableLink as refused:
        raise PydanticCustomError(refused.code.replace("-", "_"), refused.message) from refused
    return text


def _time(value: object) -> Time:
    """Read a day or a moment.

    Raises:
        PydanticCustomError: it is neither.
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
            "description": "A day, or a moment in RFC 3339",
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
    # The same footage and place may be on the map already: it is sent as a further report.
    "confirm": ["near-duplicate", "same-footage"],
}


class _Body(BaseModel):
    """A body: numbers are numbers, text is text, and a field that is not ours is an error."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class FootageDraft(_Body):
    """A submission that is still being written: any of its fields may be missing."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    footage_urls: Annotated[list[WebAddress], Field(min_length=1, max_length=URLS_LIMIT)] | None = Field(
        None, description="Where the footage is; http or https"
    )
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    precision_m: int | None = Field(
        None,
        ge=LEAST_PRECISION_M,
        le=MOST_PRECISION_M,
        description="Radius in metres within which the place surely lies; null: not known",
    )
    happened_from: DayOrMoment | None = None
    happened_to: DayOrMoment | None = Field(None, description="Last day (inclusive), or a moment (exclusive)")
    time_precision: TimePrecision | None = Field(
        None,
        description="How exactly the time is known. `minute` and `hour` go with moments, the others with days;"
        " `month` and `year` cover whole calendar months and years",
    )
    description: Words | None = Field(None, description="What is to be seen; plain text")
    category: Slug | None = Field(None, description="A category of the theatre")
    actor: Slug | None = Field(None, description="The belligerent who acted; null: not known")
    affected: Slug | None = Field(None, description="The belligerent who is shown or hit; null: not known")
    sensitivity: list[Sensitivity] | None = Field(None, max_length=len(SENSITIVITIES))
    geolocation_url: WebAddress | None = Field(None, description="Where it is shown how the place was found")
    idempotency_key: IdempotencyKey | None = Field(
        None, description="Random, one for each submission: sent again with it, the same body is one submission"
    )
    confirm: list[SuspicionCode] | None = Field(
        None, max_length=10, description="Codes of the warnings of a 409 that the sender has looked at"
    )


class FootageSubmission(FootageDraft):
    """A footage link, with what the sender knows about it."""

    footage_urls: list[WebAddress] = Field(
        min_length=1, max_length=URLS_LIMIT, description="Where the footage is; http or https"
    )
    longitude: Longitude
    latitude: Latitude
    happened_from: DayOrMoment
    time_precision: TimePrecision = Field(description=FootageDraft.model_fields["time_precision"].description)
    description: Words = Field(description="What is to be seen; plain text")


class ProblemReport(_Body):
    """A problem with an event that is on the map."""

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
        None, description="Random, one for each report: sent again with it, the same body is one report"
    )


class Link(BaseModel):
    """Where to go from here."""

    rel: str
    href: str
    type: str


class Receipt(BaseModel):
    """What the sender gets: the code is told once and kept here as a hash only."""

    tracking_code: str = Field(examples=["7Q2M-4XKD-9T0V-HB3C-1WZE-R8PN-6GYS"])
    status: Literal["received"] = "received"
    links: list[Link]


class StatusMessage(BaseModel):
    """A question of the desk, or the sender's answer."""

    by: Literal["desk", "you"]
    text: str
    at: dt.datetime


class SubmissionStatus(BaseModel):
    """What became of a submission. Who looked at it is told to nobody."""

    status: SubmissionState
    kind: SubmissionKind
    received_at: dt.datetime
    decided_at: dt.datetime | None = None
    reason: str | None = Field(None, description="Why it was decided so")
    event_id: uuid.UUID | None = Field(None, description="The event that it belongs to, once everybody can see it")
    messages: list[StatusMessage] = Field(default_factory=list, description="Questions of the desk and answers to them")


class Answer(_Body):
    """The answer of a sender to what the desk asked."""

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
    distance_m: int | None = Field(description="From the place that is submitted; null when none was given")
    same_footage: list[str] = Field(description="Which of the submitted links it already has")
    score: float | None = Field(description="How alike they are, from 0 to 1; null without a place and a time")
    reasons: list[str] = Field(description="What speaks for it being the same")


class Fault(BaseModel):
    """A fault in one field."""

    field: str = Field(description="JSON pointer")
    code: str
    message: str


class Warned(BaseModel):
    """A suspicion, which the sender may confirm by its code."""

    code: SuspicionCode
    field: str
    message: str
    suggestion: Any = None


class Checked(BaseModel):
    """What a submission would meet with. Nothing of it is stored."""

    errors: list[Fault] = Field(description="What would be refused (422)")
    warnings: list[Warned] = Field(description="What would be asked back (409)")
    nearby: list[NearbyEvent] = Field(description="Within 500 m and 3 days, or with the same footage; nearest first")
