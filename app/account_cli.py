"""The commands about accounts and the incident switch: for whoever has the machine, and for the first administrator."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app.access.modes import Mode  # noqa: TC001 - typer reads the annotations of commands
from app.access.roles import Role
from app.terminal import opened, say

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession

accounts = typer.Typer(help="Accounts of members: making, listing, changing, disabling them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name that the member signs in with.", show_default=False)]
GivenRole = Annotated[Role, typer.Option("--role", help="What the member may do.", show_default=False)]


@contextmanager
def changing() -> Iterator[ReadWriteSession]:
    """Open the database for one change: all of it is done, or nothing."""
    from app.settings import Settings

    settings = Settings()

    from app.database.session import Sessions

    with opened(settings) as engines, Sessions(engines).writing() as session, session.begin():
        yield session


@accounts.command("create")
def create(
    name: Name,
    role: GivenRole,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read the password from standard input, instead of making a temporary one."
        ),
    ] = False,
) -> None:
    """Make an account, and print its temporary password: it opens nothing but the page to choose another."""
    from app.accounts import administration
    from app.accounts.passwords import Passwords

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with changing() as session:
        given = administration.create(session, Passwords(), name, role, by=None, password=password)
    say(f"Made the account {administration.read_name(name)}, {role}.")
    if password is None:
        _give(given)


@accounts.command("list")
def list_accounts() -> None:
    """List the accounts: name, role, whether it is open, whether it has a second factor."""
    from app.accounts import queries

    with changing() as session:
        for one in queries.accounts(session):
            state = "disabled" if one.disabled_at else "temporary password" if one.temporary_until else "open"
            factor = "second factor" if one.factor_seed else "no two-factor authentication"
            typer.echo(f"{one.name}\t{one.role}\t{state}\t{factor}")


@accounts.command("role")
def change_role(
    name: Name, role: Annotated[Role, typer.Argument(help="What the member may do from now on.", show_default=False)]
) -> None:
    """Give an account another role."""
    from app.accounts import administration

    with changing() as session:
        administration.change_role(session, administration.known(session, name), role, by=None)
    say(f"{administration.read_name(name)} is {role} now.")


@accounts.command("disable")
def disable(name: Name) -> None:
    """Shut an account: its sessions and tokens end at once."""
    from app.accounts import administration

    with changing() as session:
        administration.disable(session, administration.known(session, name), by=None)
    say(f"{administration.read_name(name)} is disabled; sessions and tokens have ended.")


@accounts.command("enable")
def enable(name: Name) -> None:
    """Open an account again that was disabled."""
    from app.accounts import administration

    with changing() as session:
        administration.enable(session, administration.known(session, name), by=None)
    say(f"{administration.read_name(name)} is enabled.")


@accounts.command("reset")
def reset(name: Name) -> None:
    """Give an account a temporary password: sessions, tokens and second factor are gone."""
    from app.accounts import administration
    from app.accounts.passwords import Passwords

    with changing() as session:
        given = administration.reset(session, Passwords(), administration.known(session, name), by=None)
    say(f"{administration.read_name(name)} has a new password; sessions, tokens and second factor are gone.")
    _give(given)


@accounts.command("sign-everyone-out")
def sign_everyone_out(
    tokens: Annotated[bool, typer.Option("--tokens", help="Revoke all API tokens, too.")] = False,
) -> None:
    """End all sessions of all accounts at once."""
    from app.accounts import administration

    with changing() as session:
        ended = administration.sign_everyone_out(session, tokens=tokens, by=None)
    say(f"{ended} sessions ended.")


def set_switch(
    mode: Annotated[Mode, typer.Argument(help="What the installation does from now on.", show_default=False)],
) -> None:
    """Set the incident switch: every server acts on it within a second."""
    from app.access.switch import set_mode
    from app.accounts import queries

    with changing() as session:
        set_mode(session, mode)
        queries.record(session, "switched", of=None, by=None, detail=mode)
    say(f"The switch is set: {mode}.")


def _give(password: str) -> None:
    from app.accounts import administration

    days = administration.TEMPORARY.days
    say(f"The temporary password holds for {days} days, and is shown this once:")
    typer.echo(password)
