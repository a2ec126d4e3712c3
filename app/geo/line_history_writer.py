"""Writes the history of a line in the format of `line_history`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from app.geo import varints
from app.geo.line_history import (
    AREA,
    COPY,
    FOREIGN,
    HOLE,
    LEAP,
    MAGIC,
    NEW,
    POLYGON,
    WIDE,
    Area,
    Day,
    EditScript,
    Entry,
    LineHistory,
    Runs,
    Steps,
)
from app.geo.ring_edits import FromBase, FromRing, GrowingPools, Pool, edits
from app.geo.rings import Ring, keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ORIGIN: Final[Ring] = np.zeros(2, dtype=np.int32)


class HistoryWriter:
    """Writes a history day by day; can continue a history that was read, which it then owns."""

    def __init__(self, history: LineHistory | None = None) -> None:
        self._history = history or LineHistory()
        self._first = len(self._history.days), self._history.ring_count
        # The rings of the days that were written or requested last, and the ids of all rings.
        self._rings: dict[int, Ring] = {}
        self._ids: dict[bytes, int] = {}
        self._day_numbers: list[int] = []
        self._ring_numbers: list[int] = []
        self._steps: list[Steps] = []
        self._edge_numbers: list[int] = []
        self._moment_ms = 0

    def add(
        self,
        moment_ms: int,
        covers: int,
        areas: Sequence[Area],
        *,
        like: int | None = None,
        edges: Sequence[NDArray[np.uint8] | None] = (),
    ) -> int:
        """Adds a day and returns its number.

        Args:
            moment_ms: its start, in milliseconds since 1970.
            covers: its kinds, as a bit mask.
            areas: of the day.
            like: the number of the most similar day; by default the last one.
            edges: for each ring in order the kinds of its edges; None if it is not held ground.
        """
        days = self._history.days
        if like is None and days:
            like = len(days) - 1
        reference = days[like].entries if like is not None else ()
        self._load_rings({ring for ring, _ in reference})
        pool = Pool([(ring, self._rings[ring]) for ring in sorted({ring for ring, _ in reference})])
        named = self._history.ring_count
        today = GrowingPools()
        entries: list[Entry] = []
        runs = map(_runs, edges)
        for kind, polygons in areas:
            for polygon_number, polygon in enumerate(polygons):
                for ring_number, ring in enumerate(polygon):
                    role = HOLE if ring_number else POLYGON if polygon_number else AREA + kind
                    entries.append((self._ring_id(ring, next(runs, ()), pool, today), role))
        back = len(days) - like if like is not None else 0
        self._day_numbers += [varints.zigzag_encode_one(moment_ms - self._moment_ms), covers, back, len(entries)]
        self._day_numbers += _encode_entries(entries, reference, named)
        self._moment_ms = moment_ms
        days.append(Day(moment_ms, covers, tuple(entries)))
        used_rings = {ring for ring, _ in entries}
        self._rings = {ring: known for ring, known in self._rings.items() if ring in used_rings}
        return len(days) - 1

    def block(self) -> bytes:
        """Returns what was added, as one block."""
        wide, *planes = _encode_planes(self._steps)
        sections = [
            varints.encode(self._day_numbers),
            varints.encode(self._ring_numbers),
            wide,
            *planes,
            varints.encode(self._edge_numbers),
        ]
        first_day, first_ring = self._first
        head = [
            *(first_day, len(self._history.days) - first_day),
            *(first_ring, self._history.ring_count - first_ring),
            *(len(section) for section in sections),
        ]
        return MAGIC + varints.encode(head) + b"".join(sections)

    def _load_rings(self, wanted: set[int]) -> None:
        """Builds rings by id and keeps them in memory."""
        if missing := wanted - self._rings.keys():
            for ring_id, ring in self._history.rings(missing).items():
                self._rings[ring_id] = ring
                self._ids[_digest(ring, self._history.edges(ring_id))] = ring_id

    def _ring_id(self, ring: Ring, runs: Runs, pool: Pool, today: GrowingPools) -> int:
        """Returns the id of a ring with its edges; writes a ring that is new."""
        digest = _digest(ring, runs)
        if (known := self._ids.get(digest)) is not None:
            self._rings.setdefault(known, ring)
            return known
        base_id = pool.base_of(keys(ring))
        base = self._rings[base_id] if base_id is not None else None
        own_id = self._history.ring_count
        script = _EditWriter(round_about=len(base) if base is not None else None)
        program: list[tuple[int, int, int, int]] = []
        steps: list[Steps] = []
        for edit in edits(ring, base, [*today, pool]):
            if isinstance(edit, FromBase):
                script.copy(edit.start, edit.length)
                program.append((COPY, edit.length, edit.start, 0))
            elif isinstance(edit, FromRing):
                script.foreign(own_id - edit.ring, edit.start, edit.length, backwards=edit.backwards)
                program.append((FOREIGN, edit.length, edit.ring, edit.start << 1 | edit.backwards))
            else:
                script.new(edit.length)
                program.append((NEW, edit.length, 0, 0))
                before = ring[edit.start - 1] if edit.start else base[0] if base is not None else _ORIGIN
                own = ring[edit.start : edit.start + edit.length]
                steps.append(_deltas(np.concatenate((before[None], own))))
        self._ring_numbers += [len(ring), own_id - base_id if base_id is not None else 0, *script.numbers]
        self._edge_numbers += [len(runs), *runs]
        self._steps += steps
        self._history.add_ring(EditScript(len(ring), base_id, tuple(program)), _concatenate(steps), runs)
        self._ids[digest] = own_id
        self._rings[own_id] = ring
        today.add(own_id, ring)
        return own_id


class _EditWriter:
    """Writes the edits of one list."""

    def __init__(self, round_about: int | None = None) -> None:
        """Prepares a writer; copies from a base of `round_about` vertices wrap around its end."""
        self.numbers: list[int] = []
        self._round_about = round_about
        self._expected = 0

    def copy(self, start: int, length: int) -> None:
        """Writes a copy from the base."""
        expected = self._expected if self._round_about is None else self._expected % self._round_about
        if start == expected:
            self.numbers.append(length << 2 | COPY)
        else:
            self.numbers += (length << 2 | LEAP, varints.zigzag_encode_one(start - expected))
        self._expected = start + length

    def foreign(self, back: int, start: int, length: int, *, backwards: bool) -> None:
        """Writes a copy from another ring."""
        self.numbers += (length << 2 | FOREIGN, back << 1 | backwards, start)
        self._expected += length

    def new(self, length: int) -> None:
        """Writes the length of new entries."""
        self.numbers.append(length << 2 | NEW)
        self._expected += length


def _encode_entries(entries: Sequence[Entry], reference: Sequence[Entry], named: int) -> list[int]:
    """Encodes the entries of a day as edits of another day's entries."""
    places: dict[Entry, int] = {}
    for place, entry in enumerate(reference):
        places.setdefault(entry, place)
    script = _EditWriter()
    at = 0
    while at < len(entries):
        start = places.get(entries[at])
        if start is not None:
            length = 1
            while entries[at + length : at + length + 1] and entries[at + length] == _at(reference, start + length):
                length += 1
            script.copy(start, length)
        else:
            length = 1
            while at + length < len(entries) and entries[at + length] not in places:
                length += 1
            script.new(length)
            for ring, role in entries[at : at + length]:
                script.numbers += (0 if ring == named else named - ring, role)
                named += ring == named
        at += length
    return script.numbers


