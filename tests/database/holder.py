"""A program that needs the embedded cluster: says as JSON where it is, keeps it until a line comes,
and lets go.

    python holder.py DIRECTORY [--user NAME] [--lasting]

A program of its own, since what is tested is what happens between programs, and when they are
killed.
"""

from __future__ import annotations

import argparse
import json
import os
import pwd
import signal
import sys
from pathlib import Path

from app.database.embedded import EmbeddedDatabaseError, running_cluster


def main() -> int:
    # Tests that a shell runs in the background have it ignored, and so have their programs.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser()
    parser.add_argument("directory", type=Path)
    parser.add_argument("--user")
    parser.add_argument("--lasting", action="store_true", help="as in earnest, not for tests")
    arguments = parser.parse_args()
    if arguments.user:
        # After the imports: this interpreter may lie where that user cannot go.
        user = pwd.getpwnam(arguments.user)
        os.setgroups([])
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    messages: list[str] = []
    try:
        with running_cluster(arguments.directory, say=messages.append, for_tests=not arguments.lasting) as cluster:
            _answer(
                directory=str(cluster.directory),
                socket_directory=str(cluster.socket_directory),
                url=cluster.url("postgres"),
                messages=messages,
            )
            sys.stdin.readline()
    except EmbeddedDatabaseError as error:
        _answer(error=str(error), messages=messages)
        return 1
    _answer(messages=messages)
    return 0


def _answer(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
