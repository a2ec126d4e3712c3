"""The commands for accounts and the incident switch, for the operator and for creating the first
administrator.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from app.access.modes import Mode  # noqa: TC001 - typer reads the annotations of commands
from app.access.roles import Role
from app.terminal import open_database, say

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession

accounts = typer.Typer(help="Manage the accounts of members.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The name of the account.", show_default=False)]
GivenRole = Annotated[Role, typer.Option("--role", help="The role of the member.", show_default=False)]


@contextmanager
def open_session() -> Iterator[ReadWriteSession]:
    """Opens a database session with one transaction, committed at the end."""
    from app.settings import Settings

    settings = Settings()

    from app.database.session import Sessions

    with open_database(settings) as engines, Sessions(engines).writing() as session, session.begin():
        yield session


@accounts.command("create")
def create(
    name: Name,
    role: GivenRole,
    password_stdin: Annotated[
        bool,
        typer.Option(
            "--password-stdin", help="Read the password from standard input instead of creating a temporary one."
        ),
    ] = False,
) -> None:
    """Create an account and print its temporary password, which only allows choosing a new one."""
    from app.accounts import administration
    from app.accounts.passwords import Passwords

    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with open_session() as session:
        temporary = administration.create(session, Passwords(), name, role, by=None, password=password)
    say(f"Created the account {administration.normalize_name(name)} with the role {role}.")
    if password is None:
        _print_password(temporary)


@accounts.command("list")
def list_accounts() -> None:
    """List the accounts with name, role, state and second factor."""
    from app.accounts import queries

    with open_session() as session:
        for one in queries.accounts(session):
            state = "disabled" if one.disabled_at else "temporary password" if one.temporary_until else "open"
            factor = "second factor" if one.factor_seed else "no second factor"
            typer.echo(f"{one.name}\t{one.role}\t{state}\t{factor}")


@accounts.command("role")
def change_role(name: Name, role: Annotated[Role, typer.Argument(help="The new role.", show_default=False)]) -> None:
    """Change the role of an account."""
    from app.accounts import administration

    with open_session() as session:
        administration.change_role(session, administration.find_account(session, name), role, by=None)
    say(f"{administration.normalize_name(name)} has the role {role} now.")


@accounts.command("disable")
def disable(name: Name) -> None:
    """Disable an account; its sessions and tokens end at once."""
    from app.accounts import administration

    with open_session() as session:
        administration.disable(session, administration.find_account(session, name), by=None)
    say(f"{administration.normalize_name(name)} is disabled. Its sessions and tokens have ended.")


@accounts.command("enable")
def enable(name: Name) -> None:
    """Enable an account that was disabled."""
    from app.accounts import administration

    with open_session() as session:
        administration.enable(session, administration.find_account(session, name), by=None)
    say(f"{administration.normalize_name(name)} is enabled.")


@accounts.command("reset")
def reset(name: Name) -> None:
    """Reset an account: print a temporary password, and delete its sessions, tokens and second
    factor.
    """
    from app.accounts import administration
    from app.accounts.passwords import Passwords

    with open_session() as session:
        temporary = administration.reset(session, Passwords(), administration.find_account(session, name), by=None)
    say(f"{administration.normalize_name(name)} has a new password. Sessions, tokens and second factor were deleted.")
    _print_password(temporary)


@accounts.command("sign-everyone-out")
def sign_everyone_out(
    tokens: Annotated[bool, typer.Option("--tokens", help="Also revoke all API tokens.")] = False,
) -> None:
    """End the sessions of all accounts at once."""
    from app.accounts import administration

    with open_session() as session:
        ended = administration.sign_everyone_out(session, tokens=tokens, by=None)
    say(f"Ended {ended} sessions.")


def set_switch(
    mode: Annotated[Mode, typer.Argument(help="The new mode.", show_default=False)],
) -> None:
    """Set the incident switch; every server follows it within a second."""
    from app.access.switch import set_mode
    from app.accounts import queries

    with open_session() as session:
        set_mode(session, mode)
        queries.record(session, "switched", of=None, by=None, detail=mode)
    say(f"The incident switch is set to {mode}.")


def _print_password(password: str) -> None:
    from app.accounts import administration

    days = administration.TEMPORARY.days
    say(f"The temporary password is valid for {days} days. It is shown only once:")
    typer.echo(password)
