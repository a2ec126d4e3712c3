"""Database queries of territory. They read the public views and are independent of HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import shapely
from sqlalchemy import ColumnElement, Row, any_, func, literal, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.types import Uuid

from app.models.columns import SRID
from app.models.public import (
    public_assessment,
    public_assessor,
    public_claim,
    public_control_area,
    public_line_history_part,
    public_source,
)
from app.territory.ages import MOST_SEARCHED, StatusSeen

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator, Sequence

    from app.database.session import PublicReadSession
    from app.parsing.bbox import BoundingBox
    from app.parsing.days import TimeFilter
    from app.territory.schemas import AreasQuery, GroundQuery, LinesQuery

area, part = public_control_area.c, public_line_history_part.c

SHAPE_DIGITS = 6  # of GeoJSON coordinates: a tenth of a metre
FIRST_BATCH: Final = 16  # assessments that a search for the last change reads at first

_held = select(
    public_assessment,
    func.lead(public_assessment.c.valid_from)
    .over(partition_by=public_assessment.c.assessor, order_by=public_assessment.c.valid_from)
    .label("valid_to"),
).cte("held")
held = _held.c


def _in_time(time: TimeFilter) -> Iterator[ColumnElement[bool]]:
    """Matches assessments that are valid at some moment of a time range; each is valid until the
    next one begins.
    """
    if time.after is not None:
        yield or_(held.valid_to > time.after, held.valid_to.is_(None))
    if time.before is not None:
        yield held.valid_from <= time.before if time.before_included else held.valid_from < time.before


def _assessments(time: TimeFilter, assessors: Sequence[str]) -> Iterator[ColumnElement[bool]]:
    yield from _in_time(time)
    if assessors:
        yield held.assessor.in_(assessors)


def _in_box(box: BoundingBox) -> ColumnElement[bool]:
    return or_(*(func.ST_Intersects(area.shape, func.ST_MakeEnvelope(*part, SRID)) for part in box.parts()))


ASSESSMENT_COLUMNS = (
    *(column for column in held if column.key != "id"),
    held.id.label("assessment_id"),
    public_assessor.c.attribution,
    public_assessor.c.licence,
)


def page_of_areas(session: PublicReadSession, parameters: AreasQuery) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns a page of areas by assessor, time and position, and one more row if there is a next
    page.
    """
    conditions = [*_assessments(parameters.time(), parameters.assessor)]
    if parameters.status:
        conditions.append(area.status.in_(parameters.status))
    if parameters.bbox is not None:
        conditions.append(_in_box(parameters.bbox))
    if (cursor := parameters.cursor) is not None:
        before = (cursor.assessor, cursor.valid_from, cursor.position)
        conditions.append(tuple_(held.assessor, held.valid_from, area.position) > before)
    query = (
        select(
            *(column for column in area if column.key not in {"shape", "assessment_id"}),
            *ASSESSMENT_COLUMNS,
            func.ST_AsGeoJSON(area.shape, SHAPE_DIGITS).label("geometry"),
        )
        .join_from(_held, public_control_area, area.assessment_id == held.id)
        .join(public_assessor, public_assessor.c.slug == held.assessor)
        .where(*conditions)
        .order_by(held.assessor, held.valid_from, area.position)
        .limit(parameters.limit + 1)
    )
    return session.execute(query).all()


def assessments_at(session: PublicReadSession, parameters: GroundQuery) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the assessments that are valid at a moment, by assessor."""
    query = (
        select(*ASSESSMENT_COLUMNS, public_assessor.c.name)
        .join_from(_held, public_assessor, public_assessor.c.slug == held.assessor)
        .where(*_assessments(parameters.time(), parameters.assessor))
        .order_by(held.assessor)
    )
    return session.execute(query).all()


def areas_containing(
    session: PublicReadSession, assessments: Sequence[uuid.UUID], longitude: float, latitude: float
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the areas of assessments that contain a position, without their shapes, in drawing
    order.
    """
    place = func.ST_SetSRID(func.ST_MakePoint(longitude, latitude), SRID)
    query = (
        select(*(column for column in area if column.key != "shape"))
        .where(area.assessment_id == any_(literal(assessments, ARRAY(Uuid))), func.ST_Intersects(area.shape, place))
        .order_by(area.assessment_id, area.position)
    )
    return session.execute(query).all()


