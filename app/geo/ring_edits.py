"""Expresses a ring as edits of other rings: copied parts and new vertices.

A front line changes in few places from day to day, and the edge of the neighbouring area changes
with it. So a ring is a list of edits. An edit copies vertices of a *base* ring from the end of the
last copy, copies vertices of any other ring, or adds new vertices. Other rings are copied forwards
or backwards: the edge of a gray zone is that of the occupied area, reversed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.geo.rings import Ring, keys

_SHORTEST_FOREIGN: Final = 3  # vertices: naming another ring takes as many bytes as two new vertices

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FromBase:
    """A copy of `length` vertices of the base ring from `start`; it continues at the beginning
    after the end.
    """

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class FromRing:
    """A copy of `length` vertices of another ring from `start`, forwards or `backwards`; it does
    not wrap around.
    """

    ring: int
    start: int
    length: int
    backwards: bool


@dataclass(frozen=True, slots=True)
class New:
    """New vertices of the ring from `start`."""

    start: int
    length: int


Edit = FromBase | FromRing | New


class Pool:
    """Rings to copy from, indexed by their vertices."""

    def __init__(self, rings: Sequence[tuple[int, Ring]]) -> None:
        """Indexes rings with their ids."""
        self._ids = np.array([ring_id for ring_id, _ in rings], dtype=np.int64)
        sizes = [len(ring) for _, ring in rings]
        self._ends = np.cumsum([0, *sizes])
        self._owner = np.repeat(np.arange(len(rings)), sizes)
        found = np.concatenate([keys(ring) for _, ring in rings]) if rings else np.zeros(0, dtype=np.int64)
        self._order = np.argsort(found, kind="stable")
        self._keys = found[self._order]

    def places(self, wanted: Numbers) -> Numbers:
        """Returns the positions of vertices in the pool; -1 for a vertex that it does not have."""
        if len(self._keys) == 0:
            return np.full(len(wanted), -1, dtype=np.int64)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        return np.where(self._keys[at] == wanted, self._order[at], -1)

    def base_of(self, wanted: Numbers) -> int | None:
        """Returns the id of the ring with most of some vertices; None if no ring has any."""
        places = self.places(wanted)
        owners = self._owner[places[places >= 0]]
        return int(self._ids[np.bincount(owners).argmax()]) if len(owners) else None

    def run(self, places: Numbers) -> FromRing | None:
        """Returns the copy that a run of positions begins with; None if the first vertex is not in
        the pool.
        """
        first = int(places[0])
        if first < 0:
            return None
        owner = int(self._owner[first])
        low, high = int(self._ends[owner]), int(self._ends[owner + 1])
        step = int(places[1]) - first if len(places) > 1 else 0
        length = 1
        if step in {1, -1}:
            expected = first + step * np.arange(len(places))
            same = (places == expected) & (expected >= low) & (expected < high)
            length = len(same) if same.all() else int(np.argmin(same))
        return FromRing(int(self._ids[owner]), first - low, length, step < 0)


class GrowingPools:
    """Rings to copy from that grow; pools of similar size are merged, so that there are few."""

    def __init__(self) -> None:
        self._rings: list[list[tuple[int, Ring]]] = []
        self._pools: list[Pool] = []

    def __iter__(self) -> Iterator[Pool]:
        """Yields the pools, those of the latest rings first."""
        return reversed(self._pools)

    def add(self, ring_id: int, ring: Ring) -> None:
        """Adds a ring."""
        latest = [(ring_id, ring)]
        while self._rings and len(self._rings[-1]) <= len(latest):
            latest = [*self._rings.pop(), *latest]
            self._pools.pop()
        self._rings.append(latest)
        self._pools.append(Pool(latest))


def edits(ring: Ring, base: Ring | None, pools: Sequence[Pool]) -> list[Edit]:
    """Returns the edits for a ring.

    Args:
        ring: to express.
        base: the ring that most vertices are copied from.
        pools: other rings, the most likely ones first.
    """
    wanted = keys(ring)
    ring_edits: list[Edit] = []
    done = 0
    for start, length, source in _common_runs(wanted, base):
        ring_edits += _encode_missing(wanted, done, start, pools)
        ring_edits.append(FromBase(source, length))
        done = start + length
    ring_edits += _encode_missing(wanted, done, len(wanted), pools)
    return ring_edits


def _common_runs(wanted: Numbers, base: Ring | None) -> list[tuple[int, int, int]]:
    """Finds runs of vertices that the base has, too: (start, length, start in the base)."""
    if base is None or len(base) == 0 or len(wanted) == 0:
        return []
    found = keys(base)
    order = np.argsort(found, kind="stable")
    at = np.minimum(np.searchsorted(found[order], wanted), len(found) - 1)
    places = np.where(found[order][at] == wanted, order[at], -1)
    goes_on = (places[1:] == (places[:-1] + 1) % len(found)) & (places[1:] >= 0) & (places[:-1] >= 0)
    starts = np.flatnonzero(np.concatenate(([True], ~goes_on)))
    lengths = np.diff(np.append(starts, len(wanted)))
    # A single vertex is smaller as a new vertex; and no copy goes around the ring more than once.
    is_copied = (places[starts] >= 0) & (lengths > 1) & (lengths <= len(found))
    return [(int(a), int(b), int(places[a])) for a, b in zip(starts[is_copied], lengths[is_copied], strict=True)]


def _encode_missing(wanted: Numbers, start: int, end: int, pools: Sequence[Pool]) -> list[Edit]:
    """Returns the edits for a run of vertices that the base does not have."""
    missing_edits: list[Edit] = []
    at = new_from = start
    if end - start >= _SHORTEST_FOREIGN:
        places = [pool.places(wanted[start:end]) for pool in pools]
        # Copies may begin where consecutive vertices exist in the pool.
        found = [place >= 0 for place in places]
        likely = np.logical_or.reduce([here[:-2] & here[1:-1] & here[2:] for here in found])
        for place in np.flatnonzero(likely).tolist():
            if start + place < at:
                continue
            at = start + place
            runs = [pool.run(here[place:]) for pool, here in zip(pools, places, strict=True)]
            best = max((run for run in runs if run is not None), key=lambda run: run.length, default=None)
            if best is None or best.length < _SHORTEST_FOREIGN:
                continue
            if new_from < at:
                missing_edits.append(New(new_from, at - new_from))
            missing_edits.append(best)
            at = new_from = at + best.length
    if new_from < end:
        missing_edits.append(New(new_from, end - new_from))
    return missing_edits
