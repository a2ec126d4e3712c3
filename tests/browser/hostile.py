"""A theatre, settings and a database with payloads in every text, and a check that no payload
ran.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.database.session import Sessions
from app.derived.line_history import update_line_history
from app.models import (
    Assessment,
    Assessor,
    Claim,
    ControlArea,
    Event,
    EventPlace,
    EventSource,
    Origin,
    Party,
    Place,
    PlaceName,
    Source,
)
from app.places.spelling import fold
from tests.browser.payloads import CANARY_HOST, PAIRS, PAYLOADS, payload_groups
from tests.builders import moment

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from sqlalchemy.orm import Session

    from app.settings import Settings
    from app.theatre import Theatre
    from tests.conftest import Served

DAY: Final = "2025-07-21"
DAY_AFTER: Final = "2025-07-22"
# Events with payloads in all their texts are in a grid west of the middle of the map.
GRID_FROM: Final = (36.82, 48.38)
GRID_STEP: Final = 0.022
GRID_COLUMNS: Final = 13
# Further events share a few positions, as many as a list of nearby events shows.
SPOTS: Final = tuple((37.20 + 0.03 * number, 48.36) for number in range(3))
ON_ONE_SPOT: Final = -(-len(PAIRS) // len(SPOTS))
ORIGIN: Final = "spots"
ASSESSORS: Final = ("first-line", "second-line")
PLACES_PER_NAME: Final = 8
# Names that several places of the gazetteer share.
SHARED_NAMES: Final = tuple(f"Quagg{end}" for end in ("am", "el", "im", "on", "ur", "ast", "ent"))[
    : -(-len(PAIRS) // PLACES_PER_NAME)
]


@dataclass(frozen=True)
class Hostile:
    """The ids of the events, in the order of `PAIRS`."""

    full_events: list[uuid.UUID]
    spot_events: list[uuid.UUID]
    withdrawn: uuid.UUID

    def titles_on_spot(self, number: int) -> list[str]:
        """Returns the titles of the events at one of `SPOTS`."""
        return list(PAIRS[number * ON_ONE_SPOT : (number + 1) * ON_ONE_SPOT])


def grid_position(number: int) -> tuple[float, float]:
    """Returns the position of the event whose texts are all the same of `PAIRS`."""
    row, column = divmod(number, GRID_COLUMNS)
    return GRID_FROM[0] + column * GRID_STEP, GRID_FROM[1] - row * GRID_STEP


def hostile_theatre(theatre: Theatre) -> Theatre:
    """Returns the theatre with payloads as names, also longer ones than `theatre.toml` allows."""
    first_kind, first_side = theatre.categories[0], theatre.belligerents[0]
    everything = {"en": " ".join(PAYLOADS)}
    sides = [
        first_side.model_copy(update={"slug": f"side_{number}", "name": {"en": text}, "adjective": {"en": text}})
        for number, text in enumerate(payload_groups(900))
    ]
    kinds = [
        first_kind.model_copy(update={"slug": f"kind_{number}", "name": {"en": pair}})
        for number, pair in enumerate(PAIRS)
    ]
    tiles = theatre.tiles.model_copy(
        update={"attribution": " ".join(PAYLOADS), "attribution_url": f"javascript://{CANARY_HOST}/%0aharmed=1"}
    )
    return theatre.model_copy(
        update={
            "name": everything,
            "languages": ("en", "uk"),
            "belligerents": tuple(sides),
            "categories": tuple(kinds),
            "tiles": tiles,
        }
    )


def hostile_settings(settings: Settings) -> Settings:
    """Returns settings with payloads as operator and contact, longer than settings allow, and
    without a rate limit for submissions.
    """
    return settings.model_copy(
        update={
            "operator": " ".join(PAYLOADS),
            "operator_contact": f"javascript://{CANARY_HOST}/%0aharmed=1 " + " ".join(PAYLOADS),
            "submissions_per_minute": 10_000,
            "submissions_per_hour": 10_000,
        }
    )


def build_hostile(served: Served) -> Hostile:
    """Fills the database of a server."""
    with Sessions(served.engines).writing() as session, session.begin():
        session.add(Origin(slug=ORIGIN, name="Spots", licence="none", public=True))
        session.flush()
        full_events = [_whole_event(session, number, pair) for number, pair in enumerate(PAIRS)]
        # Unknown categories and sides are shown as they are.
        spot_events = [
            _event(session, pair, SPOTS[number // ON_ONE_SPOT], kind=pair, side=pair)
            for number, pair in enumerate(PAIRS)
        ]
        withdrawn = _event(session, "Taken back", SPOTS[0], kind="kind_0", side=None)
        withdrawn.released_at = moment(DAY)
        withdrawn.state, withdrawn.withdrawn_at = "withdrawn", moment(DAY_AFTER)
        withdrawn.withdrawn_reason = "\n".join(PAYLOADS)
        for slug in ASSESSORS:
            _assessor(session, slug)
        session.flush()
        return Hostile([event.id for event in full_events], [event.id for event in spot_events], withdrawn.id)


def _event(session: Session, text: str, at: tuple[float, float], *, kind: str, side: str | None) -> Event:
    event = Event(
        id=uuid.uuid4(),
        origin=ORIGIN,
        title=text,
        category=kind,
        actor=side,
        affected=side,
        shape=f"SRID=4326;POINT({at[0]} {at[1]})",
        precision_m=100,
        happened_from=moment(DAY),
        happened_to=moment(DAY_AFTER),
        time_precision="day",
        verification="reported",
        state="published",
    )
    session.add(event)
    return event


def _whole_event(session: Session, number: int, text: str) -> Event:
    """Creates an event in which every text is the same, and a place with that name at its
    position.
    """
    at = grid_position(number)
    event = _event(session, text, at, kind=f"kind_{number}", side="side_0")
    origin = Origin(
        slug=f"origin-{number}", name=text, home_page=text, licence=text, attribution=f"{text} ©", public=True
    )
    url = f"https://post.example/{number}?{text}"
    source = Source(
        id=uuid.uuid4(),
        name=text,
        canonical_url=url,
        given_url=url,
        platform=text,
        publisher=f"{text} publisher",  # a word that the name lacks: otherwise it would not be said again
        author=text,
        language=text,
        published_at=moment(DAY),
        status="deleted",
        archive_url=f"https://{text}",
    )
    spot = f"SRID=4326;POINT({at[0]} {at[1]})"
    name = SHARED_NAMES[number // PLACES_PER_NAME]
    place = Place(geonameid=1 + number, name=text, country=text, population=900 - number, in_theatre=True, spot=spot)
    ministry = Party(id=uuid.uuid4(), name=text, kind="ministry")
    unnamed = Party(id=uuid.uuid4(), name=text, kind="unnamed")
    session.add_all((origin, source, place, ministry, unnamed))
    session.flush()
    event.origin, event.description, event.sensitivity = origin.slug, text, ["graphic"]
    event.places = [
        EventPlace(position=0, geonameid=place.geonameid, as_spelled=text),
        EventPlace(position=1, as_spelled=text),
    ]
    session.flush()
    session.add_all(
        (
            PlaceName(geonameid=place.geonameid, spelling=text, folded=fold(name), kind="name", language="en"),
            EventSource(event_id=event.id, source_id=source.id, role="footage"),
            Claim(
                event_id=event.id,
                source_id=source.id,
                party_id=ministry.id,
                stance="asserts",
                statement=text,
                chain=[text, text],
            ),
            Claim(event_id=event.id, party_id=unnamed.id, stance="denies", statement=text, about="area"),
        )
    )
    return event


def _assessor(session: Session, slug: str) -> None:
    """Creates an assessor with an area; each text contains all payloads."""
    text = " ".join(PAYLOADS)
    session.add(Origin(slug=slug, name=text, home_page=text, licence=text, attribution=f"{text} ©", public=True))
    session.flush()
    session.add(Assessor(slug=slug, definition=text))
    session.flush()
    assessment = Assessment(
        id=uuid.uuid4(),
        assessor=slug,
        valid_from=moment(DAY),
        covers=["occupied"],
        file_name=text,
        shape_digest=b"\0" * 32,
        state="published",
    )
    session.add(assessment)
    session.flush()
    shape = "SRID=4326;MULTIPOLYGON(((37.3 48.0, 37.5 48.0, 37.5 48.1, 37.3 48.0)))"
    session.add(
        ControlArea(assessment_id=assessment.id, position=0, status="occupied", label=text, shape=shape, area_km2=83.0)
    )
    session.flush()
    update_line_history(session, slug)


def install_canary(context: BrowserContext) -> None:
    """Makes the page log an error when a payload runs."""
    context.add_init_script(
        "Object.defineProperty(window, 'harmed', { set() { console.error('harmed', new Error().stack); } });"
    )


# The elements of our pages. Any other element was injected by a text.
_FIND_INJECTIONS = """() => {
  const own = new Set(`html head meta title link script body svg symbol use path circle a header nav details summary div
    span main aside section article footer form fieldset legend label input select option textarea button output h1 h2
    h3 h4 p ul ol li dl dt dd blockquote b strong em code pre table caption thead tbody tr th td canvas noscript dialog
    img g time small i figure figcaption`.split(/\\s+/));
  const addresses = ["href", "src", "action", "formaction", "data", "poster", "xlink:href", "srcdoc", "background"];
  const allowed = ["http:", "https:", "mailto:"];
  const found = [];
  for (const node of document.querySelectorAll("*")) {
    const { localName } = node;
    const strange = !own.has(localName) || (localName === "img" && !node.matches(".leaflet-tile"));
    if (strange) found.push(`an element: ${node.outerHTML.slice(0, 200)}`);
    if (localName === "script" && !node.nonce && node.type !== "application/json") found.push("a script without nonce");
    if (localName === "meta" && node.httpEquiv) found.push(`a command: ${node.outerHTML}`);
    for (const { name, value } of node.attributes) {
      const text = `${localName} ${name}=${value.slice(0, 200)}`;
      if (!/^[a-z][a-z0-9:-]*$/i.test(name) || /^on/i.test(name)) found.push(`an attribute: ${text}`);
      if (name === "style" && /harmed|canary|expression|url\\(/.test(value)) found.push(`a style: ${text}`);
      if (!addresses.includes(name) || !URL.canParse(value, document.baseURI)) continue;
      const { protocol } = new URL(value, document.baseURI);
      if (!allowed.includes(protocol) && localName !== "img") found.push(`an address: ${text}`);
    }
  }
  // Texts that could turn the direction of the text beside them: app/parsing/bidi.py.
  const turns = (text) => text.split(/[\\n\\r\\x1c-\\x1e\\x85\\u2029]+/).some((line) => {
    let [depth, out] = [0, false];
    for (const one of line) {
      if (/[\\u2066-\\u2068]/.test(one)) depth++;
      else if (one === "\\u2069") depth-- || (out = true);
      else if (/[\\u202a-\\u202e]/.test(one)) out ||= depth === 0;
    }
    return out || depth > 0;
  });
  const texts = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const { localName } = node.parentNode;
    const isShown = !["script", "style", "textarea"].includes(localName);
    if (isShown && turns(node.data)) found.push(`a direction in ${localName}: ${node.data.slice(0, 200)}`);
  }
  for (const node of document.querySelectorAll("[title], [aria-label], [alt], [placeholder]")) {
    for (const name of ["title", "aria-label", "alt", "placeholder"]) {
      if (turns(node.getAttribute(name) ?? "")) found.push(`a direction in ${node.localName} ${name}`);
    }
  }
  return found;
}"""


def assert_no_injection(page: Page) -> None:
    """Asserts that the current page contains only its own elements, no event handlers and no script
    URLs.
    """
    assert page.evaluate(_FIND_INJECTIONS) == []
    assert len(page.frames) == 1
    assert len(page.context.pages) == 1
