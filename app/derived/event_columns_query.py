"""Encodes the public events that match conditions: few of them here, many in a worker process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import numpy as np
from sqlalchemy import (
    ColumnElement,
    Date,
    Double,
    Integer,
    Row,
    Select,
    Subquery,
    Uuid,
    any_,
    case,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from app.database.copy import copy_query
from app.derived.doubtful_places import select_doubtful
from app.derived.event_columns_encoder import (
    EncodedColumns,
    Job,
    encode_job,
    shape_key,
)
from app.fields.words import SOURCE_CLASSES, TIME_PRECISIONS, VERIFICATIONS
from app.geo.event_columns import WORDS, Dictionary, Rows
from app.models.public import public_event, public_event_source

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.derived.event_columns_pool import EncoderPool
    from app.theatre import Extent, Theatre

SHAPE_DIGITS: Final = 6  # of GeoJSON coordinates: a tenth of a metre
# Up to this many events are encoded in this process. That takes 25 ms and 2.4 MB at most; a larger
# job costs this process less in a worker
# (docs/decisions/0036-searches-are-answered-in-the-process.md).
IN_PROCESS_ROWS: Final = 2_000

event = public_event.c

_HAS_SHAPE: Final = func.ST_Dimension(event.shape) > 0


def encode_events(
    session: Session,
    theatre: Theatre,
    conditions: Sequence[ColumnElement[bool]],
    pool: EncoderPool,
    *,
    encodings: Sequence[str],
    quality: int,
    split: bool = False,
) -> list[EncodedColumns]:
    """Encodes the public events that match some conditions.

    Args:
        session: reads the events through the view `public_event`.
        theatre: its categories and belligerents come first in the dictionary. Those of events that
            it no longer has follow, so that no event is lost.
        conditions: on `public_event`.
        pool: encodes more than `IN_PROCESS_ROWS` events.
        encodings: content encodings, any of `br`, `gzip`, `identity`.
        quality: of both compressors, 1 to 11.
        split: events of several days are encoded separately, and an empty set of events is left
            out.

    Raises:
        EncodersBusy: the pool has no worker for them.
        EncoderFailed: the worker failed.
    """
    rows = session.execute(_FEW_ROWS.where(*conditions).limit(IN_PROCESS_ROWS + 1)).all()
    if len(rows) <= IN_PROCESS_ROWS:
        columns = _transpose(_FEW_ROWS, rows)
        ids = {row.id for row in rows}
        doubtful = set(
            session.scalars(select_doubtful(theatre.extent, [event.id == any_(literal([*ids], ARRAY(Uuid)))]))
        )
        columns["flags"] = [
            int(event_id in doubtful) + 2 * guessed
            for event_id, guessed in zip(columns["id"], columns["category_guessed"], strict=True)
        ]
        job = Job(_dictionary(theatre, columns), encodings, quality, split)
        shapes = {
            shape_key(event_id): geometry
            for event_id, geometry in zip(columns["id"], columns["geometry"], strict=True)
            if geometry is not None
        }
        return [*encode_job(job, _to_arrays(columns, job.dictionary), shapes)]
    kinds = select(event.category, event.actor, event.affected, event.origin).where(*conditions).distinct()
    job = Job(_dictionary(theatre, _transpose(kinds, session.execute(kinds).all())), encodings, quality, split)
    chunks = copy_query(session.connection(), select_rows(job.dictionary, theatre.extent, conditions))
    return pool.encode(job, chunks, _read_shapes(session, conditions))


def _transpose(query: Select[Any], rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[str, Sequence[Any]]:
    """Returns the rows of a query as columns, by name."""
    names = query.selected_columns.keys()
    return dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))


def _to_arrays(columns: Mapping[str, Sequence[Any]], dictionary: Dictionary) -> Rows:
    """Returns the columns of `_FEW_ROWS` as arrays."""
    numbers = dict(columns)
    for name, list_name in WORDS.items():
        index = {word: number for number, word in enumerate(getattr(dictionary, list_name))} | {None: -1}
        numbers[name] = [index[word] for word in columns[name]]
    return Rows(
        np.array([shape_key(event_id) for event_id in columns["id"]], dtype=np.uint64).reshape(-1, 2),
        np.array(columns["longitude"], dtype=np.float64),
        np.array(columns["latitude"], dtype=np.float64),
        **{one.name: np.array(numbers[one.name], dtype=np.int64) for one in fields(Rows)[3:]},
    )


def select_rows(dictionary: Dictionary, extent: Extent, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Returns the query for rows, with the columns that `event_columns_encoder.FIELDS` lists."""
    classified = _source_classes(dictionary.source_classes, conditions)
    doubtful = select_doubtful(extent, conditions).subquery()
    return (
        select(
            *_POSITION_AND_DAYS,
            _index(event.category, dictionary.categories).label("category"),
            _index(event.actor, dictionary.belligerents).label("actor"),
            _index(event.affected, dictionary.belligerents).label("affected"),
            _index(event.verification, dictionary.verifications).label("verification"),
            _index(event.time_precision, dictionary.time_precisions).label("time_precision"),
            _PRECISION,
            _index(event.origin, dictionary.origins).label("origin"),
            cast(func.coalesce(classified.c.bits, 0), Integer).label("source_classes"),
            (cast(doubtful.c.event_id.is_not(None), Integer) + 2 * cast(event.category_guessed, Integer)).label(
                "flags"
            ),
        )
        .select_from(
            public_event.outerjoin(classified, classified.c.event_id == event.id).outerjoin(
                doubtful, doubtful.c.event_id == event.id
            )
        )
        .where(*conditions)
    )


