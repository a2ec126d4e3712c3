"""Rows of an import on their way into the database: copied into temporary tables, then written in a few statements."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.database.statements import read_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from psycopg import Connection

    from app.exchange.records import EventRecord

_HERE: Final = Path(__file__).parent
# Any number will do, as long as it is always the same: one import at a time.
ADVISORY_LOCK: Final = 5_214_738_215

_EVENT: Final = (
    "id, given_id, origin, origin_id, title, description, category, actor, affected, shape, precision_m,"
    " happened_from, happened_to, time_precision, time_inferred, verification, sensitivity, digest, line, file"
)
_SOURCE: Final = (
    "event, position, role, name, canonical_url, given_url, platform, publisher, author, published_at, language,"
    " status, archive_url"
)
_CLAIM: Final = "event, position, source_position, party, party_kind, stance, statement, about, chain, stated_at, id"
_PLACE: Final = "event, position, geonameid, as_spelled"


class Staging:
    """The staged rows of one import, in its transaction."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def begin(self, *, public: bool = False) -> bool:
        """Make the temporary tables; False when another import is at work.

        Args:
            public: what is added is published at once; written as drafts first, it would be written twice.
        """
        locked = self._connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (ADVISORY_LOCK,)).fetchone()
        if not locked or not locked[0]:
            return False
        self._run("staging")
        if public:
            self._connection.execute("ALTER TABLE staged_event ALTER COLUMN state SET DEFAULT 'published'")
        return True

    def add(self, rows: Sequence[tuple[EventRecord, bytes, int]], file: int) -> None:
        """Copy events into the temporary tables.

        Args:
            rows: records, their digests, and the lines on which they stand.
            file: the number of their file.
        """
        events: list[tuple[Any, ...]] = []
        sources: list[tuple[Any, ...]] = []
        claims: list[tuple[Any, ...]] = []
        places: list[tuple[Any, ...]] = []
        for event, digest, line in rows:
            row = uuid.uuid4()
            events.append(
                (
                    *(row, event.event_id, event.origin, event.origin_id, event.title, event.description),
                    *(event.category, event.actor, event.affected, event.shape, event.precision_m),
                    *(event.happened_from, event.happened_to, event.time_precision, event.time_inferred),
                    *(event.verification, list(event.sensitivity), digest, line, file),
                )
            )
            for position, source in enumerate(event.sources):
                sources.append(
                    (
                        *(row, position, source.role, source.name, source.canonical_url, source.given_url),
                        *(source.platform, source.publisher, source.author, source.published_at, source.language),
                        *(source.status, source.archive_url),
                    )
                )
            for position, claim in enumerate(event.claims):
                claims.append(
                    (
                        *(row, position, claim.source, claim.party, claim.party_kind, claim.stance, claim.statement),
                        *(claim.about, list(claim.chain), claim.stated_at, uuid.uuid4()),
                    )
                )
            for position, place in enumerate(event.places):
                places.append((row, position, place.geonameid, place.as_spelled))
        self._copy("staged_event", _EVENT, events)
        self._copy("staged_source", _SOURCE, sources)
        self._copy("staged_claim", _CLAIM, claims)
        self._copy("staged_place", _PLACE, places)

    def decide(self, *, update: bool) -> dict[str, int]:
        """Tell what becomes of the rows: how many are `added`, `unchanged`, `changed` (and left) or `updated`."""
        for table in ("staged_event", "staged_source", "staged_claim", "staged_place"):
            self._connection.execute(f"ANALYZE {table}")
        self._run("fates")
        if update:
            self._connection.execute("UPDATE staged_event SET fate = 'updated' WHERE fate = 'changed'")
        counted = self._connection.execute("SELECT fate, count(*) FROM staged_event GROUP BY fate")
        return dict(counted)

    def changed(self) -> Iterable[tuple[int, int, str, str]]:
        """Give file, line, id and title of the rows that differ from what is there, and are left."""
        return self._connection.execute(
            "SELECT file, line, origin_id, title FROM staged_event WHERE fate = 'changed' ORDER BY file, line"
        )

    def write(self) -> None:
        """Write what is added and updated."""
        self._run("write")

    def publish(self) -> int:
        """Publish the drafts among what the files brought, old and new; give how many there were already."""
        published = self._connection.execute(
            "UPDATE frontline.event e SET state = 'published', updated_at = now() FROM staged_event s"
            " WHERE e.id = s.event AND e.state = 'draft' RETURNING s.fate"
        )
        return sum(fate != "added" for (fate,) in published)

    def _copy(self, table: str, columns: str, rows: Sequence[tuple[Any, ...]]) -> None:
        if not rows:
            return
        with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def _run(self, name: str) -> None:
        """Run the statements of a file, as they stand."""
        self._connection.execute(read_statement(_HERE, name))
