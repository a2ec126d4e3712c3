"""The roles of members, from the one that may least to the one that may most."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a member is here for. Each role may do what those before it may."""

    CONTRIBUTOR = "contributor"
    ANALYST = "analyst"
    EDITOR = "editor"
    ADMIN = "admin"

    def reaches(self, other: Role) -> bool:
        """Tell whether this role may do what another one may."""
        ranked = list(Role)
        return ranked.index(self) >= ranked.index(other)
