"""What goes over the wire about events: the parameters of a question, and the shape of its answer."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.fields import EVENT
from app.fields.words import VERIFICATIONS
from app.http.geojson import Link
from app.http.parameters import (
    BoxParameter,
    CircleParameter,
    DatetimeParameter,
    ListParameter,
    clean_text,
    decode_cursor,
    parse_moment,
    split_list,
)
from app.problems import InvalidParameter
from app.publication.evidence import ClaimShown, SourceShown
from app.publication.field_models import shows

if TYPE_CHECKING:
    from app.theatre import Theatre

LIMIT_DEFAULT = 100
LIMIT_MAX = 10_000


def _ids(value: object) -> tuple[uuid.UUID, ...]:
    texts = split_list(value)
    assert isinstance(texts, tuple)  # noqa: S101 - for the type checker
    if len(texts) > 100:
        raise ValueError("at most 100 ids at once")
    try:
        return tuple(uuid.UUID(text) for text in texts)
    except ValueError as error:
        raise ValueError("each id must be a UUID") from error


def _known_verifications(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if word not in VERIFICATIONS:
            raise ValueError(f"{word!r} is none of {', '.join(VERIFICATIONS)}")
    return words


class Cursor(BaseModel):
    """Where a page of a list ended: the next one starts after this event."""

    happened_from: dt.datetime
    id: uuid.UUID


def _cursor(value: object) -> Cursor | None:
    if value is None or isinstance(value, Cursor):
        return value
    moment, event = decode_cursor(str(value), parts=2)
    try:
        return Cursor(happened_from=parse_moment(moment), id=uuid.UUID(event))
    except ValueError as error:
        raise ValueError("this is no cursor that was given out here") from error


class EventFilter(BaseModel):
    """Which events are asked for; what is not given leaves all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: ListParameter = Field((), description="Categories; a parent includes its children")
    side: ListParameter = Field((), description="Belligerents, as actor or affected")
    verification: Annotated[ListParameter, AfterValidator(_known_verifications)] = Field(
        (), description=f"Any of {', '.join(VERIFICATIONS)}"
    )
    q: Annotated[str, BeforeValidator(clean_text)] = Field(
        "", max_length=200, description="Words that title or description contain, all of them"
    )
    near: CircleParameter = None
    place: int | None = Field(
        None, ge=1, le=2_147_483_647, description="Events whose reports name this place, by its GeoNames id"
    )

    def check(self, theatre: Theatre) -> None:
        """Refuse a slug that the theatre does not have.

        Raises:
            InvalidParameter: it names the parameter and the slugs there are.
        """
        for parameter, asked, known in (
            ("category", self.category, theatre.category_slugs),
            ("side", self.side, theatre.belligerent_slugs),
        ):
            for slug in asked:
                if slug not in known:
                    raise InvalidParameter(parameter, f"{slug[:60]!r} is none of {', '.join(sorted(known))}")


class NoQuery(BaseModel):
    """No parameters at all."""

    model_config = ConfigDict(extra="forbid")


class TileFilter(EventFilter):
    """Which events a map of tiles shows."""

    datetime: DatetimeParameter = None

    def canonical(self) -> TileFilter:
        """Give the same question in its one spelling: lists without order and repetition."""
        lists = {name: tuple(sorted(set(getattr(self, name)))) for name in ("category", "side", "verification")}
        return self.model_copy(update=lists | {"q": " ".join(sorted(set(self.q.split())))})


class HistogramQuery(TileFilter):
    """Which events a histogram counts."""

    bbox: BoxParameter = None


class Histogram(BaseModel):
    """How many events begin on each day. An event that is known only to the month or year is in no bar."""

    first_day: dt.date | None = Field(description="The UTC day of the first bar; null: there is none")
    counts: list[int] = Field(description="A bar for each day from the first to the last that has an event")
    known_to_month: int = Field(description="Events known only to the month")
    known_to_year: int = Field(description="Events known only to the year")


class ItemsQuery(TileFilter):
    """A question for a page of events."""

    bbox: BoxParameter = None
    ids: Annotated[
        tuple[uuid.UUID, ...],
        BeforeValidator(_ids),
        WithJsonSchema({"type": "string", "description": "Up to 100 ids, separated by commas"}),
    ] = ()
    limit: int = Field(LIMIT_DEFAULT, ge=1, le=LIMIT_MAX, description="Events on a page")
    cursor: Annotated[
        Cursor | None,
        BeforeValidator(_cursor),
        WithJsonSchema({"type": "string", "description": "Where the page before ended; take it from the link `next`"}),
    ] = None


class PlaceNamed(BaseModel):
    """A place that an event's reports name."""

    geonameid: int | None = Field(description="GeoNames id")
    name: str = Field(description="The gazetteer's name, or as the report spells it")
    as_spelled: str | None
    names: dict[str, str] = Field(description="Names by language")


@shows(EVENT.having(exported=True))
class EventProperties(BaseModel):
    """What is known of an event."""

    places: list[PlaceNamed]
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
    """Some events in columns; `docs/event-columns.md` describes the bytes."""

    url: str
    events: int
    first_day: dt.date = Field(description="The first UTC day that one of them touches")
    last_day: dt.date = Field(description="The last UTC day that one of them touches")
    spans: bool = Field(description="Its events touch more than one day; those of the others do not")
    bytes: int = Field(description="As Brotli")
    decoded_bytes: int


class ColumnsManifest(BaseModel):
    """All public events, in parts that never change: what changed has another address. The newest days first."""

    stale: bool = Field(description="Some parts are being made anew, or are missing meanwhile: ask again in a moment")
    events: int
    first_day: dt.date | None
    last_day: dt.date | None
    parts: list[ColumnsPart]
