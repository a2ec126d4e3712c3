"""Keys of advisory locks: one for each kind of work that only one process may do at a time.

The numbers are arbitrary, but must differ and never change.
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
    TALLY,  # `sql/derived.sql` has the same number
    EVENT_COLUMNS,
) = range(_FIRST, _FIRST + 8)

# First of two keys; the second one is the assessor. Locks with two keys have a number space of
# their own.
LINE_HISTORY: Final = 1_380_731_210
