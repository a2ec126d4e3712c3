"""Sets who acts in a transaction; the guards of the database and the revisions read these
settings.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from app.publication.states import PROGRAM

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy.orm import Session

    from app.access.members import Member

_LONGEST: Final = 1000


def act_as_member(session: Session, member: Member, why: str | None = None) -> None:
    """Attributes the rest of a transaction to a member."""
    _set(session, role=member.role.value, member=str(member.id), who=member.name, why=why or "")


def act_as_program(session: Session, name: str, why: str | None = None) -> None:
    """Attributes the rest of a transaction to one of our programs, for example `import`."""
    _set(session, role=PROGRAM, member="", who=name, why=why or "")


def act_as_program_on(connection: Connection[Any], name: str, why: str) -> None:
    """Does the same as `act_as_program` on a connection of psycopg."""
    for setting, value in (("role", PROGRAM), ("member", ""), ("who", name), ("why", why[:_LONGEST])):
        connection.execute("SELECT set_config(%s, %s, true)", (f"frontline.{setting}", value))


def _set(session: Session, **values: str) -> None:
    session.execute(
        select(*(func.set_config(f"frontline.{name}", value[:_LONGEST], True) for name, value in values.items()))
    )
