"""The roles of members, from lowest to highest."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role. Each role has all rights of the roles before it."""

    CONTRIBUTOR = "contributor"
    ANALYST = "analyst"
    EDITOR = "editor"
    ADMIN = "admin"

    def reaches(self, other: Role) -> bool:
        """Tells whether this role has all rights of another role."""
        ranked = list(Role)
        return ranked.index(self) >= ranked.index(other)
