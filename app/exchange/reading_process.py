"""Reads files in a process of its own, whose memory and processor time are limited.

Files of events and areas come from strangers. A few kilobytes can make a parser or a geometry
library take gigabytes (docs/decisions/0042-files-are-read-in-a-limited-process.md).
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from typing import Any, Final, TypeVar

from app.exchange.garbage_collection import without_garbage_collection
from app.exchange.limits import LIMITS, ReadingLimits
from app.exchange.reading_worker import END, ERROR, ITEM, MEMORY, POSITION_BYTES
from app.settings import PROJECT_DIRECTORY

T = TypeVar("T")

_MIB: Final = 1024 * 1024
# How a process ends when memory is refused to a library that does not expect that.
_MEMORY_SIGNALS: Final = frozenset((signal.SIGABRT, signal.SIGSEGV, signal.SIGKILL, signal.SIGBUS))


class LimitExceeded(Exception):
    """Reading a file needs more than is allowed; the message says of what. `position` is the number
    of the row or feature that was read, or shortly before it.
    """

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(reason)
        self.position = position


class _Worker:
    """A process that runs `reading_worker`."""

    def __init__(self) -> None:
        self._position = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self._position.write(bytes(POSITION_BYTES))
        self._position.flush()
        number = self._position.fileno()
        # In its own session, or Ctrl-C in a terminal would end it with a traceback of its own.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            (sys.executable, "-m", "app.exchange.reading_worker", str(number)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            pass_fds=(number,),
            cwd=PROJECT_DIRECTORY,
            # NumPy would start a thread for each processor, each with memory of its own.
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
        assert self._process.stdin is not None  # noqa: S101 - requested above; for the type checker
        assert self._process.stdout is not None  # noqa: S101 - requested above; for the type checker
        self._requests, self._responses = self._process.stdin, self._process.stdout

    def send(self, job: tuple[Any, ...]) -> None:
        """Sends a job.

        Raises:
            OSError: the process has ended.
        """
        pickle.dump(job, self._requests)
        self._requests.flush()

    def receive(self, limits: ReadingLimits) -> tuple[str, Any]:
        """Returns the next answer.

        Raises:
            LimitExceeded: the process was ended by a limit.
            RuntimeError: it ended for another reason, which it has printed.
        """
        try:
            with without_garbage_collection():
                kind, content = pickle.load(self._responses)  # noqa: S301 - from our own program
        except (EOFError, pickle.UnpicklingError) as error:
            status = -self._process.wait()
            if status == signal.SIGPROF:
                raise self._exceeded(f"needs more than {limits.processor_seconds:g} s of processor time") from error
            if status in _MEMORY_SIGNALS:
                raise self._exceeded(_needs_memory(limits)) from error
            raise RuntimeError(f"the process that reads files ended with {-status}") from error
        if kind == MEMORY:
            raise self._exceeded(_needs_memory(limits))
        return kind, content

    def _exceeded(self, reason: str) -> LimitExceeded:
        self._position.seek(0)
        return LimitExceeded(reason, int.from_bytes(self._position.read(POSITION_BYTES), "little"))

    def end(self) -> None:
        """Ends the process."""
        self._process.kill()
        for stream in (self._requests, self._responses, self._position):
            with suppress(OSError):  # unsent data is no longer needed
                stream.close()
        self._process.wait()


def _needs_memory(limits: ReadingLimits) -> str:
    return f"needs more than {limits.memory_bytes // _MIB} MiB of memory"


# Starting a worker takes a second, so a finished one waits for the next import of this process.
_idle: list[_Worker] = []


@atexit.register
def end_idle_workers() -> None:
    """Ends the workers that wait for a job."""
    while _idle:
        _idle.pop().end()


def _start(job: tuple[Any, ...]) -> _Worker:
    while _idle:
        worker = _idle.pop()
        try:
            worker.send(job)
        except OSError:  # it ended while it was idle
            worker.end()
        else:
            return worker
    worker = _Worker()
    worker.send(job)
    return worker


def read_in_process(
    function: Callable[..., Iterator[T]], *arguments: object, limits: ReadingLimits = LIMITS
) -> Generator[T, None, None]:
    """Yields what a generator function yields in the worker process.

    Args:
        function: of a module; it also gets the keyword arguments `limits` and `position`
            (`reading_worker.Position`).
        arguments: of the function.
        limits: of the process.

    Raises:
        UserError: as the function.
        FileRefused: as the function.
        LimitExceeded: the function needs too much memory or processor time.
    """
    worker = _start((function, arguments, limits))
    usable = False
    try:
        while True:
            kind, content = worker.receive(limits)
            if kind == ITEM:
                yield content
                continue
            usable = True
            if kind == ERROR:
                raise content
            assert kind == END  # noqa: S101 - there is no other kind
            return
    finally:
        if usable:
            _idle.append(worker)
        else:
            worker.end()
