"""The steps of an event from state to state, and who may take each step.

Everything that needs the steps reads this table: the desk's API, its pages, and bulk changes. Two
copies exist where Python cannot be imported, and tests compare both with this table: the view
`publication_step` (`app/database/sql/guards.sql`) and the rights of the routes
(`app/access/rights.py`). `second_person.py` has the two-person rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.access.roles import Role
from app.fields.words import State

StepName = Literal["submit", "return", "publish", "withdraw", "restore"]
# The role of imports, the demo and background tasks, which are no members.
PROGRAM: Final = "program"


@dataclass(frozen=True)
class Step:
    """One step from state to state.

    Attributes:
        before: the state that the step starts from.
        after: the state that the step leads to.
        least_role: the lowest role that may take the step.
        undo: the step that a bulk change is undone with.
        needs_reason: the member must give a reason.
        needs_second_person: a member who wrote, submitted or withdrew the event may not take the
            step.
    """

    before: State
    after: State
    least_role: Role
    undo: StepName
    needs_reason: bool = False
    needs_second_person: bool = False


STEPS: Final[dict[StepName, Step]] = {
    "submit": Step("draft", "in_review", Role.ANALYST, undo="return"),
    "return": Step("in_review", "draft", Role.ANALYST, undo="submit", needs_reason=True),
    "publish": Step("in_review", "published", Role.ANALYST, undo="withdraw", needs_second_person=True),
    "withdraw": Step("published", "withdrawn", Role.EDITOR, undo="restore", needs_reason=True),
    "restore": Step(
        "withdrawn", "published", Role.EDITOR, undo="withdraw", needs_reason=True, needs_second_person=True
    ),
}
# Hiding an event for somebody's safety changes no state. Hiding is urgent, so analysts may do it;
# showing is not.
HIDE: Final = Role.ANALYST
SHOW: Final = Role.EDITOR
# The lowest role that may change what the public sees. Drafts may be changed by every member who
# may write events.
EDIT_PUBLISHED: Final = Role.EDITOR


def database_steps() -> set[tuple[str, str, str]]:
    """Returns the rows that the view `publication_step` must have: state before, state after,
    role.
    """
    members = {
        (step.before, step.after, role.value)
        for step in STEPS.values()
        for role in Role
        if role.reaches(step.least_role)
    }
    return members | {("draft", "published", PROGRAM)}
