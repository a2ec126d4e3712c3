"""The API of the account behind a token or a session."""

from __future__ import annotations

import uuid

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.access.members import CurrentMember
from app.access.roles import Role

router = APIRouter(prefix="/api/desk", tags=["desk"])


class Me(BaseModel):
    """The account that makes the request."""

    id: uuid.UUID
    name: str = Field(examples=["olena"])
    role: Role


@router.get("/me")
def show_me(member: CurrentMember) -> Me:
    """Returns the account and role of your token or session, for example to test a token."""
    return Me(id=member.id, name=member.name, role=member.role)
