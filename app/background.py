"""Background jobs, which a server runs at intervals while it answers requests."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

log = logging.getLogger("frontline")

# How long the server waits for running jobs when it stops, in all. A job that is cut off loses
# nothing: its transaction is rolled back.
STOP_TIMEOUT_SECONDS = 5


@dataclass(frozen=True)
class BackgroundJob:
    """A job that runs at intervals.

    Attributes:
        name: for the log.
        interval_seconds: pause between two runs.
        run: runs the job once. It opens its own connections and takes a lock if two servers must
            not run it at the same time. An exception is logged, and the job runs again later.
    """

    name: str
    interval_seconds: float
    run: Callable[[], object]


@contextmanager
def running_jobs(jobs: Sequence[BackgroundJob]) -> Iterator[None]:
    """Runs each job in a thread of its own while the block runs, then waits for running jobs."""
    stopped = threading.Event()
    threads = [threading.Thread(target=_run, args=(job, stopped), name=job.name, daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        for thread in threads:
            thread.join(timeout=max(0, deadline - time.monotonic()))


def _run(job: BackgroundJob, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            job.run()
        except Exception as error:
            log.warning("background job %s: %s", job.name, type(error).__name__)
            log.debug("background job %s", job.name, exc_info=error)
        stopped.wait(job.interval_seconds)
