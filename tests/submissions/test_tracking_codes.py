"""Tracking codes: long enough, readable, and the same for a retry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.secret import InstallationSecret
from app.submissions.tracking import ALPHABET, LETTERS, TrackingCodes, parse_code

if TYPE_CHECKING:
    from collections.abc import Callable

codes = TrackingCodes(InstallationSecret(b"k" * 32))


def test_codes_have_at_least_128_bits_and_differ() -> None:
    made = {codes.new() for _ in range(1000)}
    assert len(made) == 1000
    assert LETTERS * 5 >= 128
    assert all(re.fullmatch(rf"([{ALPHABET}]{{4}}-){{6}}[{ALPHABET}]{{4}}", code) for code in made)
    # Every letter occurs at every position: no bit is constant.
    assert {letter for code in made for letter in code} == {*ALPHABET, "-"}


def test_only_a_retry_gets_the_same_code() -> None:
    code = codes.of_retry("key", b"body")
    assert codes.of_retry("key", b"body") == code
    assert codes.of_retry("key", b"other body") != code
    assert codes.of_retry("other key", b"body") != code
    assert TrackingCodes(InstallationSecret(b"j" * 32)).of_retry("key", b"body") != code


def test_hashes_depend_on_secret_and_purpose() -> None:
    code = codes.new()
    assert len(codes.code_hash(code)) == 32
    assert codes.code_hash(code) != TrackingCodes(InstallationSecret(b"j" * 32)).code_hash(code)
    assert codes.code_hash("key") != codes.key_hash("key")


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: code.replace("-", "–"),  # noqa: RUF001 - a dash that word processors put there
        lambda code: f"  {code}\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
)
def test_typed_codes_are_normalised(typed: Callable[[str], str]) -> None:
    code = codes.new()
    assert parse_code(typed(code)) == code


@given(st.text(max_size=60))
def test_parser_accepts_any_text(text: str) -> None:
    read = parse_code(text)
    assert read is None or parse_code(read) == read


def test_invalid_code_is_none() -> None:
    for text in ("", "7Q2M", "U" * LETTERS, codes.new() + "0", "é" * LETTERS):
        assert parse_code(text) is None
