"""Request parameters and response models of events."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.events.filters import EventFilter
from app.fields import EVENT
from app.http.geojson import Link
from app.http.parameters import parsed_by, split_lists
from app.parsing.cursors import decode_cursor, invalid_cursor
from app.parsing.days import parse_moment
from app.publication.evidence import ClaimShown, SourceShown
from app.publication.field_models import shows

LIMIT_DEFAULT = 100
LIMIT_MAX = 10_000


def _ids(value: object) -> tuple[uuid.UUID, ...]:
    texts = split_lists(value)
    if len(texts) > 100:
        raise ValueError("Must be at most 100 ids.")
    try:
        return tuple(uuid.UUID(text) for text in texts)
    except ValueError as error:
        raise ValueError("Each id must be a UUID.") from error


class Cursor(BaseModel):
    """The last event of a page; the next page starts after it."""

    happened_from: dt.datetime
    id: uuid.UUID


def _parse_cursor(text: str) -> Cursor:
    moment, event = decode_cursor(text, parts=2)
    try:
        return Cursor(happened_from=parse_moment(moment), id=uuid.UUID(event))
    except ValueError:
        raise invalid_cursor() from None


class NoQuery(BaseModel):
    """No parameters."""

    model_config = ConfigDict(extra="forbid")


class Histogram(BaseModel):
    """The number of events that begin on each day. Events dated only to a month or a year are
    counted separately.
    """

    first_day: dt.date | None = Field(description="The UTC day of the first bar; null: there is none")
    counts: list[int] = Field(description="A bar for each day from the first to the last that has an event")
    known_to_month: int = Field(description="Events known only to the month")
    known_to_year: int = Field(description="Events known only to the year")


class ItemsQuery(EventFilter):
    """Parameters for a page of events."""

    ids: Annotated[
        tuple[uuid.UUID, ...],
        BeforeValidator(_ids),
        WithJsonSchema({"type": "string", "description": "Up to 100 ids, separated by commas"}),
    ] = ()
    limit: int = Field(LIMIT_DEFAULT, ge=1, le=LIMIT_MAX, description="Events on a page")
    cursor: Annotated[
        Cursor | None,
        parsed_by(_parse_cursor),
        WithJsonSchema({"type": "string", "description": "Where the page before ended; take it from the link `next`"}),
    ] = None


class PlaceNamed(BaseModel):
    """A place that the reports of an event name."""

    geonameid: int | None = Field(description="GeoNames id")
    name: str = Field(description="The gazetteer's name, or as the report spells it")
    as_spelled: str | None
    names: dict[str, str] = Field(description="Names by language")


class PlaceDoubt(BaseModel):
    """Why the place of an event should be checked."""

    reason: Literal["far-from-name", "far-outside"] = Field(
        description="`far-from-name`: every known place of the names in the reports is far away. `far-outside`: no name"
        " is known, and the event is far outside the theatre's extent"
    )
    distance_m: int = Field(description="From the nearest known place of the name, or from the extent")
    place: PlaceNamed | None = Field(description="With `far-from-name`: that place")


class OutsidePlace(BaseModel):
    """Where a place outside the theatre's extent lies."""

    distance_m: int = Field(description="From the extent")
    country: str | None = Field(description="ISO 3166-1; null: at sea, near a border, or not known")


@shows(EVENT.having(exported=True))
class EventProperties(BaseModel):
    """The properties of an event."""

    places: list[PlaceNamed]
    doubt: PlaceDoubt | None = Field(description="null: nothing is known against the place")
    outside: OutsidePlace | None = Field(description="null: within the theatre's extent")
    sources: list[SourceShown]
    claims: list[ClaimShown]
    released_at: dt.datetime = Field(description=EVENT["released_at"].help)


class EventFeature(BaseModel):
    """An event as a GeoJSON feature; coordinates are longitude, latitude."""

    type: Literal["Feature"] = "Feature"
    id: uuid.UUID
    geometry: dict[str, Any]
    properties: EventProperties
    links: list[Link] | None = None


class EventCollection(BaseModel):
    """A page of events, newest first."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[EventFeature]
    numberReturned: int
    timeStamp: dt.datetime
    links: list[Link]


class ColumnsPart(BaseModel):
    """Some events in columns; `docs/event-columns.md` describes the format."""

    url: str
    events: int
    first_day: dt.date = Field(description="The first UTC day that one of them touches")
    last_day: dt.date = Field(description="The last UTC day that one of them touches")
    spans: bool = Field(description="Its events touch more than one day; those of the others do not")
    bytes: int = Field(description="As Brotli")
    decoded_bytes: int


class ColumnsManifest(BaseModel):
    """All public events in parts that never change: a changed part has a new URL. The newest days
    come first.
    """

    format: int = Field(description="The version of the bytes: the number after `FLEC`")
    stale: bool = Field(description="Some parts are being made anew, or are missing meanwhile: ask again in a moment")
    events: int
    first_day: dt.date | None
    last_day: dt.date | None
    parts: list[ColumnsPart]
