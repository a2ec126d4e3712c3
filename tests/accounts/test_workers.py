"""Two server processes over one database share sessions, limits and the switch, and no log contains
secrets.
"""

from __future__ import annotations

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest
from sqlalchemy import create_engine, text

from app.access import switch
from app.access.roles import Role
from app.accounts import administration
from app.accounts.passwords import Passwords
from app.database.session import ReadWriteSession
from tests.accounts.conftest import NoCookies, session_key, sign_in
from tests.cli.test_serve import READY, environment, on
from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator

    from app.database.engines import DatabaseUrls

SECRET = "quagga-password-of-hers"
MB = 1024
BREAK = "ALTER TABLE frontline.member_session ADD CONSTRAINT broken CHECK (false) NOT VALID"


@contextmanager
def logged_server(env: dict[str, str], log: Path) -> Iterator[tuple[httpx2.Client, int]]:
    """Runs a server with its output in a file; yields a client and the process id."""
    import signal
    import subprocess
    import sys

    with log.open("wb") as output:
        process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-m", "app.cli", "serve"], env=env, stderr=output, stdout=output
        )
    try:
        wait_until(lambda: READY.search(log.read_text("utf-8")) or process.poll() is not None, "the server to start")
        ready = READY.search(log.read_text("utf-8"))
        assert ready, log.read_text("utf-8")
        port = ready.group(1).rstrip("/").rpartition(":")[2]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=SECONDS) as client:
            client.cookies.jar.set_policy(NoCookies())
            yield client, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=SECONDS)


def from_network(number: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"203.0.113.{number}", "X-Forwarded-Proto": "https"}


def peak_kib(pid: int) -> int:
    """Returns the peak memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1))  # type: ignore[union-attr] # Linux has it


@pytest.fixture
def account(database: DatabaseUrls) -> uuid.UUID:
    engine = create_engine(database.app, connect_args={"options": "-c search_path=frontline,public"})
    with ReadWriteSession(engine) as session, session.begin():
        administration.create(session, Passwords(), "olena", Role.ADMIN, by=None, password=SECRET)
        account_id = administration.find_account(session, "olena")
    engine.dispose()
    return account_id


def test_sessions_limits_and_the_switch_hold_in_two_processes(
    database: DatabaseUrls, account: uuid.UUID, tmp_path: Path
) -> None:
    env = environment(
        tmp_path / "var",
        FRONTLINE_TRUSTED_PROXIES="127.0.0.1",
        FRONTLINE_SHARED_LIMITS="1",
        FRONTLINE_LOG_LEVEL="debug",
        **on(database),
    )
    logs = [tmp_path / "one.log", tmp_path / "two.log"]
    with ExitStack() as stack:
        (one, one_pid), (two, _) = (stack.enter_context(logged_server(env, log)) for log in logs)
        safe = from_network(1)

        # A session of one process is valid in the other, and ends in both at once.
        key = session_key(sign_in(one, "olena", SECRET, headers=safe))
        cookie = safe | {"Cookie": f"__Host-frontline={key}"}
        assert two.get("/api/desk/me", headers=cookie).json()["name"] == "olena"
        page = two.get("/desk/tokens", headers=cookie).text
        form = {"form_token": re.search(r'name="form_token" value="([^"]+)"', page).group(1)}  # type: ignore[union-attr] # every page has it
        made = one.post(
            "/desk/tokens",
            data=form | {"label": "quagga-label", "scope": "write", "days": "7", "password": SECRET},
            headers=cookie,
        )
        token = re.search(r"frontline_[\w-]{43}", made.text).group()  # type: ignore[union-attr] # it was made
        bearer = safe | {"Authorization": f"Bearer {token}"}
        assert two.get(f"/api/desk/me?quagga-query={token}", headers=bearer).status_code == 200

        # The switch, in a process that has just read it; that process reads again after half a
        # second.
        assert switch.REFRESH_SECONDS == 0.5
        assert two.get("/about").status_code == 200
        for mode, status in (("closed", 503), ("normal", 200)):
            one.post("/desk/switch", data=form | {"mode": mode}, headers=cookie)
            wait_until(lambda: two.get("/about").status_code == status, f"the mode {mode}")  # noqa: B023 - runs at once

        # Fifty concurrent sign-ins from as many networks: each succeeds, and few are hashed at a
        # time.
        before = peak_kib(one_pid)
        with ThreadPoolExecutor(50) as pool:
            answers = list(
                pool.map(lambda number: sign_in(one, "olena", SECRET, headers=from_network(number)), range(50, 100))
            )
        assert [answer.status_code for answer in answers] == [303] * 50
        assert peak_kib(one_pid) - before < 150 * MB

        # A limit is shared by both processes.
        statuses = [
            sign_in((one, two)[number % 2], f"quagga-{number}", SECRET, headers=from_network(7)).status_code
            for number in range(12)
        ]
        assert statuses == [401] * 10 + [429] * 2
        submissions = [
            (one, two)[number % 2].post("/api/submissions", json={}, headers=from_network(8)).status_code
            for number in range(3)
        ]
        assert submissions == [422] * 3

        two.post("/sign-out", data=form, headers=cookie)
        assert one.get("/api/desk/me", headers=cookie).status_code == 401

        # An error during a write: the response and the log contain none of the written data.
        engine = create_engine(database.owner)
        with engine.begin() as connection:
            connection.execute(text(BREAK))
        assert sign_in(one, "olena", SECRET, headers=from_network(9)).status_code == 500
        with engine.connect() as connection:
            hashes = (
                connection.execute(text("SELECT encode(token_hash, 'hex') FROM frontline.api_token")).scalars().all()
            )
        engine.dispose()

    output = "".join(log.read_text("utf-8") for log in logs)
    assert "GET /api/desk/me 200" in output
    for planted in (SECRET, key, form["form_token"], token, "quagga", "203.0.113", *hashes):
        assert planted not in output, planted
