"""Writes the dump for the upgrade test: a database of an earlier commit, filled by that commit's
code.

    python -m scripts.upgrade_dump COMMIT             writes tests/upgrade/data/<short hash>/
    python -m scripts.upgrade_dump COMMIT --name v2   writes tests/upgrade/data/v2/

The commit is exported (`git archive`) into a temporary directory. Its code runs there with the
packages of this environment, or with those of `--python`. All data in the dump was written by
commands and requests of that code (`scenario.py`), except the gazetteer: a few settlements of our
own replace GeoNames. The files are:

    dump.sql.xz      the schema `frontline` by pg_dump, with functions, triggers, owners and grants
    answers.json.xz  public responses of that code by URL, with the clock at `clock` of known.json
    known.json       what is not in the database: the secret, passwords, a session, a token, codes

All data is made up: the passwords and secrets open nothing but this dump. The test is
`tests/upgrade/test_upgrade.py`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import lzma
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2

from app.database.embedded import DATABASE, SUPERUSER, EmbeddedCluster, running_cluster
from app.secret import FILE_NAME
from app.settings import PROJECT_DIRECTORY
from scripts.upgrade_dump.scenario import MEMBERS, Scenario, password_of
from tests.upgrade import installation
from tests.upgrade.answers import ask, event_question, questions, submission_question

SYNTHETIC_EVENTS = 260
SETTLEMENTS = Path(__file__).parent / "settlements.py"
DECODING = PROJECT_DIRECTORY / "tests" / "upgrade" / "decoding.py"
# Replaces the head of pg_dump's output, which has settings that only the newest PostgreSQL knows.
DUMP_HEAD = """\
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET check_function_bodies = false;
SET client_min_messages = warning;
SELECT pg_catalog.set_config('search_path', '', true);

