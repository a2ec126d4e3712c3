"""Runs the functions that read files, in a process with limits; started by `reading_process`.

A job is a pickled tuple on the standard input: a generator function, its arguments, and the limits.
The worker calls the function and writes pickled pairs to the standard output: `(ITEM, …)` for each
item of the generator, then `(END, None)`, or `(ERROR, …)` with the exception that explains why the
file cannot be read. A worker that exceeds its processor time is ended by a signal; one that needs
too much memory writes `(MEMORY, None)`, or crashes.
"""

from __future__ import annotations

import mmap
import os
import pickle
import resource
import select
import signal
import sys
from typing import IO, TYPE_CHECKING, Any, Final

from shapely.errors import ShapelyError

from app.errors import UserError
from app.exchange.territory.drawings import FileRefused

if TYPE_CHECKING:
    from app.exchange.limits import ReadingLimits

ITEM: Final = "item"
END: Final = "end"
ERROR: Final = "error"
MEMORY: Final = "memory"
# An idle worker ends after this time, and gives its memory back.
_IDLE_SECONDS: Final = 60
POSITION_BYTES: Final = 8


class Position:
    """Shares the number of the row or feature that is read with the parent process."""

    def __init__(self, file: int) -> None:
        self._memory = mmap.mmap(file, POSITION_BYTES)

    def set(self, number: int) -> None:
        """Stores a number."""
        self._memory[:] = number.to_bytes(POSITION_BYTES, "little")


def run_job(job: tuple[Any, ...], responses: IO[bytes], position: Position) -> bool:
    """Runs a job. Returns whether this process may run another one."""
    function, arguments, limits = job
    position.set(1)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, hard))
    try:
        _restart_timer(limits)
        for item in function(*arguments, limits=limits, position=position):
            pickle.dump((ITEM, item), responses)
            responses.flush()
            _restart_timer(limits)
    except (UserError, FileRefused) as error:
        answer: tuple[str, Any] = (ERROR, error)
    except MemoryError:
        answer = (MEMORY, None)
    except ShapelyError as error:
        if "bad_alloc" not in str(error):
            raise
        answer = (MEMORY, None)
    else:
        answer = (END, None)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    pickle.dump(answer, responses)
    responses.flush()
    return answer[0] in {END, ERROR}


def _restart_timer(limits: ReadingLimits) -> None:
    """Allows more processor time. The default action of the signal ends the process, even while a
    library computes.
    """
    signal.setitimer(signal.ITIMER_PROF, limits.processor_seconds)


def main() -> None:
    """Runs jobs until the standard input is closed, or nothing has come for a while."""
    requests = sys.stdin.buffer
    responses = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # nothing else may write to the standard output
    position = Position(int(sys.argv[1]))
    while select.select([requests], [], [], _IDLE_SECONDS)[0]:
        try:
            job = pickle.load(requests)  # noqa: S301 - from the process that started this one
        except EOFError:
            return
        try:
            if not run_job(job, responses, position):
                return
        except BrokenPipeError:  # the process that asked has ended
            os._exit(1)


if __name__ == "__main__":
    main()
