"""`deploy/nginx.conf` in a real nginx: caching, refused requests, and replaced headers."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx2
import pytest
from sqlalchemy import text

from app.http.admission import BODY_LIMIT_BYTES
from app.settings import PROJECT_DIRECTORY
from tests.conftest import Served, load_demo_into, make_settings, serving
from tests.running_server import running_server
from tests.submissions.test_submit import body
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
TILE = "/api/collections/events/tiles/WebMercatorQuad/8/88/154"
PATIENCE_SECONDS = 60
# The configuration says one second.
GONE_WITHIN_SECONDS = 5.0

pytestmark = pytest.mark.skipif(
    NGINX is None, reason="nginx is missing: deploy/nginx.conf is NOT tested (scripts/setup test brings nginx)"
)

MAIN = """
daemon off;
pid {folder}/nginx.pid;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/frontline.conf;
}}
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def proxying(upstream: str, folder: Path, *changes: tuple[str, str]) -> Iterator[str]:
    """Runs nginx with the project's configuration in front of a server until the block ends; yields
    its URL.

    Args:
        upstream: URL of the server.
        folder: for the files of nginx.
        changes: further texts of the configuration, and what replaces them.
    """
    port = free_port()
    site = (PROJECT_DIRECTORY / "deploy" / "nginx.conf").read_text("utf-8")
    for ours, here in (
        ("    server 127.0.0.1:8000;", f"    server {upstream.removeprefix('http://')};"),
        (
            "    listen 80;\n    listen [::]:80;\n    server_name map",
            f"    listen 127.0.0.1:{port};\n    server_name map",
        ),
        ("proxy_cache_path /var/cache/frontline-nginx", f"proxy_cache_path {folder}/cache"),
        ("error_log /var/log/nginx/error.log crit;", "error_log stderr crit;"),
        *changes,
    ):
        assert site.count(ours) == 1, ours
        site = site.replace(ours, here)
    (folder / "frontline.conf").write_text(site)
    # Without this, nginx as root starts its workers as a user who cannot read the test's folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + MAIN.format(folder=folder))
    assert NGINX is not None
    with (folder / "nginx.log").open("wb") as log:
        nginx = subprocess.Popen(
            [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-g", "error_log stderr crit;"], stderr=log
        )
        try:
            wait_until(lambda: answers(port) or nginx.poll() is not None, "nginx to start")
            assert nginx.poll() is None, (folder / "nginx.log").read_text()
            yield f"http://127.0.0.1:{port}"
        finally:
            nginx.terminate()
            nginx.wait(timeout=PATIENCE_SECONDS)


def answers(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@dataclass
class Upstream:
    """A server that answers every request and records it."""

    url: str = ""
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        length, more = 0, True
        while more:
            message = await receive()
            length += len(message.get("body", b""))
            more = message.get("more_body", False)
        self.requests.append((scope["method"], scope["path"], length))
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    recorder = Upstream()
    with running_server(recorder, lifespan="off") as port:
        recorder.url = f"http://127.0.0.1:{port}"
        yield recorder


@pytest.fixture
def recorded(upstream: Upstream, tmp_path: Path) -> Iterator[str]:
    """The URL of nginx in front of the recording server."""
    with proxying(upstream.url, tmp_path) as address:
        yield address


@dataclass(frozen=True)
class Map:
    """The map behind nginx."""

    url: str
    served: Served

    def get(self, path: str, **headers: str) -> httpx2.Response:
        return httpx2.get(self.url + path, timeout=PATIENCE_SECONDS, headers={"Host": "localhost"} | headers)


@pytest.fixture(scope="module")
def demo(demo_server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Map]:
    """The demo behind nginx; tests only read from it."""
    with proxying(demo_server.url, tmp_path_factory.mktemp("nginx")) as address:
        wait_for_the_cache(demo_server)
        yield Map(address, demo_server)


@pytest.fixture
def demo_copy(database: DatabaseUrls, theatre: Theatre, tmp_path: Path) -> Iterator[Map]:
    """A demo of the test's own behind nginx, with a low limit of submissions a minute."""
    load_demo_into(database, theatre)
    settings = make_settings(tmp_path, trusted_proxies=("127.0.0.1",), submissions_per_minute=2)
    (tmp_path / "nginx").mkdir()
    with serving(database, theatre, settings) as served, proxying(served.url, tmp_path / "nginx") as address:
        wait_for_the_cache(served)
        yield Map(address, served)


def wait_for_the_cache(served: Served) -> None:
    """Waits until the server listens for changes and answers tiles from its cache."""
    wait_until(
        lambda: "nonce" not in httpx2.get(served.url + TILE).headers["content-security-policy"],
        "the tile cache to start",
    )


def status_of(response: httpx2.Response) -> str | None:
    return response.headers.get("x-cache-status")


def test_cached_tile_does_not_reach_the_server(demo: Map) -> None:
    while True:  # a slow machine may need longer than the second for which a tile is cached
        first, second = demo.get(TILE), demo.get(TILE)
        if status_of(second) == "HIT":
            break
    assert first.content == second.content != b""
    assert first.headers["x-request-id"] == second.headers["x-request-id"]  # the same response of the server
    assert second.headers["cache-control"] == "no-cache"
    again = demo.get(TILE, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert status_of(demo.get(TILE, Authorization="Bearer x")) == "BYPASS"
    head = httpx2.head(demo.url + TILE, headers={"Host": "localhost"}, timeout=PATIENCE_SECONDS)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", first.headers["etag"])


def test_each_encoding_gets_its_own_bytes(demo: Map) -> None:
    plain = demo.get(TILE, **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    for accepted in ("gzip, deflate", "br, gzip", "gzip;q=1.0, *;q=0", "gzip;q=0.5"):
        packed = demo.get(TILE, **{"Accept-Encoding": accepted})
        assert packed.headers["content-encoding"] == "gzip", accepted
        assert packed.content == plain.content
    for accepted in ("gzip;q=0", "br; q=0, gzip ; q=0.0", "deflate"):
        assert "content-encoding" not in demo.get(TILE, **{"Accept-Encoding": accepted}).headers, accepted


def part_of(demo: Map, manifest: str) -> str:
    """Returns the address of the first part that a manifest lists."""
    parts = wait_until(lambda: httpx2.get(demo.served.url + manifest).json()["parts"], "the manifest to list parts")
    return str(parts[0]["url"])


def test_what_is_hidden_for_safety_leaves_the_cache_within_seconds(demo_copy: Map) -> None:
    column_part = part_of(demo_copy, "/api/collections/events/columns/parts")
    history_part = part_of(demo_copy, "/api/territory/history")
    addresses = (TILE, column_part, history_part)
    before = {address: demo_copy.get(address) for address in addresses}
    assert all(answer.content for answer in before.values())
    for part in (column_part, history_part):
        assert before[part].headers["cache-control"] == "public, max-age=300, must-revalidate"
    # The content did not change: the server confirms the copy of nginx.
    for address in addresses:
        wait_until(lambda: status_of(demo_copy.get(address)) == "REVALIDATED", f"{address} to be revalidated")  # noqa: B023 - called at once

    with demo_copy.served.engines.writing.begin() as connection:
        connection.execute(text("SELECT set_config('frontline.role', 'editor', true)"))
        connection.execute(text("UPDATE frontline.event SET hidden_at = now(), hidden_note = 'for a test'"))
        connection.execute(text("UPDATE frontline.origin SET public = false"))
    wait_until(lambda: not httpx2.get(demo_copy.served.url + TILE).content, "the tile to be empty at the server")
    gone_at_the_server = time.monotonic()
    wait_until(lambda: not demo_copy.get(TILE).content, "the tile to be empty")
    for part in (column_part, history_part):
        wait_until(lambda: demo_copy.get(part).status_code == 410, f"{part} to be gone")  # noqa: B023 - called at once
    assert time.monotonic() - gone_at_the_server < GONE_WITHIN_SECONDS
    # A client that has it learns this, too.
    for address in addresses:
        again = demo_copy.get(address, **{"If-None-Match": before[address].headers["etag"]})
        assert again.status_code == (200 if address == TILE else 410)


def test_static_files_are_cached_as_their_headers_allow(demo: Map) -> None:
    page = demo.get("/").text
    versioned = page[page.index("/static/") :].partition('"')[0]
    first, second = demo.get(versioned), demo.get(versioned)
    assert [status_of(one) for one in (first, second)] == ["MISS", "HIT"]
    assert first.headers["x-request-id"] == second.headers["x-request-id"]
    assert "immutable" in second.headers["cache-control"]
    unversioned = "/static/css/tokens.css"
    answers = [demo.get(unversioned) for _ in range(2)]
    assert [one.status_code for one in answers] == [200, 200]
    assert "HIT" not in map(status_of, answers)


def test_pages_and_the_desk_are_never_cached(demo: Map) -> None:
    for path in ("/", "/desk", "/sign-in", "/submit", "/track", "/about", "/api/desk/queue", "/api/collections"):
        first, second = demo.get(path), demo.get(path)
        assert first.status_code == second.status_code, path
        assert status_of(first) is status_of(second) is None, path
        assert first.headers["x-request-id"] != second.headers["x-request-id"], path


def test_errors_are_not_cached(demo: Map) -> None:
    for _ in range(2):
        refused = demo.get(f"{TILE}?category=quagga")
        assert (refused.status_code, refused.json()["parameter"]) == (400, "category")
        assert status_of(refused) == "MISS"


def test_rate_limits_count_the_client_address(demo_copy: Map) -> None:
    def submit(number: int, from_address: str) -> int:
        transport = httpx2.HTTPTransport(local_address=from_address)
        with httpx2.Client(transport=transport, base_url=demo_copy.url) as client:
            return client.post(
                "/api/submissions",
                json=body(idempotency_key=f"number {number}", confirm=["near-duplicate", "same-footage"]),
                headers={"Host": "localhost", "X-Forwarded-For": f"203.0.113.{number}", "Forwarded": "for=203.0.113.9"},
            ).status_code

    assert [submit(number, "127.0.0.1") for number in range(3)] == [202, 202, 429]
    assert submit(4, "127.0.0.2") == 202


def test_forwarding_headers_of_clients_are_replaced(recorded: str, upstream: Upstream) -> None:
    httpx2.get(
        f"{recorded}/page",
        headers={
            "Host": "map.example.org:8443",
            "X-Forwarded-For": "203.0.113.7",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "evil.example",
            "Forwarded": "for=203.0.113.7;proto=https",
            "Connection": "X-Private",
            "TE": "trailers",
            "Upgrade": "websocket",
            "X-Private": "1",
        },
    )
    (headers,) = upstream.headers
    assert headers["host"] == "map.example.org:8443"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"
    assert not {"x-forwarded-host", "forwarded", "te", "upgrade", "connection", "keep-alive"}.intersection(headers)


def test_connections_to_the_server_are_reused(recorded: str, upstream: Upstream) -> None:
    with httpx2.Client(base_url=recorded) as client:
        for number in range(3):
            client.get(f"/{number}")
    assert not any("close" in headers.get("connection", "") for headers in upstream.headers)
    assert [path for _, path, _ in upstream.requests] == ["/0", "/1", "/2"]


def test_incomplete_body_does_not_reach_the_server(recorded: str, upstream: Upstream) -> None:
    host, port = recorded.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500)
        assert httpx2.post(f"{recorded}/whole", content=b"x" * 1000).text == "ok"
        assert upstream.requests == [("POST", "/whole", 1000)]
    # The client closed the connection.
    assert httpx2.get(f"{recorded}/after").text == "ok"
    assert [path for _, path, _ in upstream.requests] == ["/whole", "/after"]


def test_too_large_body_is_refused(recorded: str, upstream: Upstream) -> None:
    assert httpx2.post(f"{recorded}/fits", content=b"x" * BODY_LIMIT_BYTES).text == "ok"
    refused = httpx2.post(f"{recorded}/large", content=b"x" * (BODY_LIMIT_BYTES + 1))
    assert (refused.status_code, refused.headers["content-type"]) == (413, "application/problem+json")
    assert refused.json()["type"] == "/problems/too-large"
    assert upstream.requests == [("POST", "/fits", BODY_LIMIT_BYTES)]


@pytest.mark.parametrize(
    ("path_bytes", "header_bytes", "expected"),
    [
        (8_192, [1], (200, None)),
        (10_000, [1], (414, "/problems/url-too-long")),
        (10, [8_000] * 5, (200, None)),
        (10, [8_000] * 7, (431, "/problems/headers-too-large")),
        (10, [10_000], (431, "/problems/headers-too-large")),
    ],
    ids=["longest address", "too long", "large headers", "too large", "one too large"],
)
def test_address_and_headers_are_limited(
    recorded: str, upstream: Upstream, path_bytes: int, header_bytes: list[int], expected: tuple[int, str | None]
) -> None:
    host, port = recorded.removeprefix("http://").split(":")
    headers = "".join(f"X-{number}: {'x' * length}\r\n" for number, length in enumerate(header_bytes))
    request = f"GET /{'x' * (path_bytes - 1)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    with socket.create_connection((host, int(port)), PATIENCE_SECONDS) as connection:
        connection.sendall(request.encode())
        with connection.makefile("rb") as answer:
            status, whole = int(answer.readline().split()[1]), answer.read()
    problem = json.loads(whole.partition(b"\r\n\r\n")[2])["type"] if status != 200 else None
    assert (status, problem) == expected
    assert len(upstream.requests) == (1 if status == 200 else 0)


def test_open_requests_of_one_client_are_limited(upstream: Upstream, tmp_path: Path) -> None:
    counted = ('"~^127\\."                                  "";', "")
    limit = ("limit_conn frontline_clients 128;", "limit_conn frontline_clients 3;")
    half = b"POST /half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx"

    def ask(url: str, from_address: str) -> httpx2.Response:
        with httpx2.Client(transport=httpx2.HTTPTransport(local_address=from_address), base_url=url) as client:
            return client.get("/")

    with proxying(upstream.url, tmp_path, counted, limit) as url, ExitStack() as stack:
        host, port = url.removeprefix("http://").split(":")
        for _ in range(3):
            connection = stack.enter_context(socket.create_connection((host, int(port)), PATIENCE_SECONDS))
            connection.sendall(half)
        wait_until(lambda: ask(url, "127.0.0.1").status_code == 429, "the limit to be reached")
        refused = ask(url, "127.0.0.1")
        assert refused.json()["type"] == "/problems/too-many-requests"
        assert refused.headers["retry-after"] == "1"
        assert ask(url, "127.0.0.2").text == "ok"
        stack.close()
        wait_until(lambda: ask(url, "127.0.0.1").status_code == 200, "the connections to be forgotten")


def test_programs_on_this_machine_are_not_counted(recorded: str) -> None:
    host, port = recorded.removeprefix("http://").split(":")
    with ExitStack() as stack:
        for _ in range(200):
            connection = stack.enter_context(socket.create_connection((host, int(port)), PATIENCE_SECONDS))
            connection.sendall(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")
        assert httpx2.get(f"{recorded}/", timeout=PATIENCE_SECONDS).text == "ok"


def test_server_that_is_down_is_503(tmp_path: Path) -> None:
    with proxying(f"http://127.0.0.1:{free_port()}", tmp_path) as address:
        down = httpx2.get(f"{address}/")
    assert (down.status_code, down.headers["content-type"]) == (503, "application/problem+json")
    assert down.json()["status"] == 503
    assert down.headers["retry-after"] == "5"
