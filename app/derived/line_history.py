"""Builds the published history of a line: a few parts, each compressed once and named by its
content.

New assessments become a new part, so that a browser keeps the parts that it has. Parts of similar
size are merged, as in a log-structured merge tree: there are few parts, and the largest and oldest
rarely change.
"""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from sqlalchemy import delete, func, select, text

from app.database import locks
from app.database.engines import TAKE_YOUR_TIME
from app.geo.front_line import front_line, kinds_of_rings
from app.geo.line_history import MAGIC, LineHistory
from app.geo.line_history_writer import HistoryWriter
from app.geo.rings import quantise
from app.models import ControlArea, LineHistoryPart
from app.models.control_area import AREA_STATUSES, HELD_STATUSES
from app.models.public import public_assessment

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Sequence

    from sqlalchemy import Row
    from sqlalchemy.orm import Session

    from app.geo.front_line import Ground, Kinds
    from app.geo.line_history import Area

# A part is merged with the part before it if that is at most this many times as large.
_TIER: Final = 4
_GZIP: Final = 31  # the window bits of zlib that mean gzip
_FIRST_BYTES: Final = 256
_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def area_kind(status: str, *, since_before: bool) -> int:
    """Returns the number that stands for the kind of an area."""
    return 2 * AREA_STATUSES.index(status) + since_before


def without_ground() -> None:
    """Stands for a ground that is not known: coasts and borders are then front."""


def update_line_history(
    session: Session,
    assessor: str,
    *,
    ground: Callable[[], Ground | None] = without_ground,
    rebuild: bool = False,
) -> int:
    """Adds the public assessments of an assessor that the history lacks.

    Call this in the transaction that changes assessments. If an assessment in the history is no
    longer public, the whole history is rebuilt.

    Args:
        session: reads and writes rows.
        assessor: its slug.
        ground: returns the land; only called if there is something to add.
        rebuild: rebuild the history in any case, as one part.

    Returns:
        The size in bytes of the part that was added; 0 if nothing was new.
    """
    session.execute(select(func.pg_advisory_xact_lock(locks.LINE_HISTORY, func.hashtext(assessor))))
    public = _public_assessments(session, assessor)
    parts = list(
        session.scalars(
            select(LineHistoryPart).where(LineHistoryPart.assessor == assessor).order_by(LineHistoryPart.position)
        )
    )
    written = [assessment for part in parts for assessment in part.assessments]
    rebuild = rebuild or not all(_is_current(part.content) for part in parts)
    if rebuild or not {row.id for row in public}.issuperset(written):
        session.execute(delete(LineHistoryPart).where(LineHistoryPart.assessor == assessor))
        parts, written = [], []
    missing = [row for row in public if row.id not in set(written)]
    if not missing:
        return 0
    session.execute(text(TAKE_YOUR_TIME))  # finding the front of a day takes up to some seconds
    block = _encode_block(
        session, public, written, missing, [gzip.decompress(part.content) for part in parts], ground()
    )
    assessments = [row.id for row in missing]
    content = _compress(block)
    while parts and len(parts[-1].content) <= _TIER * len(content):
        merged = parts.pop()
        assessments = [*merged.assessments, *assessments]
        block = gzip.decompress(merged.content) + block
        content = _compress(block)
        session.delete(merged)
    session.flush()
    moments = {row.id: row.valid_from for row in public}
    held = [moments[assessment] for assessment in assessments]
    session.add(
        LineHistoryPart(
            assessor=assessor,
            position=len(parts),
            # Two assessors may draw the same; each has parts of its own.
            hash=hashlib.sha256(assessor.encode() + b"\0" + block).hexdigest()[:32],
            content=content,
            decoded_bytes=len(block),
            assessments=assessments,
            first_valid_from=min(held),
            last_valid_from=max(held),
        )
    )
    session.flush()
    return len(content)


def outdated_histories(session: Session) -> list[str]:
    """Returns the assessors whose history is missing, or has a format of an earlier version."""
    first = (
        select(LineHistoryPart.assessor, func.substring(LineHistoryPart.content, 1, _FIRST_BYTES).label("beginning"))
        .where(LineHistoryPart.position == 0)
        .subquery()
    )
    query = (
        select(public_assessment.c.assessor, first.c.beginning)
        .outerjoin(first, first.c.assessor == public_assessment.c.assessor)
        .distinct()
    )
    return sorted(
        row.assessor for row in session.execute(query) if row.beginning is None or not _is_current(row.beginning)
    )


def _is_current(content: bytes) -> bool:
    """Returns whether a part, or the beginning of one, has the format of this version."""
    return zlib.decompressobj(_GZIP).decompress(bytes(content[:_FIRST_BYTES])).startswith(MAGIC)


def _public_assessments(session: Session, assessor: str) -> Sequence[Row[*tuple[Any, ...]]]:
    one = public_assessment.c
    question = select(one.id, one.valid_from, one.covers).where(one.assessor == assessor).order_by(one.valid_from)
    return session.execute(question).all()


def _encode_block(
    session: Session,
    public: Sequence[Row[*tuple[Any, ...]]],
    written: Sequence[uuid.UUID],
    missing: Sequence[Row[*tuple[Any, ...]]],
    parts: Sequence[bytes],
    ground: Ground | None,
) -> bytes:
    """Encodes missing assessments, each against the assessment before it in time."""
    writer = HistoryWriter(LineHistory(*parts))
    numbers = {assessment: number for number, assessment in enumerate(written)}
    order = {row.id: place for place, row in enumerate(public)}
    for row in missing:
        place = order[row.id]
        nearest = (*reversed(public[:place]), *public[place + 1 :])
        like = next((numbers[other.id] for other in nearest if other.id in numbers), None)
        covers = sum(1 << AREA_STATUSES.index(status) for status in row.covers)
        moment_ms = (row.valid_from - _EPOCH) // dt.timedelta(milliseconds=1)
        areas, edges = _areas(session, row.id, ground)
        numbers[row.id] = writer.add(moment_ms, covers, areas, like=like, edges=edges)
    return writer.block()


def _areas(session: Session, assessment: uuid.UUID, ground: Ground | None) -> tuple[list[Area], list[Kinds | None]]:
    """Returns the areas of an assessment, rounded to the precision of the format, and the kinds of
    the edges of each ring of held areas.
    """
    question = (
        select(ControlArea.status, ControlArea.since_before, func.ST_AsBinary(ControlArea.shape))
        .where(ControlArea.assessment_id == assessment)
        .order_by(ControlArea.position)
    )
    rows = session.execute(question).all()
    shapes = shapely.from_wkb([bytes(row[2]) for row in rows])
    areas: list[Area] = [
        (area_kind(row.status, since_before=row.since_before), rings)
        for row, rings in zip(rows, quantise(shapes), strict=True)
    ]
    is_held = np.array([row.status in HELD_STATUSES for row in rows], dtype=np.bool_)
    line = front_line(shapes[is_held], shapes[~is_held], ground)
    parts, owner = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    edges: list[Kinds | None] = [None] * len(rings)
    held = np.flatnonzero(is_held[owner[part]])
    if len(held):
        for ring, kinds in zip(held, kinds_of_rings(rings[held], line), strict=True):
            edges[ring] = kinds
    return areas, edges


def _compress(block: bytes) -> bytes:
    return gzip.compress(block, compresslevel=9, mtime=0)
