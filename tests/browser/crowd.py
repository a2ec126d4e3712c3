"""A database with more than the demo: several events at the same place, very many at another one, a
long list, and hostile texts.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.database.session import Sessions
from app.models import EventPlace, Place, PlaceName
from tests.builders import Builder, moment

if TYPE_CHECKING:
    from tests.conftest import Served

SPOT = (37.2, 48.3)
LONG_LIST = 70
# Events of January 2025 at one place, as a gazetteer's coordinate collects them: the older half has
# a precision, the newer half does not.
STACK = 120
STACK_SPOT = (37.4, 48.4)
STACK_PRECISION_M = 2000
STACK_PATH = "/?at=48.4,37.4,12&from=2025-01-01&to=2025-01-31"
VILLAGE = 686799
HOSTILE_TEXTS = (
    '<img src=x onerror="window.harmed=1">',
    "<script>window.harmed=1</script>",
    '"><svg onload="window.harmed=1">',
    "javascript:window.harmed=1",
    "{{ 7 * 7 }} ${window.harmed=1}",
)


@dataclass(frozen=True)
class Crowd:
    """The ids of events: three at the same place and day, one with hostile texts, one near a known
    village, and the oldest of very many at one place.
    """

    same_place: list[uuid.UUID]
    oldest_of_stack: uuid.UUID
    hostile_event: uuid.UUID
    near_village: uuid.UUID


def build_crowd(served: Served) -> Crowd:
    """Fills the database of a server."""
    with Sessions(served.engines).writing() as session:
        build = Builder(session)
        same_place = sorted(build.event(f"On one spot {number}", at=SPOT) for number in (1, 2, 3))
        stack = [
            build.event(
                f"In the stack {number}",
                at=STACK_SPOT,
                happened=(f"2025-01-{1 + number // 4:02}", f"2025-01-{2 + number // 4:02}"),
                precision_m=STACK_PRECISION_M if number < STACK // 2 else None,
                affected="ru",
            )
            for number in range(STACK)
        ]
        for number in range(LONG_LIST):
            build.event(
                f"In the long list {number}",
                at=(37.0 + number / 1000, 48.2),
                happened=(f"2025-06-{1 + number % 28:02}", f"2025-06-{2 + number % 28:02}"),
                affected="ua",
            )
        build.event(
            "Known to the month", at=(37.05, 48.25), happened=("2025-05-01", "2025-06-01"), time_precision="month"
        )
        build.event(
            "In the hour", at=(37.06, 48.25), happened=("2025-05-20T14:00", "2025-05-20T15:00"), time_precision="hour"
        )
        hostile_event = build.event(
            f"{HOSTILE_TEXTS[0]} שלום עולם \N{FIRE} {'w' * 150}",
            at=(37.3, 48.1),
            happened=("2025-04-01", "2025-04-02"),
            description=f"قوات الجيش تتقدم {' '.join(HOSTILE_TEXTS)}\nhttps://example.org/{'a' * 300}",
            sensitivity=["graphic", "civilians"],
            actor="ru",
        )
        for number, harm in enumerate(HOSTILE_TEXTS):
            source = build.source(
                hostile_event,
                f"https://post.example/{number}",
                name=harm,
                author=harm,
                publisher=f"{harm}!",
                platform=harm,
                published_at=moment("2025-04-02"),
                status="deleted" if number == 0 else "live",
                archive_url="https://archive.example/0" if number == 0 else None,
            )
            build.claim(
                hostile_event,
                harm,
                statement=harm,
                chain=[harm, harm],
                source_id=source,
                stance="denies" if number == 1 else "asserts",
                position=number,
            )
        session.add(_village())
        session.flush()
        session.add(PlaceName(geonameid=VILLAGE, spelling="Звірове", folded="zvirove", kind="alternate", language="uk"))
        near_village = build.event(
            "Infantry seen by the village",
            at=(37.12879, 48.24798),
            happened=("2025-03-01", "2025-03-02"),
            places=[EventPlace(position=0, geonameid=VILLAGE, as_spelled="Zverovo")],
        )
        return Crowd(same_place, stack[0], hostile_event, near_village)


def _village() -> Place:
    spot = "SRID=4326;POINT(37.12879 48.25057)"
    return Place(geonameid=VILLAGE, name="Zvirove", country="UA", population=1037, in_theatre=True, spot=spot)
