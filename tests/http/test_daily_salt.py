"""The salt of rate limits: shared by processes, private, and gone when it is not needed."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from app.http.daily_salt import DailySalt
from tests.submissions.test_submit import body as footage

if TYPE_CHECKING:
    from fastapi import FastAPI

    from app.settings import Settings

MEMORY = Path("/dev/shm")  # noqa: S108 - where the server keeps it
DAY = dt.date(2025, 7, 21)
NEXT_DAY = DAY + dt.timedelta(days=1)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    path = tmp_path / "memory"
    path.mkdir()
    return path


def test_salt_is_shared_private_and_deleted_the_next_day(tmp_path: Path, memory: Path) -> None:
    salt = DailySalt(tmp_path, directories=[memory])
    known = salt(DAY)
    assert DailySalt(tmp_path, directories=[memory])(DAY) == known
    (file,) = memory.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() == known
    later = salt(NEXT_DAY)
    assert later != known
    assert [path.read_bytes() for path in memory.iterdir()] == [later]
    assert DailySalt(tmp_path / "other", directories=[memory])(NEXT_DAY) != later


def test_last_process_that_closes_deletes_the_salt(tmp_path: Path, memory: Path) -> None:
    one, other, third, neighbour = (DailySalt(tmp_path / name, directories=[memory]) for name in ("a", "a", "a", "b"))
    known = one(DAY), neighbour(DAY)
    assert other(DAY) == known[0]
    one.close()
    one.close()
    assert (other(DAY), third(DAY)) == (known[0], known[0])
    other.close()
    third.close()
    assert [path.read_bytes() for path in memory.iterdir()] == [known[1]]
    assert one(DAY) != known[0]
    one.close()
    neighbour.close()
    assert [*memory.iterdir()] == []


HOLD = """
import datetime as dt, sys
from pathlib import Path
from app.http.daily_salt import DailySalt
print(DailySalt(Path(sys.argv[1]), directories=[Path(sys.argv[2])])(dt.date(2025, 7, 21)).hex(), flush=True)
sys.stdin.read()
"""


def test_salt_of_a_killed_process_is_deleted_on_a_later_day_by_any_installation(tmp_path: Path, memory: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path / "a"), str(memory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as held:
        assert held.stdout is not None
        known = bytes.fromhex(held.stdout.readline())
        ours = DailySalt(tmp_path / "a", directories=[memory])
        assert ours(DAY) == known
        ours.close()
        assert [path.read_bytes() for path in memory.iterdir()] == [known]
        held.kill()
    foreign = [memory / "frontline-1-other.salt", memory / f"frontline-{os.geteuid() + 1}-{'a' * 16}-2025-01-01.salt"]
    for path in foreign:
        path.touch()
    neighbour = DailySalt(tmp_path / "b", directories=[memory])
    neighbour.expire(DAY)
    assert len([*memory.iterdir()]) == 3
    neighbour.expire(NEXT_DAY)
    assert sorted(memory.iterdir()) == sorted(foreign)


def test_idle_process_forgets_the_salt_after_midnight(tmp_path: Path, memory: Path) -> None:
    salt = DailySalt(tmp_path, directories=[memory])
    known = salt(DAY)
    salt.expire(DAY)
    assert salt(DAY) == known
    salt.expire(NEXT_DAY)
    assert [*memory.iterdir()] == []
    assert salt(DAY) != known


def test_processes_that_start_and_stop_at_once_share_one_salt(tmp_path: Path, memory: Path) -> None:
    def opened(_: int) -> DailySalt:
        for _ in range(20):
            DailySalt(tmp_path, directories=[memory]).close()
            passing = DailySalt(tmp_path, directories=[memory])
            passing(DAY)
            passing.close()
        salt = DailySalt(tmp_path, directories=[memory])
        salt(DAY)
        return salt

    first = DailySalt(tmp_path, directories=[memory])
    first(DAY)
    with ThreadPoolExecutor(8) as pool:
        salts = [*pool.map(opened, range(8))]
    assert {salt(DAY) for salt in salts} == {first(DAY)}
    for salt in (first, *salts):
        salt.close()
    assert [*memory.iterdir()] == []


@pytest.mark.skipif(not os.access(MEMORY, os.W_OK), reason="no filesystem in memory")
def test_server_deletes_its_salt_when_it_stops(app: FastAPI, settings: Settings) -> None:
    def salts() -> list[Path]:
        mark = hashlib.sha256(str(settings.data_dir).encode()).hexdigest()[:16]
        return [*MEMORY.glob(f"frontline-*-{mark}-*.salt")]

    with TestClient(app, base_url="http://localhost") as client:
        assert client.post("/api/submissions", json=footage()).status_code == 202
        assert len(salts()) == 1
    assert salts() == []


def test_salt_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    known = DailySalt(tmp_path, directories=[tmp_path])(DAY)
    (file,) = tmp_path.glob("*.salt")
    file.chmod(0o644)
    own = DailySalt(tmp_path, directories=[tmp_path])
    assert own(DAY) != known
    assert own(DAY) == own(DAY)
    file.unlink()
    os.symlink(os.devnull, file)
    assert len(DailySalt(tmp_path, directories=[tmp_path])(DAY)) == 32


def test_without_a_memory_filesystem_each_process_has_its_own_salt(tmp_path: Path) -> None:
    own = DailySalt(tmp_path, directories=[tmp_path / "absent"])
    assert len(own(DAY)) == 32
    assert own(DAY) == own(DAY)
    assert own(DAY) != own(DAY + dt.timedelta(days=1))
