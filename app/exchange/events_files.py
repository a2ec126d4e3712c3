"""Reads files of events in any format: what runs in the process of `reading_process`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from app.exchange.events_csv import LONGEST_ROW, read_events_csv
from app.exchange.events_geojson import LARGEST_COLLECTION, read_events_geojson
from app.exchange.lines import open_lines
from app.exchange.records import Row

if TYPE_CHECKING:
    from pathlib import Path

    from app.exchange.limits import ReadingLimits
    from app.exchange.reading_worker import Position
    from app.theatre import Theatre

# By format: the reader, and the number of characters that it may have to keep for one row.
FORMATS: Final = {
    "events-csv": (read_events_csv, LONGEST_ROW),
    "events-geojson": (read_events_geojson, LARGEST_COLLECTION),
}

# A chunk ends after so many rows, or so many characters.
_ROWS: Final = 250
_CHARACTERS: Final = 1024 * 1024


@dataclass
class Chunk:
    """Some rows of a file.

    Attributes:
        rows: in the order of the file.
        characters: of these rows.
        bytes_read: how much of the file was read.
        unknown: columns or properties that are not read.
    """

    rows: list[Row] = field(default_factory=list)
    characters: int = 0
    bytes_read: int = 0
    unknown: list[str] = field(default_factory=list)


def read_events(
    file: Path,
    format_: str,
    theatre: Theatre,
    origin: str | None,
    now: dt.datetime,
    *,
    limits: ReadingLimits,
    position: Position,
) -> Iterator[Chunk]:
    """Yields the rows of a file in chunks.

    Args:
        file: decompressed while it is read, if it is compressed.
        format_: one of `FORMATS`.
        theatre: its categories and belligerents are accepted.
        origin: the origin of all rows; None: each row names its own.
        now: the current time; events more than a day later are refused.
        limits: of the file.
        position: gets the line or feature that is read next.

    Raises:
        FileUnusable: the file cannot be read.
    """
    read, longest_row = FORMATS[format_]
    unknown: list[str] = []
    with open_lines(file, longest_row=longest_row, limits=limits) as lines:
        chunk = Chunk()
        for row in read(lines, theatre, origin=origin, now=now, report_unknown=unknown.extend):
            position.set(row.line + 1)
            chunk.rows.append(row)
            chunk.characters += lines.in_row
            lines.next_row()
            if len(chunk.rows) >= _ROWS or chunk.characters >= _CHARACTERS:
                chunk.bytes_read = lines.bytes_read()
                yield chunk
                chunk = Chunk()
        chunk.bytes_read = lines.bytes_read()
        chunk.unknown = unknown
        yield chunk
