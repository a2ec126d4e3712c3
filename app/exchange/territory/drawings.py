"""The content of a file of areas: as parsed (`Drawing`), and with checked geometry (`Snapshot`)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence


class FileRefused(Exception):
    """A file cannot be imported; the message says what is wrong, where, and what to do."""


@dataclass(frozen=True)
class AssessorProfile:
    """The assessor of a format, with default terms; options of an import override them.

    `definition` is the assessor's definition of control; `meanings` says what it means by each
    status.
    """

    slug: str
    name: str
    definition: str
    home_page: str | None = None
    licence: str | None = None
    attribution: str | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area as in the file: `geometry` is GeoJSON, `number` counts the features of the file
    from 1.
    """

    number: int
    status: str
    geometry: dict[str, Any]
    since_before: bool = False
    label: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A feature that is not an area of this theatre: its name, why it was left out, and its
    geometry.
    """

    number: int
    name: str
    why: str
    geometry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A feature that no rule of the format can read: `why` says what is unknown."""

    number: int
    why: str

    @override
    def __str__(self) -> str:
        return f"feature {self.number} {self.why}"


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding about a feature that is imported: `words` are the same for all such features,
    `detail` is about this one.
    """

    number: int
    words: str
    detail: str


@dataclass
class Drawing:
    """The areas of one assessor from one moment on, as in a file.

    Attributes:
        assessor: who drew the areas.
        valid_from: the moment from which they are valid, UTC.
        covers: the statuses that the assessor draws; a status without areas does not occur.
        areas: the areas.
        left_out: features outside this theatre.
        unknown: features that cannot be read; the file is refused unless they may be skipped.
        remarks: findings about single features.
        notes: further findings, counted by reason.
    """

    assessor: AssessorProfile
    valid_from: dt.datetime
    covers: tuple[str, ...]
    areas: list[DrawnArea] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    unknown: list[Unknown] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Area:
    """An area ready to be stored."""

    status: str
    since_before: bool
    label: str | None
    wkb: bytes
    area_km2: float


@dataclass(frozen=True)
class Snapshot:
    """A drawing whose geometry has been parsed, checked and measured.

    `repaired` is the number of repaired shapes, and `repaired_km2` the total change of their area.
    `skipped` are the features that could not be read, each with the reason.
    """

    assessor: AssessorProfile
    valid_from: dt.datetime
    covers: tuple[str, ...]
    areas: tuple[Area, ...]
    repaired: int
    repaired_km2: float
    left_out: tuple[tuple[str, str, float], ...]
    notes: Counter[str]
    remarks: tuple[Remark, ...] = ()
    skipped: tuple[str, ...] = ()

    def digest(self) -> bytes:
        """Returns a digest of 32 bytes that does not depend on the order and labels of the
        areas.
        """
        return shape_digest(self.covers, [(area.status, area.since_before, area.wkb) for area in self.areas])


def shape_digest(covers: Sequence[str], areas: Sequence[tuple[str, bool, bytes]]) -> bytes:
    """Returns a digest of areas (status, since before, WKB) and covered statuses."""
    parts = sorted(hashlib.sha256(f"{status} {before} ".encode() + wkb).digest() for status, before, wkb in areas)
    return hashlib.sha256(" ".join(sorted(covers)).encode() + b"".join(parts)).digest()
