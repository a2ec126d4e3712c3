"""The examples in docs/desk.md work, and every route that the desk's pages use is documented."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

from app.access.rights import RIGHTS
from app.settings import PROJECT_DIRECTORY
from tests.desk.test_imports import Imported

if TYPE_CHECKING:
    from tests.builders import Builder
    from tests.desk.conftest import Send
    from tests.review.conftest import Desk

DOCUMENT = (PROJECT_DIRECTORY / "docs" / "desk.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"""^desk\ (?:-X\ (?P<method>[A-Z]+)\ )?"\$MAP(?P<path>[^"]+)"(?:\ -H\ 'If-Match:\ "(?P<version>\d+)"')?
    (?:\ -d\ '(?P<body>.*?)')?\s*(?:\#.*)?$""",
    re.MULTILINE | re.DOTALL | re.VERBOSE,
)
SCRIPTS = PROJECT_DIRECTORY / "static" / "js"


def examples(names: dict[str, str]) -> list[tuple[str, str, str | None, Any]]:
    """Returns the requests in the document: method, path, version, body. Replaces `$NAMES` as a
    shell does.
    """
    (shell,) = re.findall(r"```sh\n(.*?)```", DOCUMENT, re.DOTALL)
    for name, value in names.items():
        shell = shell.replace(f"'\"${name}\"'", value).replace(f"'${name}'", value).replace(f"${name}", value)
    # A replaced name inside a body continues the text after the closing quote.
    requests = []
    for one in re.split(r"^(?=desk (?:-X [A-Z]+ )?\")", shell, flags=re.MULTILINE)[1:]:
        match = EXAMPLE.match(one.strip())
        assert match, one
        body = match["body"]
        method = match["method"] or ("POST" if body else "GET")
        requests.append((method, match["path"], match["version"], json.loads(body) if body else None))
    return requests


def test_every_example_in_desk_md_works(ann: Desk, bea: Desk, send: Send, build: Builder) -> None:
    event = ann.draft()
    imported = Imported(build, at=(30.5, 50.4))
    version = str(imported.seen_by(ann)["version"])
    sent = [send(footage_urls=[f"https://t.me/a/{n}"], confirm=["near-duplicate", "same-footage"]) for n in range(3)]
    ids = {"ask": sent[0].id, "reject": sent[1].id, "merge": sent[2].id}
    source = build.source(uuid.UUID(event["id"]))
    requests = examples({"EVENT": event["id"], "IMPORT": str(imported.id), "SOURCE": str(source)})
    assert len(requests) >= 10
    for method, path, seen, body in requests:
        act = path.rpartition("/")[2]
        filled_path = path.replace("$ID", ids.get(act, sent[0].id))
        if "$ID" in path and seen:  # replace the version of the example with the current one
            seen = str(ann.ask("GET", filled_path.rpartition("/")[0]).json()["version"])
        if filled_path.startswith("/api/desk/imports") and seen:
            seen = version
        if isinstance(body, dict) and "events" in body:
            body["events"][0]["version"] = ann.ask("GET", f"/api/desk/events/{event['id']}").json()["version"]
        response = ann.ask(method, filled_path, body, int(seen) if seen else None)
        assert response.status_code == 200, (filled_path, response.text)


def test_every_route_of_the_desk_is_documented() -> None:
    content = re.sub(r"\{[^}]*\}|\$[A-Z]+", "{}", DOCUMENT)
    for route in RIGHTS:
        _, template = route.split(" ")
        if not template.startswith("/api/desk/") or template == "/api/desk/me":
            continue
        path = re.sub(r"\{[^}]*\}", "{}", template)
        parent, _, last = path.rpartition("/")
        is_documented = (
            path in content
            or (last != "{}" and f"…/{last}" in content)
            or (last == "{}" and parent.rpartition("/")[2] in content)
        )
        assert is_documented, route


def test_pages_request_only_existing_routes() -> None:
    templates = {re.sub(r"\{[^}]*\}", "*", route.split(" ")[1]) for route in RIGHTS}
    used_paths = set()
    for script in [*SCRIPTS.glob("desk-*.js"), *(SCRIPTS / "ui").glob("desk-*.js")]:
        source = script.read_text("utf-8")
        for plain, filled in re.findall(r"""desk\s*\.request\(\s*"[A-Z]+",\s*(?:"([^"]+)"|`([^`]+)`)""", source):
            used_paths.add("/api/desk/" + re.sub(r"\$\{[^}]*\}", "*", plain or filled).split("?")[0])
    assert len(used_paths) > 5
    unknown = {path for path in used_paths if not any(_fits(path, template) for template in templates)}
    assert unknown == set()


def _fits(path: str, template: str) -> bool:
    """Returns whether a path with placeholders (`*`) matches a template; a placeholder may span
    several segments.
    """
    pattern = re.escape(path).replace(r"\*", ".+")
    return re.fullmatch(pattern, template) is not None
