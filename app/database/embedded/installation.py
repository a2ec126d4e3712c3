"""Finds the PostgreSQL servers on this machine, and chooses one with PostGIS."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.database.embedded.errors import EmbeddedDatabaseError

if TYPE_CHECKING:
    from app.database.embedded.account import Account

OLDEST_POSTGRESQL = 15
OLDEST_POSTGIS = (3, 3)
EXTENSIONS = ("postgis", "pg_trgm", "unaccent", "btree_gist")

_FOLDERS = (
    "usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "usr/pgsql-*/bin",  # the PostgreSQL project's packages for Red Hat and related systems
    "usr/lib/postgresql*/bin",  # SUSE
    "usr/libexec/postgresql*",  # Alpine
    "opt/homebrew/opt/postgresql*/bin",  # Homebrew on Apple silicon
    "usr/local/opt/postgresql*/bin",  # Homebrew on Intel
)
_PROGRAMS = ("initdb", "pg_ctl", "postgres")

_HOW_TO_INSTALL = (
    "Debian, Ubuntu: apt install postgresql postgresql-postgis. Fedora: dnf install postgresql-server "
    "postgresql-contrib postgis. Homebrew: brew install postgresql@17 postgis. Or set DATABASE_URL to use "
    "another server."
)


@dataclass(frozen=True)
class Installation:
    """A PostgreSQL on this machine; `lacks` says what is missing for Frontline, empty if
    nothing.
    """

    major: int
    version: str
    bin_directory: Path
    lacks: str

    def program(self, name: str) -> Path:
        """Returns the path of one of its programs."""
        return self.bin_directory / name


def choose_installation(account: Account, *, cluster_major: int | None) -> Installation:
    """Returns the PostgreSQL to use: the version of the existing cluster, or the newest one.

    Raises EmbeddedDatabaseError if none is suitable; the message lists those found, and why not.
    """
    found = find_installations(account)
    fit = [one for one in found if not one.lacks]
    if cluster_major is not None:
        same = [one for one in found if one.major == cluster_major]
        if not same:
            raise EmbeddedDatabaseError(
                f"The database was made by PostgreSQL {cluster_major}, and no other major version can open it; "
                f"installed: {_describe(found)}. Install PostgreSQL {cluster_major} with its PostGIS (Debian, Ubuntu: "
                f"apt install postgresql-{cluster_major} postgresql-{cluster_major}-postgis-3), make a backup with it "
                f"(frontline backup), and restore that under the newer version in a fresh FRONTLINE_DATA_DIR."
            )
        usable = [one for one in same if one in fit]
        if not usable:
            raise EmbeddedDatabaseError(
                f"PostgreSQL {same[0].version} in {same[0].bin_directory}, which the database needs, "
                f"{same[0].lacks}. {_HOW_TO_INSTALL}"
            )
        return usable[0]
    if fit:
        return max(fit, key=lambda one: one.major)
    if not found:
        raise EmbeddedDatabaseError(
            "No PostgreSQL server was found: not by pg_config, not in the folders where distributions put it, "
            f"not on the PATH. Frontline needs PostgreSQL {OLDEST_POSTGRESQL} or later with PostGIS "
            f"{_format_version(OLDEST_POSTGIS)} or later. {_HOW_TO_INSTALL}"
        )
    reasons = "; ".join(f"PostgreSQL {one.version} in {one.bin_directory} {one.lacks}" for one in found)
    raise EmbeddedDatabaseError(f"No PostgreSQL on this machine is suitable: {reasons}. {_HOW_TO_INSTALL}")


def find_installations(account: Account) -> list[Installation]:
    """Returns all PostgreSQL servers of this machine, each folder once, in search order."""
    seen: set[Path] = set()
    found: list[Installation] = []
    for folder in _folders(account):
        real = folder.resolve()
        if real in seen:
            continue
        seen.add(real)
        if all(os.access(folder / name, os.X_OK) for name in _PROGRAMS):
            one = _inspect_folder(folder, account)
            if one is not None:
                found.append(one)
    return found


def _folders(account: Account) -> Iterator[Path]:
    pg_config = shutil.which("pg_config")
    if pg_config is not None:
        answer = account.run(pg_config, "--bindir")
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    for pattern in _FOLDERS:
        yield from sorted(Path("/").glob(pattern), reverse=True)
    for entry in os.environ.get("PATH", "").split(os.pathsep):
        if entry:
            yield Path(entry)


def _inspect_folder(folder: Path, account: Account) -> Installation | None:
    """Runs initdb to read its version and extension folder; None if it does not answer."""
    answer = account.run(folder / "initdb", "--show", "-D", "/nonexistent")
    version = re.search(r"^VERSION=((\d+)\S*)", answer.stdout, re.MULTILINE)
    share = re.search(r"^share_path=(.+)$", answer.stdout, re.MULTILINE)
    if version is None or share is None:
        return None
    major = int(version[2])
    return Installation(major, version[1], folder, _missing_parts(major, Path(share[1]) / "extension"))


def _missing_parts(major: int, extensions: Path) -> str:
    if major < OLDEST_POSTGRESQL:
        return f"is too old (Frontline needs {OLDEST_POSTGRESQL} or later)"
    missing = [name for name in EXTENSIONS if not (extensions / f"{name}.control").is_file()]
    if missing:
        return f"lacks {', '.join('PostGIS' if name == 'postgis' else name for name in missing)}"
    control = (extensions / "postgis.control").read_text(encoding="utf-8", errors="replace")
    version = re.search(r"default_version\s*=\s*'(\d+)\.(\d+)", control)
    if version is None or (int(version[1]), int(version[2])) < OLDEST_POSTGIS:
        found = f"{version[1]}.{version[2]}" if version else "an unknown version"
        return f"has PostGIS {found} (Frontline needs {_format_version(OLDEST_POSTGIS)} or later)"
    return ""


def _format_version(version: tuple[int, int]) -> str:
    return ".".join(map(str, version))


def _describe(found: list[Installation]) -> str:
    return ", ".join(f"PostgreSQL {one.version}" for one in found) or "none"
