"""Request parameters and response models of territory."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema
from typing_extensions import override

from app.fields.limits import LONGEST_SLUG
from app.http.geojson import Link
from app.http.parameters import (
    BoxParameter,
    DatetimeParameter,
    ListParameter,
    RequiredPosition,
    parsed_by,
)
from app.models.control_area import AREA_STATUSES
from app.parsing.cursors import decode_cursor, invalid_cursor
from app.parsing.days import TimeFilter, day_end, parse_moment, parse_time
from app.parsing.lists import check_choices
from app.parsing.numbers import parse_whole_number
from app.parsing.slugs import check_slug
from app.problems import InvalidParameter
from app.publication.evidence import ClaimShown, SourceShown
from app.territory.ages import CURRENT_DAYS, MOST_SEARCHED

Status = Literal["occupied", "gray_zone", "advance", "claimed", "counteroffensive", "liberated"]

AREAS_DEFAULT = 500
AREAS_MAX = 2000
LINES_DEFAULT = 10
LINES_MAX = 50


def _parse_state_at(text: str) -> TimeFilter:
    """Parses a moment, or a day, which means its end.

    Raises:
        ValueError: the text is neither.
    """
    time = parse_time(text)
    if isinstance(time, dt.datetime):
        return TimeFilter(time, time, before_included=True)
    return state_on(time)


def state_on(day: dt.date) -> TimeFilter:
    """Returns the state of the map of a day: of its end."""
    end = day_end(day) or dt.datetime.max.replace(tzinfo=dt.UTC)
    return TimeFilter(end - dt.timedelta(microseconds=1), end)


def day_of(state: TimeFilter) -> dt.date:
    """Returns the UTC day of a state: of the requested day, or of the requested moment."""
    if state.after is None:
        raise ValueError("a state has a moment")
    return state.after.astimezone(dt.UTC).date()


def _check_assessor(slug: str) -> str:
    return check_slug(slug, LONGEST_SLUG)


def _check_assessors(slugs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_check_assessor(slug) for slug in slugs)


def _check_statuses(statuses: tuple[str, ...]) -> tuple[str, ...]:
    return check_choices(statuses, AREA_STATUSES)


@dataclass(frozen=True)
class AreaCursor:
    """Where a page of areas ended: the next one starts after this area."""

    assessor: str
    valid_from: dt.datetime
    position: int


def _parse_cursor(text: str) -> AreaCursor:
    assessor, moment, position = decode_cursor(text, parts=3)
    try:
        return AreaCursor(_check_assessor(assessor), parse_moment(moment), parse_whole_number(position, 0, 2**31 - 1))
    except ValueError:
        raise invalid_cursor() from None


StateAtParameter = Annotated[
    TimeFilter | None,
    parsed_by(_parse_state_at),
    WithJsonSchema(
        {
            "type": "string",
            "description": "The map of a UTC day (the latest assessment before its end), or of a moment",
            "examples": ["2025-07-21", "2025-07-21T06:00:00Z"],
        }
    ),
]
_RequiredState = Annotated[
    TimeFilter,
    parsed_by(_parse_state_at),
    WithJsonSchema(
        {
            "type": "string",
            "description": "A UTC day, which means its end, or a moment",
            "examples": ["2025-07-21", "2025-07-21T06:00:00Z"],
        }
    ),
]
AssessorsParameter = Annotated[ListParameter, AfterValidator(_check_assessors)]
AssessorParameter = Annotated[
    str | None,
    parsed_by(_check_assessor),
    WithJsonSchema(
        {"type": "string", "description": "Whose; may be left out when there is only one", "examples": ["schematic"]}
    ),
]
CursorParameter = Annotated[
    AreaCursor | None,
    parsed_by(_parse_cursor),
    WithJsonSchema({"type": "string", "description": "Where the page before ended; take it from the link `next`"}),
]


class _Query(BaseModel):
    """Query parameters; an unknown parameter is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class NoQuery(_Query):
    """No query parameters."""


class _MomentQuery(_Query):
    """Selects assessments of one moment, or of now."""

    assessor: AssessorsParameter = Field((), description="Whose; all when it is left out")
    state_at: StateAtParameter = None

    def time(self) -> TimeFilter:
        """Returns the time in which an assessment must hold."""
        now = dt.datetime.now(dt.UTC)
        return self.state_at or TimeFilter(now, now, before_included=True)

    def day(self) -> dt.date | None:
        """Returns the UTC day for which the age of an assessment is counted; None: there is no
        such day.
        """
        return day_of(self.state_at) if self.state_at else dt.datetime.now(dt.UTC).date()


class _StatesQuery(_MomentQuery):
    """Which assessments are asked for: those of a state, or those of a time. Neither: those of
    now.
    """

    datetime: DatetimeParameter = None

    @override
    def time(self) -> TimeFilter:
        """Returns the time in which an assessment must hold.

        Raises:
            InvalidParameter: both `state_at` and `datetime` are given.
        """
        if self.state_at is not None and self.datetime is not None:
            raise InvalidParameter("state_at", "Must not be combined with `datetime`. Use one of them.")
        return self.datetime or super().time()

    @override
    def day(self) -> dt.date | None:
        """Returns the UTC day for which the age of an assessment is counted; None for a range of
        time.
        """
        return None if self.datetime is not None else super().day()


class AreasQuery(_StatesQuery):
    """Query parameters of areas."""

    bbox: BoxParameter = None
    status: Annotated[ListParameter, AfterValidator(_check_statuses)] = Field(
        (), description=f"Any of {', '.join(AREA_STATUSES)}"
    )
    limit: int = Field(AREAS_DEFAULT, ge=1, le=AREAS_MAX, description="Areas on a page")
    cursor: CursorParameter = None


