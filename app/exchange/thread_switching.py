"""Turns of the interpreter, for work where one thread makes rows and another hands them to the
database.
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
    """Makes threads switch quickly while the block runs.

    The thread that writes wants the interpreter for a moment after each statement and each piece of
    a COPY: it would wait for Python's usual 5 ms each time, and the database with it.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(min(_SECONDS, before))
    try:
        yield
    finally:
        sys.setswitchinterval(before)
