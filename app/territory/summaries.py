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
    km2: dict[Status, StatusSeries]


class HistoryPart(BaseModel):
    """A part of a line's history, whose content never changes."""

    url: str
    assessments: int
    bytes: int = Field(description="As it travels, gzipped")
    decoded_bytes: int


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
    parts: list[HistoryPart]
