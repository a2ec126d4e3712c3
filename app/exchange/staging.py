"""Rows of an import on their way into the database: copied into temporary tables, then written in a few statements.

Some thousands at once, so that they need not wait for the end of a file.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.database import locks
from app.database.engines import KEEP_PLANS, TAKE_YOUR_TIME
from app.database.statements import read_statement
from app.exchange.copying import line_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection

    from app.exchange.records import EventRecord

_HERE: Final = Path(__file__).parent

_EVENT: Final = (
    "id, given_id, origin, origin_id, title, description, category, actor, affected, shape, precision_m,"
    " happened_from, happened_to, time_precision, time_inferred, verification, sensitivity, digest, line, file, event"
)
_SOURCE: Final = (
    "event, position, role, name, canonical_url, given_url, platform, publisher, author, published_at, language,"
    " status, archive_url, source"
)
_CLAIM: Final = "event, position, source_position, party, party_kind, stance, statement, about, chain, stated_at"
_PLACE: Final = "event, position, geonameid, as_spelled"
_IDS_AT_ONCE: Final = 256
# As the guard `apply_policy` has it.
_FORBIDDEN: Final = (
    "EXISTS (SELECT FROM frontline.category_policy p WHERE p.category = s.category"
    " AND (s.actor = ANY (p.forbidden_for) OR s.affected = ANY (p.forbidden_for)))"
)


Lines = dict[tuple[str, str], str]


def _new_ids() -> Iterator[uuid.UUID]:
    """Give ids for what is new in some rows: random ones that begin alike.

    These lie beside each other in a dozen indexes. Else each row would touch a page of its own in each, all of which
    would have to be read, and written to the log as a whole.
    """
    beginning = os.urandom(4)
    while True:
        many = os.urandom(12 * _IDS_AT_ONCE)
        for at in range(0, len(many), 12):
            yield uuid.UUID(bytes=beginning + many[at : at + 12], version=4)


def lines_of(rows: Sequence[tuple[EventRecord, bytes, int]], file: int) -> Lines:
    """Give events as the lines of the temporary tables, by table and columns.

    Args:
        rows: records, their digests, and the lines on which they stand.
        file: the number of their file.
    """
    events: list[str] = []
    sources: list[str] = []
    claims: list[str] = []
    places: list[str] = []
    ids = _new_ids()
    # By canonical address, since rows that name one name the same source.
    named: dict[str, uuid.UUID] = {}
    for row, (event, digest, line) in enumerate(rows):
        events.append(
            line_of(
                (
                    *(row, event.event_id, event.origin, event.origin_id, event.title, event.description),
                    *(event.category, event.actor, event.affected, event.shape, event.precision_m),
                    *(event.happened_from, event.happened_to, event.time_precision, event.time_inferred),
                    *(event.verification, event.sensitivity, digest, line, file, next(ids)),
                )
            )
        )
        for position, source in enumerate(event.sources):
            url = source.canonical_url
            new = None if url is None else named.get(url) or named.setdefault(url, next(ids))
            sources.append(
                line_of(
                    (
                        *(row, position, source.role, source.name, url, source.given_url),
                        *(source.platform, source.publisher, source.author, source.published_at, source.language),
                        *(source.status, source.archive_url, new),
                    )
                )
            )
        for position, claim in enumerate(event.claims):
            claims.append(
                line_of(
                    (
                        *(row, position, claim.source, claim.party, claim.party_kind, claim.stance, claim.statement),
                        *(claim.about, claim.chain, claim.stated_at),
                    )
                )
            )
        for position, place in enumerate(event.places):
            places.append(line_of((row, position, place.geonameid, place.as_spelled)))
    return {
        ("staged_event", _EVENT): "".join(events),
        ("staged_source", _SOURCE): "".join(sources),
        ("staged_claim", _CLAIM): "".join(claims),
        ("staged_place", _PLACE): "".join(places),
    }


@dataclass
class Written:
    """What became of some rows.

    Attributes:
        fates: how many were `added`, `unchanged`, `changed` (and left) or `updated`.
        changed: file, line, id and title of those that differ from what is there, and are left.
        published: how many were drafts of an earlier import and were published.
        held_back: how many policy forbids to publish.
    """

    fates: dict[str, int]
    changed: list[tuple[int, int, str, str]]
    published: int = 0
    held_back: int = 0


class Staging:
    """The way of the rows of one import into the tables, some thousands at once, in its transaction."""

    def __init__(self, connection: Connection[Any], *, public: bool, update: bool) -> None:
        """Begin nothing yet.

        Args:
            connection: in its transaction.
            public: what is added is published at once, else it is a draft.
            update: rows that changed since they were imported are written anew.
        """
        self._connection = connection
        self._public = public
        self._update = update
        self._rows = 0
        self._planned_for = 0

    def begin(self) -> bool:
        """Make the temporary tables; False when another import is at work."""
        locked = self._connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (locks.EVENTS_IMPORT,)).fetchone()
        if not locked or not locked[0]:
            return False
        self._connection.execute(f"{KEEP_PLANS}; {TAKE_YOUR_TIME}")
        state = "published" if self._public else "draft"
        self._connection.execute("SELECT set_config('frontline.imported_state', %s, true)", (state,))
        self._run("staging")
        return True

    def put(self, lines: Lines) -> Written:
        """Write events, after those that were written before."""
        self._connection.execute("TRUNCATE staged_event, staged_source, staged_claim, staged_place")
        if self._rows >= 2 * self._planned_for:
            # The plans that are kept were made when this import had written half as many rows, or none.
            self._connection.execute("DISCARD PLANS")
            self._planned_for = self._rows
        for (table, columns), text in lines.items():
            if text:
                with self._connection.cursor() as cursor, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(text)
        self._run("fates")
        if self._update:
            self._connection.execute("UPDATE staged_event SET fate = 'updated' WHERE fate = 'changed'")
            self._run("renew")
        counted = self._connection.execute("SELECT fate, count(*) FROM staged_event GROUP BY fate")
        written = Written(dict(counted), self._changed())
        self._rows += sum(written.fates.values())
        self._run("write")
        if self._public:
            if written.fates.keys() - {"added"}:
                written.published = self._publish()
            written.held_back = self._held_back()
        return written

    def _changed(self) -> list[tuple[int, int, str, str]]:
        return self._connection.execute(
            "SELECT file, line, origin_id, title FROM staged_event WHERE fate = 'changed' ORDER BY line"
        ).fetchall()

    def _publish(self) -> int:
        """Publish the drafts of earlier imports among the rows.

        One on which somebody has worked since is for a reviewer, and what policy forbids stays a draft.
        """
        return self._connection.execute(
            "UPDATE frontline.event e SET state = 'published', updated_at = now() FROM staged_event s"  # noqa: S608 - a constant
            " WHERE e.id = s.event AND e.state = 'draft' AND s.fate <> 'added' AND e.authors = '{}'"
            f" AND NOT {_FORBIDDEN}"
        ).rowcount

    def _held_back(self) -> int:
        counted = self._connection.execute(
            f"SELECT count(*) FROM staged_event s WHERE {_FORBIDDEN}"  # noqa: S608 - a constant
        ).fetchone()
        return counted[0] if counted else 0

    def _run(self, name: str) -> None:
        """Run the statements of a file, as they stand."""
        self._connection.execute(read_statement(_HERE, name))
