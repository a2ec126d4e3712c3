"""Decodes the compact history of a line: every ring of every day, as edits of earlier rings.

A history is a sequence of *blocks*. A block depends on the blocks before it, and a file may contain
several. `LineHistory` reads blocks, `line_history_writer` writes them, and
static/js/data/line-history.js reads them in the browser.

All numbers are varints (`varints`); *folded* numbers are zigzag-encoded and may be negative.
Coordinates are integers in units of 1e-5 degrees.

A block consists of the bytes `FLH2`, the index of its first day, its number of days, the index of
its first ring, its number of rings, the length of each of its eight sections in bytes, and the
sections:

1. *days*. For each day: milliseconds since the previous day of the block, or since 1970 for the
   first one (folded); the covered kinds as a bit mask; the distance in days to its reference day
   (0: none); the number of entries; and their edits.
2. *rings*. For each ring: the number of vertices, the distance in rings to its base (0: none), and
   the edits.
3. *wide*. Steps that are too large for the planes, longitude before latitude, vertex by vertex.
4. to 7. *planes*. For each new vertex the step from the previous vertex of its ring, folded: the
   low bytes of the longitudes, the high bytes, the low bytes of the latitudes, the high bytes.
   65535 means that the step is in *wide*. The first step of a ring is from the first vertex of its
   base, or from 0, 0.
8. *edges*. For each ring: a number of runs, and the runs. A run is its number of edges times four,
   plus their kind: 0 for the front line, 1 for coast, outer border and seams, 2 for edges inside
   held ground. Edge n goes from vertex n to the next one, and the last edge to the first vertex. A
   ring without runs is not one of held ground.

An edit is a number of vertices (or entries) times four, plus the operation:

- 0: copy from the base (reference). The copy starts after the end of the last copy from it, plus
  the number of vertices that were written since, because new vertices replace old ones;
- 1: the same, but the start is shifted by the next number (folded);
- 2: copy from another ring. The next two numbers are twice the distance in rings to it, plus one to
  copy backwards; and the start of the copy;
- 3: new: vertices are in the planes; entries follow, two numbers each.

Copies from a base continue at its beginning after its end. The entries of a day are its rings in
order. An entry is a ring and a role. The ring is 0 for the next ring that no entry has named yet,
else the distance in rings back from that one. The role is 0 for a hole, 1 for a further polygon of
the area, and k + 2 for a new area of the kind k.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.geo import varints
from app.geo.rings import UNITS_PER_DEGREE, Ring

MAGIC: Final = b"FLH2"
HOLE: Final = 0
POLYGON: Final = 1
AREA: Final = 2

COPY, LEAP, FOREIGN, NEW = range(4)
WIDE: Final = 0xFFFF
FARTHEST: Final = 180 * UNITS_PER_DEGREE
_SECTIONS: Final = 8
_HEAD: Final = 4 + _SECTIONS

# The kind of an area, and the rings of its polygons: the shell, then the holes.
Area = tuple[int, Sequence[Sequence[Ring]]]
Entry = tuple[int, int]
Steps = NDArray[np.int64]
Runs = tuple[int, ...]

_NOTHING: Final[Ring] = np.zeros((0, 2), dtype=np.int32)


class InvalidHistory(ValueError):
    """The content is not a valid history; the message says which part."""


@dataclass(frozen=True)
class Day:
    """One assessment: its start, its kinds (a bit mask), and its entries (ring, role)."""

    moment_ms: int
    covers: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class EditScript:
    """How to build a ring: its base, and edits (operation, length, and two numbers that depend on
    the operation).
    """

    length: int
    base: int | None
    edits: tuple[tuple[int, int, int, int], ...]

    def sources(self) -> set[int]:
        """Returns the rings that must be built first."""
        foreign = {ring for operation, _, ring, _ in self.edits if operation == FOREIGN}
        return foreign if self.base is None else foreign | {self.base}


class _NumberReader:
    """Reads numbers in sequence."""

    def __init__(self, content: bytes, section: str) -> None:
        self._section = section
        try:
            self._numbers = varints.decode(content).tolist()
        except varints.InvalidVarints as error:
            raise InvalidHistory(f"{section}: {error}") from error
        self._at = 0

    def next_number(self) -> int:
        """Returns the next number."""
        if self._at == len(self._numbers):
            raise InvalidHistory(f"{self._section}: ends too early")
        self._at += 1
        return int(self._numbers[self._at - 1])

    def check_end(self) -> None:
        """Checks that no number is left."""
        if self._at != len(self._numbers):
            raise InvalidHistory(f"{self._section}: has {len(self._numbers) - self._at} numbers too many")

    def script(self, length: int, size: int, *, round_about: bool) -> Iterator[tuple[int, int, int, int]]:
        """Reads the edits of a list.

        The caller must read the numbers of new entries before it takes the next edit.

        Yields:
            Operation, length, and the position of a copy. Of a copy from another ring: how many
            rings back it lies, and its start with the direction.
        """
        done = expected = 0
        while done < length:
            token = self.next_number()
            operation, count = token & 3, token >> 2
            if count == 0 or count > length - done:
                raise InvalidHistory(f"{self._section}: an edit of {count} where {length - done} are missing")
            first = second = 0
            if operation in {COPY, LEAP}:
                first = expected + (varints.zigzag_decode_one(self.next_number()) if operation == LEAP else 0)
                if round_about and size:
                    first %= size
                if not 0 <= first < size or (not round_about and first + count > size) or count > size:
                    raise InvalidHistory(f"{self._section}: a copy of {count} from {first} of {size}")
                expected = (first + count) % size if round_about else first + count
                operation = COPY
            else:
                if operation == FOREIGN:
                    first, second = self.next_number(), self.next_number()
                expected += count
            done += count
            yield operation, count, first, second


class LineHistory:
    """Reads a history; rings are built when they are needed.

    Attributes:
        days: in the order in which they were added, which may differ from the order of time.
    """

    def __init__(self, *contents: bytes) -> None:
        """Reads the blocks of a history in order.

        Raises:
            InvalidHistory: a block is not valid.
        """
        self.days: list[Day] = []
        self._programs: list[EditScript] = []
        self._edges: list[Runs] = []
        # For each ring: the cumulative sums of the steps of its block, and where its own steps
        # begin.
        self._steps: list[tuple[Steps, int]] = []
        for content in contents:
            rest = content
            while rest:
                rest = self._read_block(rest)

    @property
    def ring_count(self) -> int:
        """The number of rings."""
        return len(self._programs)

    def add_ring(self, program: EditScript, steps: Steps, edges: Runs) -> None:
        """Adds a ring to the history.

        Args:
            program: how to build it from other rings.
            steps: to its new vertices.
            edges: the runs of its edges.
        """
        self._programs.append(program)
        self._edges.append(edges)
        self._steps.append((cumulative_sums(steps), 0))

    def edges(self, ring: int) -> Runs:
        """Returns the runs of a ring's edges, each a number of edges times four plus their kind."""
        return self._edges[ring]

    def areas(self, day: int) -> list[tuple[int, list[list[Ring]]]]:
        """Returns the areas of a day: the kind of each, and the rings of its polygons."""
        entries = self.days[day].entries
        rings = self.rings({ring for ring, _ in entries})
        areas: list[tuple[int, list[list[Ring]]]] = []
        for ring, role in entries:
            if role >= AREA:
                areas.append((role - AREA, [[rings[ring]]]))
            elif role == POLYGON:
                areas[-1][1].append([rings[ring]])
            else:
                areas[-1][1][-1].append(rings[ring])
        return areas

    def rings(self, wanted: set[int]) -> dict[int, Ring]:
        """Builds rings by id from their edit scripts; intermediate rings are released as soon as
        possible.
        """
        needed: set[int] = set()
        open_: list[int] = [*wanted]
        while open_:
            ring = open_.pop()
            if ring not in needed:
                needed.add(ring)
                open_ += self._programs[ring].sources()
        last_use = {source: ring for ring in sorted(needed) for source in self._programs[ring].sources()}
        built: dict[int, Ring] = {}
        for ring in sorted(needed):
            built[ring] = self._build_ring(ring, built)
            for source in self._programs[ring].sources():
                if last_use[source] == ring and source not in wanted:
                    built.pop(source, None)
        return {ring: built[ring] for ring in wanted}

    def _build_ring(self, ring: int, known: dict[int, Ring]) -> Ring:
        program = self._programs[ring]
        base = known[program.base] if program.base is not None else _NOTHING
        sums, at = self._steps[ring]
        vertices = np.empty((program.length, 2), dtype=np.int64)
        done = 0
        for operation, count, first, second in program.edits:
            part = vertices[done : done + count]
            if operation == COPY:
                fits = min(count, len(base) - first)
                part[:fits] = base[first : first + fits]
                part[fits:] = base[: count - fits]
            elif operation == FOREIGN:
                other, start = known[first], second >> 1
                part[:] = other[start - count + 1 : start + 1][::-1] if second & 1 else other[start : start + count]
            else:
                before = vertices[done - 1] if done else base[0] if len(base) else 0
                part[:] = before + sums[at + 1 : at + count + 1] - sums[at]
                at += count
            done += count
        if np.abs(vertices).max(initial=0) > FARTHEST:
            raise InvalidHistory(f"rings: ring {ring} lies off the globe")
        ready = vertices.astype(np.int32)
        ready.flags.writeable = False
        return ready

    def _read_block(self, content: bytes) -> bytes:
        """Reads one block, and returns the content after it."""
        if not content.startswith(MAGIC):
            raise InvalidHistory("a block does not begin as it must")
        head: list[int] = []
        at = len(MAGIC)
        while len(head) < _HEAD:
            end = at
            while end < len(content) and content[end] >= 0x80:
                end += 1
            if end == len(content):
                raise InvalidHistory("head: ends too early")
            head += varints.decode(content[at : end + 1]).tolist()
            at = end + 1
        first_day, days, first_ring, rings, *sizes = head
        if (first_day, first_ring) != (len(self.days), len(self._programs)):
            raise InvalidHistory(
                f"head: continues day {first_day} and ring {first_ring}, not {len(self.days)} and {len(self._programs)}"
            )
        if len(content) < at + sum(sizes):
            raise InvalidHistory("a block is cut off")
        sections = []
        for size in sizes:
            sections.append(content[at : at + size])
            at += size
        self._read_days(_NumberReader(sections[0], "days"), days)
        self._read_rings(_NumberReader(sections[1], "rings"), rings, _read_steps(*sections[2:-1]))
        self._read_edges(_NumberReader(sections[-1], "edges"), first_ring)
        named = max((ring for day in self.days[first_day:] for ring, _ in day.entries), default=-1)
        if named >= len(self._programs):
            raise InvalidHistory(f"days: name ring {named} of {len(self._programs)}")
        return content[at:]

    def _read_days(self, numbers: _NumberReader, days: int) -> None:
        moment = 0
        named = len(self._programs)
        for _ in range(days):
            moment += varints.zigzag_decode_one(numbers.next_number())
            covers, back, length = numbers.next_number(), numbers.next_number(), numbers.next_number()
            if back > len(self.days):
                raise InvalidHistory(f"days: a reference {back} days back from day {len(self.days)}")
            reference = self.days[len(self.days) - back].entries if back else ()
            entries: list[Entry] = []
            for operation, count, first, _ in numbers.script(length, len(reference), round_about=False):
                if operation == COPY:
                    entries += reference[first : first + count]
                elif operation == FOREIGN:
                    raise InvalidHistory("days: an edit that only rings have")
                else:
                    for _ in range(count):
                        ring, role = numbers.next_number(), numbers.next_number()
                        if ring > named:
                            raise InvalidHistory(f"days: an entry names a ring {ring} back from {named}")
                        entries.append((named - ring if ring else named, role))
                        named += ring == 0
            if entries and entries[0][1] < AREA:
                raise InvalidHistory("days: the first entry begins no area")
            self.days.append(Day(moment, covers, tuple(entries)))
        numbers.check_end()

    def _read_rings(self, numbers: _NumberReader, rings: int, steps: Steps) -> None:
        sums, used = cumulative_sums(steps), 0
        for _ in range(rings):
            ring = len(self._programs)
            length, back = numbers.next_number(), numbers.next_number()
            if back > ring:
                raise InvalidHistory(f"rings: a base {back} rings back from ring {ring}")
            base = ring - back if back else None
            size = self._programs[base].length if base is not None else 0
            program = []
            start = used
            for operation, count, first, second in numbers.script(length, size, round_about=True):
                if operation == FOREIGN:
                    program.append((operation, count, *self._check_foreign_copy(ring, count, first, second)))
                    continue
                used += count if operation == NEW else 0
                program.append((operation, count, first, second))
            self._programs.append(EditScript(length, base, tuple(program)))
            self._steps.append((sums, start))
        numbers.check_end()
        if used != len(steps):
            raise InvalidHistory(f"planes: have {len(steps)} vertices, and {used} are used")

    def _read_edges(self, numbers: _NumberReader, first_ring: int) -> None:
        for ring in range(first_ring, len(self._programs)):
            runs = tuple(numbers.next_number() for _ in range(numbers.next_number()))
            if runs and sum(run >> 2 for run in runs) != self._programs[ring].length:
                raise InvalidHistory(f"edges: are not as many as ring {ring} has vertices")
            if any(run & 3 == 3 or run < 4 for run in runs):
                raise InvalidHistory(f"edges: ring {ring} has a run without edges, or of an unknown kind")
            self._edges.append(runs)
        numbers.check_end()

    def _check_foreign_copy(self, ring: int, count: int, told: int, start: int) -> tuple[int, int]:
        """Checks a copy from another ring. Returns the ring, and the start with the direction in
        the last bit.
        """
        other, backwards = ring - (told >> 1), told & 1
        if not 0 <= other < ring:
            raise InvalidHistory(f"rings: a copy from ring {other} into ring {ring}")
        first, last = (start - count + 1, start) if backwards else (start, start + count - 1)
        if first < 0 or last >= self._programs[other].length:
            raise InvalidHistory(f"rings: a copy of {first} to {last} from ring {other}")
        return other, start << 1 | backwards


def cumulative_sums(steps: Steps) -> Steps:
    """Returns the sum of the steps before each step, and the total at the end."""
    sums: Steps = np.concatenate((np.zeros((1, 2), dtype=np.int64), np.cumsum(steps, axis=0)))
    return sums


def _read_steps(wide: bytes, *planes: bytes) -> Steps:
    """Reads the steps to the new vertices of a block."""
    count = len(planes[0])
    if any(len(plane) != count for plane in planes):
        raise InvalidHistory(f"planes: are not all of {count} vertices")
    low_x, high_x, low_y, high_y = (np.frombuffer(plane, dtype=np.uint8).astype(np.int64) for plane in planes)
    steps = np.column_stack((low_x | high_x << 8, low_y | high_y << 8))
    try:
        far = varints.decode(wide)
    except varints.InvalidVarints as error:
        raise InvalidHistory(f"wide: {error}") from error
    if (steps == WIDE).sum() != len(far):
        raise InvalidHistory(f"wide: has {len(far)} numbers, and {(steps == WIDE).sum()} are asked for")
    steps[steps == WIDE] = far
    return varints.zigzag_decode(steps)
