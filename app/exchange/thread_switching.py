"""Shortens the interpreter's switch interval while one thread makes rows and another writes
them.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS: Final = 0.0002


@contextmanager
def fast_thread_switching() -> Iterator[None]:
    """Shortens the switch interval of threads while the block runs.

    The writing thread needs the interpreter briefly after each statement and each chunk of a COPY.
    With Python's default of 5 ms it would wait that long each time, and the database with it.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(_SECONDS, before))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
