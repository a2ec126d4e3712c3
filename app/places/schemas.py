"""Request parameters and response models of places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.http.parameters import PositionParameter, TextParameter
from app.places.ranking import Likeness
from app.problems import InvalidParameter

LIMIT_DEFAULT = 10
LIMIT_MAX = 100
# A place described as near another is not a namesake farther away than this.
NEAR_DEFAULT_M = 100_000


class PlacesQuery(BaseModel):
    """Query parameters: the meaning of a spelling, or the settlements nearest to a position."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    q: TextParameter = Field(
        "", max_length=200, description="A spelling in any script; what follows a comma is read as context"
    )
    context: TextParameter = Field(
        "",
        max_length=300,
        description="What is known of where it lies: an oblast, a country, “near Bakhmut”, “south of Pokrovsk”",
    )
    near: PositionParameter = None
    metres: float | None = Field(
        None,
        gt=0,
        le=1_000_000,
        allow_inf_nan=False,
        description=f"With `q` and `near`: how far from there it may lie; {NEAR_DEFAULT_M} when not given",
    )
    limit: int = Field(LIMIT_DEFAULT, ge=1, le=LIMIT_MAX, description="Places in the answer")

    def check(self) -> None:
        """Refuses a query without a condition.

        Raises:
            InvalidParameter: it names the parameter that is missing or has nothing to belong to.
        """
        if not self.q.strip() and self.near is None:
            raise InvalidParameter("q", "Give a spelling, or use `near` to find the nearest settlements.")
        if self.context and not self.q.strip():
            raise InvalidParameter("context", "Must be combined with a spelling in `q`.")
        if self.metres is not None and (self.near is None or not self.q.strip()):
            raise InvalidParameter("metres", "Must be combined with both `q` and `near`.")


class PlaceProperties(BaseModel):
    """The properties of a settlement, and how it matches the query."""

    geonameid: int
    name: str
    names: dict[str, str] = Field(description="Names by language")
    kind: Literal["settlement"] = "settlement"
    country: str = Field(description="ISO 3166-1")
    admin1: str | None = Field(description="GeoNames' code of the first-level division")
    population: int | None = Field(description="null: not known")
    in_theatre: bool
    matched: str | None = Field(None, description="The spelling that matched")
    matched_kind: Literal["name", "alternate", "former", "alias"] | None = Field(
        None, description="The gazetteer's name, another of its spellings, another word for it, or a spelling of ours"
    )
    likeness: Likeness | None = Field(
        None, description="The same word; the same in another script or transliteration; or only alike: ask back"
    )
    distance_m: float | None = Field(None, description="From the place asked about")
    bearing: float | None = Field(
        None, description="Of the place asked about as seen from the settlement, degrees clockwise from north"
    )


class PlaceFeature(BaseModel):
    """A settlement as a GeoJSON feature; coordinates are longitude, latitude."""

    type: Literal["Feature"] = "Feature"
    id: int
    geometry: dict[str, Any]
    properties: PlaceProperties


class UnderstoodShown(BaseModel):
    """How a part of the context was understood."""

    kind: Literal["region", "country", "near", "direction"]
    means: list[str]
    bearing: float | None


class LackingShown(BaseModel):
    """A place that reports mention and the gazetteer lacks, located by its distance from a
    settlement that it has.
    """

    name: str
    of: str = Field(description="The settlement from which it is measured")
    bearing: float = Field(description="Degrees clockwise from north, as seen from that settlement")
    distance_m: float
    source: str


class PlaceCollection(BaseModel):
    """The settlements that may be meant, the likeliest first. Empty: it is not in the gazetteer."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[PlaceFeature]
    numberReturned: int
    timeStamp: dt.datetime
    attribution: str
    context: list[UnderstoodShown] = Field(description="What of the context was understood, and so had to hold")
    lacking: list[LackingShown] = Field(description="What is known of a place that the gazetteer lacks")
    namesakes: list[PlaceFeature] = Field(
        description="When the place is not in the gazetteer: others of that name, which are not meant"
    )


class LabelsQuery(BaseModel):
    """Query parameters of the labels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lang: str = Field(
        "", max_length=3, examples=["uk"], description="A language of the theatre; its first one when not given"
    )

    def language(self, languages: Sequence[str]) -> str:
        """Returns the requested language.

        Raises:
            InvalidParameter: the theatre does not have it.
        """
        if self.lang and self.lang not in languages:
            raise InvalidParameter("lang", f"Must be one of: {', '.join(languages)}.")
        return self.lang or languages[0]


class PlaceLabels(BaseModel):
    """Names for the map in columns: one value for each settlement, most important first."""

    language: str
    attribution: str
    count: int
    longitude: list[int] = Field(description="Ten-thousandths of a degree")
    latitude: list[int] = Field(description="Ten-thousandths of a degree")
    weight: list[int] = Field(description="About how many people; less abroad, and for a part of a city")
    name: list[str]
