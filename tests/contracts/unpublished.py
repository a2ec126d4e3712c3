"""Work that is not public, of every kind: what strangers send, what members do, what is imported.

The differential test (`test_differential.py`) does all of it in one of two copies of a database.
Add to `WORK` whatever a new feature lets people do before publication.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.access.roles import Role
from app.accounts import administration
from app.accounts.passwords import Passwords
from app.database.engines import Engines
from app.database.session import Sessions
from app.desk.schemas import TwinCode
from app.exchange.importing import ImportOptions, import_files
from app.exchange.origins import OriginTerms
from app.models import Event, EventPlace, Submission
from app.theatre import Theatre
from tests.builders import Builder, moment
from tests.review.conftest import DRAFT, EVENTS, Desk
from tests.submissions.test_submit import body as footage

# A link that no public event has, and the link of the public event.
NEW_LINK: Final = "https://t.me/quagga/77"
PUBLIC_LINK: Final = "https://t.me/zebra/1"
QUESTION: Final = {"question": "Quagga?"}


@dataclass(frozen=True)
class PublicIds:
    """The ids of the events that both copies have: two public ones, a withdrawn and a hidden one,
    an imported one that nobody vouched for, and one under an embargo.
    """

    zebra: uuid.UUID
    other: uuid.UUID
    withdrawn: uuid.UUID
    hidden: uuid.UUID
    imported: uuid.UUID
    embargoed: uuid.UUID


@dataclass(frozen=True)
class Copy:
    """One copy of the database, with an application on it."""

    app: FastAPI
    client: TestClient
    sessions: Sessions
    engines: Engines
    theatre: Theatre
    directory: Path
    ids: PublicIds

    def desk(self, name: str) -> Desk:
        """Returns the desk as a member uses it."""
        return Desk(self.client, name)

    def ask(self, name: str, method: str, path: str, body: Any = None, version: int | None = None) -> Any:
        """Sends a request of a member, which must succeed."""
        response = self.desk(name).ask(method, path, body, version)
        assert response.status_code < 300, (method, path, response.text)
        return response.json()

    def versioned(self, name: str, method: str, path: str, read: str, body: Any = None) -> Any:
        """Sends a request with the version that `read` answers."""
        return self.ask(name, method, path, body, self.ask(name, "GET", read)["version"])

    def send(self, path: str = "/api/submissions", **body: Any) -> tuple[str, str]:
        """Sends a submission as a stranger; returns its tracking code and its id."""
        with self.sessions.writing() as session:
            before = set(session.scalars(select(Submission.id)))
        response = self.client.post(path, json=body)
        assert response.status_code == 202, response.text
        with self.sessions.writing() as session:
            (made,) = set(session.scalars(select(Submission.id))) - before
        return response.json()["tracking_code"], str(made)


def write_drafts(copy: Copy) -> None:
    """A draft with a new link, a public link, a claim and a place; edited, submitted, returned."""
    draft = copy.desk("Ann").draft(title="Quagga seen", places=[{"as_spelled": "Quagga"}])
    path = f"{EVENTS}/{draft['id']}"
    for url in (NEW_LINK, PUBLIC_LINK):
        copy.versioned("Ann", "POST", f"{path}/sources", path, {"url": url, "role": "footage"})
    claim = {"party": "Quagga staff", "party_kind": "general_staff", "stance": "denies", "statement": "Quagga."}
    copy.versioned("Ann", "POST", f"{path}/claims", path, claim)
    copy.versioned("Ann", "PUT", path, path, DRAFT | {"title": "Quagga seen again"})
    copy.versioned("Ann", "POST", f"{path}/submit", path, {})
    copy.versioned("Bea", "POST", f"{path}/return", path, {"reason": "Where?"})
    other = copy.desk("Bea").draft(title="Quagga, too")
    for event in (draft, other):
        version = copy.ask("Ann", "GET", f"{EVENTS}/{event['id']}")["version"]
        change = {"events": [{"id": event["id"], "version": version}], "change": {"category": "strike"}}
        done = copy.ask("Ann", "POST", "/api/desk/bulk", change | {"reason": "Quagga", "apply": True})
        copy.ask("Ann", "POST", f"/api/desk/bulk/{done['id']}/undo")


def work_on_public_events(copy: Copy) -> None:
    """What members note about public events: comments, assignees, priorities, relations."""
    zebra, draft = f"{EVENTS}/{copy.ids.zebra}", copy.desk("Ann").draft(title="Quagga near the zebra")
    copy.ask("Ann", "POST", f"{zebra}/comments", {"text": "Quagga? @Bea"})
    copy.ask("Ann", "PUT", f"{zebra}/assignee", {"member": "me"})
    copy.ask("Ann", "PUT", f"{zebra}/priority", {"priority": 3})
    copy.ask("Ann", "PUT", f"/api/desk/presence/{copy.ids.zebra}")
    for other in (draft["id"], str(copy.ids.other)):
        copy.ask("Ann", "POST", f"{zebra}/relations", {"other_id": other, "kind": "follows"})
    imported, hidden = f"{EVENTS}/{copy.ids.imported}", f"{EVENTS}/{copy.ids.hidden}"
    copy.versioned("Ann", "POST", f"{imported}/vouch", imported, {})
    copy.versioned("Edi", "POST", f"{hidden}/keep-hidden", hidden, {"reason": "Quagga"})


def send_submissions(copy: Copy) -> None:
    """Submissions, some with the same footage, and a problem report; the decisions about them."""
    _, waiting = copy.send(**footage(footage_urls=[NEW_LINK]))
    _, joined = copy.send(**footage(footage_urls=[f"{NEW_LINK}?single", "https://t.me/quagga/5"]))
    copy.versioned("Ann", "POST", f"/api/desk/submissions/{joined}/ask", f"/api/desk/submissions/{joined}", QUESTION)
    copy.ask("Ann", "POST", f"/api/desk/submissions/{waiting}/comments", {"text": "Quagga"})
    code, asked = copy.send(**footage(footage_urls=["https://t.me/quagga/2"], description="Quagga"))
    _, rejected = copy.send(**footage(footage_urls=["https://t.me/quagga/3"]))
    _, accepted = copy.send(**footage(footage_urls=["https://t.me/quagga/4"]))
    _, merged = copy.send(
        **footage(footage_urls=[PUBLIC_LINK], geolocation_url=None, confirm=["same-footage", "near-duplicate"])
    )
    copy.send("/api/submissions/problems", event_id=str(copy.ids.zebra), kind="wrong_place", text="Quagga")
    for item, name, body in (
        (asked, "ask", QUESTION),
        (rejected, "reject", {"reason": "Old"}),
        (
            accepted,
            "accept",
            {"event": DRAFT | {"title": "Quagga accepted"}, "then": "draft", "confirm": list(get_args(TwinCode))},
        ),
        (merged, "merge", {"event_id": str(copy.ids.zebra)}),
    ):
        path = f"/api/desk/submissions/{item}"
        copy.versioned("Ann", "POST", f"{path}/{name}", path, body)
    assert copy.client.post(f"/api/submissions/{code}/answers", json={"text": "Quagga."}).status_code < 300
    path = f"/api/desk/submissions/{waiting}"
    copy.versioned("Ann", "PUT", f"{path}/assignee", path, {"member": "me"})
    copy.versioned("Ann", "PUT", f"{path}/priority", path, {"priority": 3})


def insert_events_that_are_not_public(copy: Copy) -> None:
    """Events under an embargo, forbidden by policy, of origins that are not public or have only
    drafts; hidden sources, and areas in drafts.
    """
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=7)
    with copy.sessions.writing() as session:
        build = Builder(session)
        embargoed = build.event("Quagga later", public_from=later, places=[EventPlace(position=0, as_spelled="Quagga")])
        build.source(embargoed, "https://quagga.example/later", name="Quagga")
        build.claim(embargoed, "Quagga ministry")
        soon = build.event("Quagga soon", public_from=later, happened=("2025-07-20", "2025-07-21"))
        session.get_one(Event, soon).description = "Quagga edited"
        session.commit()
        build.event("Quagga", category="position", affected="ua")
        build.event("Quagga", origin=build.origin("quagga-closed", public=False))
        build.event("Quagga", origin=build.origin("quagga-drafts"), state="draft")
        hidden = build.source(copy.ids.zebra, "https://quagga.example/hidden", name="Quagga", status="hidden")
        build.claim(copy.ids.zebra, "Quagga party", source_id=hidden)
        area = build.area("Quagga", west=37.4, state="draft", valid_from=moment("2025-07-22"))
        build.claim(None, "Quagga party", area_id=area, about="area", source_id=hidden)


def import_without_publishing(copy: Copy) -> None:
    """An import for review, of which one row is rejected and one has a priority."""
    file = copy.directory / "quagga.csv"
    head = "id,date,lat,lon,side,category,text,urls"
    rows = [f"{n},2025-07-2{n},48.2{n},37.1,ru,,Quagga {n},https://t.me/quagga/9{n} {NEW_LINK}" for n in range(3)]
    file.write_text("\n".join([head, *rows]), "utf-8")
    for origin, review in (("quagga-import", True), ("quagga-secret", False)):
        terms, lists = OriginTerms(licence="CC0"), copy.directory / f"{origin}.refused.csv"
        options = ImportOptions("events-csv", origin=origin, terms=terms, review=review, refusals=lists)
        report = import_files(copy.engines.importing, copy.theatre, [file], options)
        assert report.outcomes["added"] == 3, report
    with copy.sessions.writing() as session:
        ids = session.scalars(select(Event.id).where(Event.origin == "quagga-import")).all()
    path = f"/api/desk/imports/{ids[0]}"
    copy.versioned("Ann", "POST", f"{path}/reject", path, {"reason": "Quagga"})
    copy.ask("Ann", "PUT", f"{EVENTS}/{ids[1]}/priority", {"priority": 1})


def open_accounts(copy: Copy) -> None:
    """A new member, and a sign-in that fails."""
    with copy.sessions.writing() as session, session.begin():
        administration.create(session, Passwords(), "quagga", Role.ANALYST, by=None)
    wrong = copy.client.post("/sign-in", data={"name": "quagga", "password": "x" * 12})
    assert wrong.status_code in {401, 403}


WORK: Final[tuple[Callable[[Copy], None], ...]] = (
    write_drafts,
    work_on_public_events,
    send_submissions,
    insert_events_that_are_not_public,
    import_without_publishing,
    open_accounts,
)
