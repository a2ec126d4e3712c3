"""The operating-system user as whom the cluster runs, and how its programs are run."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.database.embedded.errors import EmbeddedDatabaseError

DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin"


@dataclass(frozen=True)
class Account:
    """An operating-system user; peer authentication knows it by `name`."""

    name: str
    uid: int
    gid: int

    def run(
        self,
        *command: str | Path,
        cwd: Path = Path("/"),
        given: str = "",
        timeout_seconds: float = 60,
        pass_fds: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[str]:
        """Run a program as this user and give its exit status and its output, errors included.

        `given` is its input. `cwd` is the root by default since this user may not be allowed where we are. The
        environment is a bare one: a PGDATA or PGOPTIONS of the caller must not reach the cluster, nor a password stay
        in its memory. The session is a new one, so that Ctrl-C reaches us and not a program half-way through.
        """
        environment = {
            name: value for name in ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if (value := os.environ.get(name))
        }
        drop = self.uid != os.geteuid()
        try:
            return subprocess.run(  # noqa: S603 - our own fixed commands, no shell
                command,
                cwd=cwd,
                env={"PATH": DEFAULT_PATH} | environment | {"LC_ALL": "C"},
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=timeout_seconds,
                umask=0o077,
                start_new_session=True,
                pass_fds=pass_fds,
                user=self.uid if drop else None,
                group=self.gid if drop else None,
                extra_groups=[] if drop else None,
            )
        except PermissionError as error:
            raise EmbeddedDatabaseError(
                f"{command[0]} cannot be run as the user {self.name} ({error}). In a container, root may lack the "
                "right to become another user (CAP_SETUID, CAP_SETGID): grant it, or start Frontline as an "
                "ordinary user."
            ) from error
        except subprocess.TimeoutExpired as error:
            raise EmbeddedDatabaseError(
                f"{command[0]} has not come to an end after {timeout_seconds:.0f} seconds. "
                "Look at what keeps the machine busy (top, iostat), and start again."
            ) from error

    def can_enter(self, directory: Path) -> bool:
        """Whether this user may pass every directory on the way to `directory`, and that one too."""
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", directory).returncode == 0

    def write(self, path: Path, text: str) -> None:
        """Write a file as this user, whole or not at all. Raises OSError.

        As this user: if root itself wrote where another user may, that user could lead it astray by a link.
        """
        script = 'cat > "$1.part" && mv -f -- "$1.part" "$1"'
        answer = self.run("/bin/sh", "-c", script, "sh", path, given=text)
        if answer.returncode != 0:
            raise OSError(answer.stdout.strip())

    def take(self, path: Path) -> None:
        """Make this user the owner of `path`; a file system without owners is an OSError like any other."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            if os.fstat(descriptor).st_uid != self.uid:
                os.fchown(descriptor, self.uid, self.gid)
            if os.fstat(descriptor).st_uid != self.uid:
                raise PermissionError(f"the file system of {path} keeps no owners")
        finally:
            os.close(descriptor)


def current_account() -> Account:
    """Return the user of this process; one without a name cannot run PostgreSQL, which refuses it as well."""
    return account_number(os.geteuid())


def owner_of(path: Path) -> Account:
    """Return the user whom `path` belongs to."""
    return account_number(path.stat().st_uid)


def postgres_account() -> Account:
    """Return the user `postgres`, as whom a cluster runs that root asks for."""
    try:
        return account_number(pwd.getpwnam("postgres").pw_uid)
    except KeyError:
        raise EmbeddedDatabaseError(
            "PostgreSQL refuses to run as root, and this machine has no user “postgres” to run it as. "
            "Install the PostgreSQL package of the distribution, which makes that user "
            "(Debian, Ubuntu: apt install postgresql postgresql-postgis), or start Frontline as an ordinary user."
        ) from None


def account_number(uid: int) -> Account:
    """Return the user with the number `uid`."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedDatabaseError(
            f"The user with the number {uid} has no name on this machine, and PostgreSQL runs for none without. "
            f"Add one (useradd --uid {uid} frontline), or give DATABASE_URL to use another server."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
