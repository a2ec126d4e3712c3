"""The one table of who may do what: the least role that each route for members asks for.

A route that depends on `CurrentMember` and does not stand here answers nobody; what stands here is held to the
application by a test. Routes that do not depend on it are for everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.access.roles import Role

# By method and template, as `POST /api/desk/events/{event_id}`.
RIGHTS: Final[dict[str, Role]] = {}


def least_role(method: str, template: str) -> Role | None:
    """Give the least role that may use a route; None: nobody may."""
    return RIGHTS.get(f"{method} {template}")
