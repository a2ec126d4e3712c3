"""The records of an import, independent of the file format: events with their sources, claims and
places.
"""

from __future__ import annotations

import copyreg
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from app.fields import CLAIM, EVENT, SOURCE

if TYPE_CHECKING:
    from app.fields import Field

# Values of plain fields, by the name of the field; only values that differ from the default.
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """A source of one event, and its role; without `canonical_url` it is known by name only.

    `facts` has the plain fields of `app.fields.SOURCE`.
    """

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
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A statement of one party; `source` is the index of its source among the sources of the event.

    `facts` has the plain fields of `app.fields.CLAIM`.
    """

    party: str
    party_kind: str
    stance: str
    statement: str
    about: str = "event"
    chain: tuple[str, ...] = ()
    stated_at: dt.datetime | None = None
    source: int | None = None
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """A place that the reports of the event name."""

    geonameid: int | None
    as_spelled: str | None


@dataclass(frozen=True, slots=True)
class EventRecord:
    """One event of a file.

    `origin_id` is the id in the file; `event_id` is set if that id has the form of our ids. `shape`
    is hexadecimal EWKB, EPSG:4326. The time range is half-open, in UTC. `precision_m` is in metres.
    `facts` has the plain fields of `app.fields.EVENT`.
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
    facts: Facts = field(default_factory=dict)

    def digest(self) -> bytes:
        """Returns 16 bytes that identify this content, from the fields that `app.fields` marks for
        the digest.

        The digest does not contain the id, nor the name or author of a source, which other events
        share. Digests are stored, so the fields of a digest never change
        (tests/exchange/test_digest.py). A field with `digest="given"` is added only if the row has
        a value.
        """
        always = [*_EVENT_ALWAYS(self)]
        for at in _MOMENTS_AT:
            always[at] = always[at].timestamp()
        # Lists, because `tuple` reads them faster than generators, and this code runs for every
        # row.
        content = (
            *always,
            tuple([(one.canonical_url or one.name, one.role, *_source_given(one)) for one in self.sources]),
            tuple([(*_CLAIM_ALWAYS(one), one.source, *_claim_given(one)) for one in self.claims]),
            tuple([(one.geonameid, one.as_spelled) for one in self.places]),
            *_event_given(self),
        )
        return hashlib.blake2b(repr(content).encode("utf-8", "surrogatepass"), digest_size=16).digest()


class RecordColumns:
    """Some fields as columns: their names, and their values in a record.

    A value is an attribute of the record if its class has one of that name, else a member of
    `facts`.

    Attributes:
        names: of the columns.
        values: returns the values of a record, in the order of the names.
    """

    def __init__(self, record: type[EventRecord | SourceRecord | ClaimRecord], wanted: tuple[Field, ...]) -> None:
        attributes = {one.name for one in fields(record)}
        named = [one for one in wanted if one.name in attributes]
        carried = [one for one in wanted if one.name not in attributes]
        self.names = tuple(one.name for one in (*named, *carried))
        self._defaults = tuple(one.default for one in (*named, *carried))
        self._only_facts = not named
        self.values = _values(tuple(one.name for one in named), {one.name: one.default for one in carried})

    def differing(self, record: EventRecord | SourceRecord | ClaimRecord) -> tuple[tuple[str, Any], ...]:
        """Returns the names and values of the fields that differ from their defaults."""
        if self._only_facts and not record.facts:
            return ()
        return tuple(
            (name, _digest_value(value))
            for name, value, default in zip(self.names, self.values(record), self._defaults, strict=True)
            if value != default
        )


def _values(named: tuple[str, ...], carried: dict[str, Any]) -> Callable[[Any], tuple[Any, ...]]:
    """Returns a function that reads attributes and facts of a record. It runs for every row of an
    import.
    """
    attributes = _tuple_getter(named)
    if not carried:
        return attributes
    defaults = tuple(carried.values())

    def values(record: Any) -> tuple[Any, ...]:
        facts = record.facts
        if not facts:
            return attributes(record) + defaults
        return (*attributes(record), *(facts.get(name, default) for name, default in carried.items()))

    return values


def _tuple_getter(names: tuple[str, ...]) -> Callable[[Any], tuple[Any, ...]]:
    """Returns a function like `attrgetter` that returns a tuple for one name or none, too."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda record: tuple(getattr(record, name) for name in names)


def _digest_value(value: Any) -> Any:
    """Returns a value for a digest. A datetime becomes its timestamp, whatever its time zone."""
    return value.timestamp() if isinstance(value, dt.datetime) else value


# In the order of the tables of fields, which is the order in the first digests.
_EVENT_ALWAYS: Final = attrgetter(*EVENT.names(digest="always"))
_MOMENTS_AT: Final = tuple(at for at, one in enumerate(EVENT.having(digest="always")) if one.type == "moment")
_CLAIM_ALWAYS: Final = attrgetter(*CLAIM.names(digest="always"))
_event_given: Final = RecordColumns(EventRecord, EVENT.having(digest="given")).differing
_source_given: Final = RecordColumns(SourceRecord, SOURCE.having(digest="given")).differing
_claim_given: Final = RecordColumns(ClaimRecord, CLAIM.having(digest="given")).differing


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark on a row: an error in a field, or a possible mistake.

    `reason` is a short phrase by which remarks are counted; `value` is the cell of the file.
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
    """A row of a file after parsing: a record, or the reason why it was refused, and remarks.

    `line` is the number of the row's first line, or of the feature, counted from 1. `id` is the id
    in the file, if it could be read. `notes` are changes that are counted and not listed.
    """

    line: int
    id: str = ""
    record: EventRecord | None = None
    refused: Remark | None = None
    remarks: list[Remark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


Rows = Iterator[Row]


def _register_pickling(record: type[Any]) -> None:
    """Pickles a record by its values, which is twice as fast as the methods of a dataclass."""
    values = attrgetter(*(one.name for one in fields(record)))
    copyreg.pickle(record, lambda instance: (record, values(instance)))


for _record in (SourceRecord, ClaimRecord, PlaceRecord, EventRecord, Remark, Row):
    _register_pickling(_record)
