"""An installation of an earlier commit is upgraded as `make run` does it: no row, id, state or
public answer changes.

Each folder of `data` is an installation as an earlier commit left it: a dump of its database with
the functions, triggers and rights of that commit, its public responses, and its data outside the
database (its secret, passwords, a session, codes). `scripts/upgrade_dump` makes such a folder from
a commit, with that commit's own code. The test restores the dump into an embedded cluster in a data
directory of its own, runs `frontline serve` there as `make run` does, and compares every row of
every table by primary key, and every response. New tables, new columns and new fields of responses
are allowed; all earlier values must be unchanged.

A later migration needs no change here. When a release is made, add a dump of it, so that upgrades
from it are tested:

    scripts/with-tools python -m scripts.upgrade_dump <commit or tag>

Commit the new folder, and do not delete the earlier ones. A table that an upgrade may rebuild is
listed with the reason in `rows.DERIVED`; its content must be part of the responses. An intended
change of old rows or responses is listed in `INTENDED` with its reason, by the beginning of the
line that the test would print.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx2
import psycopg
import pyotp
import pytest
from sqlalchemy.engine import make_url

from app.database.embedded import EmbeddedCluster, running_cluster
from app.database.migrations import head_revision
from app.geo.event_columns import InvalidColumns
from app.settings import PROJECT_DIRECTORY
from tests.cli.in_process import frontline
from tests.database.cluster_programs import fresh_directory, remove
from tests.upgrade.answers import EVENTS, Answer, answer_differences, ask
from tests.upgrade.catalog import read_catalog
from tests.upgrade.comparing import differences
from tests.upgrade.decoding import DECODERS
from tests.upgrade.installation import (
    IMPORTS,
    INPUTS,
    StoredInstallation,
    connected,
    environment,
    served,
    stored_installations,
)
from tests.upgrade.rows import DERIVED, Tables, read_tables, row_differences
from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from app.database.engines import DatabaseUrls

# The beginnings of lines that report an intended difference, each with the reason for it.
INTENDED: Final[dict[str, str]] = dict.fromkeys(
    (
        f"/api/collections/events/items{rest}.properties.sources[0].first_seen_at: "
        for rest in (
            ": body.features[53]",
            "/d38b5a0f-c831-4ba0-86ca-b58ad9504563: body",
            "?category=strike&limit=20: body.features[13]",
            "?datetime=2025-05-01/2025-07-31&limit=20: body.features[9]",
            "?limit=100: body.features[53]",
            "?place=704422: body.features[3]",
            "?q=road&limit=20: body.features[1]",
        )
    ),
    "a source that another event had before is dated by this event",
)
# The most differences in one message.
MOST_LINES: Final = 40
SERVE: Final = [str(PROJECT_DIRECTORY / "scripts" / "with-tools"), "frontline", "serve"]


@dataclass(frozen=True)
class Upgraded:
    """An installation after the upgrade with its running server; `before` and `after` are all rows
    of these two times.
    """

    stored: StoredInstallation
    data_dir: Path
    cluster: EmbeddedCluster
    client: httpx2.Client
    before: Tables
    after: Tables
    answers: dict[str, Answer]

    def member(self, **headers: str) -> httpx2.Client:
        """Returns a client that sends some headers with each request."""
        return httpx2.Client(base_url=self.client.base_url, headers={"Host": "localhost"} | headers, timeout=SECONDS)

    def frontline(self, *words: str) -> CompletedProcess[str]:
        """Runs a command on the installation while its server runs."""
        return frontline(*words, env=environment(self.data_dir))

    def tables(self) -> Tables:
        """Reads all current rows."""
        with connected(self.cluster) as connection:
            return read_tables(connection)


@pytest.fixture(scope="module", params=stored_installations(), ids=lambda stored: stored.name)
def upgraded(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    """Restores an installation of an earlier commit, upgrades it by starting the server, and reads
    all data to compare.
    """
    stored: StoredInstallation = request.param
    data_dir = fresh_directory()
    try:
        with running_cluster(data_dir, for_tests=True) as cluster, connected(cluster) as connection:
            stored.restore(connection, data_dir)
            before = read_tables(connection)
        with (
            served(SERVE, environment(data_dir)) as url,
            running_cluster(data_dir, for_tests=True) as cluster,
            httpx2.Client(base_url=url, headers={"Host": "localhost"}, timeout=SECONDS) as client,
        ):
            with connected(cluster) as connection:
                after = read_tables(connection)
            answers = {path: _request_until_rebuilt(client, path) for path in stored.answers}
            yield Upgraded(stored, data_dir, cluster, client, before, after, answers)
    finally:
        remove(data_dir)


def _request_until_rebuilt(client: httpx2.Client, path: str) -> Answer:
    """Requests one URL, and again while the server rebuilds event columns, because parts may
    disappear or have the old format.
    """
    problems: list[object] = []

    def fresh_answer() -> Answer | None:
        try:
            answer = ask(client, path, lambda kind, blobs: DECODERS[kind](blobs))
        except (InvalidColumns, httpx2.HTTPStatusError) as error:
            problems.append(error)
            return None
        if isinstance(answer.get("body"), dict) and answer["body"].get("stale"):
            problems.append(answer)
            return None
        return answer

    try:
        return wait_until(fresh_answer, "the event columns", pause_seconds=0.2) or {}
    except AssertionError as error:
        raise AssertionError(f"{error}: {problems[-1]}") from None


def _assert_none(lines_found: Iterable[str]) -> None:
    """Fails with a line for each difference that is not intended."""
    lines = [line for line in lines_found if not line.startswith(tuple(INTENDED))]
    more = f"\nand {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
    assert not lines, f"{len(lines)} differences:\n" + "\n".join(lines[:MOST_LINES]) + more


def test_all_earlier_rows_are_unchanged(upgraded: Upgraded) -> None:
    assert set(upgraded.before) >= {"event", "source", "claim", "submission", "account", "control_area", "revision"}
    empty = {table for table, rows in upgraded.before.items() if not rows}
    assert empty <= {"installation_switch"} | set(DERIVED), "a dump without rows of a table does not test it"
    _assert_none(row_differences(upgraded.before, upgraded.after))


def test_all_earlier_public_responses_are_unchanged(upgraded: Upgraded) -> None:
    assert len(upgraded.answers) > 150
    _assert_none(
        line
        for path, before in upgraded.stored.answers.items()
        for line in answer_differences(path, before, upgraded.answers[path])
    )


def test_schema_equals_a_new_installation(upgraded: Upgraded, database: DatabaseUrls) -> None:
    """Functions, triggers, views and rights of the earlier commit are replaced, and its tables are
    migrated.
    """
    fresh = make_url(database.owner)
    with (
        connected(upgraded.cluster) as connection,
        psycopg.connect(
            host=str(fresh.query["host"]), port=int(str(fresh.query["port"])), user="postgres", dbname=fresh.database
        ) as other,
    ):
        actual, expected = read_catalog(connection), read_catalog(other)
    assert len(expected) > 300
    # "before" is the new installation here, and "after" the upgraded one.
    missing = [f"missing: {name}: {expected[name]}" for name in expected.keys() - actual.keys()]
    left = [f"left over: {name}: {actual[name]}" for name in actual.keys() - expected.keys()]
    _assert_none([*missing, *left, *differences(expected, actual)])


def test_passwords_sessions_tokens_and_codes_stay_valid(upgraded: Upgraded) -> None:
    known = upgraded.stored.known
    session, factor = known["session"], known["second_factor"]
    with upgraded.member(Cookie=f"{session['cookie']}={session['key']}") as browser:
        assert browser.get("/api/desk/me").json()["name"] == session["member"]
        assert browser.get("/desk/queue").status_code == 200
    with upgraded.member(Authorization=f"Bearer {known['tokens']['marko']}") as program:
        assert program.get("/api/desk/me").json()["name"] == "marko"
        queue = program.get("/api/desk/queue?limit=200").json()
        kinds = {item["kind"] for item in queue["items"]}
        assert kinds == {"footage", "problem", "import", "event", "hidden"}
    for name, code, status in (
        ("bohdan", "", 303),
        (factor["member"], pyotp.TOTP(factor["secret"]).now(), 303),
        (factor["member"], factor["recovery_codes"][0], 303),
        (factor["member"], "", 401),
    ):
        form = {"name": name, "password": known["passwords"][name], "code": code}
        assert upgraded.client.post("/sign-in", data=form).status_code == status, (name, code)
        upgraded.client.cookies.clear()
    states = {
        what: upgraded.client.get(f"/api/submissions/{code}").json()["status"] for what, code in known["codes"].items()
    }
    assert set(states.values()) == {"received", "in_review", "question", "accepted", "merged", "rejected"}


def test_import_of_earlier_files_changes_nothing(upgraded: Upgraded) -> None:
    """The digests of earlier imports stay valid: otherwise `--update` would write unchanged rows
    again.
    """
    before = upgraded.tables()
    for file, options in IMPORTS.items():
        of_events = "--origin" in options
        refusals = ("--refusals", str(upgraded.data_dir / "refused.csv")) if of_events else ()
        done = upgraded.frontline("import", str(INPUTS / file), *options, "--update", *refusals)
        assert done.returncode == 0, done.stderr
        if of_events:
            read, unchanged = re.findall(r"(\d+)  (?:rows read|already imported, unchanged)", done.stdout)
            assert read == unchanged, done.stdout
    _assert_none(row_differences(before, upgraded.tables()))


def test_second_migration_changes_nothing(upgraded: Upgraded) -> None:
    with connected(upgraded.cluster) as connection:
        before = read_catalog(connection)
    done = upgraded.frontline("migrate")
    assert done.returncode == 0, done.stderr
    assert head_revision() in done.stderr
    with connected(upgraded.cluster) as connection:
        _assert_none(differences(before, read_catalog(connection)))


def test_members_can_publish_after_the_upgrade(upgraded: Upgraded) -> None:
    """New data follows the current rules: one member submits a draft, another publishes it."""
    body = {
        "title": "An event after the upgrade",
        "category": "clash",
        "geometry": {"type": "Point", "coordinates": [25.0, 50.0]},
        "happened_from": "2025-08-01T00:00:00Z",
        "happened_to": "2025-08-02T00:00:00Z",
        "time_precision": "day",
    }
    tokens = upgraded.stored.known["tokens"]
    with (
        upgraded.member(Authorization=f"Bearer {tokens['marko']}") as writer,
        upgraded.member(Authorization=f"Bearer {tokens['bohdan']}") as publisher,
    ):
        path = f"/api/desk/events/{writer.post('/api/desk/events', json=body).raise_for_status().json()['id']}"

        def step(by: httpx2.Client, name: str) -> int:
            version = by.get(path).json()["version"]
            return by.post(f"{path}/{name}", json={}, headers={"If-Match": f'"{version}"'}).status_code

        assert step(writer, "submit") == 200
        assert step(writer, "publish") == 403
        assert step(publisher, "publish") == 200
    public = upgraded.client.get(f"{EVENTS}/items/{path.rpartition('/')[2]}")
    assert (public.status_code, public.json()["properties"]["title"]) == (200, body["title"])
