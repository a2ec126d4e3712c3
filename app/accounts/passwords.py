"""Hashes and verifies passwords with argon2id. Verifying takes the same time whether the account
exists or not.
"""

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

from app.accounts.random_codes import random_code
from app.problems import Unavailable

# OWASP's second recommendation for argon2id; 19 MiB of memory makes guessing expensive on graphics
# cards, too.
MEMORY_KIB: Final = 19 * 1024
TIME_COST: Final = 2
PARALLELISM: Final = 1
HASH_BYTES: Final = 32
MAX_PARALLEL: Final = 4
WAIT_SECONDS: Final = 10

SHORTEST: Final = 12
LONGEST: Final = 256
_FEWEST_LETTERS: Final = 5

_Result = TypeVar("_Result")


class Passwords:
    """Hashes and verifies passwords; only a few at the same time in a process, because each takes
    19 MiB.
    """

    def __init__(
        self,
        *,
        memory_kib: int = MEMORY_KIB,
        time_cost: int = TIME_COST,
        parallelism: int = PARALLELISM,
        max_parallel: int = MAX_PARALLEL,
    ) -> None:
        self._hasher = PasswordHasher(
            time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism, hash_len=HASH_BYTES, salt_len=16
        )
        # A pool of its own threads, because the allocator keeps 19 MiB for each thread that has
        # ever hashed.
        self._pool = ThreadPoolExecutor(max_parallel, thread_name_prefix="passwords")
        # A hash of no password, made of random bytes, to verify against if there is no account.
        salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, HASH_BYTES))
        self._dummy_hash = f"$argon2id$v=19$m={memory_kib},t={time_cost},p={parallelism}${salt}${digest}"

    def hash(self, password: str) -> str:
        """Returns the hash of a password.

        Raises:
            Unavailable: too many passwords are waiting.
        """
        return self._run(lambda: self._hasher.hash(_normalize(password)))

    def verify(self, stored: str | None, password: str) -> bool:
        """Tells whether a password matches a stored hash; takes the same time if there is no hash.

        Raises:
            Unavailable: too many passwords are waiting.
        """

        def verified() -> bool:
            try:
                self._hasher.verify(stored or self._dummy_hash, _normalize(password))
            except (VerificationError, InvalidHashError):
                return False
            return stored is not None

        return self._run(verified)

    def needs_rehash(self, stored: str) -> bool:
        """Tells whether a stored hash was made with other parameters than the current ones."""
        return self._hasher.check_needs_rehash(stored)

    def _run(self, work: Callable[[], _Result]) -> _Result:
        future = self._pool.submit(work)
        try:
            return future.result(timeout=WAIT_SECONDS)
        except FutureTimeoutError:
            future.cancel()
            raise Unavailable(
                "Too many people are signing in. Try again in a few seconds.", retry_after_seconds=5
            ) from None


def _normalize(password: str) -> bytes:
    """Returns the bytes of a password, normalized (NFKC), so that keyboards and systems agree."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


def password_error(password: str, name: str) -> str:
    """Returns the reason why a new password is not allowed: short, long or simple; empty if it is
    allowed.

    Args:
        password: the password as typed.
        name: the name of the account.
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
    """Creates a random password of 100 bits that can be read aloud."""
    return random_code(groups=4, length=5)
