"""What an import brings, whatever the format of the file: events with their sources, claims and places."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source of one event, and what it is for it; without `canonical_url` it is known by name only."""

    name: str
    role: str
    canonical_url: str | None = None
    given_url: str | None = None
    platform: str | None = None
    publisher: str | None = None
    author: str | None = None
    published_at: dt.datetime | None = None
    language: str | None = None
    status: str = "unknown"
    archive_url: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """What one party states; `source` is the place of its source among those of the event."""

    party: str
    party_kind: str
    stance: str
    statement: str
    about: str = "event"
    chain: tuple[str, ...] = ()
    stated_at: dt.datetime | None = None
    source: int | None = None


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place that the event's reports name."""

    geonameid: int | None
    as_spelled: str | None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event of a file.

    `origin_id` is the file's own id of it; `event_id` is set when that id is one of ours. `shape` is extended
    well-known binary in hexadecimal letters, EPSG:4326; the time is half-open, in UTC; the precision is in metres.
    """

    origin: str
    origin_id: str
    title: str
    category: str
    shape: str
    happened_from: dt.datetime
    happened_to: dt.datetime
    time_precision: str
    verification: str
    description: str | None = None
    actor: str | None = None
    affected: str | None = None
    precision_m: int | None = None
    time_inferred: bool = False
    sensitivity: tuple[str, ...] = ()
    event_id: uuid.UUID | None = None
    sources: tuple[SourceRecord, ...] = ()
    claims: tuple[ClaimRecord, ...] = ()
    places: tuple[PlaceRecord, ...] = ()

    def digest(self) -> bytes:
        """Give 16 bytes that tell this content from any other; the id is no part of it, nor what a source is called.

        The name and author of a source belong to the source, which other events share.
        """
        content = (
            *(self.origin, self.title, self.description, self.category, self.actor, self.affected, self.shape),
            *(self.precision_m, self.happened_from.timestamp(), self.happened_to.timestamp(), self.time_precision),
            *(self.time_inferred, self.verification, self.sensitivity),
            tuple((source.canonical_url or source.name, source.role) for source in self.sources),
            tuple(
                (claim.party, claim.party_kind, claim.stance, claim.statement, claim.about, claim.chain, claim.source)
                for claim in self.claims
            ),
            tuple((place.geonameid, place.as_spelled) for place in self.places),
        )
        return hashlib.blake2b(repr(content).encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about a row that its owner should know: a fault of a field, or a doubt.

    `reason` is a short phrase by which remarks are counted; `value` is the cell as it stood.
    """

    field: str
    value: str
    reason: str


class RowRefused(Exception):
    """A row cannot be accepted."""

    def __init__(self, field: str, value: object, reason: str) -> None:
        super().__init__(reason)
        self.remark = Remark(field, "" if value is None else str(value), reason)


@dataclass(slots=True)
class Row:
    """One row of a file as it was read: a record, or the reason why there is none; and what else is to be told of it.

    `line` is the number of the row's first line, or of the feature, counted from 1. `id` is the row's own, as far as
    it could be read. `notes` are changes that every reader of the file would make, counted and not listed.
    """

    line: int
    id: str = ""
    record: EventRecord | None = None
    refused: Remark | None = None
    remarks: list[Remark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Rows = Iterator[Row]
