"""The Host header: parsed strictly, and compared with the hosts of the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.errors import UserError
from app.http.hosts import LOOPBACK_HOSTS, allowed_hosts, is_host_allowed, parse_host

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("map.example.org", "map.example.org"),
        ("MAP.Example.ORG:8443", "map.example.org"),
        ("map.example.org.", "map.example.org"),
        ("map.example.org.:80", "map.example.org"),
        ("127.0.0.1:0", "127.0.0.1"),
        ("[::1]", "[::1]"),
        ("[::1]:65535", "[::1]"),
        ("[0:0:0:0:0:0:0:1]", "[::1]"),
        ("[::ffff:127.0.0.1]", "[::ffff:7f00:1]"),
        ("xn--e1afmkfd.example", "xn--e1afmkfd.example"),
        ("under_score", "under_score"),
        *(
            (invalid, None)
            for invalid in (
                "",
                ".",
                "..",
                " localhost",
                "localhost ",
                "localhost..",
                ".localhost",
                "map..example.org",
                "localhost:",
                "localhost:x",
                "localhost:80x",
                "localhost:-1",
                "localhost:65536",
                "localhost:123456",
                "localhost:80:80",
                "localhost:٣",
                "localhost\n",
                "a@localhost",
                "localhost/",
                "localhost?x",
                "localhost#x",
                "localhost,evil.example",
                "localhost%00",
                "evil.example\\localhost",
                "[::1].evil.example",
                "[::1]evil.example",
                "[::1]:80.evil.example",
                "[::1",
                "::1",
                "[]",
                "[:]",
                "[localhost]",
                "[127.0.0.1]",
                "[::1%eth0]",
                "[fe80::1%25lo]",
                "[[::1]]",
                "ümlaut.example",
                "x" * 64,
            )
        ),
    ],
)
def test_host_is_parsed_strictly(header: str, host: str | None) -> None:
    assert parse_host(header) == host


@pytest.mark.parametrize(
    ("headers", "allowed", "expected"),
    [
        (["map.example.org:8443"], {"map.example.org"}, True),
        (["evil.example"], {"map.example.org"}, False),
        (["evil.example"], {"*"}, True),
        (["[::1].evil.example"], {"*"}, False),
        ([], {"*"}, False),
        (["localhost", "localhost"], LOOPBACK_HOSTS, False),
        (["localhost", "evil.example"], {"*"}, False),
    ],
)
def test_request_names_one_allowed_host(headers: list[str], allowed: frozenset[str], *, expected: bool) -> None:
    scope = {"type": "http", "headers": [(b"host", header.encode()) for header in headers]}
    assert is_host_allowed(scope, frozenset(allowed)) is expected


def test_hosts_of_the_settings() -> None:
    assert allowed_hosts(["Map.Example.org.", "2001:DB8::1", "*"], "::") - LOOPBACK_HOSTS == {
        "map.example.org",
        "[2001:db8::1]",
        "[::]",
        "*",
    }
    assert allowed_hosts([], "fe80::1%lo") == LOOPBACK_HOSTS
    for wrong in ("https://map.example.org", "map.example.org/", "*.example.org"):
        with pytest.raises(UserError, match="is not a host name"):
            allowed_hosts([wrong], "127.0.0.1")


@pytest.mark.parametrize("host", ["[::1].evil.example", "localhost..", "localhost:x", "evil.example"])
def test_application_refuses_other_hosts_at_every_kind_of_address(client: TestClient, host: str) -> None:
    tile = "/api/collections/events/tiles/WebMercatorQuad/8/88/154"
    for path in ("/", "/livez", "/static/css/tokens.css", "/api/openapi.json", tile):
        assert client.get(path, headers={"Host": host}).status_code == 400, path