def statuses_before(
    session: PublicReadSession, assessment: Row[Any], longitude: float, latitude: float
) -> Iterator[StatusSeen]:
    """Yields the statuses of a position in an assessment and in those of the assessor before it,
    newest first, at most `MOST_SEARCHED`. Reads them in batches that grow: most callers need few.
    """
    one = public_assessment.c
    place = func.ST_SetSRID(func.ST_MakePoint(longitude, latitude), SRID)
    statuses = (
        select(func.array_agg(area.status.distinct()))
        .where(area.assessment_id == one.id, func.ST_Intersects(area.shape, place))
        .scalar_subquery()
    )
    columns = (one.valid_from, one.last_seen_at, one.covers, statuses.label("statuses"))
    newest_first = (
        select(*columns)
        .where(one.assessor == assessment.assessor, one.valid_from <= assessment.valid_from)
        .order_by(one.valid_from.desc())
    )
    read = 0
    while read < MOST_SEARCHED:
        size = min(max(FIRST_BATCH, 3 * read), MOST_SEARCHED - read)
        rows = session.execute(newest_first.offset(read).limit(size)).all()
        for row in rows:
            yield StatusSeen(row.valid_from, row.last_seen_at, row.covers, row.statuses or ())
        if len(rows) < size:
            return
        read += size


