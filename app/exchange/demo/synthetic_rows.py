"""Formats synthetic events as rows of the tables, in COPY's text format."""

from __future__ import annotations

import datetime as dt
import struct
import uuid
from typing import TYPE_CHECKING, Final

from app.database.copy import format_row
from app.exchange.demo.synthetic import MINUTES_A_DAY, Batch, Front
from app.fields.words import STANCES, TIME_PRECISIONS, VERIFICATIONS
from app.models.columns import SRID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.theatre import Theatre

EVENT: Final = (
    *("id", "origin", "origin_id", "title", "category", "actor", "affected", "shape", "precision_m"),
    *("happened_from", "happened_to", "time_precision", "verification", "state"),
)
EVENT_SOURCE: Final = ("event_id", "source_id", "role")
CLAIM: Final = ("id", "event_id", "source_id", "position", "party_id", "stance", "statement")
# `source_class` keeps its default, because nobody has classified these sources.
SOURCE: Final = ("id", "name", "canonical_url", "given_url", "platform", "publisher", "status")

# The parties that make claims. The first one asserts, and the second one denies.
PARTIES: Final = ("Synthetic ministry 1", "Synthetic ministry 2")
# A source has EVENTS_A_SOURCE events on average, and one event in CLAIM_EVERY has claims.
EVENTS_A_SOURCE: Final = 20
# Consecutive posts have different publishers, because a confirmed event needs two voices.
PUBLISHERS: Final = 50
CLAIM_EVERY: Final = 8

CONFIRMED: Final = VERIFICATIONS.index("confirmed")
_POINT: Final = struct.Struct("<BIIdd")
_GEOMETRY: Final = struct.Struct("<BIII")
_WITH_SRID: Final = 0x20000000


def source_rows(front: Front, count: int) -> Iterator[tuple[str, uuid.UUID]]:
    """Yields the rows of the sources of events, and their ids."""
    for number, id_ in enumerate(_ids(front, count)):
        url = f"https://synthetic.invalid/post/{number}"
        outlet = f"Synthetic outlet {number % PUBLISHERS}"
        yield format_row((id_, f"Synthetic post {number}", url, url, "synthetic", outlet, "live")), id_


class Rows:
    """The rows of one batch, ready for COPY."""

    def __init__(
        self,
        front: Front,
        batch: Batch,
        theatre: Theatre,
        first: int,
        sources: list[uuid.UUID],
        parties: list[uuid.UUID],
    ) -> None:
        """Formats the rows.

        Args:
            front: has the random generator.
            batch: the events.
            theatre: its categories and belligerents are used.
            first: the number of the first event.
            sources: the ids of all sources.
            parties: the ids of `PARTIES`.
        """
        self.events: list[str] = []
        self.event_sources: list[str] = []
        self.claims: list[str] = []
        categories = [(category.slug, theatre.named(category.name, "en").lower()) for category in theatre.categories]
        sides = [*(side.slug for side in theatre.belligerents), None]
        zero = dt.datetime.combine(theatre.first_day, dt.time(), dt.UTC)
        columns = zip(
            *(column.tolist() for column in (batch.place, batch.longitude, batch.latitude, batch.begins, batch.lasts)),
            *(column.tolist() for column in (batch.category, batch.actor, batch.affected, batch.verification)),
            *(column.tolist() for column in (batch.time_precision, batch.precision_m, batch.line, batch.area)),
            strict=True,
        )
        claim_ids = _ids(front, 2 * (len(batch) // CLAIM_EVERY + 1))
        for number, (id_, row) in enumerate(zip(_ids(front, len(batch)), columns, strict=True), start=first):
            place, longitude, latitude, begins, lasts, category, actor, affected = row[:8]
            verification, precision, metres, line, area = row[8:]
            slug, name = categories[category]
            begin = zero + dt.timedelta(days=begins // MINUTES_A_DAY, minutes=begins % MINUTES_A_DAY)
            end = begin + dt.timedelta(minutes=lasts)
            shape = _shape(longitude, latitude, number, line=line, area=area)
            fields = (
                *(id_, "synthetic", number, f"Synthetic: {name}, sector {place}", slug, sides[actor], sides[affected]),
                *(shape, metres, begin, end, TIME_PRECISIONS[precision], VERIFICATIONS[verification], "published"),
            )
            self.events.append(format_row(fields))
            # Multiplying by a large prime distributes the events over the sources.
            chosen = number * 1_000_003 % len(sources)
            source = sources[chosen]
            self.event_sources.append(format_row((id_, source, "footage")))
            if verification == CONFIRMED:
                other = chosen + 1 if chosen + 1 < len(sources) else chosen - 1
                self.event_sources.append(format_row((id_, sources[other], "report")))
            if number % CLAIM_EVERY == 0:
                for position, stance in enumerate(STANCES[: 1 + number % 3 % 2]):
                    statement = f"It was {name}." if stance == "asserts" else "Nothing of the kind happened."
                    claim = (next(claim_ids), id_, source, position, parties[position], stance, statement)
                    self.claims.append(format_row(claim))


def _ids(front: Front, count: int) -> Iterator[uuid.UUID]:
    """Returns random UUIDs, which are the same for the same seed."""
    drawn = front.bytes(16 * count)
    return (uuid.UUID(bytes=drawn[at : at + 16], version=4) for at in range(0, 16 * count, 16))


def _shape(longitude: float, latitude: float, number: int, *, line: bool, area: bool) -> str:
    """Encodes a geometry as hexadecimal EWKB: a point, a line of three vertices, or a rectangle."""
    if not line and not area:
        return _POINT.pack(1, 1 | _WITH_SRID, SRID, longitude, latitude).hex()
    long = 0.01 + number % 7 * 0.004
    if line:
        places = [(longitude - long, latitude), (longitude, latitude), (longitude + long, latitude + long / 2)]
        head = _GEOMETRY.pack(1, 2 | _WITH_SRID, SRID, len(places))
    else:
        west, south, east, north = longitude - long / 2, latitude - long / 3, longitude + long / 2, latitude + long / 3
        places = [(west, south), (east, south), (east, north), (west, north), (west, south)]
        head = _GEOMETRY.pack(1, 3 | _WITH_SRID, SRID, 1) + struct.pack("<I", len(places))
    return (head + b"".join(struct.pack("<dd", *place) for place in places)).hex()
