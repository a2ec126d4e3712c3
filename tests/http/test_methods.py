"""HTTP methods at every route: HEAD is answered as GET, and what a route does not know is 405."""

from __future__ import annotations

import http.client
from collections import defaultdict
from typing import TYPE_CHECKING

import httpx2
import pytest

from app.access.roles import Role
from app.http.connection_limits import METHODS as KNOWN_METHODS
from tests.accounts.conftest import make_member, services, web
from tests.accounts.test_matrix import address_of, routes_of
from tests.sampling import IS_LONG
from tests.waiting import SECONDS, wait_until

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient
    from httpx2 import Response

    from tests.accounts.conftest import MakeMember
    from tests.conftest import Served

__all__ = ["make_member", "services", "web"]  # fixtures

TILE = "/api/collections/events/tiles/WebMercatorQuad/8/88/154"
FILE = "/static/css/tokens.css"
NOWHERE = ("/nothing", "/api/nothing", "/static/nothing.css", f"{TILE}?category=quagga")
# TRACE is never answered; the others are a standard method that nobody supports, and no method.
UNKNOWN_METHODS = ("TRACE", "PROPFIND", "QUAGGA")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", *UNKNOWN_METHODS}


def comparable(response: Response) -> dict[str, str]:
    """Returns the headers that do not differ between two responses to one request."""
    ignored = {"x-request-id", "content-security-policy", "date"}
    return {name: value for name, value in response.headers.items() if name not in ignored}


def methods_by_path(app: FastAPI) -> dict[str, set[str]]:
    """Returns the methods of each address, of all routes together that match it."""
    templates = defaultdict(set)
    for method, route in routes_of(app):
        templates[route.path].add(method)
    addresses = {}
    for template in templates:
        address = address_of(template)
        addresses[address] = {method for method, route in routes_of(app) if route.path_regex.match(address)}
    return addresses


@pytest.mark.sampled
@pytest.mark.parametrize("role", [None, Role.ADMIN])
def test_head_is_answered_as_get(app: FastAPI, web: TestClient, make_member: MakeMember, role: Role | None) -> None:
    cookie = {} if role is None else make_member(role).cookie
    addresses = [address for address, methods in methods_by_path(app).items() if "GET" in methods]
    assert len(addresses) > 60
    statuses = set()
    for address in (*addresses[:: 1 if IS_LONG else 5], *NOWHERE, FILE, "/api/docs", "/api/openapi.json"):
        # Without compression: a nonce compresses a little better or worse than another.
        headers = cookie | {"Accept": "text/html", "Accept-Encoding": "identity"}
        got = web.get(address, headers=headers, follow_redirects=False)
        head = web.head(address, headers=headers, follow_redirects=False)
        assert (head.status_code, head.content) == (got.status_code, b""), address
        assert comparable(head) == comparable(got), address
        statuses.add(head.status_code)
    assert statuses >= {200, 404}


def test_unknown_methods_are_405_and_name_those_that_exist(app: FastAPI, web: TestClient) -> None:
    assert {"HEAD"}.union(*methods_by_path(app).values()) == set(KNOWN_METHODS)
    addresses = methods_by_path(app) | {FILE: {"GET"}, "/static/nothing.css": {"GET"}, "/api/openapi.json": {"GET"}}
    for number, (address, methods) in enumerate(addresses.items()):
        known = methods | ({"HEAD"} if "GET" in methods else set())
        others = sorted(METHODS - known)
        # Two of them at each address, others at the next one.
        for method in (others[number % len(others)], UNKNOWN_METHODS[number % len(UNKNOWN_METHODS)]):
            refused = web.request(method, address)
            assert refused.status_code == 405, (method, address)
            assert refused.headers["allow"] == ", ".join(sorted(known)), (method, address)
            assert method == "HEAD" or refused.json()["type"] == "/problems/method-not-allowed"
    for method in UNKNOWN_METHODS:
        assert web.request(method, "/nothing").status_code == 404


def test_head_of_a_server_sends_no_body(demo_server: Served) -> None:
    def is_cached() -> bool:
        return "nonce" not in httpx2.get(demo_server.url + TILE).headers["content-security-policy"]

    wait_until(is_cached, "the server to answer tiles from its cache")
    host, _, port = demo_server.url.removeprefix("http://").partition(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=SECONDS)
    part = httpx2.get(f"{demo_server.url}/api/collections/events/columns/parts").json()["parts"][0]["url"]
    for path in (TILE, "/", part, FILE, "/api/collections/events/items", "/nothing", "/readyz"):
        answers = []
        for method in ("HEAD", "GET"):  # over one connection: a body after HEAD would break the next response
            connection.request(method, path, headers={"Accept-Encoding": "identity"})
            response = connection.getresponse()
            answers.append((response.status, response.headers["content-length"], response.headers["etag"]))
            assert bool(response.read()) == (method == "GET"), path
        assert answers[0] == answers[1], path
    connection.request("HEAD", TILE, headers={"If-None-Match": httpx2.get(demo_server.url + TILE).headers["etag"]})
    assert connection.getresponse().status == 304
    connection.close()
