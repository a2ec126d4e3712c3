"""Responses with an ETag: a client that has the content gets 304 Not Modified."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

REVALIDATE: Final = "no-cache"
# For content under a URL that names it, which never changes but may cease to be public.
FIVE_MINUTES: Final = "public, max-age=300, must-revalidate"


def answer_revalidated(
    request: Request,
    tag: str,
    respond: type[Response],
    load: Callable[[], bytes],
    *,
    encoding: str | None = None,
    cache_control: str = REVALIDATE,
) -> Response:
    """Returns the content, or 304 if `If-None-Match` names it.

    Args:
        request: the request.
        tag: identifies the content; the same for every encoding.
        respond: makes the response.
        load: loads the bytes.
        encoding: of the bytes, chosen by `Accept-Encoding`; None: always the same bytes.
        cache_control: what caches may do.
    """
    headers = {"ETag": f'W/"{tag}"', "Cache-Control": cache_control}
    if encoding is not None:
        headers["Vary"] = "Accept-Encoding"
    if f'"{tag}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if encoding is not None and encoding != "identity":
        headers["Content-Encoding"] = encoding
    return respond(load(), headers=headers)