class GroundQuery(_MomentQuery):
    """Query parameters of the ground at a position."""

    position: RequiredPosition


class AreaTileQuery(_MomentQuery):
    """Query parameters of tiles of areas."""

    def canonical(self) -> AreaTileQuery:
        """Returns the query with its list sorted and without duplicates, as a cache key."""
        return self.model_copy(update={"assessor": tuple(sorted(set(self.assessor)))})


class LinesQuery(_StatesQuery):
    """Query parameters of front lines."""

    advance: bool = Field(False, description="Count ground that is operated in, not controlled, as held")
    limit: int = Field(LINES_DEFAULT, ge=1, le=LINES_MAX, description="Lines on a page")
    cursor: CursorParameter = None


class AssessorQuery(_Query):
    """Query parameters of one assessor."""

    assessor: AssessorParameter = None


class ChangeQuery(AssessorQuery):
    """Query parameters of the changes between two moments."""

    from_: _RequiredState = Field(alias="from")
    to: _RequiredState
    advance: bool = Field(False, description="Count ground that is operated in, not controlled, as held")


class AssessorShown(BaseModel):
    """An assessor, with its definition of control."""

    slug: str
    name: str
    home_page: str | None
    licence: str | None
    attribution: str | None
    definition: str = Field(description="What this assessor means by control")
    covers: list[Status] = Field(description="The statuses that any of its assessments covers")
    assessments: int
    first_valid_from: dt.datetime | None
    last_valid_from: dt.datetime | None


class Assessors(BaseModel):
    """All assessors that are public, the one with the newest assessment first."""

    assessors: list[AssessorShown]


class AssessmentProperties(BaseModel):
    """The assessor of an assessment, and when it holds."""

    assessor: str
    valid_from: dt.datetime = Field(
        description="The moment of the assessment. What differs from the assessor's assessment before may have changed"
        " at any time since that was last seen"
    )
    valid_to: dt.datetime | None = Field(description="When the assessor's next assessment begins; null: it is the last")
    last_seen_at: dt.datetime = Field(description="When the same areas were last seen, unchanged")
    age_days: int | None = Field(
        description="Days from when the areas were last seen to the day of `state_at`, or to today. The map draws an"
        f" assessment older than {CURRENT_DAYS} days faded. null: `datetime` asks for no single day"
    )
    covers: list[Status] = Field(description="A status that is not among them is unknown, not absent")
    attribution: str | None
    licence: str | None
    skipped: list[str] = Field(
        description="Features of the assessor's file that are missing here because their status is unknown, each with"
        " the reason"
    )


class AreaFacts(BaseModel):
    """Properties of an area that do not depend on its assessment."""

    status: Status
    since_before: bool = Field(description="Held so since before the theatre's first day")
    label: str | None
    area_km2: float = Field(description="On the ellipsoid")


class AreaProperties(AssessmentProperties, AreaFacts):
    """The properties of an area."""


class AreaFeature(BaseModel):
    """An area as a GeoJSON feature; coordinates are longitude, latitude."""

    type: Literal["Feature"] = "Feature"
    id: uuid.UUID
    geometry: dict[str, Any]
    properties: AreaProperties


class AreaCollection(BaseModel):
    """A page of areas, by assessor and time."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[AreaFeature]
    numberReturned: int
    timeStamp: dt.datetime
    links: list[Link]


class AreaThere(AreaFacts):
    """An area that contains the position, and the claims about it."""

    id: uuid.UUID
    sources: list[SourceShown]
    claims: list[ClaimShown]


class Since(BaseModel):
    """The bounds of a change: after one moment, and not later than another."""

    after: dt.datetime | None = Field(
        description="When another status was last seen; null: all assessments before show the same, or the"
        f" {MOST_SEARCHED} that are searched"
    )
    by: dt.datetime = Field(description="The earliest assessment that shows this status, unchanged since")


class AssessmentThere(AssessmentProperties):
    """One assessor's areas at the position."""

    name: str = Field(description="The assessor's")
    status: Status | None = Field(description="Of several areas the strongest; null: in no area")
    since: Since = Field(description="When the position got this status, as far as the assessments tell")
    areas: list[AreaThere] = Field(description="None: the place is in no area of the statuses that are covered")


class GroundThere(BaseModel):
    """All assessors' areas at the position."""

    longitude: float
    latitude: float
    assessments: list[AssessmentThere] = Field(description="By assessor; without those who had no assessment yet")


class LineProperties(AssessmentProperties):
    """The length of a front line, and the lengths of other edges of held ground."""

    held: list[Status] = Field(description="The statuses that count as held")
    length_km: float
    seams_km: float = Field(description="Left out: gaps between areas that do not quite meet")
    removed_km: float | None = Field(
        description="Left out: coast and outer border, which the map draws thinly; null: the server knows none"
    )
    tolerance_m: float | None = Field(
        description="How wide a strip along the shore belongs to it: how far this assessor draws beside it"
    )


class LineFeature(BaseModel):
    """The front line of one assessment: where held ground meets ground that is not."""

    type: Literal["Feature"] = "Feature"
    id: uuid.UUID = Field(description="The assessment's")
    geometry: dict[str, Any]
    properties: LineProperties


class LineCollection(BaseModel):
    """A page of front lines, by assessor and time."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[LineFeature]
    numberReturned: int
    timeStamp: dt.datetime
    links: list[Link]
