"""The pages of members: the desk, their account, and administration."""

from fastapi import APIRouter

from app.pages.desk import (
    account,
    acts,
    editor,
    events,
    home,
    imports,
    members,
    numbers,
    queue,
    second_factor,
    sessions,
    submission,
    switch,
    tokens,
)

router = APIRouter(include_in_schema=False)
for page in (
    *(home, queue, submission, imports, events, editor, numbers),
    *(account, second_factor, sessions, tokens, members, acts, switch),
):
    router.include_router(page.router)
