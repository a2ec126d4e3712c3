"""Passwords: hashed with argon2id, a few at once, in the same time whether there is an account or not."""

from __future__ import annotations

import base64
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.accounts.letters import random_letters
from app.problems import Unavailable

# OWASP's second recommendation for argon2id; a memory of 19 MiB makes guessing dear on graphics cards, too.
MEMORY_KIB: Final = 19 * 1024
TIME_COST: Final = 2
PARALLELISM: Final = 1
HASH_BYTES: Final = 32
AT_ONCE: Final = 4
PATIENCE_SECONDS: Final = 10

SHORTEST: Final = 12
LONGEST: Final = 256
_FEWEST_LETTERS: Final = 5

_Result = TypeVar("_Result")


class Passwords:
    """Hashes and checks passwords; no more than a few at once in a process, since each takes 19 MiB."""

    def __init__(
        self,
        *,
        memory_kib: int = MEMORY_KIB,
        time_cost: int = TIME_COST,
        parallelism: int = PARALLELISM,
        at_once: int = AT_ONCE,
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism, hash_len=HASH_BYTES, salt_len=16
        )
        # Threads of its own, not turns of all threads: the allocator keeps 19 MiB for each thread that ever hashed.
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="passwords")
        # Of no password: any bytes will do, and nothing need be hashed to have them.
        salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, HASH_BYTES))
        self._nobodys = f"$argon2id$v=19$m={memory_kib},t={time_cost},p={parallelism}${salt}${digest}"

    def hash(self, password: str) -> str:
        """Give what a password is stored as.

        Raises:
            Unavailable: too many are waiting for their turn.
        """
        return self._in_turn(lambda: self._hasher.hash(_usual_form(password)))

    def fits(self, stored: str | None, password: str) -> bool:
        """Tell whether a password is the one that is stored; the same work is done when none is stored.

        Raises:
            Unavailable: too many are waiting for their turn.
        """

        def verified() -> bool:
            try:
                self._hasher.verify(stored or self._nobodys, _usual_form(password))
            except (VerificationError, InvalidHashError):
                return False
            return stored is not None

        return self._in_turn(verified)

    def is_dated(self, stored: str) -> bool:
        """Tell whether a stored password was hashed otherwise than is done now."""
        return self._hasher.check_needs_rehash(stored)

    def _in_turn(self, work: Callable[[], _Result]) -> _Result:
        waiting = self._threads.submit(work)
        try:
            return waiting.result(timeout=PATIENCE_SECONDS)
        except FutureTimeoutError:
            waiting.cancel()
            raise Unavailable("Too many people are signing in. Try again in a moment.", retry_after_seconds=5) from None


def _usual_form(password: str) -> bytes:
    """Give the bytes of a password, the same for every way in which its letters can be typed."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def fault_of(password: str, name: str) -> str:
    """Say in a word why a new password will not do; empty when it will.

    Args:
        password: as it was typed.
        name: of the account.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = password.casefold()
    if name in plain or len(set(plain)) < _FEWEST_LETTERS:
        return "simple"
    return ""


def new_password() -> str:
    """Make a random password of 100 bits that can be read out."""
    return random_letters(groups=4, length=5)
