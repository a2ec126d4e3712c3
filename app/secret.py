"""The secret of this installation: what is derived from it can be checked here and made nowhere else."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.errors import UserError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME: Final = "secret.key"
_LENGTH_BYTES: Final = 32


class SecretError(UserError):
    """The file of the secret cannot be used; the message says what to do."""


@dataclass(frozen=True)
class InstallationSecret:
    """Random bytes that never leave the machine.

    Example:
        `secret.digest("tracking code", code)` is what a tracking code is stored as.
    """

    _key: bytes = field(repr=False)

    def digest(self, purpose: str, *parts: bytes) -> bytes:
        """Give 32 bytes of some parts, keyed: HMAC-SHA256. A digest for one purpose says nothing about another."""
        mac = hmac.new(self._key, purpose.encode(), hashlib.sha256)
        for part in parts:  # with its length, or ("ab", "c") would be ("a", "bc")
            mac.update(len(part).to_bytes(8) + part)
        return mac.digest()


def installation_secret(data_dir: Path) -> InstallationSecret:
    """Read the secret in the data directory; the first who asks makes it, readable by its owner alone (0600).

    Raises:
        SecretError: it cannot be written or read, or is damaged.
    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_once(path, secrets.token_bytes(_LENGTH_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise SecretError(
            f"cannot use {path}: {error.strerror}. Give its directory to the user who runs this."
        ) from error
    if len(key) != _LENGTH_BYTES:
        raise SecretError(
            f"{path} is damaged: it has {len(key)} bytes, not {_LENGTH_BYTES}. Restore it from a backup."
            " If there is none, remove it: the tracking codes given out so far are void then."
        )
    return InstallationSecret(key)


def write_once(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, unless there is one already.

    Several processes may try at once: the file appears whole or not at all, and only the first one's.

    Raises:
        OSError: it cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
