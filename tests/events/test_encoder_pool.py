"""Large responses are encoded by worker processes: the bytes are the same as in the server process,
and failures are contained.
"""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from app.derived import event_columns_pool, event_columns_query
from app.derived.event_columns_encoder import FIELDS, Job, encode_job, parse_rows
from app.derived.event_columns_pool import EncoderFailed, EncoderPool, EncodersBusy
from app.geo.event_columns import Dictionary, decode
from app.settings import PROJECT_DIRECTORY
from tests.events import reader

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from app.theatre import Theatre
    from tests.builders import Builder

ENCODINGS = ("br", "gzip", "identity")
JOB = Job(Dictionary(["clash"], ["ua"], ["reported"], ["day"], ["ours"], ["unknown"]), ENCODINGS, quality=4)
LINE = '{"type":"LineString","coordinates":[[37,48],[38,48]]}'


def copied(rows: int) -> bytes:
    """Rows in binary COPY format: the first row is a line, the others are points."""
    content = b"PGCOPY\n\xff\r\n\0" + bytes(8)
    for number in range(rows):
        values: list[Any] = [uuid.UUID(int=number).bytes, 37 + number / 1000, 48.0]
        values += [20_000 + number % 7, 1 + number % 2, 0, -1, 0, 0, 0, 100, 0, 1, 0]
        content += len(FIELDS).to_bytes(2)
        for value, (_, kind, length) in zip(values, FIELDS, strict=True):
            content += length.to_bytes(4)
            content += value if kind.startswith("V") else np.array(value, dtype=kind).tobytes()
    return content + b"\xff\xff"


def chunks(content: bytes) -> Iterator[bytes]:
    return (content[at : at + 1000] for at in range(0, len(content), 1000))


