"""Every filter condition means the same in every backend: each response is compared with a filter
in plain Python.
"""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import itertools
import json
import subprocess
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
import shapely
from fastapi.testclient import TestClient
from sqlalchemy import text
from typing_extensions import override

from app import main
from app.database.engines import make_engines
from app.database.session import Sessions
from app.events.filters import EventFilter
from app.events.tiles import event_tile_matcher
from app.geo.event_columns import decode
from app.geo.tiles import Tile, unit_of
from app.settings import PROJECT_DIRECTORY
from tests.conftest import make_settings
from tests.filters.events import CENTRE, Record, insert_events, random_events
from tests.filters.parameters import PARAMETERS, matching, window
from tests.review.conftest import member_from_header
from tests.sampling import IS_LONG
from tests.tiles.reading import features_of

if TYPE_CHECKING:
    from pathlib import Path

    from app.database.engines import DatabaseUrls
    from app.database.reader import AsyncReader
    from app.theatre import Theatre

API: Final = "/api/collections/events"
Params = dict[str, str]

# The page has no such controls: the slider and the map view limit times and boxes, not the mask.
BROWSER_UNSUPPORTED: Final = {
    "near": "the page requests items near a clicked position; no filter of the page sets it",
    "place": "no control of the page names a place",
    "datetime": "the slider, not a filter: `static/js/data/day-index.js`",
    "bbox": "the view, not a filter: `static/js/data/in-box.js`",
}


class Backend(ABC):
    """A backend of the filter: its answer, and the expected answer."""

    desk = False
    unsupported: dict[str, str] = {}  # noqa: RUF012 - not changed

    def __init__(self, served: Served) -> None:
        self.served = served

    @abstractmethod
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        """Returns the answer to each case."""

    def expected(self, matches: list[Record], params: Params) -> Any:
        """Returns the expected answer for the events that match."""
        return {str(one.id) for one in matches}

    def get(self, path: str, **params: Any) -> Any:
        response = self.served.client.get(path, params=params)
        assert response.status_code == 200, (path, params, response.text)
        return response


class Items(Backend):
    @override
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        for params in cases:
            yield {one["id"] for one in self.get(f"{API}/items", **params, limit=1000).json()["features"]}


class Columns(Backend):
    @override
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        for params in cases:
            yield {*decode(self.get(f"{API}/columns", **params).content).precision_m.tolist()}

    @override
    def expected(self, matches: list[Record], params: Params) -> Any:
        return {one.number for one in matches}


class Histogram(Backend):
    @override
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        for params in cases:
            histogram = self.get(f"{API}/histogram", **params).json()
            first = dt.date.fromisoformat(histogram["first_day"] or "2000-01-01")
            bars = {first + dt.timedelta(days=number): n for number, n in enumerate(histogram["counts"]) if n}
            yield bars | {name: n for name in ("month", "year") if (n := histogram[f"known_to_{name}"])}

    @override
    def expected(self, matches: list[Record], params: Params) -> Any:
        first, last, included = window(params.get("datetime", "../.."))
        to = last.date() if included else (last - dt.timedelta(microseconds=1)).date()
        starting = [one for one in matches if first.date() <= one.happened_from.date() <= to]
        known: dict[str, str] = {"month": "month", "year": "year"}
        return dict(Counter(known.get(one.time_precision) or one.happened_from.date() for one in starting))


class TileBackend(Backend):
    """Vector tiles of one zoom level, at the centre of the events."""

    zoom = 0

    @property
    def tile(self) -> Tile:
        x, y = unit_of(*CENTRE)
        return Tile(self.zoom, x >> (30 - self.zoom), y >> (30 - self.zoom))

    @override
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        tile = self.tile
        for params in cases:
            answer = self.get(f"{API}/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}", **params)
            yield self.decode_tile(answer.content)

    def decode_tile(self, content: bytes) -> Any:
        return {one["id"] for one in features_of(content, self.tile)}

    @override
    def expected(self, matches: list[Record], params: Params) -> Any:
        return {str(one.id) for one in matches if _lies_in(one, self.tile)}


