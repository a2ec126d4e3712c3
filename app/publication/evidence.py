"""Sources and claims as the public reads them, of whatever they are: rows of the public views in, JSON out."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final, Literal

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from sqlalchemy import Row

_SOURCE: Final = (
    *("name", "platform", "publisher", "author", "published_at", "language", "status", "archive_url"),
    "first_seen_at",
)
_CLAIM: Final = ("id", "party", "party_kind", "stance", "statement", "about", "chain", "source_id", "stated_at")


class SourceShown(BaseModel):
    """One publication or post, and what it is for the event."""

    id: uuid.UUID
    kind: Literal["footage", "geolocation", "report", "statement"]
    url: str | None = Field(description="null: known by name only")
    name: str
    platform: str | None
    publisher: str | None
    author: str | None
    published_at: dt.datetime | None
    language: str | None
    status: Literal["live", "deleted", "unknown"]
    archive_url: str | None
    first_seen_at: dt.datetime = Field(description="When this map first had it")


class ClaimShown(BaseModel):
    """What one party states."""

    id: uuid.UUID
    party: str
    party_kind: str
    stance: Literal["asserts", "denies"]
    statement: str
    about: Literal["event", "area"]
    chain: list[str] = Field(description="How the statement reached us, nearest first")
    source_id: uuid.UUID | None
    stated_at: dt.datetime | None


def source_shown(row: Row[Any], source_id: uuid.UUID, kind: str) -> dict[str, Any]:
    """Say what a source is, and what it is for what rests on it."""
    return {key: getattr(row, key) for key in _SOURCE} | {"id": source_id, "kind": kind, "url": row.given_url}


def claim_shown(row: Row[Any]) -> dict[str, Any]:
    """Say what a party states."""
    return {key: getattr(row, key) for key in _CLAIM}
