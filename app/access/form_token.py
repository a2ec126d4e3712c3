"""The form token (CSRF token): the field `form_token` of a form, or the header `X-Form-Token` of a
script.
"""

from __future__ import annotations

from typing import Final

from fastapi import Request

FIELD: Final = "form_token"
HEADER: Final = "x-form-token"
_FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


async def read_form_token(request: Request) -> None:
    """Reads the form token into `request.state`. A dependency of all routes for members."""
    sent = request.headers.get(HEADER, "")
    if not sent and request.method not in SAFE_METHODS:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in _FORMS:
            value = (await request.form()).get(FIELD, "")
            sent = value if isinstance(value, str) else ""
    request.state.sent_form_token = sent


def sent_form_token(request: Request) -> str:
    """Returns the form token of a request; empty if there is none."""
    sent: str = getattr(request.state, "sent_form_token", "")
    return sent
