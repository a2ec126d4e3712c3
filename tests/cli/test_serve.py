"""`frontline serve` as an operator runs it: a program of its own, on a real database."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx2
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.database.migrations import downgrade
from tests.conftest import LONG_TIMEOUTS_ENVIRONMENT
from tests.database.cluster_programs import fresh_directory, remove
from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.database.engines import DatabaseUrls

READY = re.compile(r"Frontline is ready: (http://\S+)")


def environment(data_dir: Path, **others: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTLINE_", "DATABASE_"))}
    ours = {"FRONTLINE_DATA_DIR": str(data_dir), "PORT": "0", "FRONTLINE_PLACES_AUTOLOAD": "0"}
    return inherited | LONG_TIMEOUTS_ENVIRONMENT | ours | others


def on(urls: DatabaseUrls) -> dict[str, str]:
    return {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "DATABASE_PUBLIC_URL": urls.public}


def run(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "app.cli", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)


@contextmanager
def served(env: dict[str, str], lines: list[str] | None = None) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Runs the server while the block runs, and yields its address. `lines` gets its output from
    before it was ready.
    """
    lines = [] if lines is None else lines
    process = subprocess.Popen([sys.executable, "-m", "app.cli", "serve"], env=env, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        for line in process.stderr:
            lines.append(line)
            if found := READY.search(line):
                yield found.group(1).rstrip("/"), process
                break
        else:
            pytest.fail("it never was ready: " + "".join(lines))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.stderr.close()
        process.wait(timeout=SECONDS)


def status_of(url: str) -> int:
    return httpx2.get(url, timeout=SECONDS).status_code


def test_it_serves_an_empty_database_and_ends_when_asked(database: DatabaseUrls, tmp_path: Path) -> None:
    with served(environment(tmp_path, **on(database))) as (url, process):
        for path in ("/", "/readyz", "/livez", "/api/collections/events/items", "/api/docs"):
            assert status_of(url + path) == 200, path
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SECONDS) == 0


STUCK = """
import time
import uvicorn
from app import serve
serve.DRAIN_SECONDS, serve.STOP_SECONDS = 0, 0.2

async def application(scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    time.sleep(600)

config = uvicorn.Config(application, port=0, lifespan="on", log_level="critical", timeout_graceful_shutdown=0)
serve.AnnouncingServer(config, lambda: print("ready", flush=True)).run()
"""


@pytest.mark.long
def test_process_ends_when_asked_although_something_never_ends() -> None:
    command = [sys.executable, "-c", STUCK]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert "did not stop in time" in errors


def test_a_database_that_goes_away_is_reported_and_comes_back_without_a_restart(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    name = make_url(database.app).database
    superuser = make_url(database.app).set(username="postgres", database="postgres")
    engine = create_engine(superuser, isolation_level="AUTOCOMMIT")
    with served(environment(tmp_path, **on(database))) as (url, _), engine.connect() as connection:
        assert status_of(f"{url}/") == 200
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        assert status_of(f"{url}/") == 503
        assert status_of(f"{url}/api/collections/events/items") == 503
        assert status_of(f"{url}/livez") == 200
        assert status_of(f"{url}/static/css/tokens.css") == 200
        wait_until(lambda: status_of(f"{url}/readyz") == 503, "readiness to be lost")
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
        wait_until(lambda: status_of(f"{url}/") == status_of(f"{url}/readyz") == 200, "everything to come back")
    engine.dispose()


def test_a_schema_that_is_not_of_this_code_is_reported(database: DatabaseUrls, tmp_path: Path) -> None:
    env = environment(tmp_path, **on(database))
    downgrade(database.owner, "-1")
    refused = run("serve", env=env)
    assert refused.returncode == 1
    assert "frontline migrate" in refused.stderr
    assert "Traceback" not in refused.stderr
    migrated = run("migrate", env=env)
    assert migrated.returncode == 0, migrated.stderr
    with served(env) as (url, _):
        assert status_of(f"{url}/readyz") == 200


def test_what_somebody_changed_in_the_database_is_logged_and_stops_no_start(
    database: DatabaseUrls, tmp_path: Path
) -> None:
    engine = create_engine(database.owner)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE frontline.event DISABLE TRIGGER before_1_apply_policy"))
    engine.dispose()
    lines: list[str] = []
    with served(environment(tmp_path, **on(database)), lines) as (url, _):
        assert status_of(f"{url}/readyz") == 200
    warnings = [line for line in lines if "WARNING" in line]
    assert "The trigger event.before_1_apply_policy is disabled." in warnings[0]
    assert "frontline migrate" in warnings[1]


def test_a_port_that_is_taken_is_reported(database: DatabaseUrls, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = run("serve", env=environment(tmp_path, PORT=str(port), **on(database)))
    assert refused.returncode == 1
    assert f"Port {port} is used by another program." in refused.stderr
    assert f"PORT={port + 1}" in refused.stderr


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ({"DATABASE_URL": "mysql://root:hunter2@localhost/x"}, "DATABASE_URL must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://frontline_app:hunter2@localhost"}, "DATABASE_URL does not name a database"),
        ({"DATABASE_URL": "postgresql://frontline_app:hunter2@127.0.0.1:1/frontline"}, "Check DATABASE_URL"),
        ({"PORT": "many"}, "PORT: "),
        ({"FRONTLINE_READ_TIMEOUT_SECONDS": "-1"}, "FRONTLINE_READ_TIMEOUT_SECONDS: "),
        ({"FRONTLINE_THEATRE": "/nonexistent/theatre.toml"}, "Cannot read the theatre"),
        ({"HOST": "no.such.host.invalid"}, "HOST=no.such.host.invalid"),
    ],
)
def test_a_setting_that_cannot_be_used_is_reported_in_a_sentence(
    tmp_path: Path, others: dict[str, str], message: str
) -> None:
    refused = run("serve", env=environment(tmp_path, **others))
    assert refused.returncode == 1
    assert message in refused.stderr
    assert "hunter2" not in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.fixture
def own_directory() -> Iterator[Path]:
    """A data directory that the user of the embedded cluster can enter."""
    directory = fresh_directory()
    yield directory
    remove(directory)


def test_the_first_start_makes_a_database_with_the_demo_and_the_second_finds_it(own_directory: Path) -> None:
    env = environment(own_directory)
    for _ in range(2):
        with served(env) as (url, _):
            assert httpx2.get(f"{url}/api/collections/events/items").json()["numberReturned"] == 5
    again = run("demo", env=env)
    assert again.returncode == 0
    assert "already" in again.stderr
