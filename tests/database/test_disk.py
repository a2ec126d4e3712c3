"""Commands that write much leave a reserve of the disk free."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from app.database.disk import Disk, DiskTooFull
from app.database.embedded import running_cluster
from app.settings import PROJECT_DIRECTORY
from tests.database.cluster_programs import fresh_directory, remove

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.database.engines import DatabaseUrls

MIB = 1024 * 1024
DATA = Path("/data")


def test_a_command_that_does_not_fit_does_not_start() -> None:
    free = {DATA: 700 * MIB, DATA / "pg_wal": 600 * MIB}
    disk = Disk(tuple(free), 512 * MIB, free.__getitem__)
    disk.require(88 * MIB, "import")
    with pytest.raises(
        DiskTooFull,
        match=r"The import did not start: it needs at least 93 MB, and 537 MB must stay free, but 629 MB are free on"
        r" the disk of /data\. Free some space, or set FRONTLINE_DISK_RESERVE_MIB to less\.",
    ):
        disk.require(89 * MIB, "import")


def test_nothing_is_known_of_the_disk_of_another_server(worker_database: DatabaseUrls) -> None:
    disk = Disk.of(None, 512)
    disk.require(10**15, "import")
    with disk.watch(create_engine(worker_database.app), "import"):
        assert disk.free_bytes() is None


def test_data_log_and_tablespaces_count(tmp_path: Path) -> None:
    (tmp_path / "pg_tblspc").mkdir()
    for link, target in (("pg_wal", "log"), ("pg_tblspc/1", "space")):
        (tmp_path / target).mkdir()
        (tmp_path / link).symlink_to(tmp_path / target)
    assert Disk.of(tmp_path, 1).directories == (tmp_path, tmp_path / "log", tmp_path / "space")


def test_statement_is_cancelled_when_the_reserve_is_touched(worker_database: DatabaseUrls) -> None:
    measured: list[Path] = []

    def measure(path: Path) -> int:
        measured.append(path)
        return 513 * MIB if len(measured) < 3 else 511 * MIB

    engine = create_engine(worker_database.app)
    disk = Disk((DATA,), 512 * MIB, measure)

    def grow() -> None:
        with disk.watch(engine, "import"), engine.begin() as connection:
            connection.execute(text("CREATE TEMPORARY TABLE growing (n integer)"))
            connection.execute(text("SELECT pg_sleep(600)"))

    with pytest.raises(DiskTooFull, match=r"The import was stopped and changed nothing, because 537 MB must stay free"):
        grow()
    with engine.connect() as connection:  # as before the watch
        assert connection.scalar(text("SELECT to_regclass('growing')")) is None
    engine.dispose()


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 450 MiB in memory."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    directory = fresh_directory()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=450m,mode=755", "tmpfs", directory], check=True)
    yield directory
    subprocess.run(["umount", directory], check=True)
    remove(directory)


@pytest.mark.long
@pytest.mark.parametrize("command", ["import", "demo"])
def test_database_starts_again_after_a_command_that_did_not_fit(small_disk: Path, tmp_path: Path, command: str) -> None:
    data = small_disk / "var"
    environment = os.environ | {
        "FRONTLINE_DATA_DIR": str(data),
        "FRONTLINE_DISK_RESERVE_MIB": "150",
        "PYTHONPATH": str(PROJECT_DIRECTORY),
    }
    frontline = [sys.executable, "-c", "from app.cli import main; main()"]
    # The rows are short, so they need much more than the estimate by the size of the file.
    rows = (
        f"{number},48.{number:06},37.5,2025-07-{number % 28 + 1:02},https://t.me/a/{number}" for number in range(50_000)
    )
    (tmp_path / "many.csv").write_text("\n".join(["id,lat,lon,date,urls", *rows]), "utf-8")
    published = ["--public", "--origin-licence", "CC0 1.0"]
    arguments, message = {
        "import": (["import", "many.csv", "--format", "events-csv", "--origin", "test", *published], "was stopped"),
        "demo": (["demo", "--synthetic", "100000"], "did not start"),
    }[command]
    subprocess.run([*frontline, "migrate"], env=environment, check=True, capture_output=True)
    done = subprocess.run([*frontline, *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stderr
    assert message in done.stderr
    assert "must stay free" in done.stderr
    assert "Traceback" not in done.stderr
    assert shutil.disk_usage(small_disk).free > 100 * MIB
    with running_cluster(data) as cluster:
        engine = create_engine(cluster.url("frontline_app"))
        with engine.connect() as connection:
            assert connection.scalar(text("SELECT count(*) FROM frontline.event")) == 0
        engine.dispose()
