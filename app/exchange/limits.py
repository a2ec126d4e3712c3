"""What one file may cost. docs/import.md lists these limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MIB: Final = 1024 * 1024


@dataclass(frozen=True)
class ReadingLimits:
    """Limits of reading files, which strangers may have made; tests set lower ones.

    Attributes:
        memory_bytes: of the process that reads.
        processor_seconds: for 250 rows or 1 MiB of text, whichever is less, or for one file of
            areas.
        empty_lines: in succession.
        inflated_bytes: of a compressed file. A larger file is accepted if it inflates to at most
            `inflation` times its size.
        inflation: see `inflated_bytes`.
    """

    memory_bytes: int = 512 * _MIB
    processor_seconds: float = 60.0
    empty_lines: int = 10_000
    inflated_bytes: int = 50 * _MIB
    inflation: int = 100


LIMITS: Final = ReadingLimits()
