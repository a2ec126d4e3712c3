"""The bodies of requests and responses about events, sources and claims at the desk."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import Annotated, Any, Final, Self

import shapely
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.fields import CLAIM, EVENT, SOURCE
from app.fields.limits import LONGEST_SLUG
from app.fields.words import SOURCE_ROLE_NAMES, ClaimSubject, PartyKind, SourceRole, State, TimePrecision, Verification
from app.messages import Translatable
from app.parsing.geojson import geometry_type
from app.parsing.slugs import SLUG_PATTERN
from app.publication.field_models import Moment, Name, Text, Url, shows, writes
from app.sources.canonical import canonicalise
from app.sources.report_pages import is_report_page

SHAPES: Final = frozenset({"Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"})


def _shape(geometry: dict[str, Any]) -> dict[str, Any]:
    """Checks that a GeoJSON geometry is a valid point, line or area with coordinates in range."""
    if geometry_type(geometry) not in SHAPES:
        raise ValueError(Translatable("The type must be one of: {slugs}.", slugs=", ".join(sorted(SHAPES))))
    try:
        shape = shapely.from_geojson(json.dumps(geometry))
    except (shapely.GEOSException, ValueError) as error:
        raise ValueError(Translatable("Must be a GeoJSON geometry.")) from error
    if shape is None or shape.is_empty or not shape.is_valid:
        raise ValueError(Translatable("The shape is empty or invalid."))
    west, south, east, north = shape.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(Translatable("Longitude must be between -180 and 180, latitude between -90 and 90."))
    return geometry


OriginSlug = Annotated[str, Field(pattern=SLUG_PATTERN, max_length=LONGEST_SLUG)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=SOURCE["language"].most)]
Geometry = Annotated[dict[str, Any], AfterValidator(_shape)]


class _Body(BaseModel):
    """The base of bodies: unknown fields are errors."""

    model_config = ConfigDict(extra="forbid")


class PlaceBody(_Body):
    """A place that the reports name: an id of the gazetteer, a spelling, or both."""

    geonameid: int | None = Field(None, ge=1, le=2**31 - 1)
    as_spelled: Name | None = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.geonameid is None and self.as_spelled is None:
            raise ValueError(Translatable("Enter geonameid, as_spelled, or both."))
        return self


_EVENT: Final[dict[str, Any]] = {
    "title": "Clashes on the E50 between Pokrovsk and Pavlohrad",
    "description": "Geolocated footage shows fighting along the highway.",
    "category": "clash",
    "actor": None,
    "affected": None,
    "geometry": {"type": "LineString", "coordinates": [[37.18, 48.28], [36.9, 48.35]]},
    "precision_m": 3000,
    "happened_from": "2025-07-21T00:00:00Z",
    "happened_to": "2025-07-22T00:00:00Z",
    "time_precision": "day",
    "verification": "geolocated",
    "sensitivity": [],
    "places": [{"as_spelled": "Pokrovsk"}],
    "why": "From the digest of 22 July",
}


@writes(EVENT.having(editable=True))
class EventBody(_Body):
    """An event as a member writes it; a field that is left out is unknown. `happened_to` is
    exclusive.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EVENT]})

    category: str
    actor: str | None = None
    affected: str | None = None
    geometry: Geometry = Field(description="GeoJSON: a point, a line or an area")
    happened_from: dt.datetime
    happened_to: dt.datetime
    verification: Verification = "reported"
    places: list[PlaceBody] = Field(default_factory=list, max_length=20)
    origin: OriginSlug = Field("desk", description="The origin; `desk` is our own. It cannot be changed later")
    why: Text | None = Field(None, description="The reason of the change, for the history")


class StepBody(_Body):
    """The reason of a step; the reason of a withdrawal is public."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "The footage is of 2023."}]})

    reason: Text | None = None


class PublishBody(StepBody):
    """When to publish: at once, or at `public_from`. The embargo of the category applies in any
    case.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reason": "Two sources agree."}]})

    public_from: Moment | None = None


class HideBody(_Body):
    """Hides an event for somebody's safety. Only `note` is public; the reason is for the
    history.
    """

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "A relative asked.", "note": "Hidden on request."}]}
    )

    reason: Text
    note: Name | None = None


@writes(SOURCE.having(editable=True))
class SourceFacts(_Body):
    """The fields of a source, except its link."""

    name: Name | None = Field(None, description="The name; if missing, the account or host of the link")
    publisher: str | None = None
    author: str | None = None
    language: Language | None = Field(None, description=SOURCE["language"].help)
    why: Text | None = None


