"""Passwords: the hashing cost, the limit of concurrent hashes, and Unicode normalisation."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.accounts import passwords as module
from app.accounts.passwords import MAX_PARALLEL, Passwords, new_password, password_error
from app.accounts.random_codes import ALPHABET
from app.problems import Unavailable
from tests.waiting import SECONDS


def test_hashing_cost_is_the_documented_one() -> None:
    hashed = Passwords().hash("any password")
    assert hashed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert MAX_PARALLEL == 4
    assert not Passwords().needs_rehash(hashed)


def test_unicode_forms_of_a_password_are_equal() -> None:
    ours = Passwords(memory_kib=64, time_cost=1)
    assert ours.verify(ours.hash("пароль з й ой"), "пароль з и\N{COMBINING BREVE} ой")
    assert ours.verify(ours.hash("\ud800 lone"), "\ud800 lone")
    assert not ours.verify(ours.hash("one"), "One")
    assert not ours.verify(None, "one")
    assert not ours.verify("no hash at all", "one")


def test_at_most_four_passwords_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = Passwords()
    lock, at_once, most = threading.Lock(), 0, 0
    four = threading.Barrier(4, timeout=SECONDS)

    class Slow:
        def hash(self, _: bytes) -> str:
            nonlocal at_once, most
            with lock:
                at_once += 1
                most = max(most, at_once)
            four.wait()
            with lock:
                at_once -= 1
            return ""

    monkeypatch.setattr(ours, "_hasher", Slow())
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(ours.hash, ["x"] * 40))
    assert most == 4


def test_waiting_too_long_for_a_hash_raises_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, ended = Passwords(max_parallel=1), threading.Event()
    monkeypatch.setattr(module, "WAIT_SECONDS", 0.01)
    ours._pool.submit(ended.wait)  # noqa: SLF001 - ours
    with pytest.raises(Unavailable):
        ours.hash("x")
    ended.set()


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("eleven char", "short"),
        ("twelve chars", ""),
        ("x" * 257, "long"),
        ("abcabcabcabcabc", "simple"),
        ("My name is Olena", "simple"),
        ("пес кіт миша слон", ""),
    ],
)
def test_password_rules(password: str, error: str) -> None:
    assert password_error(password, "olena") == error


def test_generated_password_is_random_and_valid() -> None:
    given = {new_password() for _ in range(50)}
    assert len(given) == 50
    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert all(password_error(one, "olena") == "" for one in given)
