"""Response models that summarise territory: changes, areas over time, history."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal

from pydantic import BaseModel, Field

from app.territory.schemas import Status


class Balance(BaseModel):
    """The gains and losses in km²."""

    gained_km2: float
    lost_km2: float
    net_km2: float


class ChangeProperties(BaseModel):
    """The change of a piece of ground."""

    status: Status
    change: Literal["gained", "lost"] = Field(description="Whether the status was gained or lost there")
    area_km2: float


class ChangeFeature(BaseModel):
    """Ground that gained or lost a status."""

    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any]
    properties: ChangeProperties


class Change(BaseModel):
    """The changes between two assessments of one assessor, as a GeoJSON collection with sums."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    assessor: str
    attribution: str | None
    licence: str | None
    valid_from: tuple[dt.datetime, dt.datetime] = Field(description="Of the two assessments that are compared")
    last_seen_at: tuple[dt.datetime, dt.datetime] = Field(description="When the areas of each were last seen")
    age_days: tuple[int, int] = Field(description="Of each assessment on the requested day")
    compared_days: tuple[dt.date, dt.date] = Field(
        description="The days whose ground is compared: the requested days, or the earlier days on which the areas"
        " were last seen. Equal days: there is no second assessment, so nothing can be compared"
    )
    held: list[Status] = Field(description="The statuses that count as held")
    total: Balance | None = Field(description="Of held ground; null: one of the two does not cover it")
    by_status: dict[Status, Balance | None] = Field(description="null: one of the two does not cover the status")
    features: list[ChangeFeature] = Field(description="Parts below a square metre are summed up and not drawn")


class StatusSeries(BaseModel):
    """One status over time, in km²; null where an assessment does not cover it."""

    in_all: list[float | None]
    since_first_day: list[float | None] | None = Field(
        description="Without what was held before the theatre's first day; null: the assessor does not tell it apart"
    )


class Series(BaseModel):
    """The area of each status, assessment by assessment."""

    assessor: str
    attribution: str | None
    licence: str | None
    valid_from: list[dt.datetime]
    last_seen_at: list[dt.datetime] = Field(
        description="When the same areas were last seen. What the value was from then to the next `valid_from` is not"
        " known"
    )
    km2: dict[Status, StatusSeries]


class HistoryPart(BaseModel):
    """A part of a line's history, whose content never changes."""

    url: str
    assessments: int
    bytes: int = Field(description="As it travels, gzipped")
    decoded_bytes: int


class Observed(BaseModel):
    """An assessment whose areas were seen again later, unchanged."""

    valid_from: dt.datetime
    last_seen_at: dt.datetime


class HistoryManifest(BaseModel):
    """What a line's history is made of; app/geo/line_history.py tells how its parts are read, one
    after the other.
    """

    assessor: str
    name: str
    definition: str
    attribution: str | None
    licence: str | None
    statuses: list[Status] = Field(description="Kind 2n is the status n, kind 2n + 1 the same since before")
    assessments: int
    first_valid_from: dt.datetime | None
    last_valid_from: dt.datetime | None
    observed: list[Observed] = Field(
        description="The assessments that were seen again. All others were last seen at their moment. A change between"
        " two assessments happened after the earlier one was last seen and not later than the moment of the later one"
    )
    parts: list[HistoryPart]
