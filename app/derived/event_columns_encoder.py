"""The process that turns rows into columns, so that the web process stays small.

On its standard input it gets frames (four bytes of length, little-endian, then the content; a length of 0 ends a
list): one of JSON, the order; then the rows, a list of pieces of PostgreSQL's binary COPY; then the shapes, a list of
JSON. On its standard output it gives, for each blob, one frame of JSON and one for each of its compressed forms.
"""

from __future__ import annotations

import gzip
import json
import sys
import uuid
from collections.abc import Iterator
from typing import IO, Any, Final

import brotli
import numpy as np

from app.geo.event_columns import Dictionary, Rows, encode, name_of

# The columns of a row in binary COPY, all of them of a fixed length and never null: what `columns_question` selects.
FIELDS: Final = (
    *(("id", "V16", 16), ("longitude", ">f8", 8), ("latitude", ">f8", 8)),
    *((name, ">i4", 4) for name in ("day", "days", "category", "actor", "affected", "verification")),
    *((name, ">i4", 4) for name in ("time_precision", "precision_m", "origin", "source_classes")),
)
_ROW: Final = np.dtype(
    [("fields", ">i2"), *(part for name, kind, _ in FIELDS for part in ((f"{name}_length", ">i4"), (name, kind)))]
)
_COPY_HEAD: Final = 19
_COPY_END: Final = 2


def rows_of(copied: bytes) -> Rows:
    """Read binary COPY.

    Raises:
        ValueError: a row has other columns than are asked for.
    """
    found = np.frombuffer(copied[_COPY_HEAD : len(copied) - _COPY_END], dtype=_ROW)
    if len(found) and not (
        (found["fields"] == len(FIELDS)).all()
        and all((found[f"{name}_length"] == length).all() for name, _, length in FIELDS)
    ):
        raise ValueError("a row has other columns than were asked for")
    ids = np.frombuffer(found["id"].tobytes(), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    longitude, latitude = (found[name].astype(np.float64) for name in ("longitude", "latitude"))
    return Rows(ids, longitude, latitude, *(found[name].astype(np.int64) for name, kind, _ in FIELDS if kind == ">i4"))


def make(
    order: dict[str, Any], rows: Rows, shapes: dict[tuple[int, int], str]
) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Make the blobs of an order: what is to be known of each, and its compressed forms."""
    dictionary = Dictionary(**order["dictionary"])
    longer = rows.days > 1
    for spans, chosen in ((False, ~longer), (True, longer)) if order["split"] else ((False, np.ones(len(rows), bool)),):
        some = rows.only(chosen)
        if order["split"] and not len(some):
            continue
        blob = encode(some, dictionary, shapes)
        told = {
            "spans": spans,
            "hash": name_of(blob),
            "events": len(some),
            "first_day": int(some.day.min()) if len(some) else 0,
            "last_day": int((some.day + some.days).max()) - 1 if len(some) else 0,
            "decoded_bytes": len(blob),
        }
        yield told, [_compressed(blob, how, order["quality"]) for how in order["encodings"]]


def _compressed(blob: bytes, how: str, quality: int) -> bytes:
    if how == "br":
        written: bytes = brotli.compress(blob, quality=quality, lgwin=24)
        return written
    return gzip.compress(blob, min(quality, 9), mtime=0) if how == "gzip" else blob


def _frame(stream: IO[bytes]) -> bytes:
    return stream.read(int.from_bytes(stream.read(4), "little"))


def _frames(stream: IO[bytes]) -> Iterator[bytes]:
    while frame := _frame(stream):
        yield frame


def carry_out(into: IO[bytes], out: IO[bytes]) -> None:
    """Carry out the order on a stream, and write the answer to another."""
    order = json.loads(_frame(into))
    rows = rows_of(b"".join(_frames(into)))
    shapes = {}
    for told in map(json.loads, _frames(into)):
        number = uuid.UUID(told["id"]).int
        shapes[number >> 64, number & (1 << 64) - 1] = told["geometry"]
    for told, forms in make(order, rows, shapes):
        for frame in (json.dumps(told).encode(), *forms):
            out.write(len(frame).to_bytes(4, "little"))
            out.write(frame)


if __name__ == "__main__":
    carry_out(sys.stdin.buffer, sys.stdout.buffer)
