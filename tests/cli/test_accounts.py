"""`frontline account` and `frontline switch`, as an operator runs them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from app import cli
from app.accounts.administration import AccountRefused
from app.errors import UserError
from tests.cli.test_serve import environment, on

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.engines import DatabaseUrls


@pytest.fixture
def frontline(database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command, over a database of its own; in this process, since starting a new one takes a
    second.
    """
    for name, value in environment(tmp_path, **on(database)).items():
        if os.environ.get(name) != value:
            monkeypatch.setenv(name, value)
    return CliRunner()


def test_an_account_from_beginning_to_end(frontline: CliRunner) -> None:
    def run(*words: str, given: str = "") -> tuple[int, str]:
        done = frontline.invoke(cli.app, words, input=given)
        return done.exit_code, done.stdout

    made = run("account", "create", "Olena", "--role", "admin", "--password-stdin", given="a password of hers\n")
    assert made == (0, "")
    status, password = run("account", "create", "taras", "--role", "analyst")
    assert status == 0
    assert len(password.strip()) == 23
    assert run("account", "list")[1].splitlines() == [
        "olena\tadmin\topen\tno second factor",
        "taras\tanalyst\ttemporary password\tno second factor",
    ]
    assert run("account", "role", "taras", "editor")[0] == 0
    assert run("account", "disable", "taras")[0] == 0
    assert "taras\teditor\tdisabled" in run("account", "list")[1]
    assert run("account", "enable", "taras")[0] == 0
    status, second = run("account", "reset", "taras")
    assert status == 0
    assert second != password
    assert run("account", "sign-everyone-out", "--tokens")[0] == 0
    for mode in ("read_only", "closed", "normal"):
        assert run("switch", mode)[0] == 0
    assert run("switch", "open")[0] == 2
    assert run("account", "create", "mallory", "--role", "root")[0] == 2


def test_what_cannot_be_done_is_reported_in_a_sentence(frontline: CliRunner) -> None:
    for words, given, message in (
        (("account", "create", "no spaces", "--role", "admin"), "", "2 to 40 characters"),
        (("account", "create", "olena", "--role", "admin", "--password-stdin"), "short\n", "12 to 256"),
        (("account", "disable", "nobody"), "", "no account nobody"),
    ):
        done = frontline.invoke(cli.app, words, input=given)
        assert isinstance(done.exception, AccountRefused)
        assert message in str(done.exception)
        assert done.stdout == ""
    assert issubclass(AccountRefused, UserError), "and is message without a traceback"
