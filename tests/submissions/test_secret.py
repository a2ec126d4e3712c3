"""The secret of the installation is created once, completely, and is readable only by its owner."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from app.secret import FILE_NAME, SecretError, installation_secret

if TYPE_CHECKING:
    from pathlib import Path


def test_secret_is_created_once_and_then_read(tmp_path: Path) -> None:
    directory = tmp_path / "not" / "there" / "yet"
    first = installation_secret(directory).digest("purpose", b"part")
    assert installation_secret(directory).digest("purpose", b"part") == first
    assert stat.S_IMODE((directory / FILE_NAME).stat().st_mode) == 0o600
    assert [path.name for path in directory.iterdir()] == [FILE_NAME]


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    first, second = (installation_secret(tmp_path / name).digest("purpose", b"part") for name in "ab")
    assert first != second


def test_concurrent_callers_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        digests = set(pool.map(lambda _: installation_secret(tmp_path).digest("purpose"), range(64)))
    assert len(digests) == 1


def test_keys_differ_by_purpose_and_part(tmp_path: Path) -> None:
    secret = installation_secret(tmp_path)
    assert secret.digest("one", b"a") != secret.digest("two", b"a")
    assert secret.digest("one", b"ab", b"c") != secret.digest("one", b"a", b"bc")
    assert "_key" not in repr(secret)


def test_damaged_file_is_reported_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"short")
    with pytest.raises(SecretError, match="damaged"):
        installation_secret(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == b"short"


def test_unusable_directory_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SecretError, match="Cannot use"):
        installation_secret(tmp_path / "file")
