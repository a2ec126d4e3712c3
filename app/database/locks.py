"""Advisory locks: a number for each kind of work that only one program may do at a time.

Any numbers will do, as long as they stay the same and differ: two kinds of work that shared one would wait for each
other.
"""

from __future__ import annotations

from typing import Final

_FIRST: Final = 5_214_738_213

(
    MIGRATION,
    GAZETTEER,
    EVENTS_IMPORT,
    AREAS_IMPORT,
    RELEASE,
    POLICY,
    TALLY,  # its number stands in `sql/derived.sql` too
    EVENT_COLUMNS,
) = range(_FIRST, _FIRST + 8)

# Of the kind with two numbers, the second of which says whose history: those have a space of their own.
LINE_HISTORY: Final = 1_380_731_210
