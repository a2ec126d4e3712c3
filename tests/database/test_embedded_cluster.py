"""The embedded cluster with real servers: several programs, kills, full disks, other users."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from app.database.embedded import ROLES, EmbeddedDatabaseError, running_cluster
from app.database.embedded.installation import Installation
from app.database.embedded.place import ELSEWHERE, MARKER
from tests.database.cluster_programs import (
    Holder,
    fresh_directory,
    kill_server,
    postmaster,
    processes_in,
    remove,
)
from tests.waiting import wait_until

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can set this up")


@pytest.fixture
def empty() -> Iterator[Path]:
    directory = fresh_directory()
    yield directory
    remove(directory)


@pytest.fixture(scope="module")
def shared_directory() -> Iterator[Path]:
    """A data directory with a cluster, created once, at a path that is too long for a socket."""
    root = fresh_directory()
    directory = root / ('a clone\'s "path" with $HOME, `id` and ünïcode; ' + "x" * 100)
    with running_cluster(directory, for_tests=True):
        pass
    yield directory
    shutil.rmtree(root)


@pytest.fixture
def made(shared_directory: Path) -> Path:
    """The shared data directory while no program uses its cluster."""
    assert not processes_in(shared_directory / "postgres"), "an earlier test left the server running"
    return shared_directory


def test_two_programs_that_start_at_once_make_one_cluster_and_the_last_stops_it(empty: Path) -> None:
    with Holder(empty) as one, Holder(empty) as two:
        assert one.answer()["url"] == two.answer()["url"]
        assert (
            sum("Creating the database" in message for holder in (one, two) for message in holder.answer()["messages"])
            == 1
        )
        one.let_go()
        assert two.query("SELECT 1") == 1
        two.let_go()
    assert not processes_in(empty / "postgres")
    assert not Path(one.answer()["socket_directory"]).exists()
    assert sorted(path.name for path in empty.iterdir()) == ["postgres", "postgres-turn.lock", "postgres-users.lock"]


def test_the_roles_the_database_and_its_extensions(made: Path) -> None:
    with running_cluster(made, for_tests=True) as cluster:
        host = str(cluster.socket_directory)
        for role in ROLES:
            with psycopg.connect(host=host, user=role, dbname="frontline") as connection:
                row = connection.execute(
                    "SELECT current_user, rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,"
                    " postgis_lib_version() >= '3.3', unaccent('é'), similarity('a', 'a'), 1 <-> 2"
                    " FROM pg_roles WHERE rolname = current_user"
                ).fetchone()
            assert row == (role, False, True, "e", 1.0, 1)
        with psycopg.connect(host=host, user="frontline_app", dbname="frontline") as connection:
            connection.execute("SET ROLE frontline_public")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TEMPORARY TABLE t ()")
        with psycopg.connect(host=host, user="postgres", dbname="frontline") as connection:
            assert connection.execute(
                "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate FROM pg_database"
                " WHERE datname = current_database()"
            ).fetchone() == ("frontline_owner", "UTF8", "C.UTF-8")
            for setting, value in {
                "listen_addresses": "",
                "data_checksums": "on",
                "jit": "off",
                "fsync": "off",
                "TimeZone": "UTC",
                "unix_socket_permissions": "0700",
                "log_error_verbosity": "terse",
            }.items():
                assert connection.execute("SELECT current_setting(%s)", [setting]).fetchone() == (value,)
            assert connection.execute(
                "SELECT array_agg(DISTINCT type || ' ' || auth_method) FROM pg_hba_file_rules"
            ).fetchone() == (["local peer"],)


def test_an_address_is_one_that_sqlalchemy_reads(made: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    with running_cluster(made, for_tests=True) as cluster:
        assert len(os.fsencode(cluster.directory)) > 150
        engine = sqlalchemy.create_engine(cluster.url("frontline_app"))
        with engine.connect() as connection:
            assert connection.exec_driver_sql("SELECT current_user").scalar() == "frontline_app"
        engine.dispose()


def test_the_socket_is_for_nobody_else(made: Path) -> None:
    with running_cluster(made, for_tests=True) as cluster:
        status = cluster.socket_directory.stat()
        assert status.st_mode & 0o777 == 0o700
        assert status.st_uid == cluster.directory.stat().st_uid
        assert len(os.fsencode(cluster.socket_directory / ".s.PGSQL.5432.lock")) <= 107


def test_a_second_start_while_the_first_runs_uses_its_server(made: Path) -> None:
    with Holder(made) as one:
        one.answer()
        first = postmaster(made / "postgres")
        with Holder(made) as two:
            two.let_go()
        assert postmaster(made / "postgres") == first
        assert one.query("SELECT 1") == 1
    assert not processes_in(made / "postgres")


def test_one_program_may_use_it_twice(made: Path) -> None:
    with running_cluster(made, for_tests=True) as outer:
        with running_cluster(made, for_tests=True) as inner:
            assert inner == outer
        assert processes_in(made / "postgres")
    assert not processes_in(made / "postgres")


def test_a_live_orphan_is_adopted_and_stopped_at_the_end(made: Path) -> None:
    with Holder(made) as killed:
        killed.kill()
    orphan = postmaster(made / "postgres")
    os.kill(orphan, 0)
    with Holder(made) as heir:
        assert heir.query("SELECT 1") == 1
        assert postmaster(made / "postgres") == orphan
    assert not processes_in(made / "postgres")


def test_after_everything_was_killed_it_starts_with_what_was_committed(made: Path) -> None:
    with Holder(made, "--lasting") as killed:
        killed.query("CREATE TABLE IF NOT EXISTS row_of_before AS SELECT 7 AS number")
        killed.kill()
        kill_server(made / "postgres")
    assert (made / "postgres" / "postmaster.pid").exists()
    with Holder(made) as next_one:
        assert any("was not shut down" in message for message in next_one.answer()["messages"])
        assert next_one.query("SELECT number FROM row_of_before") == 7
        next_one.query("DROP TABLE row_of_before")


@pytest.mark.long
def test_the_last_processes_of_a_killed_server_are_waited_for(made: Path) -> None:
    with Holder(made) as killed:
        host = killed.answer()["socket_directory"]
        with psycopg.connect(host=host, user="postgres", dbname="frontline") as lingering:
            backend = lingering.info.backend_pid
            os.kill(backend, signal.SIGSTOP)
            kill_server(made / "postgres", only_first=True)
            killed.kill()
            with Holder(made) as waiting:
                with pytest.raises(subprocess.TimeoutExpired):
                    waiting.process.wait(0.5)
                os.kill(backend, signal.SIGCONT)
                assert waiting.query("SELECT 1") == 1


def test_a_process_id_that_another_program_has_by_now(made: Path) -> None:
    directory = made / "postgres"
    owner = directory.stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid if os.geteuid() == 0 else None) as bystander:
        try:
            pid_file = directory / "postmaster.pid"
            pid_file.write_text(f"{bystander.pid}\n{directory}\n0\n5432\n/nowhere\n\n  1 2\nready\n")
            os.chown(pid_file, owner.st_uid, owner.st_gid)
            with running_cluster(made, for_tests=True) as cluster:
                assert postmaster(cluster.directory) != bystander.pid
            assert bystander.poll() is None
        finally:
            bystander.kill()


@pytest.mark.long
def test_a_removed_socket(made: Path) -> None:
    with Holder(made) as holder:
        shutil.rmtree(holder.answer()["socket_directory"])
        with Holder(made) as late:
            assert "its socket" in late.answer()["error"]
            assert "Stop that program" in late.answer()["error"]
        holder.kill()
    with Holder(made) as heir:
        assert any("socket was removed" in message for message in heir.answer()["messages"])
        assert heir.query("SELECT 1") == 1
    assert not processes_in(made / "postgres")


@as_root
def test_a_socket_directory_that_somebody_else_made_is_not_used(made: Path) -> None:
    with running_cluster(made, for_tests=True) as cluster:
        usual = cluster.socket_directory
    usual.mkdir()
    os.chown(usual, pwd.getpwnam("nobody").pw_uid, -1)
    try:
        with running_cluster(made, for_tests=True) as cluster:
            assert cluster.socket_directory.parent != usual.parent
    finally:
        usual.rmdir()


def test_a_server_that_dies_is_restarted(empty: Path) -> None:
    with Holder(empty, "--lasting") as holder:
        holder.answer()
        killed = postmaster(empty / "postgres")
        kill_server(empty / "postgres")
        wait_until(lambda: (empty / "postgres" / "postmaster.pid").exists(), "the file of the old server")

        def answers() -> bool:
            try:
                return bool(holder.query("SELECT 1") == 1)
            except psycopg.OperationalError:
                return False

        wait_until(answers, "the server to come back")
        assert postmaster(empty / "postgres") != killed
        assert any("is gone; starting it again" in message for message in holder.let_go()["messages"])
    assert not processes_in(empty / "postgres")


@pytest.mark.long
@as_root
def test_a_data_directory_where_the_cluster_s_user_cannot_go(empty: Path) -> None:
    data_dir = empty / "home" / "var"
    empty.chmod(0o700)
    with Holder(data_dir) as holder:
        answer = holder.answer()
        assert Path(answer["directory"]).parent == ELSEWHERE
        assert "cannot work in" in answer["messages"][0]
        holder.query("CREATE TABLE row_of_before ()")
    assert (data_dir / "postgres").resolve() == Path(answer["directory"])
    (data_dir / "postgres").unlink()
    with Holder(data_dir) as holder:
        assert holder.query("SELECT count(*) FROM row_of_before") == 0, "a lost link is made anew"
    try:
        moved = empty / "elsewhere"
        data_dir.rename(moved)
        with Holder(moved) as holder:
            assert holder.query("SELECT count(*) FROM row_of_before") == 0
        copied = empty / "copy"
        shutil.copytree(moved, copied, symlinks=True)
        with Holder(copied) as holder:
            assert "seems to be a copy" in holder.answer()["error"]
    finally:
        remove(moved)


@pytest.mark.long
@as_root
def test_root_runs_the_cluster_of_an_ordinary_user_as_that_user(empty: Path) -> None:
    user = pwd.getpwnam("nobody")
    os.chown(empty, user.pw_uid, user.pw_gid)
    with Holder(empty, "--user", "nobody") as own, Holder(empty) as root:
        assert own.answer()["url"] == root.answer()["url"]
        assert {path.stat().st_uid for path in empty.rglob("*")} == {user.pw_uid}
    with Holder(empty) as root:
        root.answer()
        with Holder(empty, "--user", "nobody") as own:
            assert "url" in own.answer()
    with Holder(empty, "--user", "www-data") as other:
        assert "belongs to another user" in other.answer()["error"]


@as_root
# The first is too small for initdb, the second for the database that is made then.
@pytest.mark.long
@pytest.mark.parametrize("megabytes", [20, 48])
def test_a_full_disk_is_reported_and_leaves_nothing_incomplete(empty: Path, megabytes: int) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "none", str(empty)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("this machine does not let us mount a small disk")
    try:
        with Holder(empty) as holder:
            assert "is full" in holder.answer()["error"]
            assert "FRONTLINE_DATA_DIR" in holder.answer()["error"]
        assert not list(empty.glob("postgres.new-*"))
        assert not processes_in(empty / "postgres")
        subprocess.run(["mount", "-o", "remount,size=400m", str(empty)], check=True)
        with Holder(empty) as holder:
            assert holder.query("SELECT postgis_version()").startswith("3.")
    finally:
        subprocess.run(["umount", str(empty)], check=True)


def test_a_disk_that_is_full_for_initdb(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no small disk can be mounted: an initdb that prints the error of a full disk."""
    full = 'initdb: error: could not write to file "pg_wal/xlogtemp.9": No space left on device'
    (empty / "initdb").write_text(f"#!/bin/sh\ntouch half; echo '{full}' >&2; exit 1\n")
    (empty / "initdb").chmod(0o755)
    monkeypatch.setattr(
        "app.database.embedded.server.choose_installation", lambda *_, **__: Installation(15, "15.0", empty, "")
    )
    with pytest.raises(EmbeddedDatabaseError, match=r"could not be made: the disk .* is full .* FRONTLINE_DATA_DIR"):
        _enter(empty)
    assert not list(empty.glob("postgres*/"))


