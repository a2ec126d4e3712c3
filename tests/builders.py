"""Rows for tests: each call makes one that is whole and ordinary, but for what the test says of it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from app.models import Claim, Event, EventPlace, EventSource, Origin, Source

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession


def moment(text: str) -> dt.datetime:
    """A moment in UTC: `2025-07-21` or `2025-07-21T06:00`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class Builder:
    """Makes rows through one session, and commits each."""

    def __init__(self, session: ReadWriteSession) -> None:
        self.session = session

    def _made(self, row: Any) -> Any:
        self.session.add(row)
        self.session.commit()
        return row

    def origin(self, slug: str = "desk", *, public: bool = True, licence: str | None = "CC BY 4.0") -> str:
        """An origin; the one that is there is taken again."""
        if self.session.get(Origin, slug) is None:
            self._made(Origin(slug=slug, name=f"The {slug}", licence=licence, attribution=f"© {slug}", public=public))
        return slug

    def event(
        self,
        title: str = "Fighting at the edge of the town",
        *,
        at: tuple[float, float] = (37.12966, 48.24819),
        wkt: str | None = None,
        happened: tuple[str, str] = ("2025-07-21", "2025-07-22"),
        state: str = "published",
        origin: str | None = None,
        places: list[EventPlace] | None = None,
        **others: Any,
    ) -> uuid.UUID:
        """An event; `at` is (longitude, latitude), `happened` half-open."""
        given = {
            "category": "clash",
            "time_precision": "day",
            "verification": "geolocated",
            "precision_m": 100,
        } | others
        row = Event(
            origin=origin or self.origin(),
            title=title,
            shape=f"SRID=4326;{wkt or f'POINT({at[0]} {at[1]})'}",
            happened_from=moment(happened[0]),
            happened_to=moment(happened[1]),
            state=state,
            places=places or [],
            **given,
        )
        if state == "withdrawn" and row.withdrawn_at is None:
            row.withdrawn_at = dt.datetime.now(dt.UTC)
        self._made(row)
        return row.id

    def source(
        self, event_id: uuid.UUID, url: str | None = None, *, role: str = "footage", name: str = "A post", **others: Any
    ) -> uuid.UUID:
        """A source of an event."""
        row = self._made(Source(name=name, canonical_url=url, given_url=url, **others))
        self._made(EventSource(event_id=event_id, source_id=row.id, role=role))
        source_id: uuid.UUID = row.id
        return source_id

    def claim(self, event_id: uuid.UUID, party: str = "A ministry", **others: Any) -> uuid.UUID:
        """A claim about an event."""
        given = {"party_kind": "ministry", "stance": "asserts", "statement": "It happened."} | others
        claim_id: uuid.UUID = self._made(Claim(event_id=event_id, party=party, **given)).id
        return claim_id
