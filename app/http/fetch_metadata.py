"""Refuses requests that another site caused (cross-site request forgery).

Members also need a form token (`app/access/form_token.py`). Visitors have no cookie, but another
site could make them send submissions. `same_site_only` is a dependency of the whole application, so
no route can forget it.
See https://www.w3.org/TR/fetch-metadata/ and, for browsers without it, the `Origin` header (RFC
6454).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from app.problems import CrossSite


def refuse_cross_site(request: Request) -> None:
    """Refuses a request that another site caused.

    A client that sends neither header is not a browser and is accepted.

    Raises:
        CrossSite: the request comes from a page of another site.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise CrossSite("This form was sent from another site. Open the form here and send it again.")
        return
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise CrossSite("This form was sent from another site. Open the form here and send it again.")


async def same_site_only(request: Request) -> None:
    """Refuses requests that could change something and that another site caused.

    Raises:
        CrossSite: the request comes from a page of another site.
    """
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        refuse_cross_site(request)