def claims_about(session: PublicReadSession, areas: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the claims about areas, in display order."""
    claim = public_claim.c
    query = (
        select(public_claim)
        .where(claim.area_id == any_(literal(areas, ARRAY(Uuid))))
        .order_by(claim.area_id, claim.position, claim.id)
    )
    return session.execute(query).all()


def sources_by_id(session: PublicReadSession, ids: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns sources by their ids."""
    return session.execute(
        select(public_source).where(public_source.c.id == any_(literal(ids, ARRAY(Uuid)))).order_by(public_source.c.id)
    ).all()


def page_of_assessments(session: PublicReadSession, parameters: LinesQuery) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns a page of assessments by assessor and time, and one more row if there is a next
    page.
    """
    conditions = [*_assessments(parameters.time(), parameters.assessor)]
    if (cursor := parameters.cursor) is not None:
        conditions.append(tuple_(held.assessor, held.valid_from) > (cursor.assessor, cursor.valid_from))
    query = (
        select(*ASSESSMENT_COLUMNS)
        .join_from(_held, public_assessor, public_assessor.c.slug == held.assessor)
        .where(*conditions)
        .order_by(held.assessor, held.valid_from)
        .limit(parameters.limit + 1)
    )
    return session.execute(query).all()


def assessment_at(session: PublicReadSession, assessor: str, time: TimeFilter) -> Row[Any] | None:
    """Returns the assessment that is valid at a moment; None if there is none yet."""
    query = (
        select(*ASSESSMENT_COLUMNS)
        .join_from(_held, public_assessor, public_assessor.c.slug == held.assessor)
        .where(*_assessments(time, [assessor]))
        .order_by(held.valid_from.desc())
        .limit(1)
    )
    return session.execute(query).one_or_none()


def area_shapes(session: PublicReadSession, assessments: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[tuple[str, Any]]]:
    """Returns the areas of assessments as (status, Shapely multipolygon), in drawing order."""
    query = (
        select(area.assessment_id, area.status, func.ST_AsBinary(area.shape))
        .where(area.assessment_id == any_(literal(assessments, ARRAY(Uuid))))
        .order_by(area.assessment_id, area.position)
    )
    found: dict[uuid.UUID, list[tuple[str, Any]]] = {assessment: [] for assessment in assessments}
    rows = session.execute(query).all()
    shapes = shapely.from_wkb([bytes(row[2]) for row in rows])
    for row, shape in zip(rows, shapes, strict=True):
        found[row.assessment_id].append((row.status, shape))
    return found


def assessors(session: PublicReadSession) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns all assessors, with the time span, number and statuses of their assessments, newest
    first.
    """
    one = public_assessment.c
    status = func.unnest(one.covers).table_valued("status").render_derived()
    covers = (
        select(func.array_agg(status.c.status.distinct()))
        .select_from(public_assessment)
        .join(status, true())
        .where(one.assessor == public_assessor.c.slug)
        .scalar_subquery()
    )
    last = func.max(one.valid_from)
    query = (
        select(
            public_assessor,
            covers.label("covers"),
            func.count(one.id).label("assessments"),
            func.min(one.valid_from).label("first_valid_from"),
            last.label("last_valid_from"),
        )
        .outerjoin(public_assessment, one.assessor == public_assessor.c.slug)
        .group_by(*public_assessor.c)
        .order_by(last.desc().nulls_last(), public_assessor.c.slug)
    )
    return session.execute(query).all()


def reaches(session: PublicReadSession) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns for each assessor from when until when its areas are known (`first_valid_from`,
    `last_seen_at`), and the number of features that its assessments lack (`skipped`).
    """
    one = public_assessment.c
    query = select(
        one.assessor,
        func.min(one.valid_from).label("first_valid_from"),
        func.max(one.last_seen_at).label("last_seen_at"),
        func.sum(func.cardinality(one.skipped)).label("skipped"),
    ).group_by(one.assessor)
    return session.execute(query).all()


def slugs(session: PublicReadSession) -> Sequence[str]:
    """Returns the slugs of all assessors."""
    return session.scalars(select(public_assessor.c.slug).order_by(public_assessor.c.slug)).all()


def assessor(session: PublicReadSession, slug: str) -> Row[Any] | None:
    """Returns one assessor."""
    return session.execute(select(public_assessor).where(public_assessor.c.slug == slug)).one_or_none()


def revision(session: PublicReadSession, slug: str) -> str:
    """Returns a text that changes with the assessments of an assessor and with the moments at which
    they were last seen; areas are never changed in place.
    """
    one = public_assessment.c
    state = func.concat(one.id, one.last_seen_at)
    states = func.string_agg(state, aggregate_order_by(literal(","), one.id))
    return str(session.scalar(select(func.md5(states)).where(one.assessor == slug)))


def assessments(session: PublicReadSession, slug: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the assessments of an assessor in the order of time."""
    one = public_assessment.c
    query = (
        select(one.id, one.valid_from, one.last_seen_at, one.covers)
        .where(one.assessor == slug)
        .order_by(one.valid_from)
    )
    return session.execute(query).all()


def sums(session: PublicReadSession, assessments: Sequence[uuid.UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns km² by assessment, status and `since_before`."""
    query = (
        select(area.assessment_id, area.status, area.since_before, func.sum(area.area_km2).label("km2"))
        .where(area.assessment_id == any_(literal(assessments, ARRAY(Uuid))))
        .group_by(area.assessment_id, area.status, area.since_before)
    )
    return session.execute(query).all()


def first_valid_from(session: PublicReadSession, slug: str) -> Any:
    """Returns the moment of an assessor's first assessment; None if there is none."""
    one = public_assessment.c
    return session.scalar(select(func.min(one.valid_from)).where(one.assessor == slug))


def history_parts(session: PublicReadSession, slug: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """Returns the parts of a line's history in their order, without their content."""
    query = (
        select(*(column for column in part if column.key != "content"))
        .where(part.assessor == slug)
        .order_by(part.position)
    )
    return session.execute(query).all()


def history_names(session: PublicReadSession, hash_: str) -> bool:
    """Tells whether the history of any assessor has a part of this name."""
    return session.scalar(select(part.position).where(part.hash == hash_)) is not None


def history_content(session: PublicReadSession, hash_: str) -> bytes:
    """Returns a part of a line's history, gzipped."""
    return bytes(session.scalars(select(part.content).where(part.hash == hash_)).one())
