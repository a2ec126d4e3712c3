"""Turns rows of sources and claims of the public views into JSON."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, Field

from app.fields import CLAIM, SOURCE
from app.fields.words import PublicSourceStatus, SourceRole
from app.publication.field_models import shows

if TYPE_CHECKING:
    from sqlalchemy import Row

_SOURCE: Final = (*SOURCE.names(exported=True), "first_seen_at")
_CLAIM: Final = CLAIM.names(exported=True)


@shows(SOURCE.having(exported=True))
class SourceShown(BaseModel):
    """A publication or post, and its role for the event."""

    id: uuid.UUID
    kind: SourceRole
    url: str | None = Field(description="null: known by name only")
    status: PublicSourceStatus = Field(description="Whether it can still be read")
    first_seen_at: dt.datetime = Field(description="Since when the public has it with this event or claim")


@shows(CLAIM.having(exported=True))
class ClaimShown(BaseModel):
    """A statement of one party."""

    id: uuid.UUID


def source_to_json(row: Row[Any], source_id: uuid.UUID, kind: str) -> dict[str, Any]:
    """Returns a source with its role as JSON."""
    return {key: getattr(row, key) for key in _SOURCE} | {"id": source_id, "kind": kind, "url": row.given_url}


def claim_to_json(row: Row[Any]) -> dict[str, Any]:
    """Returns a claim as JSON."""
    return {key: getattr(row, key) for key in _CLAIM}
