"""Inserts rows for tests: each call inserts a complete, ordinary row, except for what the test
sets.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

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
    Source,
)

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession


def moment(text: str) -> dt.datetime:
    """Parses a moment in UTC: `2025-07-21` or `2025-07-21T06:00`."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


class Builder:
    """Inserts rows through one session, and commits each."""

    def __init__(self, session: ReadWriteSession) -> None:
        self.session = session

    def _insert(self, row: Any) -> Any:
        # Ends the attribution to a member that an earlier request in the same transaction set.
        self.session.execute(select(func.set_config("frontline.role", "", True)))
        self.session.add(row)
        self.session.commit()
        return row

    def origin(self, slug: str = "desk", *, public: bool = True, licence: str | None = "CC BY 4.0") -> str:
        """Inserts an origin, unless it exists; returns its slug."""
        if self.session.get(Origin, slug) is None:
            self._insert(Origin(slug=slug, name=f"The {slug}", licence=licence, attribution=f"© {slug}", public=public))
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
        """Inserts an event; `at` is (longitude, latitude), `happened` half-open."""
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
        if state == "withdrawn":  # an event that was never public leaves no tombstone
            row.released_at = row.withdrawn_at
        self._insert(row)
        return row.id

    def source(
        self, event_id: uuid.UUID, url: str | None = None, *, role: str = "footage", name: str = "A post", **others: Any
    ) -> uuid.UUID:
        """Inserts a source of an event."""
        row = self._insert(Source(name=name, canonical_url=url, given_url=url, **others))
        self._insert(EventSource(event_id=event_id, source_id=row.id, role=role))
        source_id: uuid.UUID = row.id
        return source_id

    def area(self, label: str = "Held", *, west: float = 37.0, **state: Any) -> uuid.UUID:
        """Inserts a control area in an assessment of its own, by the desk."""
        origin = self.origin()
        if self.session.get(Assessor, origin) is None:
            self._insert(Assessor(slug=origin, definition="What is held"))
        made = Assessment(
            assessor=origin,
            covers=["occupied"],
            shape_digest=uuid.uuid4().bytes * 2,
            **({"state": "published", "valid_from": dt.datetime.now(dt.UTC)} | state),
        )
        self._insert(made)
        shape = f"SRID=4326;MULTIPOLYGON((({west} 48, {west + 0.1} 48, {west + 0.1} 48.1, {west} 48)))"
        drawn = ControlArea(
            assessment_id=made.id, position=0, status="occupied", label=label, shape=shape, area_km2=41.0
        )
        area_id: uuid.UUID = self._insert(drawn).id
        return area_id

    def claim(self, event_id: uuid.UUID | None, party: str = "A ministry", **others: Any) -> uuid.UUID:
        """Inserts a claim about an event, or with `area_id` about an area."""
        given = {"party_kind": "ministry", "stance": "asserts", "statement": "It happened."} | others
        kind = given.pop("party_kind")
        known = select(Party).where(Party.name == party, Party.kind == kind)
        party_row = self.session.scalar(known) or self._insert(Party(name=party, kind=kind))
        claim_id: uuid.UUID = self._insert(Claim(event_id=event_id, party_id=party_row.id, **given)).id
        return claim_id
