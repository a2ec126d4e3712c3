"""The directory of a cluster, its owner, and the directory of its socket."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.database.embedded.account import Account, current_account, owner_of, postgres_account
from app.database.embedded.errors import EmbeddedDatabaseError

ELSEWHERE = Path("/var/lib/frontline")
MARKER = "frontline-cluster"
_SOCKET_BASES = (Path("/run"), Path("/tmp"))  # noqa: S108 - the directory in it is checked before it is used


@dataclass(frozen=True)
class Place:
    """The cluster's directory, which may not exist yet, and the user that runs the cluster.

    `link` is the link in the data directory, if the cluster is elsewhere; else None.
    """

    data_dir: Path
    directory: Path
    account: Account
    link: Path | None

    @property
    def exists(self) -> bool:
        """Whether the cluster exists."""
        return self.directory.exists() and any(self.directory.iterdir())

    def mark(self, directory: Path) -> None:
        """Writes a file into `directory` that says whose cluster this is."""
        self.account.write(
            directory / MARKER,
            f"{self.data_dir}\nThis PostgreSQL cluster was made by Frontline for the data directory above.\n",
        )


def find_place(data_dir: Path, say: Callable[[str], None]) -> Place:
    """Finds the place of the cluster of `data_dir`, a real path. Callers hold the lock `turn`.

    Raises EmbeddedDatabaseError if Frontline did not create the directory, or this user may not use
    it.
    """
    inside = data_dir / "postgres"
    if inside.is_symlink():
        place = _follow_link(data_dir, inside)
    elif inside.exists() and owner_of(inside).uid != 0:
        place = Place(data_dir, inside, owner_of(inside), None)
    else:
        place = _new_place(data_dir, inside, say)
    _check_user(place)
    if place.exists:
        _check_cluster(place)
    return place


def socket_directory(place: Place) -> Path:
    """Creates a directory for the socket that no other user can enter, and returns it.

    A socket path may have at most 107 bytes, so the socket cannot be in the data directory.
    """
    refused: list[str] = []
    for path in _socket_directories(place):
        try:
            path.mkdir(mode=0o700, exist_ok=True)
            found = path.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (0, place.account.uid):
                # Its owner could answer in place of the database.
                refused.append(f"{path} belongs to another user")
                continue
            place.account.take(path)
            path.chmod(0o700)
        except OSError as error:
            refused.append(f"{path}: {error.strerror or error}")
        else:
            return path
    raise EmbeddedDatabaseError(
        f"No directory for the database's socket: {'; '.join(refused)}. "
        "Remove what is in the way, or give /tmp back its usual mode (chmod 1777 /tmp)."
    )


def clear_sockets(place: Place) -> None:
    """Removes the socket directory of a server that has stopped."""
    for path in _socket_directories(place):
        if path.is_dir() and not path.is_symlink() and path.stat().st_uid == place.account.uid:
            shutil.rmtree(path, ignore_errors=True)


def _socket_directories(place: Place) -> list[Path]:
    name = f"frontline-{place.account.uid}-{_digest(place.directory)}"
    return [base / name for base in _SOCKET_BASES]


def _follow_link(data_dir: Path, link: Path) -> Place:
    directory = link.resolve()
    if not directory.is_dir():
        raise EmbeddedDatabaseError(
            f"{link} points to the database in {directory}, which is gone. Restore it from a backup, "
            f"or remove the link to start with an empty database (rm {link})."
        )
    return Place(data_dir, directory, owner_of(directory), link)


def _new_place(data_dir: Path, inside: Path, say: Callable[[str], None]) -> Place:
    if os.geteuid() != 0:
        return Place(data_dir, inside, current_account(), None)
    account = _account_of_new_cluster(data_dir)
    if account.can_enter(data_dir) and _keeps_owners(data_dir, account):
        return Place(data_dir, inside, account, None)
    directory = ELSEWHERE / _digest(data_dir)
    say(
        f"The database is in {directory}: PostgreSQL runs as the user {account.name}, "
        f"who cannot work in {data_dir}. {inside} points there."
    )
    return Place(data_dir, directory, account, inside)


def _account_of_new_cluster(data_dir: Path) -> Account:
    """Returns the user that runs a new cluster if we are root: the owner of the data directory, if
    not root.
    """
    try:
        owner = owner_of(data_dir)
    except EmbeddedDatabaseError:  # no name for this user id, as in a container with a mounted directory
        return postgres_account()
    return postgres_account() if owner.uid == 0 else owner


def _keeps_owners(data_dir: Path, account: Account) -> bool:
    probe = data_dir / "postgres.owner-test"
    try:
        probe.mkdir(exist_ok=True)
    except OSError as error:
        raise EmbeddedDatabaseError(
            f"{data_dir} cannot be written to: {error.strerror}. Correct that, or set FRONTLINE_DATA_DIR."
        ) from error
    try:
        account.take(probe)
    except OSError:
        return False
    finally:
        probe.rmdir()
    return True


def _check_user(place: Place) -> None:
    if os.geteuid() not in (0, place.account.uid):
        raise EmbeddedDatabaseError(
            f"The database in {place.directory} belongs to the user {place.account.name}. Start Frontline as that "
            "user or as root, or set FRONTLINE_DATA_DIR to a directory of your own."
        )


def _check_cluster(place: Place) -> None:
    directory = place.directory
    if directory.stat().st_uid == 0:
        raise EmbeddedDatabaseError(
            f"{directory} belongs to root, and PostgreSQL refuses to run as root. "
            f"Give it back to its former owner, probably: chown -R postgres: {directory}"
        )
    if not place.account.can_enter(directory):
        raise EmbeddedDatabaseError(
            f"The database in {directory} runs as the user {place.account.name}, who cannot get there. Let that user "
            f"pass (chmod o+x on the directories above it), or move it back to where it was."
        )
    try:
        owner = Path((directory / MARKER).read_text(encoding="utf-8").partition("\n")[0])
    except FileNotFoundError:
        raise EmbeddedDatabaseError(
            f"{directory} has files that Frontline did not create, so it does not touch them. "
            "Move it away, or set FRONTLINE_DATA_DIR to another directory."
        ) from None
    if owner == place.data_dir:
        return
    if place.link is not None and _points_to(owner / "postgres", directory):
        raise EmbeddedDatabaseError(
            f"The database in {directory} belongs to {owner}; {place.data_dir} seems to be a copy of that directory, "
            f"and two may not share it. Remove the copied link to begin with an empty database (rm {place.link})."
        )
    place.mark(directory)  # the data directory was moved here


def _points_to(link: Path, directory: Path) -> bool:
    try:
        return link.resolve() == directory
    except OSError:
        return False


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
