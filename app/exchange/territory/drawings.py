"""What a file of areas says, before and after its geometry is read."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from shapely import MultiPolygon

if TYPE_CHECKING:
    from collections.abc import Sequence


class FileRefused(Exception):
    """A file cannot be taken; the message says what is wrong with it, where, and what to do."""


@dataclass(frozen=True)
class AssessorProfile:
    """Whom a format comes from, with what is known of them; whoever imports may state it otherwise.

    `definition` says what this assessor means by control.
    """

    slug: str
    name: str
    definition: str
    home_page: str | None = None
    licence: str | None = None
    attribution: str | None = None


@dataclass(frozen=True, slots=True)
class DrawnArea:
    """An area as the file has it: `geometry` is GeoJSON, `number` counts the file's features
    from 1.
    """

    number: int
    status: str
    geometry: dict[str, Any]
    since_before: bool = False
    label: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A feature that is no area of this theatre: what it is called, why it was left out, and its
    geometry.
    """

    number: int
    name: str
    why: str
    geometry: dict[str, Any]


@dataclass
class Drawing:
    """One assessor's areas from one moment on, as a file has them.

    Attributes:
        assessor: whose they are.
        valid_from: from when they hold, UTC.
        covers: the statuses that the file would show if they were there.
        areas: what it shows.
        left_out: areas that belong elsewhere.
        notes: what else was met, counted by reason.
    """

    assessor: AssessorProfile
    valid_from: dt.datetime
    covers: tuple[str, ...]
    areas: list[DrawnArea] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Area:
    """An area ready to be stored."""

    status: str
    since_before: bool
    label: str | None
    shape: MultiPolygon
    wkb: bytes
    area_km2: float


@dataclass(frozen=True)
class Snapshot:
    """A drawing whose geometry was read, checked and measured.

    `repaired` is how many shapes were made valid, `repaired_km2` by how much that changed their
    areas in all.
    """

    assessor: AssessorProfile
    valid_from: dt.datetime
    covers: tuple[str, ...]
    areas: tuple[Area, ...]
    repaired: int
    repaired_km2: float
    left_out: tuple[tuple[str, str, float], ...]
    notes: Counter[str]

    def digest(self) -> bytes:
        """Returns a digest of 32 bytes that does not depend on the order and labels of the
        areas.
        """
        return shape_digest(self.covers, [(area.status, area.since_before, area.wkb) for area in self.areas])


def shape_digest(covers: Sequence[str], areas: Sequence[tuple[str, bool, bytes]]) -> bytes:
    """Digest areas (status, since before, well-known binary) and the statuses that are covered."""
    parts = sorted(hashlib.sha256(f"{status} {before} ".encode() + wkb).digest() for status, before, wkb in areas)
    return hashlib.sha256(" ".join(sorted(covers)).encode() + b"".join(parts)).digest()
