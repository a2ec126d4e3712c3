"""The states of an event, and who may bring it from one to another.

This table is the whole of it. The database holds to the same (`publication_step` in `app/database/sql/guards.sql`), and
the rights of the routes (`app/access/rights.py`) repeat the least role; tests compare all three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.access.roles import Role
from app.fields.words import State

StepName = Literal["submit", "return", "publish", "withdraw", "restore"]
# Who acts without being a member: imports, the demo, the releaser.
PROGRAM: Final = "program"


@dataclass(frozen=True)
class Step:
    """One step from state to state.

    Attributes:
        before: the state that it starts from.
        after: the state that it leads to.
        least: the least role of a member who may take it; each higher role may as well.
        reasoned: a reason must be given.
        by_another: not by those who wrote or handed in what is decided about, or took it back.
    """

    before: State
    after: State
    least: Role
    reasoned: bool = False
    by_another: bool = False


STEPS: Final[dict[StepName, Step]] = {
    "submit": Step("draft", "in_review", Role.ANALYST),
    "return": Step("in_review", "draft", Role.ANALYST, reasoned=True),
    "publish": Step("in_review", "published", Role.ANALYST, by_another=True),
    "withdraw": Step("published", "withdrawn", Role.EDITOR, reasoned=True),
    "restore": Step("withdrawn", "published", Role.EDITOR, reasoned=True, by_another=True),
}
# Hiding for somebody's safety is no state: it holds in each. It must be quick; taking it back need not.
HIDE: Final = Role.ANALYST
SHOW: Final = Role.EDITOR
# Who may change what the public sees at once; drafts are for whoever may write them at all.
EDIT_PUBLISHED: Final = Role.EDITOR


def database_steps() -> set[tuple[str, str, str]]:
    """Give the rows that the database's `publication_step` must have: from, to, and the role that may."""
    members = {
        (step.before, step.after, role.value) for step in STEPS.values() for role in Role if role.reaches(step.least)
    }
    return members | {("draft", "published", PROGRAM)}
