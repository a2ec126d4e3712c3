"""An installation of an earlier commit is upgraded as `make run` does it: no row, id, state or
public answer changes.

Each folder of `data` is an installation as an earlier commit left it: a dump of its database with
the functions, triggers and rights of that commit, what that commit answered the public, and what
lies outside the database (its secret, passwords, a session, codes). `scripts/upgrade_dump` makes
such a folder from a commit, by that commit's own code. The test puts the dump into an embedded
cluster in a data directory of its own, runs `frontline serve` there as `make run` does, and
compares: every row of every table by primary key, and every answer. New tables, new columns and new
fields of answers are allowed; whatever was there must be there, with the same value.

A later migration needs no change here. When a release is made, add a dump of it, so that upgrades
from it are tested:

    scripts/with-tools python -m scripts.upgrade_dump <commit or tag>

commit the new folder, and keep the ones that are there. A table that an upgrade may compute anew is
listed with the reason in `rows.DERIVED`, and what it says must be among the answers. A change that
an upgrade makes to old rows or answers on purpose is named in `INTENDED` with its reason, by the
beginning of the line that the test would print.
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
    KeptInstallation,
    connected,
    environment,
    kept_installations,
    served,
)
from tests.upgrade.rows import DERIVED, Tables, read_tables, row_differences
from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from subprocess import CompletedProcess

    from app.database.engines import DatabaseUrls

# Beginnings of lines that tell an intended difference, each with the reason for it.
INTENDED: Final[dict[str, str]] = {}
# Of differences in one message.
MOST_LINES: Final = 40
SERVE: Final = [str(PROJECT_DIRECTORY / "scripts" / "with-tools"), "frontline", "serve"]


@dataclass(frozen=True)
class Upgraded:
    """An installation after the upgrade, whose server runs; `before` and `after` have all rows of
    those moments.
    """

    kept: KeptInstallation
    data_dir: Path
    cluster: EmbeddedCluster
    client: httpx2.Client
    before: Tables
    after: Tables
    answers: dict[str, Answer]

    def member(self, **headers: str) -> httpx2.Client:
        """Return a client that sends some headers with each request."""
        return httpx2.Client(base_url=self.client.base_url, headers={"Host": "localhost"} | headers, timeout=SECONDS)

    def frontline(self, *words: str) -> CompletedProcess[str]:
        """Run a command on the installation while its server runs."""
        return frontline(*words, env=environment(self.data_dir))

    def tables(self) -> Tables:
        """Read all rows as they are now."""
        with connected(self.cluster) as connection:
            return read_tables(connection)


@pytest.fixture(scope="module", params=kept_installations(), ids=lambda kept: kept.name)
def upgraded(request: pytest.FixtureRequest) -> Iterator[Upgraded]:
    """Put up an installation of an earlier commit, upgrade it by starting the server, and read all
    that is compared.
    """
    kept: KeptInstallation = request.param
    data_dir = fresh_directory()
    try:
        with running_cluster(data_dir, for_tests=True) as cluster, connected(cluster) as connection:
            kept.restore(connection, data_dir)
            before = read_tables(connection)
        with (
            served(SERVE, environment(data_dir)) as url,
            running_cluster(data_dir, for_tests=True) as cluster,
            httpx2.Client(base_url=url, headers={"Host": "localhost"}, timeout=SECONDS) as client,
        ):
            with connected(cluster) as connection:
                after = read_tables(connection)
            answers = {path: _ask_patiently(client, path) for path in kept.answers}
            yield Upgraded(kept, data_dir, cluster, client, before, after, answers)
    finally:
        remove(data_dir)


def _ask_patiently(client: httpx2.Client, path: str) -> Answer:
    """Ask one address; while the server makes event columns anew, parts come and go, and some are
    of the old format.
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


def _assert_none(found: Iterable[str]) -> None:
    """Fail with a line for each difference that is not intended."""
    lines = [line for line in found if not line.startswith(tuple(INTENDED))]
    more = f"\nand {len(lines) - MOST_LINES} more" if len(lines) > MOST_LINES else ""
    assert not lines, f"{len(lines)} differences:\n" + "\n".join(lines[:MOST_LINES]) + more


def test_every_row_of_before_is_there_as_it_was(upgraded: Upgraded) -> None:
    assert set(upgraded.before) >= {"event", "source", "claim", "submission", "account", "control_area", "revision"}
    empty = {table for table, rows in upgraded.before.items() if not rows}
    assert empty <= {"installation_switch"} | set(DERIVED), "a dump that has no rows of a table shows nothing about it"
    _assert_none(row_differences(upgraded.before, upgraded.after))


def test_every_public_answer_of_before_is_given_again(upgraded: Upgraded) -> None:
    assert len(upgraded.answers) > 150
    _assert_none(
        line
        for path, before in upgraded.kept.answers.items()
        for line in answer_differences(path, before, upgraded.answers[path])
    )


def test_the_schema_is_that_of_a_new_installation(upgraded: Upgraded, database: DatabaseUrls) -> None:
    """Functions, triggers, views and rights of the earlier commit are replaced, and its tables
    brought up to date.
    """
    fresh = make_url(database.owner)
    with (
        connected(upgraded.cluster) as connection,
        psycopg.connect(
            host=str(fresh.query["host"]), port=int(str(fresh.query["port"])), user="postgres", dbname=fresh.database
        ) as other,
    ):
        found, wanted = read_catalog(connection), read_catalog(other)
    assert len(wanted) > 300
    # "before" is the new installation here, and "after" the upgraded one.
    missing = [f"missing: {name}: {wanted[name]}" for name in wanted.keys() - found.keys()]
    left = [f"left over: {name}: {found[name]}" for name in found.keys() - wanted.keys()]
    _assert_none([*missing, *left, *differences(wanted, found)])


def test_what_members_and_senders_hold_still_opens_what_it_did(upgraded: Upgraded) -> None:
    known = upgraded.kept.known
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


def test_the_files_of_before_bring_nothing_new(upgraded: Upgraded) -> None:
    """The digests of earlier imports stay valid: with `--update`, a row that seemed changed would
    be written anew.
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


def test_a_second_migration_has_nothing_to_do(upgraded: Upgraded) -> None:
    with connected(upgraded.cluster) as connection:
        before = read_catalog(connection)
    done = upgraded.frontline("migrate")
    assert done.returncode == 0, done.stderr
    assert head_revision() in done.stderr
    with connected(upgraded.cluster) as connection:
        _assert_none(differences(before, read_catalog(connection)))


def test_the_work_goes_on(upgraded: Upgraded) -> None:
    """What is written after the upgrade meets the rules of today: one member hands a draft in,
    another publishes it.
    """
    body = {
        "title": "An event after the upgrade",
        "category": "clash",
        "geometry": {"type": "Point", "coordinates": [25.0, 50.0]},
        "happened_from": "2025-08-01T00:00:00Z",
        "happened_to": "2025-08-02T00:00:00Z",
        "time_precision": "day",
    }
    tokens = upgraded.kept.known["tokens"]
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