class SourceBody(SourceFacts):
    """A source of an event: a link in any usual form, or a name if it has no link."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "url": "https://fxtwitter.com/example_user/status/1500000000000000001",
                    "role": "footage",
                    "published_at": "2025-07-21T09:30:00Z",
                    "status": "live",
                }
            ]
        },
    )

    url: Url | None = None
    role: SourceRole

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.url is None and self.name is None:
            raise ValueError(Translatable("Enter url or name."))
        if self.role == "footage" and self.url is not None and is_report_page(canonicalise(self.url)):
            raise ValueError(
                Translatable("This is a page of text. Choose “{role}”.", role=Translatable(SOURCE_ROLE_NAMES["report"]))
            )
        return self


class SourceChange(SourceFacts):
    """The new fields of a source. A field that is left out gets its default, unless its description
    says otherwise.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "name": "@example_user on X",
                    "status": "deleted",
                    "archive_url": "https://web.archive.org/web/2025/a",
                    "source_class": "independent",
                }
            ]
        },
    )

    name: Name = Field(description=SOURCE["name"].help)


@writes(CLAIM.having(editable=True))
class ClaimBody(_Body):
    """A claim: what one party states."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "party": "General Staff",
                    "party_kind": "general_staff",
                    "stance": "denies",
                    "statement": "The groups that entered the city were repelled.",
                }
            ]
        },
    )

    party: str
    party_kind: PartyKind
    about: ClaimSubject = "event"
    source_id: uuid.UUID | None = None
    why: Text | None = None


class Sound(BaseModel):
    """The fields are valid; nothing was stored."""

    sound: bool = Field(True, description="Always true; invalid fields are reported with status 422")


class Versioned(BaseModel):
    """A response with a version, which a change sends as `If-Match`."""

    version: int


@shows(SOURCE.having(editable=True))
class DeskSource(Versioned):
    """A source as members see it."""

    id: uuid.UUID
    role: SourceRole | None = None
    canonical_url: str | None
    given_url: str | None
    platform: str | None
    first_seen_at: dt.datetime


@shows(CLAIM.having(editable=True))
class DeskClaim(BaseModel):
    """A claim as members see it."""

    id: uuid.UUID


class DeskPlace(BaseModel):
    """A place that the reports name."""

    geonameid: int | None
    as_spelled: str | None


@shows(EVENT.having(editable=True))
class DeskEvent(Versioned):
    """An event as members see it: its exact shape, its state, and who did what."""

    id: uuid.UUID
    state: State
    title: str
    geometry: dict[str, Any]
    precision_m: int | None
    public_geometry: dict[str, Any] | None = Field(
        description="The coarser public shape; null if the public shape is exact"
    )
    happened_from: dt.datetime
    happened_to: dt.datetime
    time_precision: TimePrecision
    time_inferred: bool
    public_from: dt.datetime | None
    released_at: dt.datetime | None = Field(description="When the event was first public")
    barred: bool = Field(description="Policy forbids publishing it, or its place is 0, 0")
    misdated: bool = Field(description="Its dates are not allowed, so it is not public until they are corrected")
    hidden_at: dt.datetime | None
    hidden_note: str | None
    withdrawn_at: dt.datetime | None
    withdrawn_reason: str | None
    authors: list[uuid.UUID]
    submitted_by: uuid.UUID | None
    published_by: uuid.UUID | None
    withdrawn_by: uuid.UUID | None
    created_at: dt.datetime
    updated_at: dt.datetime
    places: list[DeskPlace]
    sources: list[DeskSource]
    claims: list[DeskClaim]


class DeskEvents(BaseModel):
    """Events in one state, most recently changed first."""

    events: list[DeskEvent]


class RevisionShown(BaseModel):
    """One change: who, when, why, old and new."""

    relation: str
    action: str
    made_at: dt.datetime
    member_id: uuid.UUID | None
    made_by: str
    reason: str | None
    old: dict[str, Any] | None
    new: dict[str, Any] | None


class Revisions(BaseModel):
    """The changes of an event or a source, newest first."""

    revisions: list[RevisionShown]


class AreaClaims(Versioned):
    """The claims about one control area."""

    area_id: uuid.UUID
    version: int = Field(description="The version of the assessment")
    claims: list[DeskClaim]


class NearDuplicate(BaseModel):
    """An event that may be a duplicate, with a score and the reasons."""

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
    score: float = Field(ge=0, le=1)
    reasons: list[str]
    distance_m: int
    hours_apart: float
    likeness: float = Field(description="Similarity of the texts, from 0 to 1")
    same_sources: int


class NearDuplicates(BaseModel):
    """Events that may be duplicates, highest score first."""

    events: list[NearDuplicate]
