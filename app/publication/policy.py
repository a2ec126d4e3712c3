"""Writes the policy of the theatre's file into the database, and applies it to what is published.

A guard of the database (`apply_policy` in `app/database/sql/guards.sql`) enforces it for the desk,
importers and the demo alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import locks
from app.models import CategoryPolicy, DeskPolicy, Event
from app.publication.acting import act_as_program

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from app.theatre import Category, Theatre

Policy = tuple[float, float | None, tuple[str, ...]]
_FIELDS: Final = ("embargo_hours", "coarsen_m", "forbidden_for")


def category_policies(theatre: Theatre) -> dict[str, Policy]:
    """Returns the policy of each category that has one: embargo in hours, grid in metres, forbidden
    belligerents.

    A category inherits what it does not set from its parent: a policy for `position` applies to all
    its children.
    """
    known = {category.slug: category for category in theatre.categories}
    found = {slug: _policy(category, known) for slug, category in known.items()}
    return {slug: policy for slug, policy in found.items() if policy != (0, None, ())}


def _policy(category: Category, known: dict[str, Category]) -> Policy:
    values = []
    for field in _FIELDS:
        says: Category = category
        while field not in says.model_fields_set and says.parent is not None:
            says = known[says.parent]
        values.append(getattr(says, field))
    embargo_hours, coarsen_m, forbidden_for = values
    return embargo_hours, coarsen_m, tuple(sorted(forbidden_for))


def update_policy(engine: Engine, theatre: Theatre) -> bool:
    """Writes the policy of the theatre's file into the database, and applies it to what is
    published.

    Args:
        engine: connects as the role that writes, without a statement timeout.
        theatre: has the policy.

    Returns:
        Whether the policy changed.
    """
    wanted = category_policies(theatre)
    with Session(engine) as session, session.begin():
        desk_changed = _update_desk_policy(session, theatre)
        if _stored_policies(session) == wanted:
            return desk_changed
        session.execute(select(func.pg_advisory_xact_lock(locks.POLICY)))
        act_as_program(session, "policy", "the theatre's policy changed")
        known = _stored_policies(session)
        changed = {slug for slug in known.keys() | wanted.keys() if known.get(slug) != wanted.get(slug)}
        session.execute(delete(CategoryPolicy).where(CategoryPolicy.category.in_(changed)))
        rows = [
            {"category": slug, **dict(zip(_FIELDS, (hours, metres, list(sides)), strict=True))}
            for slug, (hours, metres, sides) in wanted.items()
            if slug in changed
        ]
        if rows:
            session.execute(insert(CategoryPolicy).values(rows))
        # The trigger applies the policy to each row that is written.
        session.execute(
            update(Event)
            .where(Event.state == "published", Event.category.in_(changed))
            .values(updated_at=func.app_now())
        )
    return True


def _update_desk_policy(session: Session, theatre: Theatre) -> bool:
    """Writes when a second member is needed. Returns whether it changed."""
    wanted = theatre.desk.model_dump()
    known = session.scalars(select(DeskPolicy)).one_or_none()
    if known is not None and all(getattr(known, name) == value for name, value in wanted.items()):
        return False
    statement = insert(DeskPolicy).values(id=1, **wanted)
    session.execute(statement.on_conflict_do_update(index_elements=[DeskPolicy.id], set_=wanted))
    return True


def _stored_policies(session: Session) -> dict[str, Policy]:
    return {
        row.category: (row.embargo_hours, row.coarsen_m, tuple(sorted(row.forbidden_for)))
        for row in session.scalars(select(CategoryPolicy))
    }
