"""The API that parses typed coordinates, for the submission form."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from app.geo.coordinates import UnreadablePlace, parse_place
from app.geo.parsed_place import Form, Reason
from app.http.parameters import PositionParameter, TextParameter

router = APIRouter(prefix="/api/coordinates", tags=["places"])


class CoordinatesQuery(BaseModel):
    """The query parameters: a text, and a position for short plus codes."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: TextParameter = Field(
        min_length=1,
        max_length=2048,
        description="Degrees in any usual form, MGRS, a plus code, or a link to a map",
        examples=["48°14'53.5\"N 37°07'46.8\"E"],
    )
    near: PositionParameter = Field(None, description="Longitude, latitude; the reference of a short plus code")


class UnderstoodPlace(BaseModel):
    """A parsed place."""

    longitude: float = Field(description="Degrees")
    latitude: float = Field(description="Degrees")
    form: Form
    precision_m: int = Field(description="Radius in metres of all places that are written the same way")


class Understanding(BaseModel):
    """The parsed place, or the reason why the text is not a place."""

    place: UnderstoodPlace | None
    reason: Reason | None = Field(None, description="The reason why the text could not be parsed")
    message: str | None = Field(None, description="The reason as a message")
    reference: str | None = Field(
        None, description="The place name of a short plus code; look it up and send it as `near`"
    )


@router.get("")
def parse_coordinates(parameters: Annotated[CoordinatesQuery, Query()]) -> Understanding:
    """Parses coordinates in a text. Does not look up place names, and follows no links."""
    try:
        place = parse_place(parameters.text, parameters.near)
    except UnreadablePlace as refused:
        return Understanding(
            place=None, reason=refused.reason, message=str(refused), reference=refused.reference or None
        )
    return Understanding(place=UnderstoodPlace.model_validate(place, from_attributes=True))
