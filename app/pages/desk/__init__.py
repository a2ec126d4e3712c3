"""The pages of members: what they may do, their account, and what administrators have besides."""

from fastapi import APIRouter

from app.pages.desk import account, acts, home, members, second_factor, sessions, switch, tokens

router = APIRouter(include_in_schema=False)
for page in (home, account, second_factor, sessions, tokens, members, acts, switch):
    router.include_router(page.router)
