"""Forms of this site alone: what a browser says about where a request comes from.

A member's cookie is never enough (`app/access/form_token.py`), and there is none for anybody else; but another site
could make its visitors send things in. `same_site_only` is a dependency of the whole application: no route can
forget it.
See https://www.w3.org/TR/fetch-metadata/ and, for browsers without it, the `Origin` header (RFC 6454).
"""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request

from app.problems import CrossSite


def refuse_cross_site(request: Request) -> None:
    """Refuse a request that another site caused; a dependency of every route that takes a form.

    A program that sends neither header is no browser, and is let through.

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
    """Refuse every request that could change something and that another site caused.

    Raises:
        CrossSite: the request comes from a page of another site.
    """
    if request.method not in {"GET", "HEAD", "OPTIONS"}:
        refuse_cross_site(request)
