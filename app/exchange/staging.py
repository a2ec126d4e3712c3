"""Writes the rows of an import: copies batches into temporary tables, then inserts from them.

A batch has some thousands of rows, so that writing does not wait for the end of a file.
"""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psycopg import sql

from app.database import locks
from app.database.copy import copy_text, format_row
from app.database.engines import KEEP_PLANS, TAKE_YOUR_TIME
from app.database.statements import read_statement
from app.exchange.records import ClaimRecord, EventRecord, RecordColumns, Remark, SourceRecord
from app.fields import CLAIM, EVENT, SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from psycopg import Connection

    from app.fields import Field

_HERE: Final = Path(__file__).parent

# The fields in each temporary table. Its own columns come before them; `format_batch` fills them.
EVENT_COLUMNS: Final = RecordColumns(EventRecord, EVENT.having(importable=True, stored=True))
SOURCE_COLUMNS: Final = RecordColumns(SourceRecord, SOURCE.having(importable=True, stored=True))
CLAIM_COLUMNS: Final = RecordColumns(ClaimRecord, CLAIM.having(importable=True, stored=True))
_EVENT: Final = ("id", "given_id", "origin_id", "digest", "line", "file", "event", *EVENT_COLUMNS.names)
_SOURCE: Final = ("event", "position", "role", "source", *SOURCE_COLUMNS.names)
_CLAIM: Final = ("event", "position", "source_position", "party", "party_kind", *CLAIM_COLUMNS.names)
_PLACE: Final = ("event", "position", "geonameid", "as_spelled")
_IDS_AT_ONCE: Final = 256
# The same condition as in the trigger function `apply_policy`.
_FORBIDDEN: Final = (
    "EXISTS (SELECT FROM frontline.category_policy p WHERE p.category = s.category"
    " AND (s.actor = ANY (p.forbidden_for) OR s.affected = ANY (p.forbidden_for)))"
)

# Fields of a shared source that a row may fill in: they are newer than the first imports, so the
# source may exist without them.
_FILLED: Final = SOURCE.having(importable=True, stored=True, digest="given")

BatchText = dict[tuple[str, tuple[str, ...]], str]


def _new_ids() -> Iterator[uuid.UUID]:
    """Yields random UUIDs for new rows; consecutive ids have the same prefix.

    Ids with the same prefix share pages in a dozen indexes. Otherwise each row would touch another
    page in each index, which is read, and written whole to the write-ahead log.
    """
    beginning = os.urandom(4)
    while True:
        many = os.urandom(12 * _IDS_AT_ONCE)
        for at in range(0, len(many), 12):
            yield uuid.UUID(bytes=beginning + many[at : at + 12], version=4)


def format_batch(rows: Sequence[tuple[EventRecord, bytes, int]], file: int) -> BatchText:
    """Formats events as COPY text for the temporary tables, by table and columns.

    Args:
        rows: records, their digests, and the lines on which they stand.
        file: the number of their file.
    """
    events: list[str] = []
    sources: list[str] = []
    claims: list[str] = []
    places: list[str] = []
    ids = _new_ids()
    # By canonical address, because rows with the same address have the same source.
    named: dict[str, uuid.UUID] = {}
    event_values, source_values, claim_values = EVENT_COLUMNS.values, SOURCE_COLUMNS.values, CLAIM_COLUMNS.values
    for row, (event, digest, line) in enumerate(rows):
        own = (row, event.event_id, event.origin_id, digest, line, file, next(ids))
        events.append(format_row(own + event_values(event)))
        for position, source in enumerate(event.sources):
            url = source.canonical_url
            new = None if url is None else named.get(url) or named.setdefault(url, next(ids))
            sources.append(format_row((row, position, source.role, new, *source_values(source))))
        for position, claim in enumerate(event.claims):
            stated = (row, position, claim.source, claim.party, claim.party_kind)
            claims.append(format_row(stated + claim_values(claim)))
        for position, place in enumerate(event.places):
            places.append(format_row((row, position, place.geonameid, place.as_spelled)))
    return {
        ("staged_event", _EVENT): "".join(events),
        ("staged_source", _SOURCE): "".join(sources),
        ("staged_claim", _CLAIM): "".join(claims),
        ("staged_place", _PLACE): "".join(places),
    }


@dataclass
class BatchOutcome:
    """The outcome of a batch.

    Attributes:
        fates: the numbers of rows `added`, `unchanged`, `changed` (not updated) and `updated`.
        changed: file, line, id and title of rows that differ from the database and are not updated.
        published: the number of drafts of an earlier import that were published.
        held_back: the number of rows that policy forbids to publish.
        left: file, line, id and remark of rows that state another value of a source than the
            database has.
    """

    fates: dict[str, int]
    changed: list[tuple[int, int, str, str]]
    published: int = 0
    held_back: int = 0
    left: list[tuple[int, int, str, Remark]] = field(default_factory=list)