@pytest.mark.parametrize("signal_", [pytest.param(signal.SIGINT, marks=pytest.mark.long), signal.SIGKILL])
def test_an_interrupted_first_start(empty: Path, signal_: signal.Signals) -> None:
    with Holder(empty, quiet=True) as broken_off:
        wait_until(lambda: bool(list(empty.glob("postgres.new-*/PG_VERSION"))), "initdb to be at it")
        broken_off.end(signal_)
    assert not (empty / "postgres").exists()
    with Holder(empty) as holder:
        assert holder.query("SELECT 1") == 1
    assert not list(empty.glob("postgres.new-*"))


def test_a_cluster_of_another_major_version_is_refused(empty: Path) -> None:
    directory = empty / "postgres"
    directory.mkdir(mode=0o700)
    (directory / "PG_VERSION").write_text("9\n")
    (directory / MARKER).write_text(f"{empty}\n")
    _give_to_cluster_user(directory)
    with pytest.raises(EmbeddedDatabaseError, match=r"made by PostgreSQL 9, .* installed: PostgreSQL \d+.*backup"):
        _enter(empty)
    (directory / "PG_VERSION").unlink()
    with pytest.raises(EmbeddedDatabaseError, match="gone or damaged"):
        _enter(empty)


def test_a_foreign_cluster_is_not_touched(empty: Path) -> None:
    directory = empty / "postgres"
    directory.mkdir(mode=0o700)
    (directory / "PG_VERSION").write_text("15\n")
    _give_to_cluster_user(directory)
    with pytest.raises(EmbeddedDatabaseError, match="Frontline did not create"):
        _enter(empty)
    assert [path.name for path in directory.iterdir()] == ["PG_VERSION"]


