"""Rows of the database through the encoder's process, a piece at a time: nobody here ever holds all of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Date, Double, Integer, Select, Subquery, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from app.database.copy import copy_query
from app.fields.words import SOURCE_CLASSES, TIME_PRECISIONS, VERIFICATIONS
from app.geo.event_columns import Dictionary
from app.models.public import public_event, public_event_source
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.theatre import Theatre

SHAPE_DIGITS: Final = 6  # of GeoJSON coordinates: a tenth of a metre
_COMMAND: Final = (sys.executable, "-m", "app.derived.event_columns_encoder")
_TIMEOUT_SECONDS: Final = 60

event = public_event.c


class EncoderFailed(RuntimeError):
    """The encoder's process ended without an answer; its words are in the message."""


@dataclass(frozen=True)
class Made:
    """A blob: what the encoder tells of it, and its compressed forms in the order in which they were asked for."""

    told: dict[str, Any]
    forms: tuple[bytes, ...]


def encoded(
    session: Session,
    theatre: Theatre,
    conditions: Sequence[ColumnElement[bool]],
    *,
    encodings: Sequence[str],
    quality: int,
    split: bool = False,
) -> list[Made]:
    """Make columns of the public events that meet some conditions.

    Args:
        session: reads them, through the view `public_event`.
        theatre: whose words come first in the dictionary; what it no longer has follows, so that no event is lost.
        conditions: on `public_event`.
        encodings: how to compress: any of `br`, `gzip`, `identity`.
        quality: of both compressors, 1 to 11.
        split: events that touch several days become a blob of their own, and empty blobs are left out.

    Raises:
        EncoderFailed: it did.
    """
    dictionary = _dictionary(session, theatre, conditions)
    order = {
        "dictionary": asdict(dictionary),
        "split": split,
        "encodings": encodings,
        "quality": quality,
    }
    process = subprocess.Popen(  # noqa: S603 - our own program
        _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROJECT_DIRECTORY
    )
    try:
        assert process.stdin is not None  # noqa: S101 - asked for above; for the type checker
        _send(process.stdin, json.dumps(order).encode())
        for piece in copy_query(session.connection(), columns_question(dictionary, conditions)):
            _send(process.stdin, piece)
        _send(process.stdin, b"")
        for row in session.execute(_shapes_question().where(*conditions)):
            _send(process.stdin, json.dumps({"id": str(row.id), "geometry": row.geometry}).encode())
        answer, words = process.communicate(b"\0\0\0\0", timeout=_TIMEOUT_SECONDS)
    except BrokenPipeError:
        answer, words = process.communicate()
    finally:
        process.kill()
        for pipe in (process.stdin, process.stdout, process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it did not take is of no use any more
                    pipe.close()
        process.wait()
    if process.returncode != 0:
        raise EncoderFailed(words.decode(errors="replace")[-500:])
    return [*_read(answer, len(encodings))]


def columns_question(words: Dictionary, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Return the query for the rows, with the columns that `event_columns_encoder.FIELDS` lists."""
    classified = _source_classes(words.source_classes, conditions)
    # What is a point already need not be asked for one, which is slow.
    spot = case(
        (func.ST_GeometryType(event.shape) == "ST_Point", event.shape), else_=func.ST_PointOnSurface(event.shape)
    )
    first = _day(event.happened_from)
    columns = (
        event.id,
        cast(func.ST_X(spot), Double).label("longitude"),
        cast(func.ST_Y(spot), Double).label("latitude"),
        first.label("day"),
        (last_day() - first + 1).label("days"),
        _index(event.category, words.categories).label("category"),
        _index(event.actor, words.belligerents).label("actor"),
        _index(event.affected, words.belligerents).label("affected"),
        _index(event.verification, words.verifications).label("verification"),
        _index(event.time_precision, words.time_precisions).label("time_precision"),
        cast(func.coalesce(event.precision_m, -1), Integer).label("precision_m"),
        _index(event.origin, words.origins).label("origin"),
        cast(func.coalesce(classified.c.bits, 0), Integer).label("source_classes"),
    )
    joined = public_event.outerjoin(classified, classified.c.event_id == event.id)
    return select(*columns).select_from(joined).where(*conditions)


def _source_classes(words: Sequence[str], conditions: Sequence[ColumnElement[bool]]) -> Subquery:
    """Return the classes of the sources of events as `bits`, by `event_id`: the first class is the lowest bit.

    They are grouped for all events at once: a subquery for each event takes three times as long.
    """
    source = public_event_source.c
    bits = case(*((source.source_class == word, 1 << number) for number, word in enumerate(words)), else_=0)
    return (
        select(source.event_id, func.bit_or(bits).label("bits"))
        .where(source.event_id.in_(select(event.id).where(*conditions)))
        .group_by(source.event_id)
        .subquery()
    )


def _day(moment: ColumnElement[Any]) -> ColumnElement[int]:
    """Give the UTC day of a moment, in days since 1970."""
    return cast(cast(func.timezone("UTC", moment), Date) - cast(literal("1970-01-01"), Date), Integer)


def last_day() -> ColumnElement[int]:
    """Give the last UTC day that an event touches: its range is half-open."""
    return _day(event.happened_to - func.make_interval(0, 0, 0, 0, 0, 0, 0.000001))


def _index(column: ColumnElement[Any], words: Sequence[str]) -> ColumnElement[int]:
    listed = cast(literal([*words], ARRAY(Text)), ARRAY(Text))
    return cast(func.coalesce(func.array_position(listed, column), 0) - 1, Integer)


def _shapes_question() -> Select[Any]:
    geometry = func.ST_AsGeoJSON(event.shape, SHAPE_DIGITS).label("geometry")
    return select(event.id, geometry).where(func.ST_Dimension(event.shape) > 0)


def _dictionary(session: Session, theatre: Theatre, conditions: Sequence[ColumnElement[bool]]) -> Dictionary:
    """Return the words of the theatre and those of events that it does not have; of origins those of the events."""
    kinds = select(event.category, event.actor, event.affected, event.origin).where(*conditions).distinct()
    found = session.execute(kinds).all()
    return Dictionary(
        categories=_known_first(theatre.category_slugs_in_order, {row.category for row in found}),
        belligerents=_known_first(
            theatre.belligerent_slugs_in_order, {side for row in found for side in (row.actor, row.affected)} - {None}
        ),
        verifications=VERIFICATIONS,
        time_precisions=TIME_PRECISIONS,
        origins=sorted({row.origin for row in found}),
        source_classes=SOURCE_CLASSES,
    )


def _known_first(known: Sequence[str], found: set[str]) -> list[str]:
    return [*known, *sorted(found.difference(known))]


def _send(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(4, "little"))
    stream.write(content)


def _read(answer: bytes, forms: int) -> Iterator[Made]:
    frames = []
    at = 0
    while at < len(answer):
        end = at + 4 + int.from_bytes(answer[at : at + 4], "little")
        frames.append(answer[at + 4 : end])
        at = end
    for first in range(0, len(frames), 1 + forms):
        yield Made(json.loads(frames[first]), tuple(frames[first + 1 : first + 1 + forms]))
