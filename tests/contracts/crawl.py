"""Crawls an application as a visitor: every route, every link in a response, every format.

The requests are derived from the application's routes, so a new route is crawled without a change
here. A response in a format that `READERS` does not list is a failure, because it could contain
anything.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient

from app.access.members import current_member
from app.geo.event_columns import decode
from app.geo.line_history import LineHistory
from app.http.openapi import VectorTileResponse

if TYPE_CHECKING:
    from fastapi.dependencies.models import Dependant
    from httpx2 import Response

ACCEPTED: Final = ("*/*", "text/html")
# Links on pages that lead to no page of ours.
_NOT_FOLLOWED: Final = ("/static/",)
_LINK: Final = re.compile(r"""(?:href|src|url)["']?\s*[=:]\s*["']([^"'\s<>]+)["']""")
_LIMIT: Final = 3000


class Unreadable(AssertionError):
    """A response has a format that this module cannot search."""


def _text(body: bytes) -> str:
    return body.decode("utf-8")


def _nothing(_: bytes) -> str:
    return ""


def spot_of(degrees: float) -> str:
    """Formats a longitude or latitude with the precision that all formats share; truncated, not
    rounded.
    """
    return f"spot:{math.floor(degrees * 1000) / 1000:.3f}"


def _line_history(body: bytes) -> str:
    """Decodes a line history: all coordinates of all areas, in 1e-5 degrees and in degrees."""
    history = LineHistory(body)
    rings = [
        ring
        for day in range(len(history.days))
        for _, polygons in history.areas(day)
        for rings in polygons
        for ring in rings
    ]
    numbers = {int(number) for ring in rings for number in ring.reshape(-1)}
    return " ".join(f"{number} {number / 1e5:.5f}" for number in numbers)


def _event_columns(body: bytes) -> str:
    """Decodes event columns: all places as `spot_of` formats them, all shapes and all strings."""
    columns = decode(body)
    places = {number for axis in columns.degrees for number in axis.tolist()}
    return f"{[spot_of(number) for number in places]} {dict(columns.shapes)} {columns.dictionary}"


def _vector_tile(body: bytes) -> str:
    """Returns the strings of a vector tile; its coordinates are integers within the tile."""
    return body.decode("utf-8", "replace")


# Readers by media type; the first that can read the bytes is used. Add one for each new response
# format.
READERS: Final[Mapping[str, tuple[Callable[[bytes], str], ...]]] = {
    "text/html": (_text,),
    "text/plain": (_text,),
    "text/csv": (_text,),
    "text/css": (_text,),
    "text/javascript": (_text,),
    "application/json": (_text,),
    "application/geo+json": (_text,),
    "application/problem+json": (_text,),
    "application/schema+json": (_text,),
    "application/vnd.oai.openapi+json": (_text,),
    "application/atom+xml": (_text,),
    "application/xml": (_text,),
    "application/vnd.google-earth.kml+xml": (_text,),
    "application/octet-stream": (_event_columns, _line_history),
    VectorTileResponse.media_type: (_vector_tile,),
    # Our images are static and contain no database rows.
    "image/png": (_nothing,),
    "image/svg+xml": (_text,),
    "image/x-icon": (_nothing,),
}


def read(response: Response) -> str:
    """Returns a response as text: headers and decoded body. The client has undone
    `Content-Encoding`.

    Raises:
        Unreadable: no reader knows the format.
    """
    text = str(dict(response.headers))
    body = response.content
    if not body:
        return text
    if body[:2] == b"\x1f\x8b":
        body = gzip.decompress(body)
    media = response.headers.get("content-type", "").partition(";")[0]
    for reader in READERS.get(media, ()):
        try:
            # Bytes that no text shows count too when two responses are compared.
            return text + reader(body) + ("" if reader is _text else f" sha256:{hashlib.sha256(body).hexdigest()}")
        except (ValueError, IndexError, KeyError, EOFError):
            continue
    raise Unreadable(f"{response.url}: no reader for {media or 'an answer without a media type'}; add one to READERS")


