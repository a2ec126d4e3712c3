"""What a program can ask about the account behind its token."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.access.members import CurrentMember
from app.access.roles import Role

router = APIRouter(prefix="/api/desk", tags=["desk"])


class Me(BaseModel):
    """Who is asking."""

    id: uuid.UUID
    name: str = Field(examples=["olena"])
    role: Role


@router.get("/me")
def show_me(member: CurrentMember) -> Me:
    """Tell which account a token or a session is of, and in which role: for trying a token out."""
    return Me(id=member.id, name=member.name, role=member.role)