@as_root
def test_a_cluster_that_came_to_belong_to_root(empty: Path) -> None:
    directory = empty / "postgres"
    directory.mkdir()
    (directory / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedDatabaseError, match=r"belongs to root.*chown"):
        _enter(empty)


def test_a_link_to_a_cluster_that_is_gone(empty: Path) -> None:
    (empty / "postgres").symlink_to(empty / "nowhere")
    with pytest.raises(EmbeddedDatabaseError, match="which is gone"):
        _enter(empty)


def test_a_data_directory_that_is_a_file(empty: Path) -> None:
    (empty / "file").touch()
    with pytest.raises(EmbeddedDatabaseError, match="cannot be created: File exists"):
        _enter(empty / "file")


def test_a_configuration_that_postgresql_refuses(made: Path) -> None:
    overrides = made / "postgres" / "postgresql.auto.conf"
    before = overrides.read_text()
    try:
        overrides.write_text("max_connections = many\n")
        with pytest.raises(
            EmbeddedDatabaseError, match=r"(?s)could not be started.*invalid value for parameter .max_connections"
        ):
            _enter(made)
    finally:
        overrides.write_text(before)


def _enter(data_dir: Path) -> None:
    with running_cluster(data_dir, say=lambda _: None, for_tests=True):
        raise AssertionError("it should have been refused")


def _give_to_cluster_user(directory: Path) -> None:
    """Changes the owner of a directory to the user that a real one would have."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        for path in (directory, *directory.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
