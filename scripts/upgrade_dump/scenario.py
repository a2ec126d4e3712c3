"""Fills the installation of the upgrade test over HTTP, as members and strangers would.

Submissions of every state, imports that are decided about, events in every state, with sources,
claims, relations and comments, bulk acts, sessions, tokens and a second factor. It speaks to the
API of the older commit, whose bodies these are. When a later commit takes others, change them here;
dumps that were made before stay as they are.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any, Final

import httpx2

from scripts.upgrade_dump.accounts import SESSION_COOKIE, sign_in
from tests.upgrade.installation import connected

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster

FAR_AWAY: Final = (26.0, 50.5)  # from every line: one person may publish there
NEAR_LINE: Final = (37.1, 48.22)
EVENT: Final[dict[str, Any]] = {
    "title": "Clashes on the highway",
    "category": "clash",
    "precision_m": 100,
    "happened_from": "2025-07-10T00:00:00Z",
    "happened_to": "2025-07-11T00:00:00Z",
    "time_precision": "day",
    "verification": "geolocated",
}
MEMBERS: Final = {
    "olena": "admin",
    "bohdan": "editor",
    "eva": "editor",
    "daryna": "analyst",
    "marko": "analyst",
    "former": "analyst",
}
Json = dict[str, Any]


def password_of(name: str) -> str:
    """Returns the password of a member; it must not contain the name."""
    return f"four made up words, number {sum(name.encode())}"


class Asker:
    """A client with a token, or a stranger; raises an error if the API responds with one."""

    def __init__(self, client: httpx2.Client, token: str = "") -> None:
        self._client = client
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def ask(self, method: str, path: str, body: Json | None = None, version: int | None = None) -> Json:
        """Sends a request; returns the body of the response."""
        headers = self._headers | ({} if version is None else {"If-Match": f'"{version}"'})
        response = self._client.request(method, path, json=body, headers=headers)
        if response.is_error:
            raise RuntimeError(f"{method} {path} {body}: {response.status_code} {response.text}")
        answer: Json = response.json() if response.content else {}
        return answer

    def change(self, method: str, path: str, what: str = "", **body: Any) -> Json:
        """Changes the current version of something; `what` is appended to its path."""
        version = self.ask("GET", path)["version"]
        return self.ask(method, f"{path}{what}", body, version)

    def event(self, name: str, *, at: tuple[float, float] = FAR_AWAY, **changes: Any) -> str:
        """Writes a draft; returns its path."""
        geometry = changes.pop("geometry", {"type": "Point", "coordinates": list(at)})
        made = self.ask("POST", "/api/desk/events", EVENT | {"title": name, "geometry": geometry} | changes)
        return f"/api/desk/events/{made['id']}"

    def step(self, path: str, name: str, **body: Any) -> Json:
        """Takes a step of an event."""
        return self.change("POST", path, f"/{name}", **body)


class Scenario:
    """The members of the installation, and everything that they do there."""

    def __init__(self, cluster: EmbeddedCluster, clock: str) -> None:
        self._cluster = cluster
        self._clock = dt.datetime.fromisoformat(clock)
        self._far = 0

    def play(self, url: str) -> Json:
        """Runs the scenario; returns what the test needs: passwords, a session, tokens, codes,
        event ids.
        """
        with httpx2.Client(base_url=url, headers={"Host": "localhost"}, timeout=30) as client:
            names = ("olena", "bohdan", "eva", "daryna", "marko")
            browsers = {name: sign_in(client, name, password_of(name)) for name in names}
            tokens = {name: browser.make_token() for name, browser in browsers.items()}
            factor = browsers["olena"].turn_on_second_factor()
            self.olena, self.bohdan, self.eva, self.daryna, self.marko = (
                Asker(client, token) for token in tokens.values()
            )
            self.stranger = Asker(client)
            events = self._write_events()
            codes = self._submit(events)
            self._decide_imports(events)
            self._say_things_about(events)
            self._change_many()
        return {
            "passwords": {name: password_of(name) for name in names},
            "session": {"member": "daryna", "cookie": SESSION_COOKIE, "key": browsers["daryna"].session},
            "tokens": tokens,
            "second_factor": {"member": "olena"} | factor,
            "codes": codes,
            # Of those that every list of public events has, a few are enough.
            "events": self._ids(
                "SELECT id::text FROM frontline.event"
                " WHERE origin <> 'synthetic' OR state <> 'published' OR barred OR category = 'fortification'"
                " ORDER BY created_at, id"
            ),
        }

    def _elsewhere(self) -> tuple[float, float]:
        """Returns a place far from every front line and from earlier places."""
        self._far += 1
        return round(FAR_AWAY[0] + self._far * 0.05, 5), FAR_AWAY[1]

    def _ids(self, query: str, *values: str) -> list[str]:
        """Returns the first column of a query."""
        with connected(self._cluster) as connection:
            return [row[0] for row in connection.execute(query.encode(), values).fetchall()]

    # Events

    def _published(self, name: str, **changes: Any) -> str:
        """Creates an event that daryna wrote and bohdan published."""
        path = self.daryna.event(name, at=self._elsewhere(), **changes)
        self.daryna.step(path, "submit")
        self.bohdan.step(path, "publish", reason="Two people have looked at it.")
        return path

    def _write_events(self) -> dict[str, str]:
        """Creates events in every state; returns their paths by name."""
        events = {"draft": self.daryna.event("A draft", at=self._elsewhere())}
        events["returned"] = self.daryna.event("A draft that came back", at=self._elsewhere())
        self.daryna.step(events["returned"], "submit")
        self.bohdan.step(events["returned"], "return", reason="The place is missing.")
        events["in_review"] = self.daryna.event("An event in review", at=NEAR_LINE)
        self.daryna.step(events["in_review"], "submit", reason="Please look.")
        road = {"type": "LineString", "coordinates": [[26.5, 50.1], [26.6, 50.15], [26.7, 50.12]]}
        wood = {"type": "Polygon", "coordinates": [[[27, 50.1], [27.1, 50.1], [27.1, 50.2], [27, 50.1]]]}
        events["line"] = self._published("A fight along a road", geometry=road, precision_m=2000, actor="ru")
        events["area"] = self._published(
            "Smoke over a wood",
            geometry=wood,
            category="strike.artillery",
            sensitivity=["graphic", "civilians"],
            places=[{"as_spelled": "the wood"}, {"geonameid": 704422, "as_spelled": "Pokrovsk"}],
            description="Smoke over a wood, seen from the road.",
            why="From the digest",
        )
        events["long"] = self._published("A month of shelling", **_span("2025-06-01", "2025-07-01", "month"))
        events["withdrawn"] = self._published("An event that was taken back")
        self.bohdan.step(events["withdrawn"], "withdraw", reason="The footage is of 2023.")
        events["restored"] = self._published("An event that was taken back and came again")
        self.bohdan.step(events["restored"], "withdraw", reason="Doubts.")
        self.eva.step(events["restored"], "restore", reason="The doubts are gone.")
        events["hidden"] = self._published("An event that endangers somebody")
        self.marko.step(events["hidden"], "hide", reason="A relative asked.", note="Hidden on request.")
        events["shown again"] = self._published("An event that was hidden for a day")
        self.marko.step(events["shown again"], "hide", reason="A relative asked.")
        self.bohdan.step(events["shown again"], "show", reason="It is safe now.")
        events["kept hidden"] = self._published("An event that stays hidden")
        self.marko.step(events["kept hidden"], "hide", reason="A relative asked.", note="Hidden on request.")
        self.bohdan.step(events["kept hidden"], "keep-hidden", reason="I agree.")
        later = self.daryna.event("An event that comes out later", at=self._elsewhere())
        self.daryna.step(later, "submit")
        self.bohdan.step(later, "publish", public_from="2100-01-01T00:00:00Z")
        events["embargoed"] = later
        yesterday = (self._clock - dt.timedelta(hours=20)).replace(minute=0, second=0, microsecond=0)
        hour = {"happened_from": _utc(yesterday), "happened_to": _utc(yesterday + dt.timedelta(hours=1))}
        events["embargoed by policy"] = self._published(
            "A position", category="position", time_precision="hour", **hour
        )
        events["coarsened"] = self._published("A bunker", category="fortification", precision_m=20)
        events["confirmed"] = self._published("An event that two channels show")
        for url in ("https://t.me/one_channel/1", "https://x.com/other_user/status/1500000000000000002"):
            self._add_source(events["confirmed"], url=url, role="footage")
        fields = EVENT | {"title": "An event that two channels show", "verification": "confirmed"}
        place = self.eva.ask("GET", events["confirmed"])["geometry"]
        self.eva.change("PUT", events["confirmed"], **fields, geometry=place, why="Both channels show it.")
        return events

    def _add_source(self, event: str, **source: Any) -> Json:
        return self.bohdan.change("POST", event, "/sources", **source)

    def _say_things_about(self, events: dict[str, str]) -> None:
        """Adds sources, claims, relations, comments, assignments and priorities."""
        area = events["area"]
        self._add_source(area, url="https://example.org/report?utm_source=x", role="report", language="en")
        self._add_source(area, name="A newspaper that is printed only", role="report", publisher="The newspaper")
        told = self._add_source(area, url="https://t.me/example_channel/77", role="footage", status="live")
        told = self._add_source(area, url="https://t.me/example_channel/78", role="geolocation", author="example")
        sources = {one["given_url"] or one["name"]: one["id"] for one in told["sources"]}
        archive = "https://web.archive.org/web/2025/https://t.me/example_channel/77"
        footage = f"/api/desk/sources/{sources['https://t.me/example_channel/77']}"
        self.bohdan.change("PUT", footage, name="Example channel", status="deleted", archive_url=archive, language="uk")
        hidden = f"/api/desk/sources/{sources['https://t.me/example_channel/78']}"
        self.bohdan.change("PUT", hidden, name="Somebody", status="hidden", why="The author asked.")
        claim = {"party": "Example ministry", "party_kind": "ministry", "stance": "asserts"}
        self.bohdan.change(
            "POST",
            area,
            "/claims",
            **claim,
            statement="The wood burns.",
            source_id=sources["A newspaper that is printed only"],
        )
        second = {
            "party": "Example staff",
            "party_kind": "general_staff",
            "stance": "denies",
            "chain": ["agency", "staff"],
        }
        told = self.bohdan.change("POST", area, "/claims", **second, statement="It does not.", about="area")
        changed = next(one for one in told["claims"] if one["stance"] == "denies")
        self.bohdan.change(
            "PUT", area, f"/claims/{changed['id']}", **second, statement="It does not burn.", about="area"
        )
        (ground, *_) = self._ids(
            "SELECT c.id::text FROM frontline.control_area c JOIN frontline.assessment a ON a.id = c.assessment_id"
            " WHERE a.assessor = 'made-up' ORDER BY a.valid_from DESC, c.id"
        )
        path = f"/api/desk/areas/{ground}/claims"
        for stance, party in (("asserts", "Example ministry"), ("denies", "Example bloggers")):
            body = {
                "party": party,
                "party_kind": "official",
                "stance": stance,
                "statement": "We hold it.",
                "about": "area",
            }
            version = self.bohdan.ask("GET", path)["version"]
            told = self.bohdan.ask("POST", path, body, version)
        self.bohdan.ask("DELETE", f"{path}/{told['claims'][-1]['id']}", version=told["version"])
        for kind, other in (("follows", "line"), ("contradicts", "long"), ("same_incident", "draft")):
            other_id = events[other].rpartition("/")[2]
            self.daryna.ask("POST", f"{area}/relations", {"other_id": other_id, "kind": kind})
        self.daryna.ask("POST", f"{area}/comments", {"text": "Looks like the wood of @marko's list."})
        self.marko.ask("PUT", f"{events['in_review']}/assignee", {"member": "me"})
        self.marko.ask("PUT", f"{events['in_review']}/priority", {"priority": 3})
        self.marko.ask("PUT", f"/api/desk/presence/{events['in_review'].rpartition('/')[2]}")

    # What is sent in

    def _sent(self, number: int, by: Asker | None = None, **changes: Any) -> tuple[str, str]:
        """Sends a submission; returns the tracking code and the path at the desk."""
        longitude, latitude = changes.pop("at", None) or self._elsewhere()
        body = {
            "footage_urls": [f"https://t.me/sent_channel/{number}"],
            "longitude": longitude,
            "latitude": latitude,
            "precision_m": 100,
            "happened_from": "2025-07-12",
            "time_precision": "day",
            "description": f"Infantry crosses the street, as number {number} says.",
            "category": "infiltration",
            "confirm": ["near-duplicate", "same-footage"],
        }
        return self._receipt((by or self.stranger).ask("POST", "/api/submissions", body | changes))

    def _reported(self, event: str, kind: str) -> tuple[str, str]:
        """Reports a problem with an event."""
        body = {"event_id": event.rpartition("/")[2], "kind": kind, "text": "It lies a kilometre farther south."}
        return self._receipt(self.stranger.ask("POST", "/api/submissions/problems", body))

    def _receipt(self, answer: Json) -> tuple[str, str]:
        (newest, *_) = self._ids("SELECT id::text FROM frontline.submission ORDER BY created_at DESC LIMIT 1")
        return answer["tracking_code"], f"/api/desk/submissions/{newest}"

    def _submit(self, events: dict[str, str]) -> dict[str, str]:
        """Creates submissions in every state; returns their tracking codes by name."""
        codes: dict[str, str] = {}
        codes["received"], path = self._sent(1, sensitivity=["personal_data"], actor="ru", affected="ua")
        self.marko.change("PUT", path, "/priority", priority=1)
        codes["in review"], path = self._sent(2, happened_to="2025-07-14", geolocation_url="https://example.org/how")
        self.daryna.change("PUT", path, "/assignee", member="me")
        self.marko.ask("POST", f"{path}/comments", {"text": "@daryna, I know this street."})
        codes["question"], path = self._sent(3)
        self.daryna.change("POST", path, "/ask", question="From where was it filmed?")
        codes["answered"], path = self._sent(4)
        self.daryna.change("POST", path, "/ask", question="From which floor?")
        self.stranger.ask("POST", f"/api/submissions/{codes['answered']}/answers", {"text": "The fifth."})
        codes["accepted"], path = self._sent(5)
        draft = self._draft(path)
        self.daryna.change("POST", path, "/accept", event=draft, then="published", reason="Thank you.")
        codes["accepted near the line"], path = self._sent(6, at=NEAR_LINE)
        self.daryna.change("POST", path, "/accept", event=self._draft(path), then="published")
        codes["merged"], path = self._sent(7)
        into = events["line"].rpartition("/")[2]
        self.daryna.change("POST", path, "/merge", event_id=into, role="footage", reason="The same fight.")
        codes["rejected"], path = self._sent(8)
        self.daryna.change("POST", path, "/reject", reason="The footage is of 2023.")
        codes["of a member"], _ = self._sent(9, by=self.marko, idempotency_key=str(uuid.uuid4()))
        codes["problem"], _ = self._reported(events["area"], "wrong_place")
        codes["problem settled"], path = self._reported(events["line"], "endangers")
        self.daryna.change("POST", path, "/settle", reason="The place was corrected.")
        codes["problem rejected"], path = self._reported(events["long"], "old_footage")
        self.daryna.change("POST", path, "/reject", reason="It is of this June.")
        return codes

    def _draft(self, submission: str) -> Json:
        draft: Json = self.daryna.ask("GET", submission)["draft"]
        return {key: value for key, value in draft.items() if value is not None} | {
            "title": "Infantry crosses the street"
        }

    # Imports and bulk acts

    def _decide_imports(self, events: dict[str, str]) -> None:
        """Decides about the rows of `events.csv`, except the last two, which stay in the queue."""
        ids = dict(
            zip(
                self._ids("SELECT origin_id FROM frontline.event WHERE origin = 'other-map' ORDER BY origin_id"),
                self._ids("SELECT id::text FROM frontline.event WHERE origin = 'other-map' ORDER BY origin_id"),
                strict=True,
            )
        )
        paths = {key: f"/api/desk/imports/{event_id}" for key, event_id in ids.items()}
        self.daryna.change("POST", paths["m-1"], "/accept", then="published", reason="Checked against the footage.")
        self.daryna.change("POST", paths["m-2"], "/accept", then="in_review")
        into = events["area"].rpartition("/")[2]
        self.daryna.change("POST", paths["m-3"], "/merge", event_id=into, reason="The same smoke.")
        self.daryna.change("POST", paths["m-4"], "/reject", reason="The footage is of 2023.")
        self.daryna.change("POST", paths["m-5"], "/reject", reason="Too little is known.")
        self.marko.change("POST", paths["m-5"], "/reopen", reason="More is known now.")
        self.daryna.change("POST", paths["m-7"], "/accept", then="published")  # near the line: it waits for a second
        (by_program, *_) = self._ids(
            "SELECT id::text FROM frontline.event WHERE origin = 'atlas' AND origin_id = 'a-2'"
        )
        self.bohdan.step(f"/api/desk/events/{by_program}", "vouch", reason="I have seen the footage.")

    def _change_many(self) -> None:
        """Changes many events in one step, three times; the second change is undone."""
        for category, change, undone in (
            ("clash", {"verification": "disputed"}, False),
            ("advance", {"category": "clash"}, True),
            ("infiltration", {"step": "withdraw"}, False),
        ):
            meant = [
                {"id": one, "version": self.bohdan.ask("GET", f"/api/desk/events/{one}")["version"]}
                for one in self._ids(
                    "SELECT id::text FROM frontline.event WHERE state = 'published' AND origin = 'synthetic'"
                    " AND category = %s AND verification <> 'confirmed' ORDER BY id LIMIT 5",
                    category,
                )
            ]
            body = {"events": meant, "change": change, "reason": "The channel took its footage back.", "apply": True}
            act = self.bohdan.ask("POST", "/api/desk/bulk", body)
            if undone:
                self.bohdan.ask("POST", f"/api/desk/bulk/{act['id']}/undo")


def _span(first: str, last: str, precision: str) -> Json:
    """Returns the times of an event in whole days; the last is not part of it."""
    return {"happened_from": f"{first}T00:00:00Z", "happened_to": f"{last}T00:00:00Z", "time_precision": precision}


def _utc(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