@dataclass(frozen=True)
class Route:
    """A route of the application with one method."""

    method: str
    template: str
    parameters: frozenset[str]
    for_members: bool


def routes(app: FastAPI) -> Iterator[Route]:
    """Yields all routes of an application."""
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if not isinstance(route, APIRoute):
            continue
        for method in sorted(route.methods or ()):
            yield Route(method, route.path, frozenset(_query_names(route.dependant)), _for_members(route.dependant))


def _for_members(dependant: Dependant) -> bool:
    return dependant.call is current_member or any(_for_members(inner) for inner in dependant.dependencies)


def _query_names(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        fields = getattr(getattr(getattr(parameter, "field_info", None), "annotation", None), "model_fields", None)
        yield from fields or (parameter.alias,)
    for inner in dependant.dependencies:
        yield from _query_names(inner)


@dataclass
class Crawl:
    """Requests everything.

    Attributes:
        app: the application to crawl.
        client: a client that is not signed in.
        ids: the values that replace each path parameter.
        values: the values of query parameters, by name; `words` for any other.
        words: words to search for.
    """

    app: FastAPI
    client: TestClient
    ids: list[str]
    values: dict[str, list[str]]
    words: list[str]
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)

    def addresses(self) -> Iterator[str]:
        """Yields all public GET paths, with every id and every query."""
        for route in routes(self.app):
            if route.method != "GET" or route.for_members:
                continue
            for path in self.filled(route.template):
                yield path
                for parameter in sorted(route.parameters):
                    for value in self.values.get(parameter, self.words):
                        yield f"{path}?{urlencode({parameter: value})}"

    def filled(self, template: str) -> list[str]:
        """Fills a path template with ids, the same in each placeholder, except for tiles."""
        if "{" not in template:
            return [template]
        filled = []
        for one in self.ids:
            path = template
            for name, value in (("z", "10"), ("x", "615"), ("y", "354")):
                path = re.sub(rf"\{{{name}(:\w+)?\}}", value, path)
            filled.append(re.sub(r"\{[^}]+\}", one, path))
        return list(dict.fromkeys(filled))

    def run(self) -> dict[str, tuple[int, str]]:
        """Requests all paths and all links in responses; returns status and text by `accept
        path`.
        """
        waiting = list(dict.fromkeys(self.addresses()))
        seen = set(waiting)
        while waiting:
            address = waiting.pop()
            for accept in ACCEPTED[:1] if address.startswith("/api/") else ACCEPTED:
                response = self.client.get(address, headers={"Accept": accept}, follow_redirects=False)
                text = read(response)
                self.answers[f"{accept} {address}"] = (response.status_code, text)
                for link in self._links(text):
                    if link not in seen and len(seen) < _LIMIT:
                        seen.add(link)
                        waiting.append(link)
        return self.answers

    def _links(self, text: str) -> Iterator[str]:
        for link in _LINK.findall(text):
            parts = urlsplit(link.replace("&amp;", "&").replace("\\/", "/"))
            ours = parts.netloc in {"", "localhost"} and parts.path.startswith("/")
            if ours and not parts.path.startswith(_NOT_FOLLOWED) and "{" not in parts.path:
                yield parts.path + (f"?{parts.query}" if parts.query else "")


def stable_text(text: str) -> str:
    """Removes the parts of a response that differ each time."""
    text = re.sub(r"nonce[-=]\"?[\w+/=-]+", "", text)
    text = re.sub(r"'content-length': '\d+'", "", text)  # a nonce changes the compressed size by a byte
    text = re.sub(r'(name="idempotency_key" value=)"[^"]*"', "", text)
    text = re.sub(r'"timeStamp":"[^"]*"', "", text)
    request_id = re.search(r"'x-request-id': '([^']+)'", text)
    return text.replace(request_id[1], "") if request_id else text


def any_id() -> str:
    """Returns an id that does not exist."""
    return str(uuid.uuid4())