def _at(entries: Sequence[Entry], place: int) -> Entry | None:
    return entries[place] if place < len(entries) else None


def _deltas(places: Ring) -> Steps:
    """Returns the differences between consecutive positions."""
    wide = places.astype(np.int64)
    return wide[1:] - wide[:-1]


def _concatenate(steps: Sequence[Steps]) -> Steps:
    return np.concatenate(steps) if steps else np.zeros((0, 2), dtype=np.int64)


def _encode_planes(steps: Sequence[Steps]) -> list[bytes]:
    """Encodes steps to new vertices: the wide ones, and the four planes."""
    folded = varints.zigzag_encode(_concatenate(steps))
    far = folded >= WIDE
    near = np.where(far, WIDE, folded)
    columns = (near[:, 0] & 0xFF, near[:, 0] >> 8, near[:, 1] & 0xFF, near[:, 1] >> 8)
    return [varints.encode(folded[far]), *(column.astype(np.uint8).tobytes() for column in columns)]


def _runs(kinds: NDArray[np.uint8] | None) -> Runs:
    """Returns the runs of equal kinds."""
    if kinds is None or len(kinds) == 0:
        return ()
    starts = np.concatenate(([0], np.flatnonzero(np.diff(kinds)) + 1))
    lengths = np.diff(np.append(starts, len(kinds)))
    return tuple((lengths << 2 | kinds[starts]).tolist())


def _digest(ring: Ring, runs: Runs) -> bytes:
    content = np.ascontiguousarray(ring).tobytes() + np.array([len(ring), *runs], dtype=np.int64).tobytes()
    return hashlib.blake2b(content, digest_size=16).digest()
