"""Generates synthetic events, as arrays, around a front that moves through the theatre: for
benchmarks and trials.

Deterministic: the same seed and theatre give the same events. As in real data, a few places have
most of the events, and many events are exactly at a place. Most events are near the front of their
day, some far behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import datetime as dt

    from app.theatre import Extent

DAYS: Final = 1731
# One event in LINE_EVERY is a line, and one in AREA_EVERY an area.
LINE_EVERY: Final = 1_000
AREA_EVERY: Final = 2_000

PRECISIONS_M: Final = (10, 50, 100, 250, 500, 1_000, 2_000, 5_000)
MINUTES_A_DAY: Final = 24 * 60

_PLACES: Final = 3_000
_REACH_KM: Final = 25.0
_KM_PER_DEGREE: Final = 111.2
_DAYS_A_BATCH: Final = 7

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Batch:
    """The events of a few days, as columns of equal length.

    `longitude` and `latitude` are degrees, rounded to 1e-5. `begins` is minutes since the first
    day, and `lasts` is the duration in minutes. `category`, `actor` and `affected` are indices into
    the theatre's categories and belligerents (-1: unknown). `verification` and `time_precision` are
    indices into the lists in `app/fields/words.py`. `line` and `area` mark events that are not
    points.
    """

    place: Ints
    longitude: Floats
    latitude: Floats
    begins: Ints
    lasts: Ints
    category: Ints
    actor: Ints
    affected: Ints
    verification: Ints
    time_precision: Ints
    precision_m: Ints
    line: NDArray[np.bool_]
    area: NDArray[np.bool_]

    def __len__(self) -> int:
        """The number of events."""
        return len(self.begins)


class Front:
    """Generates events at random places, most of them near a moving front."""

    def __init__(self, extent: Extent, first_day: dt.date, seed: int) -> None:
        self._rng = np.random.default_rng(seed)
        self._extent = extent
        self._first_day = np.datetime64(first_day, "D")
        rng = self._rng
        across, down = extent.east - extent.west, extent.north - extent.south
        self._longitude = np.round(extent.west + across * rng.random(_PLACES), 5)
        self._latitude = np.round(extent.south + down * rng.random(_PLACES), 5)
        # Zipf: the n-th place has 1/n of the first one's events.
        self._weight = 1.0 / (1 + rng.permutation(_PLACES))
        self._waves = rng.random(4) * 2 * np.pi

    def longitude_at(self, latitude: Floats, day: float) -> Floats:
        """Returns the longitudes of the front at some latitudes on a day.

        The front bends, and moves over about a third of the extent.
        """
        extent = self._extent
        across, down = extent.east - extent.west, extent.north - extent.south
        height = (latitude - extent.south) / down
        share = day / DAYS
        bend = 0.06 * np.sin(5 * height + self._waves[0]) + 0.03 * np.sin(13 * height + self._waves[1] + 2 * share)
        drift = 0.16 * np.sin(2.2 * share + self._waves[2] / 4) + 0.01 * np.sin(40 * share + self._waves[3])
        crossed: Floats = extent.west + across * (0.5 + bend + drift)
        return crossed

    def batches(self, count: int) -> list[tuple[int, int]]:
        """Distributes events over the days. Returns pairs: the first day of a few days, and their
        number of events.
        """
        starts = np.arange(0, DAYS, _DAYS_A_BATCH)
        lengths = np.minimum(_DAYS_A_BATCH, DAYS - starts)
        # Varies the events per week by season and over the years, down to a third of the busiest
        # week.
        busy = lengths * (1.0 + 0.5 * np.sin(starts / 58.0) + 0.3 * np.sin(starts / 311.0))
        shared = np.floor(np.cumsum(busy) / busy.sum() * count + 0.5).astype(np.int64)
        return [*zip(starts.tolist(), np.diff(shared, prepend=0).tolist(), strict=True)]

    def batch(self, first_day: int, count: int, categories: int, belligerents: int) -> Batch:
        """Generates the events of a few days. Batches must be generated in order, because they
        share a random generator.
        """
        rng = self._rng
        place = self._places(first_day, count)
        longitude, latitude = self._longitude[place], self._latitude[place]
        exact = rng.random(count) < 0.35  # located only to the settlement
        reach = rng.lognormal(0.6, 0.8, count) / _KM_PER_DEGREE
        bearing = rng.random(count) * 2 * np.pi
        away = np.where(exact, 0.0, reach)
        latitude = np.round(latitude + away * np.sin(bearing), 5)
        longitude = np.round(longitude + away * np.cos(bearing) / np.cos(np.radians(latitude)), 5)

        days = min(_DAYS_A_BATCH, DAYS - first_day)
        day = first_day + rng.integers(0, days, count)
        time_precision, begins, lasts = self._times(day)
        line = rng.integers(0, LINE_EVERY, count) == 0
        area = ~line & (rng.integers(0, AREA_EVERY, count) == 0)
        actor, affected = self._sides(count, belligerents)
        return Batch(
            place=place,
            longitude=longitude,
            latitude=latitude,
            begins=begins,
            lasts=lasts,
            category=_choose_kinds(rng, count, categories),
            actor=actor,
            affected=affected,
            verification=np.where(
                exact,
                rng.choice(5, count, p=(0.82, 0.05, 0.04, 0.07, 0.02)),
                rng.choice(5, count, p=(0.22, 0.56, 0.18, 0.03, 0.01)),
            ),
            time_precision=time_precision,
            precision_m=np.asarray(PRECISIONS_M)[
                np.where(
                    exact,
                    rng.choice(len(PRECISIONS_M), count, p=(0, 0, 0, 0, 0.1, 0.4, 0.3, 0.2)),
                    rng.choice(len(PRECISIONS_M), count, p=(0.15, 0.2, 0.35, 0.12, 0.1, 0.08, 0, 0)),
                )
            ],
            line=line,
            area=area,
        )

    def bytes(self, count: int) -> bytes:
        """Returns random bytes, for ids."""
        return self._rng.bytes(count)

    def _places(self, day: int, count: int) -> Ints:
        """Chooses places: most near the front of a day, and one in eight anywhere."""
        km = np.abs(self._longitude - self.longitude_at(self._latitude, day)) * _KM_PER_DEGREE * 0.65
        near = self._weight * np.exp(-((km / _REACH_KM) ** 2))
        chances = 0.875 * near / near.sum() + 0.125 * self._weight / self._weight.sum()
        return np.searchsorted(np.cumsum(chances)[:-1], self._rng.random(count)).astype(np.int64)

    def _times(self, day: Ints) -> tuple[Ints, Ints, Ints]:
        """Returns time precision, first minute and duration in minutes of events that begin on
        these days.
        """
        rng, count = self._rng, len(day)
        kind = rng.choice(6, count, p=(0.10, 0.12, 0.74, 0.025, 0.012, 0.003))
        minute = rng.integers(0, MINUTES_A_DAY, count)
        within = np.where(kind == 0, minute, np.where(kind == 1, minute // 60 * 60, 0))
        starts, ends = day, day + np.where(kind == 3, rng.integers(2, 21, count), 1)
        for this, unit in ((4, "M"), (5, "Y")):
            whole = (self._first_day + day).astype(f"datetime64[{unit}]")
            starts = np.where(kind == this, self._since_first(whole), starts)
            ends = np.where(kind == this, self._since_first(whole + 1), ends)
        minutes = np.asarray((1, 60, 0, 0, 0, 0))[kind]
        lasts = np.where(minutes, minutes, (ends - starts) * MINUTES_A_DAY)
        precision = np.asarray((0, 1, 2, 2, 3, 4))[kind]
        return precision, starts * MINUTES_A_DAY + within, lasts

    def _since_first(self, dates: NDArray[np.datetime64]) -> Ints:
        days: Ints = (dates.astype("datetime64[D]") - self._first_day).astype(np.int64)
        return days

    def _sides(self, count: int, belligerents: int) -> tuple[Ints, Ints]:
        """Returns the acting and the affected side; in two fifths of the events only one side is
        known.
        """
        rng = self._rng
        affected = rng.integers(0, belligerents, count)
        actor = (affected + 1) % belligerents
        known = rng.random(count)
        return np.where(known < 0.3, -1, actor), np.where(known > 0.88, -1, affected)


def _choose_kinds(rng: np.random.Generator, count: int, kinds: int) -> Ints:
    """Chooses indices of kinds; lower indices are more frequent."""
    chances = 1.0 / (2 + np.arange(kinds))
    return rng.choice(kinds, count, p=chances / chances.sum()).astype(np.int64)