def _lies_in(event: Record, tile: Tile) -> bool:
    if event.shape.geom_type != "Point":
        return bool(event.shape.intersects(shapely.box(*tile.degrees())))
    x, y = unit_of(event.shape.x, event.shape.y)
    return (x >> (30 - tile.z), y >> (30 - tile.z)) == (tile.x, tile.y)


class Tile3(TileBackend):
    zoom = 3

    @override
    def decode_tile(self, content: bytes) -> Any:
        return sum(one["count"] for one in features_of(content, self.tile))

    @override
    def expected(self, matches: list[Record], params: Params) -> Any:
        return len(matches)


class Tile9(TileBackend):
    zoom = 9


class Tile14(TileBackend):
    zoom = 14


class TileFromReader(Tile14):
    """The same tiles, loaded by the async reader for the response cache."""

    @override
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        matcher = event_tile_matcher(self.served.theatre)
        tile = self.tile

        async def load_all() -> list[bytes]:
            reader = self.served.sessions.public_reader()
            try:
                contents = []
                for params in cases:
                    query = self.served.client.build_request("GET", "/", params=params).url.query
                    match = matcher(f"{API}/tiles/WebMercatorQuad/{tile.z}/{tile.y}/{tile.x}", query)
                    assert match is not None, params
                    contents.append(await match.load(reader))
                return contents
            finally:
                await reader.close()

        yield from map(self.decode_tile, asyncio.run(load_all()))


class DeskList(Backend):
    desk = True

    @override
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        for params in cases:
            body = self.get("/api/desk/bulk/events", **params, state="published", limit=1000).json()
            assert body["total"] == len(body["events"]), params
            yield {one["id"] for one in body["events"]}