"""


class OldCode:
    """The code of an earlier commit in a directory, run on one data directory."""

    def __init__(self, checkout: Path, data_dir: Path, python: str) -> None:
        self.checkout = checkout
        self.data_dir = data_dir
        self.python = python
        self.env = installation.environment(data_dir) | {
            "PYTHONPATH": str(checkout),
            "FRONTLINE_DEMO_AUTOLOAD": "0",
            "FRONTLINE_PLACES_AUTOLOAD": "0",
            "FRONTLINE_SUBMISSIONS_PER_MINUTE": "1000",
            "FRONTLINE_SUBMISSIONS_PER_HOUR": "1000",
            "FRONTLINE_LOG_LEVEL": "warning",
        }

    def run(self, *words: str, given: str = "") -> str:
        """Runs Python with these arguments in that code; returns the output."""
        done = subprocess.run(  # noqa: S603 - our own programs
            [self.python, *words],
            env=self.env,
            cwd=self.checkout,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)} ended with {done.returncode}: {done.stderr}")
        return done.stdout

    def frontline(self, *words: str, given: str = "") -> str:
        """Runs the command `frontline`."""
        return self.run("-m", "app.cli", *words, given=given)

    def decode(self, kind: str, blobs: list[bytes]) -> Any:
        """Decodes bytes with that code; see `tests/upgrade/decoding.py`."""
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / str(number) for number in range(len(blobs))]
            for file, blob in zip(files, blobs, strict=True):
                file.write_bytes(blob)
            return json.loads(self.run(str(DECODING), kind, *map(str, files)))


def export(commit: str, directory: Path) -> None:
    """Writes the files of a commit into a directory."""
    git = shutil.which("git") or "git"
    packed = subprocess.run([git, "archive", commit], cwd=PROJECT_DIRECTORY, capture_output=True, check=True)  # noqa: S603
    tar = shutil.which("tar") or "tar"
    subprocess.run([tar, "--extract", "--directory", directory], input=packed.stdout, check=True)  # noqa: S603


def fill(old: OldCode, cluster: EmbeddedCluster, known: dict[str, Any]) -> None:
    """Fills the database by commands and the API; adds secrets of members and senders to
    `known`.
    """
    old.frontline("migrate")
    with installation.connected(cluster) as connection:
        installation.set_clock(connection, known["clock"])
    old.frontline("demo", "--synthetic", str(SYNTHETIC_EVENTS), "--seed", "7")
    old.frontline("demo")
    old.run(str(SETTLEMENTS))
    for file, options in installation.IMPORTS.items():
        terms = ("--origin-licence", "CC BY 4.0", "--origin-attribution", "Made up") if "--origin" in options else ()
        # An own path: the command deletes the list at this path if no row was refused.
        refused = ("--refusals", str(old.data_dir / "refused.csv")) if "--origin" in options else ()
        old.frontline("import", str(installation.INPUTS / file), *options, *terms, *refused)
    scenario = Scenario(cluster, known["clock"])
    for name, role in MEMBERS.items():
        old.frontline("account", "create", name, "--role", role, "--password-stdin", given=f"{password_of(name)}\n")
    old.frontline("account", "create", "newcomer", "--role", "contributor")
    old.frontline("account", "disable", "former")
    with installation.served([old.python, "-m", "app.cli", "serve"], old.env, old.checkout) as url:
        known |= scenario.play(url)


def capture(old: OldCode, known: dict[str, Any]) -> dict[str, Any]:
    """Requests everything whose response must be the same after an upgrade."""
    with (
        installation.served([old.python, "-m", "app.cli", "serve"], old.env, old.checkout) as url,
        httpx2.Client(base_url=url, headers={"Host": "localhost"}, timeout=30) as client,
    ):
        deadline = time.monotonic() + 60
        while client.get("/api/collections/events/columns/parts").json()["stale"]:
            if time.monotonic() > deadline:
                raise RuntimeError("the event columns stay out of date")
            time.sleep(0.2)
        asked = [*questions(client)]
        asked += map(event_question, known.pop("events"))
        asked += map(submission_question, known["codes"].values())
        return {path: ask(client, path, old.decode) for path in dict.fromkeys(asked)}


def dump(cluster: EmbeddedCluster) -> str:
    """Returns the schema `frontline` as SQL that every PostgreSQL that Frontline supports can
    read.
    """
    command = [
        str(cluster.bin_directory / "pg_dump"),
        *("--host", str(cluster.socket_directory), "--port", str(cluster.port), "--username", SUPERUSER),
        *("--schema", "frontline", DATABASE),
    ]
    written = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    body = written[written.index("CREATE SCHEMA") :]
    # Removes psql's own commands and pg_dump's comments. No function has such lines.
    body = re.sub(r"(?m)^\\(un)?restrict .*\n", "", body)
    body = re.sub(r"(?m)^--\n-- (Data for )?Name: .*\n--\n", "", body)
    return DUMP_HEAD + re.sub(r"(?m)^SET default_t\w+ = .*\n", "", body)


def write(directory: Path, dumped: str, answers: dict[str, Any], known: dict[str, Any]) -> None:
    """Writes the three files."""
    directory.mkdir(parents=True, exist_ok=True)
    text = json.dumps(answers, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    for name, content in ((installation.DUMP, dumped), (installation.ANSWERS, text)):
        packed = lzma.compress(content.encode(), preset=9 | lzma.PRESET_EXTREME)
        (directory / name).write_bytes(packed)
        sys.stderr.write(f"{directory / name}: {len(packed) / 1000:.0f} kB\n")
    (directory / installation.KNOWN).write_text(json.dumps(known, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main() -> int:
    """Writes the dump of a commit."""
    parser = argparse.ArgumentParser(description="Write the dump for the upgrade test.")
    parser.add_argument("commit", help="the earlier commit, as git names it")
    parser.add_argument("--name", help="the name of the folder; the short hash of the commit when not given")
    parser.add_argument("--python", default=sys.executable, help="a Python with the packages that the commit needs")
    given = parser.parse_args()
    git = shutil.which("git") or "git"
    short = subprocess.run(  # noqa: S603
        [git, "rev-parse", "--short=7", given.commit], cwd=PROJECT_DIRECTORY, capture_output=True, text=True, check=True
    ).stdout.strip()
    name = given.name or short
    clock = dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat()
    known: dict[str, Any] = {"commit": short, "clock": clock}
    with tempfile.TemporaryDirectory(prefix="frontline-upgrade-") as folder:
        checkout, data_dir = Path(folder) / "checkout", Path(folder) / "var"
        for directory in (Path(folder), checkout, data_dir):
            directory.mkdir(exist_ok=True)
            directory.chmod(0o755)
        export(given.commit, checkout)
        old = OldCode(checkout, data_dir, given.python)
        try:
            with running_cluster(data_dir, for_tests=True) as cluster:
                fill(old, cluster, known)
                answers = capture(old, known)
                dumped = dump(cluster)
            known["secret"] = (data_dir / FILE_NAME).read_bytes().hex()
        finally:
            # Of a cluster that lies elsewhere, since its user cannot enter the temporary directory.
            with suppress(OSError):
                shutil.rmtree((data_dir / "postgres").readlink())
    write(installation.DATA / name, dumped, answers, known)
    return 0


if __name__ == "__main__":
    sys.exit(main())
