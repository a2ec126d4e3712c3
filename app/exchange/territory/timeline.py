"""Inserts snapshots into the timeline of an assessor: as an assessment, or as an observation of the
same areas.

A snapshot with the same areas as the assessment before it is an observation. Files may come in any
order. A new assessment between an assessment and its observation turns the observation into an
assessment. A snapshot just before an assessment with the same areas takes the assessment's place.
"""

from __future__ import annotations

import datetime as dt
import uuid
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from app.database.copy import copy_rows

if TYPE_CHECKING:
    from psycopg import Connection

    from app.exchange.territory.drawings import Snapshot

Fate = Literal["added", "observed", "unchanged", "changed", "updated"]

_AREA_COLUMNS: Final = ("id", "assessment_id", "position", "status", "since_before", "label", "shape", "area_km2")


@dataclass(frozen=True, slots=True)
class _Entry:
    """An assessment, or an observation of the same areas (`observed`), at a moment."""

    moment: dt.datetime
    assessment: uuid.UUID
    digest: bytes
    file_digest: bytes | None
    observed: bool


@dataclass(frozen=True)
class SourceFile:
    """The file that a snapshot came from."""

    name: str
    digest: bytes


class Timeline:
    """One assessor's assessments and observations, in the order of time."""

    def __init__(self, connection: Connection[Any], assessor: str, *, state: str) -> None:
        self._connection = connection
        self._assessor = assessor
        self._state = state
        rows = connection.execute(
            "SELECT valid_from, id, shape_digest, file_digest, false FROM frontline.assessment WHERE assessor = %(who)s"
            " UNION ALL SELECT o.observed_at, o.assessment_id, a.shape_digest, o.file_digest, true"
            " FROM frontline.observation o JOIN frontline.assessment a ON a.id = o.assessment_id"
            " WHERE o.assessor = %(who)s ORDER BY 1",
            {"who": assessor},
        )
        self._entries = [_Entry(*row) for row in rows]

    def insert(self, snapshot: Snapshot, file: SourceFile, *, update: bool) -> Fate:
        """Inserts a snapshot by its moment.

        Args:
            snapshot: the areas of a moment.
            file: the file of the snapshot.
            update: replace the entry of the same moment.
        """
        digest = snapshot.digest()
        existing = self._at(snapshot.valid_from)
        if existing is not None and existing.digest == digest:
            return "unchanged"
        if existing is not None and not update:
            return "changed"
        if existing is not None:
            self._delete(existing)
        before = self._before(snapshot.valid_from)
        if before is not None and before.digest == digest:
            self._insert_observation(snapshot, before, file)
            fate: Fate = "observed"
        else:
            self._insert_assessment(snapshot, digest, file)
            fate = "added"
        self._correct_following(snapshot.valid_from)
        return fate if existing is None else "updated"

    def _at(self, moment: dt.datetime) -> _Entry | None:
        before = self._before(moment)
        return before if before is not None and before.moment == moment else None

    def _before(self, moment: dt.datetime) -> _Entry | None:
        index = bisect_right(self._entries, moment, key=lambda known: known.moment)
        return self._entries[index - 1] if index else None

    def _after(self, moment: dt.datetime) -> _Entry | None:
        index = bisect_right(self._entries, moment, key=lambda known: known.moment)
        return self._entries[index] if index < len(self._entries) else None

    def _insert_observation(self, snapshot: Snapshot, of: _Entry, file: SourceFile) -> None:
        """Inserts an observation of the areas of an assessment."""
        moment = snapshot.valid_from
        self._connection.execute(
            "INSERT INTO frontline.observation (assessor, observed_at, assessment_id, file_name, file_digest, skipped)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (self._assessor, moment, of.assessment, file.name, file.digest, [*snapshot.skipped]),
        )
        self._add(_Entry(moment, of.assessment, of.digest, file.digest, observed=True))

    def _insert_assessment(self, snapshot: Snapshot, digest: bytes, file: SourceFile) -> None:
        """Inserts an assessment."""
        assessment = uuid.uuid4()
        self._connection.execute(
            "INSERT INTO frontline.assessment (id, assessor, valid_from, covers, file_name, file_digest, shape_digest,"
            " repaired_rings, repaired_km2, skipped, state) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                *(assessment, self._assessor, snapshot.valid_from, list(snapshot.covers), file.name, file.digest),
                *(digest, snapshot.repaired, snapshot.repaired_km2, [*snapshot.skipped], self._state),
            ),
        )
        areas = (
            (
                *(uuid.uuid4(), assessment, position, area.status, area.since_before, area.label),
                *(area.wkb.hex(), area.area_km2),
            )
            for position, area in enumerate(snapshot.areas)
        )
        copy_rows(self._connection, "frontline.control_area", _AREA_COLUMNS, areas)
        self._add(_Entry(snapshot.valid_from, assessment, digest, file.digest, observed=False))

    def _correct_following(self, moment: dt.datetime) -> None:
        """Corrects the entry that follows a moment at which a snapshot was inserted."""
        here, following = self._at(moment), self._after(moment)
        if here is None or following is None or following.assessment == here.assessment:
            return
        if following.observed:
            self._make_assessment_of(following)
        elif following.digest == here.digest:
            self._make_observation_of(following, here.assessment)

    def _make_assessment_of(self, observed: _Entry) -> None:
        """Turns an observation into an assessment, which takes over the later observations of the
        same areas.
        """
        own = uuid.uuid4()
        self._connection.execute(
            "INSERT INTO frontline.assessment (id, assessor, valid_from, covers, file_name, file_digest, shape_digest,"
            " repaired_rings, repaired_km2, skipped, state, public_from)"
            " SELECT %s, a.assessor, o.observed_at, a.covers, o.file_name, o.file_digest, a.shape_digest,"
            " a.repaired_rings, a.repaired_km2, o.skipped, a.state, a.public_from"
            " FROM frontline.observation o JOIN frontline.assessment a ON a.id = o.assessment_id"
            " WHERE o.assessor = %s AND o.observed_at = %s",
            (own, self._assessor, observed.moment),
        )
        self._connection.execute(
            "INSERT INTO frontline.control_area"
            " (id, assessment_id, position, status, since_before, label, shape, area_km2)"
            " SELECT gen_random_uuid(), %s, position, status, since_before, label, shape, area_km2"
            " FROM frontline.control_area WHERE assessment_id = %s",
            (own, observed.assessment),
        )
        self._connection.execute(
            "DELETE FROM frontline.observation WHERE assessor = %s AND observed_at = %s",
            (self._assessor, observed.moment),
        )
        self._connection.execute(
            "UPDATE frontline.observation SET assessment_id = %s WHERE assessment_id = %s AND observed_at > %s",
            (own, observed.assessment, observed.moment),
        )
        self._entries = [
            known
            if known.assessment != observed.assessment or known.moment < observed.moment
            else _Entry(known.moment, own, known.digest, known.file_digest, observed=known.moment > observed.moment)
            for known in self._entries
        ]

    def _make_observation_of(self, later: _Entry, assessment: uuid.UUID) -> None:
        """Turns an assessment and its observations into observations of an earlier one with the
        same areas.
        """
        self._connection.execute(
            "UPDATE frontline.observation SET assessment_id = %s WHERE assessment_id = %s",
            (assessment, later.assessment),
        )
        self._connection.execute(
            "INSERT INTO frontline.observation (assessor, observed_at, assessment_id, file_name, file_digest, skipped)"
            " SELECT assessor, valid_from, %s, file_name, file_digest, skipped FROM frontline.assessment WHERE id = %s",
            (assessment, later.assessment),
        )
        self._connection.execute("DELETE FROM frontline.assessment WHERE id = %s", (later.assessment,))
        self._entries = [
            known
            if known.assessment != later.assessment
            else _Entry(known.moment, assessment, known.digest, known.file_digest, observed=True)
            for known in self._entries
        ]

    def _delete(self, known: _Entry) -> None:
        """Deletes the entry of a moment; observations of a deleted assessment become an assessment
        of their own.
        """
        if not known.observed:
            following = self._after(known.moment)
            if following is not None and following.assessment == known.assessment:
                self._make_assessment_of(following)
            self._connection.execute("DELETE FROM frontline.assessment WHERE id = %s", (known.assessment,))
        else:
            self._connection.execute(
                "DELETE FROM frontline.observation WHERE assessor = %s AND observed_at = %s",
                (self._assessor, known.moment),
            )
        self._entries = [other for other in self._entries if other.moment != known.moment]

    def _add(self, known: _Entry) -> None:
        self._entries.insert(bisect_right(self._entries, known.moment, key=lambda other: other.moment), known)
