"""`/.well-known/security.txt` (RFC 9116): where to report security problems of this map."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request, Response

from app.problems import NotFound

if TYPE_CHECKING:
    from app.settings import Settings

router = APIRouter(include_in_schema=False)

# RFC 9116 recommends less than a year. The contact is a setting of the running server, so it is
# valid now; a copy of the file should not be used much later.
_VALID_DAYS: Final = 30


@router.get("/.well-known/security.txt")
async def security_txt(request: Request) -> Response:
    """Names the contact of the operator for security problems.

    Raises:
        NotFound: the operator has set none.
    """
    settings: Settings = request.app.state.settings
    if not settings.security_contact:
        raise NotFound("The operator of this map has not named a contact for security problems.")
    midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    expires = midnight + dt.timedelta(days=_VALID_DAYS)
    lines = f"Contact: {settings.security_contact}\nExpires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
    return Response(lines, media_type="text/plain", headers={"Cache-Control": "max-age=3600"})
