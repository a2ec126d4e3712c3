"""Chores: what a server does in the background, again and again, while it answers requests."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

log = logging.getLogger("frontline")

# How long a run that is under way is waited for when all ends.
PATIENCE_SECONDS = 10


@dataclass(frozen=True)
class Chore:
    """One chore.

    Attributes:
        name: for the log.
        every_seconds: how long it rests between two runs.
        run: does it once. It opens what it needs, and holds whatever lock keeps two servers from doing it at once.
            What it raises is logged, and it is tried again.
    """

    name: str
    every_seconds: float
    run: Callable[[], object]


@contextmanager
def working(chores: Sequence[Chore]) -> Iterator[None]:
    """Do the chores, each in a thread of its own, while the block runs; a run that is under way is waited for."""
    ended = threading.Event()
    threads = [threading.Thread(target=_work, args=(chore, ended), name=chore.name, daemon=True) for chore in chores]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join(timeout=PATIENCE_SECONDS)


def _work(chore: Chore, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            chore.run()
        except Exception as error:
            log.warning("chore %s: %s", chore.name, type(error).__name__)
            log.debug("chore %s", chore.name, exc_info=error)
        ended.wait(chore.every_seconds)
