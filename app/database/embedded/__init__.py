"""A private PostGIS cluster that belongs to a data directory.

A program that needs the database enters `running_cluster`. The first program starts the server, and
the last one stops it. The server listens only on a Unix socket, in a directory that no other user
can enter, and authenticates by operating-system user (`peer`). If all its programs were killed, the
server keeps running, and the next program adopts it.

    with running_cluster(Path("var")) as cluster:
        engine = create_engine(cluster.url("frontline_app"))
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from app.database.embedded.configuration import PORT, ROLES, SUPERUSER
from app.database.embedded.errors import EmbeddedDatabaseError
from app.database.embedded.locks import ClusterLocks
from app.database.embedded.place import find_place
from app.database.embedded.provision import DATABASE
from app.database.embedded.server import Server
from app.database.embedded.supervision import supervised

__all__ = ["DATABASE", "ROLES", "SUPERUSER", "EmbeddedCluster", "EmbeddedDatabaseError", "running_cluster"]


@dataclass(frozen=True)
class EmbeddedCluster:
    """A running cluster: its directories and how to connect.

    `bin_directory` has the programs of its version (pg_dump, psql).
    """

    directory: Path
    socket_directory: Path
    bin_directory: Path
    port: int = PORT

    def url(self, role: str, database: str = DATABASE) -> str:
        """Returns the SQLAlchemy URL of `database` for `role`: one of ROLES, or SUPERUSER."""
        query = urlencode({"host": self.socket_directory, "port": self.port}, safe="/")
        return f"postgresql+psycopg://{quote(role, safe='')}@/{quote(database, safe='')}?{query}"


def say_on_stderr(text: str) -> None:
    """Prints a line to standard error, apart from the output of the program."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def running_cluster(
    data_dir: Path, *, say: Callable[[str], None] = say_on_stderr, for_tests: bool = False
) -> Iterator[EmbeddedCluster]:
    """Keeps the cluster of `data_dir` running during the block: creates, starts or adopts it.

    A server that dies meanwhile is started again.

    Args:
        data_dir: the data directory of the installation.
        say: gets a line about anything slow or unusual.
        for_tests: makes a cluster that is fast, does not survive a crash of the machine, and is not
            restarted when a test stops it.

    Raises:
        EmbeddedDatabaseError: the message says what is wrong and what to do.
    """
    data_dir = _prepare_directory(data_dir)
    with closing(ClusterLocks(data_dir)) as locks:
        with locks.turn(say):
            alone = locks.enter()
            server = Server(find_place(data_dir, say), say, for_tests=for_tests)
            try:
                sockets = server.ensure_running(alone=alone)
            except BaseException:
                if alone:
                    with suppress(EmbeddedDatabaseError):  # the first error explains more
                        server.stop()
                raise
        try:
            with nullcontext() if for_tests else supervised(server, locks, say):
                yield EmbeddedCluster(server.directory, sockets, server.installation.bin_directory)
        finally:
            with locks.turn(say):
                if locks.leave():
                    server.stop()


def _prepare_directory(data_dir: Path) -> Path:
    """Creates the data directory and returns its real path, which identifies the cluster."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return data_dir.resolve(strict=True)
    except OSError as error:
        raise EmbeddedDatabaseError(
            f"The data directory {data_dir} cannot be created: {error.strerror}. "
            "Correct that, or set FRONTLINE_DATA_DIR to another directory."
        ) from error
