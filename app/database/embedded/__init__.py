"""A private PostGIS cluster that belongs to a data directory.

Whoever needs the database enters `running_cluster`; the first to enter starts the server, the last to leave stops it.
It listens on a Unix socket only, in a directory that nobody else can enter, and knows people by what the operating
system says of them. One whose users were all killed lives on and is adopted by the next.

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
    """A cluster that runs: where it is and how it is reached.

    `bin_directory` holds the programs of its version (pg_dump, psql).
    """

    directory: Path
    socket_directory: Path
    bin_directory: Path
    port: int = PORT

    def url(self, role: str, database: str = DATABASE) -> str:
        """Return SQLAlchemy's address of `database` for `role`: one of ROLES, or SUPERUSER."""
        query = urlencode({"host": self.socket_directory, "port": self.port}, safe="/")
        return f"postgresql+psycopg://{quote(role, safe='')}@/{quote(database, safe='')}?{query}"


def say_on_stderr(text: str) -> None:
    """Tell the person at the terminal, away from what a program prints as its result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@contextmanager
def running_cluster(
    data_dir: Path, *, say: Callable[[str], None] = say_on_stderr, for_tests: bool = False
) -> Iterator[EmbeddedCluster]:
    """Have the cluster of `data_dir` run while the block runs: make it, start it or adopt it, as it needs.

    A server that dies meanwhile is started again. `say` is told of what takes time or departs from the usual.
    `for_tests` makes a cluster that is fast, is lost in a crash of the machine, and stays down when a test ends it.
    Raises EmbeddedDatabaseError, whose message says what is wrong and what to do.
    """
    data_dir = _prepared(data_dir)
    with closing(ClusterLocks(data_dir)) as locks:
        with locks.turn(say):
            alone = locks.enter()
            server = Server(find_place(data_dir, say), say, for_tests=for_tests)
            try:
                sockets = server.ensure_running(alone=alone)
            except BaseException:
                if alone:
                    with suppress(EmbeddedDatabaseError):  # the first error is the one that tells
                        server.stop()
                raise
        try:
            with nullcontext() if for_tests else supervised(server, locks, say):
                yield EmbeddedCluster(server.directory, sockets, server.installation.bin_directory)
        finally:
            with locks.turn(say):
                if locks.leave():
                    server.stop()


def _prepared(data_dir: Path) -> Path:
    """Make the data directory and return its real path, by which the cluster belongs to it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        return data_dir.resolve(strict=True)
    except OSError as error:
        raise EmbeddedDatabaseError(
            f"The data directory {data_dir} cannot be made: {error.strerror}. "
            "Mend that, or set FRONTLINE_DATA_DIR to another directory."
        ) from error
