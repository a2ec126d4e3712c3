"""How a typed place is understood, for the form that shows it while somebody types."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.geo.coordinates import UnreadablePlace, parse_place
from app.geo.parsed_place import Form, Reason
from app.http.parameters import PositionParameter, TextParameter

router = APIRouter(prefix="/api/coordinates", tags=["places"])


class CoordinatesQuery(BaseModel):
    """A text, and what helps to understand it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: TextParameter = Field(
        min_length=1,
        max_length=2048,
        description="Degrees in any usual form, MGRS, a plus code, or a link to a map",
        examples=["48°14'53.5\"N 37°07'46.8\"E"],
    )
    near: PositionParameter = Field(None, description="Longitude, latitude that a short plus code is counted from")


class UnderstoodPlace(BaseModel):
    """The place that a text names."""

    longitude: float = Field(description="Degrees")
    latitude: float = Field(description="Degrees")
    form: Form
    precision_m: int = Field(description="Radius in metres that holds every place which is written the same way")


class Understanding(BaseModel):
    """How a text is understood: as a place, or why not."""

    place: UnderstoodPlace | None
    reason: Reason | None = Field(None, description="Why it is no place that can be read")
    message: str | None = Field(None, description="The reason in words")
    reference: str | None = Field(None, description="The name beside a short plus code, to look up and give as `near`")


@router.get("")
def understand(asked: Annotated[CoordinatesQuery, Query()]) -> Understanding:
    """Read a place from a text. Names of places are not looked up here, and no link is followed."""
    try:
        place = parse_place(asked.text, asked.near)
    except UnreadablePlace as refused:
        return Understanding(
            place=None, reason=refused.reason, message=str(refused), reference=refused.reference or None
        )
    return Understanding(place=UnderstoodPlace.model_validate(place, from_attributes=True))
