"""Runs encoders of large sets of events in worker processes, so that the web process stays
small.
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from app.derived.event_columns_encoder import EncodedColumns, Job, read_frame, read_frames, write_frame
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from types import TracebackType

log = logging.getLogger("frontline")

_COMMAND: Final = (sys.executable, "-m", "app.derived.event_columns_encoder")


class EncoderFailed(RuntimeError):
    """A worker crashed, took too long, or could not encode the events."""


class EncodersBusy(RuntimeError):
    """All workers are busy, and no further job can wait."""


class EncoderPool:
    """Runs jobs in worker processes, which start when they are first needed and are kept for
    further jobs.

    A worker that fails is replaced. Workers end when the pool is closed, and when this process ends
    in any way, because their standard input is closed then.
    """

    def __init__(
        self, *, workers: int = 2, max_waiting: int = 4, wait_seconds: float = 1.0, job_seconds: float = 60.0
    ) -> None:
        """Prepares a pool; no process starts yet.

        Args:
            workers: how many jobs run at the same time.
            max_waiting: how many further jobs may wait for a worker.
            wait_seconds: how long a job may wait.
            job_seconds: how long a job may run.
        """
        self._free = threading.BoundedSemaphore(workers)
        self._places = threading.BoundedSemaphore(workers + max_waiting)
        self._wait_seconds = wait_seconds
        self._job_seconds = job_seconds
        self._idle: list[EncoderProcess] = []
        self._lock = threading.Lock()
        self._workers: set[EncoderProcess] = set()

    def __enter__(self) -> EncoderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all workers; jobs that still run fail."""
        with self._lock:
            workers = [*self._workers]
            self._idle.clear()
        for worker in workers:
            self._discard(worker)

    def encode(self, job: Job, rows: Iterable[bytes], shapes: Iterable[tuple[UUID, str]]) -> list[EncodedColumns]:
        """Runs a job.

        Args:
            job: how to encode the events.
            rows: chunks of binary COPY; they are sent on while they are read.
            shapes: ids and GeoJSON geometries, read after the rows.

        Raises:
            EncodersBusy: too many jobs wait, or the job waited too long.
            EncoderFailed: the worker failed.
        """
        with self._wait_for_worker():
            worker = self._start(job)
            timer = threading.Timer(self._job_seconds, worker.kill)
            timer.start()
            usable = False
            try:
                encoded = worker.run(job, rows, shapes)
                usable = True
            except (OSError, EOFError) as error:
                log.error("event columns: a worker ended during a job, exit status %s", worker.exit_status())
                raise EncoderFailed("the worker ended during the job, or took too long") from error
            finally:
                timer.cancel()
                # A worker that was interrupted in a job still expects the rest of it, so it cannot
                # be used again.
                self._return_worker(worker, usable=usable)
            return encoded

    @contextmanager
    def _wait_for_worker(self) -> Iterator[None]:
        """Waits until a worker is free."""
        if not self._places.acquire(blocking=False):
            raise EncodersBusy("too many jobs wait for a worker")
        try:
            if not self._free.acquire(timeout=self._wait_seconds):
                raise EncodersBusy(f"no worker was free within {self._wait_seconds:g} s")
            try:
                yield
            finally:
                self._free.release()
        finally:
            self._places.release()

    def _start(self, job: Job) -> EncoderProcess:
        """Sends a job to an idle worker, or to a new one."""
        while (worker := self._take_idle()) is not None:
            try:
                worker.accept(job)
            except (OSError, EOFError):  # it ended while it was idle
                self._discard(worker)
            else:
                return worker
        worker = EncoderProcess()
        with self._lock:
            self._workers.add(worker)
        try:
            worker.accept(job)
        except (OSError, EOFError) as error:
            self._discard(worker)
            raise EncoderFailed("the worker could not be started") from error
        return worker

    def _take_idle(self) -> EncoderProcess | None:
        with self._lock:
            return self._idle.pop() if self._idle else None

    def _return_worker(self, worker: EncoderProcess, *, usable: bool) -> None:
        with self._lock:
            if usable:
                self._idle.append(worker)
                return
        self._discard(worker)

    def _discard(self, worker: EncoderProcess) -> None:
        with self._lock:
            self._workers.discard(worker)
        worker.end()


class EncoderProcess:
    """A worker process; see `event_columns_encoder` for what it reads and writes."""

    def __init__(self) -> None:
        # In its own session, or Ctrl-C in a terminal would end it before the server has
        # drained.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            _COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT_DIRECTORY,
            start_new_session=True,
        )
        assert self._process.stdin is not None  # noqa: S101 - requested above; for the type checker
        assert self._process.stdout is not None  # noqa: S101 - requested above; for the type checker
        self._requests = self._process.stdin
        self._responses = self._process.stdout

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def accept(self, job: Job) -> None:
        """Sends a job and waits until the worker has begun it."""
        write_frame(self._requests, job.to_json())
        self._requests.flush()
        read_frame(self._responses)

    def run(self, job: Job, rows: Iterable[bytes], shapes: Iterable[tuple[UUID, str]]) -> list[EncodedColumns]:
        """Sends the rows and shapes of the accepted job, and returns what the worker encodes."""
        for chunk in rows:
            write_frame(self._requests, chunk)
        write_frame(self._requests, b"")
        for event_id, geometry in shapes:
            write_frame(self._requests, json.dumps({"id": str(event_id), "geometry": geometry}).encode())
        write_frame(self._requests, b"")
        self._requests.flush()
        encoded = []
        frames = read_frames(self._responses)
        for frame in frames:
            metadata: dict[str, Any] = json.loads(frame)
            if "error" in metadata:
                raise EncoderFailed(metadata["error"])
            encoded.append(EncodedColumns(metadata, tuple(next(frames) for _ in job.encodings)))
        return encoded

    def kill(self) -> None:
        """Kills the process. Threads that read or write its streams get an error."""
        self._process.kill()

    def exit_status(self) -> int | None:
        """Returns the exit status; None if the process still runs."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        return self._process.returncode

    def end(self) -> None:
        """Ends the process and closes its streams."""
        self._process.kill()
        for stream in (self._requests, self._responses):
            with suppress(OSError):  # unsent data is no longer needed
                stream.close()
        self._process.wait()
