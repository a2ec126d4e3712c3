"""Raw bytes as query strings and bodies of every route: never a server error, and unreadable
parameters are refused by name everywhere.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from dataclasses import dataclass
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_from_bytes

import pytest
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.members import Member
from app.access.roles import Role
from app.models import Account
from app.parsing.query import LONGEST_VALUE, MOST_PARAMETERS, MOST_VALUES, InvalidQuery, parse_query
from tests.accounts.conftest import stored_password
from tests.accounts.test_matrix import address_of, routes_of
from tests.review.conftest import DRAFT
from tests.sampling import IS_LONG
from tests.submissions.test_fuzz import odd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

    from fastapi.testclient import TestClient

    from app.database.session import Sessions

# There are more than a hundred routes.
EXAMPLES: Final = settings().max_examples * (20 if IS_LONG else 4)

# Parameters of routes and pages.
NAMES: Final = (
    *("kind", "state", "priority", "assigned", "category", "origin", "waiting_hours", "after", "limit", "q", "side"),
    *("verification", "source_class", "near", "place", "datetime", "bbox", "cursor", "from", "to", "lang", "done"),
    *("event", "at", "state_at", "assessor", "position", "status", "advance", "next", "geonameid", "text", "fbclid"),
)
UNREADABLE: Final[dict[str, tuple[bytes, str]]] = {
    "NUL": (b"after=%00", "after"),
    "NUL within": (b"lang=en&q=a%00b", "q"),
    "lone surrogate": (b"category=%ED%A0%80", "category"),
    "not UTF-8": (b"state=%FF", "state"),
    "not percent-encoded": (b"q=\xd0\x9f", "q"),
    "NUL in a name": (b"a%00=1", "a\N{SYMBOL FOR NULL}"),
    "too long": (b"q=" + b"a" * (LONGEST_VALUE + 1), "q"),
    "1 500 times": (b"&".join([b"a=1"] * 1500), "query"),
    "51 times": (b"&".join([b"kind=footage"] * (MOST_VALUES + 1)), "kind"),
    "too many": (b"&".join(b"p%d=1" % number for number in range(MOST_PARAMETERS + 1)), "query"),
}


@dataclass(frozen=True)
class Answer:
    """The response to a request that was sent without an HTTP client, which would mend it."""

    status: int
    body: bytes


@dataclass(frozen=True)
class RawClient:
    """Sends requests to an application, with exactly the given bytes."""

    app: FastAPI
    runner: asyncio.Runner

    def ask(
        self, method: str, path: str, *, query: bytes = b"", body: bytes = b"", kind: str = "", accept: str = ""
    ) -> Answer:
        headers = {"Host": "localhost", "Content-Length": str(len(body)), "Content-Type": kind, "Accept": accept}
        return self.runner.run(_answer(self.app, method, path, query, body, headers))


async def _answer(app: FastAPI, method: str, path: str, query: bytes, body: bytes, headers: dict[str, str]) -> Answer:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items() if value],
        "client": ("127.0.0.1", 5000),
        "server": ("localhost", 80),
    }
    sent: list[dict[str, Any]] = []
    parts = [{"type": "http.request", "body": body, "more_body": False}]
    is_answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if parts:
            return parts.pop()
        await is_answered.wait()  # the client stays
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(dict(message))

    await app(scope, receive, send)
    is_answered.set()
    start, *rest = sent
    return Answer(start["status"], b"".join(part.get("body", b"") for part in rest))


@pytest.fixture
def desk(app: FastAPI, sessions: Sessions) -> Iterator[RawClient]:
    """A client of an administrator, who may use every route."""
    member = Member(uuid.uuid4(), "somebody", Role.ADMIN)
    with sessions.writing() as session, session.begin():
        session.add(Account(id=member.id, name=member.name, role=member.role, password_hash=stored_password()))
    app.state.authenticate = lambda _: member
    with asyncio.Runner() as runner:
        yield RawClient(app, runner)


def every_route(app: FastAPI) -> list[tuple[str, str]]:
    """Returns method and path of every route that reads the database or a body."""
    left_out = {"/livez", "/readyz", "/api/openapi.json"}
    return sorted({(method, address_of(route.path)) for method, route in routes_of(app) if route.path not in left_out})


@pytest.mark.parametrize("query", [*UNREADABLE.values()], ids=[*UNREADABLE])
def test_parser_names_the_parameter_that_it_refuses(query: tuple[bytes, str]) -> None:
    with pytest.raises(InvalidQuery) as refused:
        parse_query(query[0])
    assert refused.value.parameter == query[1]


def test_parser_reads_what_a_browser_sends() -> None:
    assert parse_query(b"q=%D0%9F%D0%BE+%25&kind=footage&kind=problem&empty=") == [
        ("q", "По %"),
        *(("kind", "footage"), ("kind", "problem"), ("empty", "")),
    ]


@pytest.mark.sampled
def test_every_route_refuses_parameters_that_cannot_be_read(desk: RawClient) -> None:
    queries = cycle(UNREADABLE.values())
    wrong = {
        (method, path, query[:60]): answer.status
        for method, path in every_route(desk.app)
        for query, _ in (UNREADABLE.values() if IS_LONG else islice(queries, 1))
        if (answer := desk.ask(method, path, query=query)).status != 400 or b"parameter" not in answer.body
    }
    assert not wrong


def percent(raw: bytes) -> bytes:
    return quote_from_bytes(raw, safe="").encode()


a_value = st.one_of(
    st.binary(max_size=40).map(percent),
    st.text(max_size=40).map(lambda text: percent(text.encode("utf-8", "surrogatepass"))),
    st.sampled_from([b"%00", b"0001-01-01", b"9999-12-31", b"-1", b"1e400", b"0x1", b"..", b"WyIxIl0", b"me", b"[]"]),
)
a_query = st.lists(
    st.tuples(st.sampled_from(NAMES), a_value).map(lambda pair: pair[0].encode() + b"=" + pair[1]), max_size=4
).map(b"&".join) | st.binary(max_size=60)
a_body = st.one_of(
    st.binary(max_size=200),
    odd.map(lambda value: json.dumps(value).encode()),
    st.dictionaries(st.sampled_from(["form_token", "name", "password", "code", "role", "id", "title"]), a_value).map(
        lambda fields: b"&".join(name.encode() + b"=" + value for name, value in fields.items())
    ),
)
a_kind = st.sampled_from(
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""]
)


@pytest.mark.hypothesis
@pytest.mark.sampled
def test_no_bytes_cause_a_server_error(desk: RawClient, record_property: Callable[[str, int], None]) -> None:
    failed: list[str] = []
    tried = 0

    @settings(suppress_health_check=list(HealthCheck), max_examples=EXAMPLES)
    @given(
        route=st.sampled_from(every_route(desk.app)),
        query=a_query,
        body=a_body,
        kind=a_kind,
        accept=st.sampled_from(["", "text/html"]),
    )
    def try_one(route: tuple[str, str], query: bytes, body: bytes, kind: str, accept: str) -> None:
        nonlocal tried
        tried += 1
        method, path = route
        if method in {"GET", "HEAD"}:
            body, answer = b"", desk.ask(method, path, query=query, accept=accept)
        else:  # these read the body, and no query
            answer = desk.ask(method, path, body=body, kind=kind, accept=accept)
        if answer.status >= 500:
            failed.append(f"{answer.status} {method} {path}?{query!r} {kind} {body!r}")

    try_one()
    record_property("cases", tried)
    assert not failed


odd_geometry = st.one_of(
    odd,
    st.fixed_dictionaries(
        {"type": odd | st.sampled_from(["Point", "Polygon", "GeometryCollection"])}, optional={"coordinates": odd}
    ),
)


@pytest.mark.hypothesis
@settings(suppress_health_check=list(HealthCheck))
@given(geometry=odd_geometry)
def test_odd_geometries_are_refused(client: TestClient, geometry: Any) -> None:
    client.app.state.authenticate = lambda _: Member(uuid.UUID(int=1), "Somebody", Role.EDITOR)  # type: ignore[attr-defined]
    body = json.dumps(DRAFT | {"geometry": geometry})
    response = client.post("/api/desk/events/check", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code in {200, 400, 422}, response.text


@pytest.mark.parametrize("kind", [["Point"], {"a": 1}, 7, None, True])
def test_type_of_a_geometry_must_be_text(desk: RawClient, kind: Any) -> None:
    body = json.dumps(DRAFT | {"geometry": {"type": kind, "coordinates": [37, 48]}}).encode()
    answer = desk.ask("POST", "/api/desk/events/check", body=body, kind="application/json")
    assert answer.status == 422
    assert json.loads(answer.body)["errors"][0]["field"] == "/geometry"