class Staging:
    """Writes the batches of one import, in its transaction."""

    def __init__(self, connection: Connection[Any], *, public: bool, update: bool) -> None:
        """Stores the options; `begin` starts the work.

        Args:
            connection: in the transaction of the import.
            public: publish the added events; otherwise they are drafts.
            update: update events whose rows changed since their import.
        """
        self._connection = connection
        self._public = public
        self._update = update
        self._rows = 0
        self._planned_for = 0

    def begin(self) -> None:
        """Creates the temporary tables.

        Raises:
            LockTaken: another import is running.
        """
        locks.take(self._connection, locks.EVENTS_IMPORT, "import")
        self._connection.execute(f"{KEEP_PLANS}; {TAKE_YOUR_TIME}")
        state = "published" if self._public else "draft"
        self._connection.execute("SELECT set_config('frontline.imported_state', %s, true)", (state,))
        self._run("staging")

    def show_progress(self, progress: str) -> None:
        """Shows how far the import is, to those who want to import too."""
        locks.show_progress(self._connection, progress)

    def write_batch(self, lines: BatchText) -> BatchOutcome:
        """Writes one batch of events."""
        self._connection.execute("TRUNCATE staged_event, staged_source, staged_claim, staged_place")
        if self._rows >= 2 * self._planned_for:
            # The statistics and the cached plans are from when this import had written half as many
            # rows, or none.
            self._connection.execute("SELECT frontline.analyze_imported(%s)", (self._rows,))
            self._connection.execute("DISCARD PLANS")
            self._planned_for = self._rows
        for (table, columns), text in lines.items():
            if text:
                copy_text(self._connection, table, columns, [text])
        self._run("fates")
        if self._update:
            self._connection.execute("UPDATE staged_event SET fate = 'updated' WHERE fate = 'changed'")
            self._run("update_events")
        counted = self._connection.execute("SELECT fate, count(*) FROM staged_event GROUP BY fate")
        written = BatchOutcome(dict(counted), self._changed_rows())
        self._rows += sum(written.fates.values())
        self._run("write")
        written.left = [left for one in _FILLED for left in self._fill(one)]
        if self._public:
            if written.fates.keys() - {"added"}:
                written.published = self._publish()
            written.held_back = self._count_held_back()
        return written

    def _changed_rows(self) -> list[tuple[int, int, str, str]]:
        return self._connection.execute(
            "SELECT file, line, origin_id, title FROM staged_event WHERE fate = 'changed' ORDER BY line"
        ).fetchall()

    def _fill(self, filled: Field) -> list[tuple[int, int, str, Remark]]:
        """Sets fields of existing sources that still have their defaults.

        Returns:
            Rows that state another value than the database has: file, line, id and a remark.
        """
        default = list(filled.default) if isinstance(filled.default, tuple) else filled.default
        names = {"field": sql.Identifier(filled.name), "default": sql.Literal(default)}
        self._connection.execute(sql.SQL(read_statement(_HERE, "fill_sources")).format(**names))
        found = self._connection.execute(
            sql.SQL(read_statement(_HERE, "conflicting_values")).format(**names)
        ).fetchall()
        return [
            (file, line, row_id, Remark(filled.name, f"{stated} ({source})", _conflict_reason(filled, known, stated)))
            for file, line, row_id, source, stated, known in found
        ]

    def _publish(self) -> int:
        """Publishes the drafts of earlier imports among the rows.

        Drafts that a member has edited since, and those that policy forbids, stay drafts.
        """
        return self._connection.execute(
            "UPDATE frontline.event e SET state = 'published', updated_at = now() FROM staged_event s"  # noqa: S608 - a constant
            " WHERE e.id = s.event AND e.state = 'draft' AND s.fate <> 'added' AND e.authors = '{}'"
            f" AND NOT {_FORBIDDEN}"
        ).rowcount

    def _count_held_back(self) -> int:
        counted = self._connection.execute(
            f"SELECT count(*) FROM staged_event s WHERE {_FORBIDDEN}"  # noqa: S608 - a constant
        ).fetchone()
        return counted[0] if counted else 0

    def _run(self, name: str) -> None:
        """Executes the statements of a file."""
        self._connection.execute(read_statement(_HERE, name))


def _conflict_reason(filled: Field, known: str, stated: str) -> str:
    """Returns the reason of a remark. Remarks are counted by reason, so a reason contains only
    values of closed lists.
    """
    if filled.words:
        return f"the source has `{known}` in the database, `{stated}` in the file: not changed"
    return "the source has another value in the database: not changed"