class BrowserMask(Backend):
    """The page: the server searches texts and returns columns; the other filters are a mask over
    these columns.
    """

    unsupported = BROWSER_UNSUPPORTED

    @override
    def answers(self, cases: Sequence[Params]) -> Iterator[Any]:
        requests = []
        for params in cases:
            words = {name: value for name, value in params.items() if name == "q"}
            columns = base64.b64encode(self.get(f"{API}/columns", **words).content).decode()
            lists = (name for name in EventFilter.model_fields if name not in self.unsupported and name != "q")
            filters = {name: [part for part in params.get(name, "").split(",") if part] for name in lists}
            requests.append({"columns": columns, "filters": filters | {"q": params.get("q", "")}})
        categories = [
            {"slug": one.slug, "parent": one.slug.rpartition(".")[0] or None} for one in self.served.theatre.categories
        ]
        done = subprocess.run(
            ["node", PROJECT_DIRECTORY / "tests" / "js" / "support" / "mask.mjs"],
            input=json.dumps({"requests": requests, "categories": categories}),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        yield from map(set, json.loads(done.stdout))

    @override
    def expected(self, matches: list[Record], params: Params) -> Any:
        return {one.number for one in matches}


BACKENDS: Final[dict[str, type[Backend]]] = {
    "items": Items,
    "columns": Columns,
    "histogram": Histogram,
    "tiles at zoom 3": Tile3,
    "tiles at zoom 9": Tile9,
    "tiles at zoom 14": Tile14,
    "tiles without a session": TileFromReader,
    "desk list": DeskList,
    "browser mask": BrowserMask,
}


class SessionsWithoutReader(Sessions):
    """Sessions of an application without a reader: tiles are made in a session."""

    @override
    def reader(self) -> AsyncReader | None:
        return None

    def public_reader(self) -> AsyncReader:
        reader = super().reader()
        assert reader is not None
        return reader


class Served:
    """An application over a database of random events."""

    def __init__(
        self, client: TestClient, sessions: SessionsWithoutReader, theatre: Theatre, events: list[Record]
    ) -> None:
        self.client = client
        self.sessions = sessions
        self.theatre = theatre
        self.events = events

    def population(self, desk: bool) -> list[Record]:
        """Returns the public events, or for the desk the published ones."""
        return [one for one in self.events if (one.state == "published" if desk else one.is_public)]


@pytest.fixture
def served(
    database: DatabaseUrls, theatre: Theatre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    # However slow the machine is, counts are exact and not estimated from a sample.
    monkeypatch.setattr("app.events.tiles.EXACT_SECONDS", 60)
    settings = make_settings(tmp_path, read_timeout_seconds=60, write_timeout_seconds=60)
    engines = make_engines(database, settings)
    sessions = SessionsWithoutReader(engines)
    events = random_events(Random(14), 200)  # noqa: S311 - chance that can be repeated
    # The tallies contain the first half; each query adds the changes of the second half.
    with sessions.writing() as session:
        insert_events(session, events[:100])
        session.execute(text("SELECT frontline.tally()"))
        insert_events(session, events[100:])
    app = main.create_app(settings, theatre, sessions)
    app.state.authenticate = member_from_header
    headers = {"X-Test-Member": "Ann"}
    with TestClient(app, base_url="http://localhost", headers=headers, raise_server_exceptions=False) as client:
        yield Served(client, sessions, theatre, events)
    engines.dispose()


def make_queries(chance: Random, events: Sequence[Record]) -> list[Params]:
    """Returns test queries: one without parameters, some values of each parameter, and each pair of
    neighbouring parameters; in `make long` also of neighbours in another order.
    """
    alone = [
        {name: parameter.make(chance, events)} for name, parameter in PARAMETERS.items() for _ in range(parameter.times)
    ]
    orders = [[*PARAMETERS], chance.sample([*PARAMETERS], len(PARAMETERS))]
    pairs = [
        {name: PARAMETERS[name].make(chance, events) for name in pair}
        for order in (orders if IS_LONG else orders[:1])
        for pair in itertools.pairwise([*order, order[0]])
    ]
    return [{}, *alone, *pairs]


def test_every_parameter_has_a_test_definition() -> None:
    assert set(PARAMETERS) == set(EventFilter.model_fields), (
        "give a new parameter a `Parameter` in tests/filters/parameters.py"
    )


@pytest.mark.sampled
def test_every_backend_selects_the_same_events(served: Served) -> None:
    cases = make_queries(Random(15), served.events)  # noqa: S311 - chance that can be repeated
    matches = {
        desk: [matching(served.population(desk), params, desk=desk) for params in cases] for desk in (False, True)
    }
    differences: list[str] = []
    for name, backend_type in BACKENDS.items():
        backend = backend_type(served)
        pairs = zip(cases, matches[backend.desk], strict=True)
        both = [(params, events) for params, events in pairs if not params.keys() & backend.unsupported.keys()]
        requests = [params for params, _ in both]
        expected = [backend.expected(events, params) for params, events in both]
        everything = expected[0]
        # An ignored parameter must be detected: some of its values select other events than no
        # filter does.
        for parameter in PARAMETERS.keys() - backend.unsupported.keys():
            of_parameter = [
                answer for params, answer in zip(requests, expected, strict=True) if [*params] == [parameter]
            ]
            assert any(answer and answer != everything for answer in of_parameter), f"{name} does not test {parameter}"
        for params, right, got in zip(requests, expected, backend.answers(requests), strict=True):
            if got != right:
                differences.append(f"{name} answers {params} wrongly: {got!r:.300} is not {right!r:.300}")
    assert not differences, "\n".join(differences)


def test_page_filters_match_the_tested_mask() -> None:
    script = (
        'import { NO_FILTERS } from "./static/js/state/facets.js"; console.log(JSON.stringify(Object.keys(NO_FILTERS)))'
    )
    done = subprocess.run(
        ["node", "--input-type=module", "-"],
        input=script,
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT_DIRECTORY,
    )
    assert set(json.loads(done.stdout)) == EventFilter.model_fields.keys() - BROWSER_UNSUPPORTED.keys()
