"""The OpenAPI description agrees with the API."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import httpx2
from sqlalchemy import text

from app.access.members import Member
from app.access.roles import Role
from app.models import Event, Submission
from app.pages.docs_page import body_examples
from tests.waiting import SECONDS

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

    from tests.builders import Builder
    from tests.conftest import Served


def description(client: TestClient) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/api/openapi.json").json()
    return described


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_has_summary_and_error_responses(client: TestClient) -> None:
    for path, method, operation in operations(description(client)):
        assert path.startswith("/api/"), path
        assert operation["description"], (path, method)
        assert {"4XX", "5XX"} <= set(operation["responses"])
        assert "422" not in operation["responses"]
    names = [operation["operationId"] for _, _, operation in operations(description(client))]
    assert len(names) == len(set(names))


# The state of the event that a desk operation needs before its example is sent.
STATES = {"submit": "draft", "return": "in_review", "publish": "in_review", "restore": "withdrawn"}


def sent_in(build: Builder, event: uuid.UUID, **others: Any) -> uuid.UUID:
    """Inserts a waiting submission of the kind that `others` sets."""
    made = Submission(
        id=uuid.uuid4(),
        tracking_hash=others.pop("tracking_hash", uuid.uuid4().bytes * 2),
        footage_urls=["https://t.me/example_channel/7"],
        spot="SRID=4326;POINT(37.1 48.2)",
        happened_from=dt.datetime(2025, 7, 21, tzinfo=dt.UTC),
        happened_to=dt.datetime(2025, 7, 22, tzinfo=dt.UTC),
        time_precision="day",
        event_id=event,
        problem_kind="other",
        **({"kind": "footage"} | others),
    )
    build.session.add(made)
    build.session.commit()
    return made.id


def desk_address(path: str, build: Builder) -> str:
    """Fills a path template of the desk with ids of existing records."""
    name = path.rpartition("/")[2]
    if "{submission_id}" in path:
        sent = sent_in(build, build.event(), kind="problem" if name == "settle" else "footage")
        return path.replace("{submission_id}", str(sent))
    if "/imports/" in path:
        aside: dict[str, Any] = {}
        if name == "reopen":
            aside = {"set_aside_at": dt.datetime.now(dt.UTC), "set_aside_by_name": "Ann"}
        return path.replace("{event_id}", str(build.event(state="draft", import_digest=b"row", **aside)))
    event = build.event(state=STATES.get(name, "published"))
    if name in {"show", "keep-hidden"}:
        build.session.execute(text("SELECT set_config('frontline.member', '', true)"))  # another member hid the event
        build.session.get_one(Event, event).hidden_at = dt.datetime.now(dt.UTC)
    source = build.source(event, f"https://example.org/{event}")
    filled = path.replace("{event_id}", str(event)).replace("{source_id}", str(source))
    if "{claim_id}" in path:
        filled = filled.replace("{claim_id}", str(build.claim(event)))
    if "{area_id}" in path:
        filled = filled.replace("{area_id}", str(build.area()))
    build.session.commit()
    return filled


def test_every_body_example_is_accepted(app: FastAPI, client: TestClient, build: Builder) -> None:
    event = build.event(at=(1, 1))
    sent = 0
    editor = Member(uuid.uuid4(), "Edi", Role.EDITOR)
    app.state.authenticate = lambda request: editor if request.url.path.startswith("/api/desk/") else None
    described = description(client)
    for path, method, operation in operations(described):
        if "requestBody" not in operation:
            continue
        assert set(operation["requestBody"]["content"]) == {"application/json"}
        examples = body_examples(operation, described)
        assert examples, f"{method} {path} has no example"
        for example in examples:
            value = dict(example)
            if "event_id" in value:  # ids are random, so the id of the example does not exist here
                value["event_id"] = str(event)
            if "other_id" in value:
                value["other_id"] = str(event)
            if "events" in value:
                version = client.get(f"/api/desk/events/{event}").json()["version"]
                value["events"] = [{"id": str(event), "version": version}]
            address, headers = path, {}
            if "{code}" in path:
                codes = app.state.submission_services.codes
                code = codes.new()
                sent_in(build, event, tracking_hash=codes.code_hash(code), state="question")
                address = path.replace("{code}", code)
            if path.startswith("/api/desk/") and "{" in path:
                address = desk_address(path, build)
                # An event has a separate address under each of its parts.
                seen = address if "/sources/" in path else "/".join(address.split("/")[:5])
                seen = f"{seen}/claims" if "{area_id}" in path else seen
                headers["If-Match"] = client.get(seen).headers["ETag"]
            response = client.request(method, address, json=value, headers=headers)
            assert response.status_code in {200, 201, 202}, (path, response.text)
            sent += 1
    assert sent >= 1


def test_every_parameter_example_is_accepted(demo_server: Served, app: FastAPI, client: TestClient) -> None:
    tried = 0
    editor = Member(uuid.uuid4(), "Edi", Role.EDITOR)
    app.state.authenticate = lambda request: editor if request.url.path.startswith("/api/desk/") else None
    with httpx2.Client(base_url=demo_server.url, timeout=SECONDS) as public:
        for path, method, operation in operations(public.get("/api/openapi.json").json()):
            parameters = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "query"]
            examples = {parameter["name"]: parameter["schema"].get("examples", []) for parameter in parameters}
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "path" and parameter["schema"].get("examples"):
                    path = path.replace(f"{{{parameter['name']}}}", str(parameter["schema"]["examples"][0]))
            required = {parameter["name"] for parameter in parameters if parameter["required"]}
            assert all(examples[name] for name in required), f"{path} needs an example of each of {required}"
            needed = {name: examples[name][0] for name in required}
            for name in examples:
                for example in examples[name]:
                    # Desk operations are requested by a member; only this client is signed in.
                    requester = client if path.startswith("/api/desk/") else public
                    response = requester.request(method, path, params=needed | {name: example})
                    assert response.status_code == 200, (path, name, response.text)
                    tried += 1
    assert tried >= 5


def test_documentation_lists_every_operation(client: TestClient) -> None:
    page = client.get("/api/docs").text
    for path, _, operation in operations(description(client)):
        assert path in page
        assert f'id="{operation["operationId"]}"' in page
