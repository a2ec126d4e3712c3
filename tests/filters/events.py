"""Random events for the tests of filters: as plain records, and as rows of a database."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import shapely
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from app.fields.words import SOURCE_CLASSES, VERIFICATIONS
from app.models import Event, EventPlace, EventSource, Origin, Source

if TYPE_CHECKING:
    from random import Random

    from app.database.session import ReadWriteSession

CATEGORIES: Final = ("clash", "strike", "strike.drone", "strike.artillery", "position")
ORIGINS: Final = {"desk": True, "elsewhere": True, "third-party": True, "private": False}
PLACES: Final = (686799, 709611, 691374)
# A confirmed event must have independent sources; here sources are random.
LEVELS: Final = tuple(level for level in VERIFICATIONS if level != "confirmed")
WORDS: Final = ("Dam", "bridge", "трактор", "100%", "under_score", "Звірове")
# The centre of the requested tiles, and the distances of events from it: a tile of zoom 14 has half
# of them.
CENTRE: Final = (37.13, 48.25)
SPREADS: Final = (0.004, 0.004, 0.1, 0.9)


@dataclass(frozen=True)
class Record:
    """An event as the tests know it. `number` is also its precision in metres, which identifies the
    event in columns.
    """

    number: int
    title: str
    description: str | None
    category: str
    actor: str | None
    affected: str | None
    verification: str
    origin: str
    shape: shapely.Geometry
    happened_from: dt.datetime
    happened_to: dt.datetime
    time_precision: str
    source_classes: frozenset[str]
    hidden_classes: frozenset[str]
    places: frozenset[int]
    state: str = "published"
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def is_public(self) -> bool:
        return self.state == "published" and ORIGINS[self.origin]


def random_events(chance: Random, count: int) -> list[Record]:
    """Returns `count` events; fewer than 255, which is the number of precisions that columns can
    distinguish.
    """
    return [_random_event(chance, number + 1) for number in range(count)]


def _random_event(chance: Random, number: int) -> Record:
    happened_from, happened_to, precision = _random_time(chance)
    return Record(
        number=number,
        title=f"Event {number} {' '.join(chance.sample(WORDS, chance.randrange(3)))}",
        description=chance.choice((None, *WORDS)),
        category=chance.choice(CATEGORIES),
        actor=chance.choice(("ru", "ua", None)),
        affected=chance.choice(("ru", "ua", None)),
        verification=chance.choice(LEVELS),
        origin=chance.choice([*ORIGINS]),
        shape=_random_shape(chance),
        happened_from=happened_from,
        happened_to=happened_to,
        time_precision=precision,
        source_classes=frozenset(chance.sample(SOURCE_CLASSES, chance.choice((0, 0, 1, 1, 2)))),
        hidden_classes=frozenset(chance.sample(SOURCE_CLASSES, chance.choice((0, 0, 0, 1)))),
        places=frozenset(chance.sample(PLACES, chance.choice((0, 0, 1, 2)))),
        state=chance.choice(("published",) * 9 + ("draft",)),
    )


def _random_time(chance: Random) -> tuple[dt.datetime, dt.datetime, str]:
    day = dt.datetime(2024, 11, 1, tzinfo=dt.UTC) + dt.timedelta(days=chance.randrange(200))
    month = day.replace(day=1)
    minute = day + dt.timedelta(minutes=chance.randrange(1440))
    return chance.choice(
        (
            (minute, minute + dt.timedelta(minutes=1), "minute"),
            (minute, minute + dt.timedelta(hours=1), "hour"),  # some of them over midnight
            (day, day + dt.timedelta(days=1), "day"),
            (day, day + dt.timedelta(days=chance.randrange(2, 90)), "day"),
            (month, (month + dt.timedelta(days=32)).replace(day=1), "month"),
            (day.replace(month=1, day=1), day.replace(year=day.year + 1, month=1, day=1), "year"),
            (day.replace(year=day.year - chance.randrange(1, 5)), day + dt.timedelta(days=30), "day"),
        )
    )


def _random_shape(chance: Random) -> shapely.Geometry:
    def spot() -> tuple[float, float]:
        spread = chance.choice(SPREADS)
        return tuple(round(middle + chance.uniform(-spread, spread), 6) for middle in CENTRE)  # type: ignore[return-value] # two numbers

    kind = chance.random()
    lon, lat = spot()
    if kind < 0.7:
        return shapely.Point(lon, lat)
    reach = chance.choice((0.002, 0.05))
    corners = [(round(lon + chance.uniform(0, reach), 6), round(lat + step * reach, 6)) for step in range(3)]
    if kind < 0.85:
        return shapely.LineString(corners)
    return shapely.Polygon([(round(lon - reach, 6), lat), *corners])


def insert_events(session: ReadWriteSession, records: list[Record]) -> None:
    """Inserts events with their sources and places, in one transaction."""
    session.execute(text("SELECT set_config('frontline.role', '', true)"))
    origins = [
        {"slug": slug, "name": slug, "licence": "CC BY 4.0", "public": public} for slug, public in ORIGINS.items()
    ]
    session.execute(insert(Origin).on_conflict_do_nothing(), origins)
    session.add_all(
        Event(
            id=one.id,
            title=one.title,
            description=one.description,
            category=one.category,
            actor=one.actor,
            affected=one.affected,
            verification=one.verification,
            origin=one.origin,
            shape=f"SRID=4326;{shapely.to_wkt(one.shape, rounding_precision=6)}",
            happened_from=one.happened_from,
            happened_to=one.happened_to,
            time_precision=one.time_precision,
            precision_m=one.number,
            state=one.state,
            places=[EventPlace(position=position, geonameid=place) for position, place in enumerate(one.places)],
        )
        for one in records
    )
    session.flush()
    sources = [
        (one.id, Source(id=uuid.uuid4(), name="A post", source_class=source_class, status=status))
        for one in records
        for status, classes in (("live", one.source_classes), ("hidden", one.hidden_classes))
        for source_class in sorted(classes)
    ]
    session.add_all(source for _, source in sources)
    session.flush()
    session.add_all(EventSource(event_id=event_id, source_id=source.id, role="report") for event_id, source in sources)
    session.commit()
