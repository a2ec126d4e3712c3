"""The operating-system user that the cluster runs as, and running programs as that user."""

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
    """An operating-system user; peer authentication uses its `name`."""

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
        """Runs a program as this user; returns its exit status and its output, including errors.

        `given` is its input. `cwd` is `/` by default, since this user may be unable to enter our
        directory. The environment is minimal: PGDATA or PGOPTIONS of the caller must not reach the
        cluster, nor a password stay in its memory. The program gets a new session, so that Ctrl-C
        reaches us and does not interrupt the program.
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
                f"{command[0]} has not finished after {timeout_seconds:.0f} seconds. "
                "Look at what keeps the machine busy (top, iostat), and start again."
            ) from error

    def can_enter(self, directory: Path) -> bool:
        """Tells whether this user may enter `directory` and all its parents."""
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", directory).returncode == 0

    def write(self, path: Path, text: str) -> None:
        """Writes a file as this user, atomically. Raises OSError.

        Not as root: where another user may write, a symbolic link could make root overwrite any
        file.
        """
        script = 'cat > "$1.part" && mv -f -- "$1.part" "$1"'
        answer = self.run("/bin/sh", "-c", script, "sh", path, given=text)
        if answer.returncode != 0:
            raise OSError(answer.stdout.strip())

    def take(self, path: Path) -> None:
        """Makes this user the owner of `path`; raises OSError if the file system has no owners."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            if os.fstat(descriptor).st_uid != self.uid:
                os.fchown(descriptor, self.uid, self.gid)
            if os.fstat(descriptor).st_uid != self.uid:
                raise PermissionError(f"the file system of {path} keeps no owners")
        finally:
            os.close(descriptor)


def current_account() -> Account:
    """Returns the user of this process. PostgreSQL refuses to run as a user without a name."""
    return account_number(os.geteuid())


def owner_of(path: Path) -> Account:
    """Returns the owner of `path`."""
    return account_number(path.stat().st_uid)


def postgres_account() -> Account:
    """Returns the user `postgres`, which runs the cluster if Frontline runs as root."""
    try:
        return account_number(pwd.getpwnam("postgres").pw_uid)
    except KeyError:
        raise EmbeddedDatabaseError(
            "PostgreSQL refuses to run as root, and this machine has no user “postgres” to run it as. "
            "Install the PostgreSQL package of the distribution, which makes that user "
            "(Debian, Ubuntu: apt install postgresql postgresql-postgis), or start Frontline as an ordinary user."
        ) from None


def account_number(uid: int) -> Account:
    """Returns the user with the number `uid`."""
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise EmbeddedDatabaseError(
            f"The user with the number {uid} has no name on this machine, and PostgreSQL needs one. "
            f"Add one (useradd --uid {uid} frontline), or give DATABASE_URL to use another server."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