def _source_classes(words: Sequence[str], conditions: Sequence[ColumnElement[bool]]) -> Subquery:
    """Returns the classes of the sources of events as `bits`, by `event_id`. The first class is the
    lowest bit.

    They are grouped for all events at once. For many events, one subquery each takes three times as
    long.
    """
    source = public_event_source.c
    return (
        select(source.event_id, _class_bits(words).label("bits"))
        .where(source.event_id.in_(select(event.id).where(*conditions)))
        .group_by(source.event_id)
        .subquery()
    )


def _class_bits(words: Sequence[str]) -> ColumnElement[int]:
    source = public_event_source.c
    return func.bit_or(
        case(*((source.source_class == word, 1 << number) for number, word in enumerate(words)), else_=0)
    )


def _day(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Returns the UTC day of a moment, in days since 1970."""
    return cast(cast(func.timezone("UTC", moment), Date) - cast(literal("1970-01-01"), Date), Integer)


def last_day() -> ColumnElement[int]:
    """Returns the last UTC day of an event. The range of an event is half-open."""
    return _day(event.happened_to - func.make_interval(0, 0, 0, 0, 0, 0, 0.000001))


def _index(column: ColumnElement[Any], words: Sequence[str]) -> ColumnElement[int]:
    """Returns the index of a word; -1 if it is null."""
    listed = cast(literal([*words], ARRAY(Text)), ARRAY(Text))
    return cast(func.coalesce(func.array_position(listed, column), 0) - 1, Integer)


# A point needs no ST_PointOnSurface, which is slow.
_SPOT: Final = case(
    (func.ST_GeometryType(event.shape) == "ST_Point", event.shape), else_=func.ST_PointOnSurface(event.shape)
)
# The position of an event: a point on its shape, in degrees.
SPOT: Final = (
    cast(func.ST_X(_SPOT), Double).label("longitude"),
    cast(func.ST_Y(_SPOT), Double).label("latitude"),
)
_POSITION_AND_DAYS: Final = (
    event.id,
    *SPOT,
    _day(event.happened_from).label("day"),
    (last_day() - _day(event.happened_from) + 1).label("days"),
)
_PRECISION: Final = cast(func.coalesce(event.precision_m, -1), Integer).label("precision_m")
_GUESSED: Final = cast(event.category_guessed, Integer)
_GEOMETRY: Final = func.ST_AsGeoJSON(event.shape, SHAPE_DIGITS)

# For few events, one subquery each is faster than evaluating the conditions again, even if the
# planner misjudges the number of events. SQLAlchemy also compiles a constant query only once for
# each kind of condition.
_FEW_ROWS: Final = select(
    *_POSITION_AND_DAYS,
    event.category,
    event.actor,
    event.affected,
    event.verification,
    event.time_precision,
    _PRECISION,
    event.origin,
    _GUESSED.label("category_guessed"),
    func.coalesce(
        select(_class_bits(SOURCE_CLASSES)).where(public_event_source.c.event_id == event.id).scalar_subquery(), 0
    ).label("source_classes"),
    case((_HAS_SHAPE, _GEOMETRY)).label("geometry"),
)


def _read_shapes(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Iterator[tuple[UUID, str]]:
    query = select(event.id, _GEOMETRY.label("geometry")).where(_HAS_SHAPE, *conditions)
    return ((row.id, row.geometry) for row in session.execute(query))


def _dictionary(theatre: Theatre, columns: Mapping[str, Sequence[Any]]) -> Dictionary:
    """Returns the dictionary of some events: all words of the theatre, then other words of the
    events.
    """
    return Dictionary(
        categories=_append_unlisted(theatre.category_slugs_in_order, {*columns["category"]}),
        belligerents=_append_unlisted(
            theatre.belligerent_slugs_in_order, {*columns["actor"], *columns["affected"]} - {None}
        ),
        verifications=VERIFICATIONS,
        time_precisions=TIME_PRECISIONS,
        origins=sorted({*columns["origin"]}),
        source_classes=SOURCE_CLASSES,
    )


def _append_unlisted(listed: Sequence[str], found: set[str]) -> list[str]:
    return [*listed, *sorted(found.difference(listed))]
