"""An installation of an earlier commit: stored as a dump with its secret and its responses,
restored, and served.
"""

from __future__ import annotations

import json
import lzma
import os
import re
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import psycopg

from app.database.embedded import DATABASE, SUPERUSER, EmbeddedCluster
from app.secret import FILE_NAME
from app.settings import PROJECT_DIRECTORY
from tests.conftest import LONG_TIMEOUTS_ENVIRONMENT

INPUTS: Final = Path(__file__).parent / "inputs"
DATA: Final = Path(__file__).parent / "data"
DUMP: Final = "dump.sql.xz"
ANSWERS: Final = "answers.json.xz"
KNOWN: Final = "known.json"

_READY: Final = re.compile(r"Frontline is ready: (http://\S+?)/?\s*$")
_COPY: Final = re.compile(r"^COPY .+ FROM stdin;$")
# Values that expire are extended by a day, because the test runs long after the dump was made.
_LASTING: Final = """
    UPDATE frontline.member_session SET started_at = now(), seen_at = now();
    UPDATE frontline.api_token SET expires_at = now() + interval '1 day';
    UPDATE frontline.account SET factor_step = 0;
"""

# Options of the import of the files in `inputs`, for the script that makes the dump and for the
# test.
IMPORTS: Final = {
    "events.csv": ("--format", "events-csv", "--origin", "other-map", "--review"),
    "events.geojson": ("--format", "events-geojson", "--origin", "atlas", "--public"),
    "areas.geojson": ("--format", "areas-geojson", "--public"),
    "draft-areas.geojson": ("--format", "areas-geojson"),
}


@dataclass(frozen=True)
class StoredInstallation:
    """A folder of `data`: the database of an earlier commit, and its data outside the database."""

    directory: Path

    @property
    def name(self) -> str:
        """The name of the folder, which begins with the short hash of the commit."""
        return self.directory.name

    @cached_property
    def known(self) -> dict[str, Any]:
        """Returns the secret, clock, passwords, session, token and codes; all invented for this
        test.
        """
        known: dict[str, Any] = json.loads((self.directory / KNOWN).read_text("utf-8"))
        return known

    @cached_property
    def answers(self) -> dict[str, Any]:
        """Returns the responses of the earlier commit, by URL."""
        answers: dict[str, Any] = json.loads(lzma.decompress((self.directory / ANSWERS).read_bytes()))
        return answers

    def restore(self, connection: psycopg.Connection[Any], data_dir: Path) -> None:
        """Fills an empty database and its data directory with the stored installation."""
        key = data_dir / FILE_NAME
        key.write_bytes(bytes.fromhex(self.known["secret"]))
        key.chmod(0o600)
        load_dump(connection, lzma.decompress((self.directory / DUMP).read_bytes()).decode())
        set_clock(connection, self.known["clock"])
        connection.execute(_LASTING)


def stored_installations() -> list[StoredInstallation]:
    """Returns all stored installations, by name."""
    return [StoredInstallation(path.parent) for path in sorted(DATA.glob(f"*/{KNOWN}"))]


@contextmanager
def connected(cluster: EmbeddedCluster) -> Iterator[psycopg.Connection[Any]]:
    """Connects to the database of a cluster as superuser; each statement is its own transaction."""
    with psycopg.connect(
        host=str(cluster.socket_directory), port=cluster.port, user=SUPERUSER, dbname=DATABASE, autocommit=True
    ) as connection:
        yield connection


def set_clock(connection: psycopg.Connection[Any], moment: str) -> None:
    """Sets the clock that the database uses for public views; it applies to connections that are
    opened later.
    """
    connection.execute(f"ALTER DATABASE {DATABASE} SET frontline.now = '{moment}'".encode())


def load_dump(connection: psycopg.Connection[Any], dump: str) -> None:
    """Runs a plain dump of pg_dump, with the data of COPY, in one transaction and without psql."""
    statements: list[str] = []
    lines = iter(dump.splitlines(keepends=True))
    with connection.transaction(), connection.cursor() as cursor:
        for line in lines:
            if not _COPY.match(line.rstrip("\n")):
                statements.append(line)
                continue
            cursor.execute("".join(statements).encode())
            statements = []
            with cursor.copy(line.rstrip(";\n").encode()) as copy:
                for row in lines:
                    if row == "\\.\n":
                        break
                    copy.write(row)
        cursor.execute("".join(statements).encode())


def environment(data_dir: Path) -> dict[str, str]:
    """Returns the environment of the installation: its data directory and theatre, and a free
    port.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("FRONTLINE_", "DATABASE_"))}
    return (
        inherited
        | LONG_TIMEOUTS_ENVIRONMENT
        | {
            "FRONTLINE_DATA_DIR": str(data_dir),
            "FRONTLINE_THEATRE": str(INPUTS / "theatre.toml"),
            "PORT": "0",
            # The gazetteer of the dump is invented; a server would replace it.
            "FRONTLINE_PLACES_AUTOLOAD": "0",
        }
    )


@contextmanager
def served(command: list[str], env: dict[str, str], cwd: Path = PROJECT_DIRECTORY) -> Iterator[str]:
    """Runs a server until the block ends; yields its URL when the server is ready.

    Raises:
        RuntimeError: the server ended before; the message contains its output.
    """
    process = subprocess.Popen(command, env=env, cwd=cwd, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    output: list[str] = []
    try:
        for line in process.stderr:
            output.append(line)
            if ready := _READY.search(line):
                # Keeps reading, because a server blocks when the pipe of its log is full.
                threading.Thread(target=output.extend, args=(process.stderr,), daemon=True).start()
                yield ready[1]
                break
        else:
            raise RuntimeError("the server was never ready: " + "".join(output))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)
        process.stderr.close()
