"""The secret of this installation: the key for the hashes of codes, tokens and sessions."""

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
    """The file of the secret is unusable; the message says what to do."""


@dataclass(frozen=True)
class InstallationSecret:
    """Random bytes that never leave this machine.

    Example:
        `secret.digest("tracking code", code)` is what a tracking code is stored as.
    """

    _key: bytes = field(repr=False)

    def digest(self, purpose: str, *parts: bytes) -> bytes:
        """Returns an HMAC-SHA256 of the parts, 32 bytes.

        A digest for one purpose is not valid for another.
        """
        mac = hmac.new(self._key, purpose.encode(), hashlib.sha256)
        for part in parts:  # with its length, so that ("ab", "c") differs from ("a", "bc")
            mac.update(len(part).to_bytes(8) + part)
        return mac.digest()


def installation_secret(data_dir: Path) -> InstallationSecret:
    """Reads the secret from the data directory; creates the file with mode 0600 if it is missing.

    Raises:
        SecretError: the file cannot be read or written, or is damaged.
    """
    path = data_dir / FILE_NAME
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_once(path, secrets.token_bytes(_LENGTH_BYTES))
        key = path.read_bytes()
    except OSError as error:
        raise SecretError(
            f"Cannot use {path}: {error.strerror}. Make its directory writable for the user who runs this command."
        ) from error
    if len(key) != _LENGTH_BYTES:
        raise SecretError(
            f"{path} is damaged: it has {len(key)} bytes, not {_LENGTH_BYTES}. Restore it from a backup."
            " If there is none, delete the file: all tracking codes, sessions and tokens become invalid then."
        )
    return InstallationSecret(key)


def write_once(path: Path, content: bytes) -> None:
    """Writes a file that only its owner can read, unless the file exists.

    If several processes write at once, the file has the complete content of the first one.

    Raises:
        OSError: the file cannot be written.
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
