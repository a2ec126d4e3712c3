"""The cost of migrations: time and disk space, described before they start."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MILLION: Final = 1_000_000


@dataclass(frozen=True)
class Cost:
    """What one migration needs for a million events, including the rebuild of derived tables.

    A migration declares it as `COST`. Measure it on 100 000 synthetic events
    (`frontline demo --synthetic`).

    Attributes:
        seconds_per_million_events: time, on two processors of 2024.
        megabytes_per_million_events: disk that the database needs meanwhile, in addition to what it
            has.
    """

    seconds_per_million_events: float = 0
    megabytes_per_million_events: float = 0


def needed_bytes(costs: Iterable[Cost], events: int) -> int:
    """Returns the disk space that the pending migrations of so many events need."""
    return round(sum(cost.megabytes_per_million_events for cost in costs) * events)


def describe_cost(costs: Iterable[Cost], events: int, free_bytes: int | None) -> str:
    """Describes what the pending migrations need, in sentences.

    Args:
        costs: of each pending migration.
        events: how many events the database has.
        free_bytes: on the disk of the database; None when it is not known.
    """
    listed = list(costs)
    seconds = sum(cost.seconds_per_million_events for cost in listed)
    megabytes = sum(cost.megabytes_per_million_events for cost in listed)
    share = events / _MILLION
    needed = megabytes * share
    count = f"{events:,}".replace(",", " ")
    text = (
        f"Updating the database with {count} event{'' if events == 1 else 's'}: about {_duration(seconds * share)} and"
        f" {_format_size(needed)} of disk (for a million events: {_duration(seconds)} and {_format_size(megabytes)})."
    )
    if free_bytes is None:
        return text
    free = free_bytes / _MILLION
    text += f" Free on its disk: {_format_size(free)}."
    return text if free > needed else f"{text} That may not be enough."


def _duration(seconds: float) -> str:
    if seconds < 1:
        return "1 second"
    if seconds < 100:
        return f"{round(seconds)} seconds"
    return f"{round(seconds / 60)} minutes"


def _format_size(megabytes: float) -> str:
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{round(megabytes)} MB"