def is_running(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text("ascii").rpartition(")")[2].split()[0] != "Z"


class Started:
    """Records the processes that pools start."""

    def __init__(self) -> None:
        self.pids: list[int] = []
        self._start = subprocess.Popen

    def __call__(self, *args: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = self._start(*args, **options)
        self.pids.append(process.pid)
        return process


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    started = Started()
    monkeypatch.setattr(subprocess, "Popen", started)
    return started


@pytest.mark.parametrize("split", [False, True])
def test_worker_returns_the_same_bytes_as_the_server_process(split: bool) -> None:
    job = Job(JOB.dictionary, ENCODINGS, 6, split)
    content = copied(5000)
    here = [*encode_job(job, parse_rows(content), {(0, 0): LINE})]
    with EncoderPool() as pool:
        there = pool.encode(job, chunks(content), [(uuid.UUID(int=0), LINE)])
    assert len(here) == 1 + split
    assert there == here


def test_search_has_the_same_bytes_from_pool_and_server_process(
    client: TestClient, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.origin("elsewhere")
    build.origin("empty")
    for number in range(40):
        event_id = build.event(
            f"clash {number}",
            origin="elsewhere" if number % 3 else None,
            wkt="LINESTRING(37 48, 38 48)" if number == 7 else f"POINT({37 + number / 100} 48)",
            happened=("2025-07-21", "2025-07-24") if number % 5 == 0 else ("2025-07-21", "2025-07-22"),
            actor=None if number % 2 else "ru",
        )
        if number % 4:
            build.source(event_id, source_class="party")
    answers = {}
    for limit in (5000, 0):
        monkeypatch.setattr(event_columns_query, "IN_PROCESS_ROWS", limit)
        for encoding in ENCODINGS:
            response = client.get(reader.COLUMNS, params={"q": "clash"}, headers={"Accept-Encoding": encoding})
            assert response.status_code == 200
            answers[limit, encoding] = response.content, response.headers["ETag"]
    assert all(answers[5000, encoding] == answers[0, encoding] for encoding in ENCODINGS)
    columns = decode(answers[0, "br"][0])
    assert len(columns) == 40
    assert set(columns.shapes) != set()
    assert "empty" not in columns.dictionary.origins


def test_slug_missing_from_theatre_is_encoded(client: TestClient, build: Builder, theatre: Theatre) -> None:
    build.event(category="discontinued", actor="nobody")
    columns = reader.filtered(client)
    assert (columns.word("category", 0), columns.word("actor", 0)) == ("discontinued", "nobody")


def test_small_search_starts_no_process(client: TestClient, build: Builder, started: Started) -> None:
    build.event()
    assert len(reader.filtered(client)) == 1
    assert started.pids == []


def test_worker_is_reused(started: Started) -> None:
    with EncoderPool() as pool:
        first, second = (pool.encode(JOB, chunks(copied(rows)), []) for rows in (3, 4))
    assert [columns.metadata["events"] for columns in (*first, *second)] == [3, 4]
    assert len(started.pids) == 1


def test_worker_that_ended_while_idle_is_replaced(started: Started) -> None:
    with EncoderPool() as pool:
        pool.encode(JOB, chunks(copied(3)), [])
        os.kill(started.pids[0], signal.SIGKILL)
        os.waitid(os.P_PID, started.pids[0], os.WEXITED | os.WNOWAIT)
        assert len(pool.encode(JOB, chunks(copied(3)), [])) == 1
    assert len(started.pids) == 2


def test_crashed_worker_fails_only_its_job(started: Started, caplog: pytest.LogCaptureFixture) -> None:
    def rows() -> Iterator[bytes]:
        yield from chunks(copied(3))
        os.kill(started.pids[0], signal.SIGSEGV)

    with EncoderPool() as pool:
        with pytest.raises(EncoderFailed, match="ended during the job"):
            pool.encode(JOB, rows(), [])
        assert "exit status -11" in caplog.text
        assert len(pool.encode(JOB, chunks(copied(3)), [])) == 1
    assert len(started.pids) == 2


def test_invalid_rows_fail_only_their_job() -> None:
    with EncoderPool() as pool:
        with pytest.raises(EncoderFailed, match="ValueError"):
            pool.encode(JOB, chunks(copied(3)[:-50]), [])
        assert len(pool.encode(JOB, chunks(copied(3)), [])) == 1


def test_failed_read_leaves_no_worker_behind(started: Started) -> None:
    def rows() -> Iterator[bytes]:
        yield from chunks(copied(3))
        raise LookupError("the database failed")

    with EncoderPool() as pool:
        with pytest.raises(LookupError, match="the database failed"):
            pool.encode(JOB, rows(), [])
        assert not is_running(started.pids[0])


def test_slow_job_times_out() -> None:
    ended = threading.Event()

    def rows() -> Iterator[bytes]:
        ended.wait()
        yield from chunks(copied(3))

    def kill_later(worker: Any, kill: Callable[[Any], None] = event_columns_pool.EncoderProcess.kill) -> None:
        kill(worker)
        ended.set()

    with pytest.MonkeyPatch.context() as patch, EncoderPool(job_seconds=0.01) as pool:
        patch.setattr(event_columns_pool.EncoderProcess, "kill", kill_later)
        with pytest.raises(EncoderFailed, match="took too long"):
            pool.encode(JOB, rows(), [])


class Occupied:
    """Occupies the workers of a pool until the block ends."""

    def __init__(self, pool: EncoderPool, jobs: int) -> None:
        self._pool = pool
        self._end = threading.Event()
        self._running = threading.Barrier(jobs + 1)
        self._threads = [threading.Thread(target=self._run) for _ in range(jobs)]
        self.row_counts: list[int] = []

    def _run(self) -> None:
        def rows() -> Iterator[bytes]:
            self._running.wait()
            self._end.wait()
            yield from chunks(copied(3))

        (columns,) = self._pool.encode(JOB, rows(), [])
        self.row_counts.append(columns.metadata["events"])

    def __enter__(self) -> Occupied:
        for thread in self._threads:
            thread.start()
        self._running.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()


def test_number_of_waiting_jobs_is_limited() -> None:
    with EncoderPool(workers=1, max_waiting=0) as pool:
        with Occupied(pool, 1) as occupied, pytest.raises(EncodersBusy, match="too many"):
            pool.encode(JOB, chunks(copied(3)), [])
        assert occupied.row_counts == [3]
        assert len(pool.encode(JOB, chunks(copied(3)), [])) == 1


def test_search_without_free_worker_returns_retry_after(
    app: FastAPI, client: TestClient, build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    build.event()
    monkeypatch.setattr(event_columns_query, "IN_PROCESS_ROWS", 0)
    with EncoderPool(workers=2, wait_seconds=0) as pool, Occupied(pool, 2):
        app.state.encoder_pool = pool
        response = client.get(reader.COLUMNS)
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "2"
    assert response.json()["detail"] == "The server is busy. Try again in a few seconds."


def test_closed_pool_leaves_no_process(started: Started) -> None:
    pool = EncoderPool()
    pool.encode(JOB, chunks(copied(3)), [])
    (pid,) = started.pids
    assert is_running(pid)
    pool.close()
    assert not is_running(pid)


def test_workers_end_when_the_server_is_killed() -> None:
    program = (
        "import signal; from app.derived import event_columns_pool as pool; worker = pool.EncoderProcess();"
        "print(worker.pid, flush=True); signal.pause()"
    )
    server = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, cwd=PROJECT_DIRECTORY)
    assert server.stdout is not None
    pid = int(server.stdout.readline())
    watched = os.pidfd_open(pid)
    server.kill()
    server.wait()
    server.stdout.close()
    # A process descriptor becomes readable when the process ends.
    assert select.select([watched], [], [], 60)[0]
    os.close(watched)


def test_parsing_refuses_other_columns() -> None:
    content = bytearray(copied(2))
    content[20] = 3
    with pytest.raises(ValueError, match=re.escape("a copied row has unexpected columns")):
        parse_rows(content)
