"""Encodes rows of the database as event columns. Run as a program, this is a worker of
`event_columns_pool`.

A worker reads frames from its standard input and writes frames to its standard output. A frame is
four bytes of length, little-endian, then the content; a frame of length 0 ends a list. For each
job:

- the worker reads the job as JSON and writes an empty JSON object, so that the server knows that it
  is alive;
- it reads the rows, a list of chunks of PostgreSQL's binary COPY, then the shapes, a list of JSON
  objects;
- it writes a list: for each encoded set of events its metadata as JSON and one frame for each
  content encoding. If the job fails, the list ends with an object that has the member `error`.
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import select
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import IO, Any, Final

import brotli
import numpy as np

from app.geo.event_columns import Dictionary, Rows, content_hash, encode

# The columns of a row in binary COPY, all of them of a fixed length and never null: what
# `select_rows` selects.
FIELDS: Final = (
    *(("id", "V16", 16), ("longitude", ">f8", 8), ("latitude", ">f8", 8)),
    *((name, ">i4", 4) for name in ("day", "days", "category", "actor", "affected", "verification")),
    *((name, ">i4", 4) for name in ("time_precision", "precision_m", "origin", "source_classes", "flags")),
)
ROW_BYTES: Final = 2 + sum(4 + length for _, _, length in FIELDS)

# A worker ends after so many jobs, after a large one, or when it was idle for so long, and gives
# its memory back.
_MAX_JOBS: Final = 200
_LARGE_JOB_BYTES: Final = 200_000 * ROW_BYTES
_NICENESS: Final = 10
_IDLE_SECONDS: Final = 60
# A job of a million rows takes a quarter of this.
_MAX_MEMORY_BYTES: Final = 2 << 30

_COLUMN_NAMES: Final = tuple(name for name, _, _ in FIELDS[3:])
_ROW: Final = np.dtype(
    [("fields", ">i2"), *(part for name, kind, _ in FIELDS for part in ((f"{name}_length", ">i4"), (name, kind)))]
)
_COPY_HEADER_BYTES: Final = 19
_COPY_TRAILER_BYTES: Final = 2

# GeoJSON geometries of lines and areas, by the two halves of the event's id.
Shapes = Mapping[tuple[int, int], str]


@dataclass(frozen=True)
class Job:
    """How to encode events.

    Attributes:
        dictionary: what the indices in the rows point into.
        encodings: the content encodings to return, any of `br`, `gzip`, `identity`.
        quality: of the compressors, 1 to 11.
        split: events of several days are encoded separately, and an empty set of events is left
            out.
    """

    dictionary: Dictionary
    encodings: Sequence[str]
    quality: int
    split: bool = False

    def to_json(self) -> bytes:
        """Serializes the job."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_json(cls, content: bytes) -> Job:
        """Parses a serialized job."""
        members = json.loads(content)
        return cls(Dictionary(**members.pop("dictionary")), **members)


@dataclass(frozen=True)
class EncodedColumns:
    """Encoded events: their metadata, and one body for each content encoding of the job, in that
    order.
    """

    metadata: dict[str, Any]
    bodies: tuple[bytes, ...]


def parse_rows(copied: bytes | bytearray) -> Rows:
    """Parses binary COPY.

    Raises:
        ValueError: a row has other columns than `FIELDS`.
    """
    found = np.frombuffer(memoryview(copied)[_COPY_HEADER_BYTES : len(copied) - _COPY_TRAILER_BYTES], dtype=_ROW)
    if len(found) and not (
        (found["fields"] == len(FIELDS)).all()
        and all((found[f"{name}_length"] == length).all() for name, _, length in FIELDS)
    ):
        raise ValueError("a copied row has unexpected columns")
    ids = np.frombuffer(found["id"].tobytes(), dtype=">u8").reshape(-1, 2).astype(np.uint64)
    longitude, latitude = (found[name].astype(np.float64) for name in ("longitude", "latitude"))
    return Rows(ids, longitude, latitude, *(found[name].astype(np.int64) for name in _COLUMN_NAMES))


def shape_key(event_id: uuid.UUID) -> tuple[int, int]:
    """Returns the key of an event in `Shapes`."""
    return event_id.int >> 64, event_id.int & (1 << 64) - 1


def encode_job(job: Job, rows: Rows, shapes: Shapes) -> Iterator[EncodedColumns]:
    """Encodes and compresses events as a job requires."""
    longer = rows.days > 1
    for spans, chosen in ((False, ~longer), (True, longer)) if job.split else ((False, np.ones(len(rows), bool)),):
        some = rows.select(chosen)
        if job.split and not len(some):
            continue
        blob = encode(some, job.dictionary, shapes)
        metadata = {
            "spans": spans,
            "hash": content_hash(blob),
            "events": len(some),
            "first_day": int(some.day.min()) if len(some) else 0,
            "last_day": int((some.day + some.days).max()) - 1 if len(some) else 0,
            "decoded_bytes": len(blob),
        }
        yield EncodedColumns(metadata, tuple(_compress(blob, encoding, job.quality) for encoding in job.encodings))


def _compress(blob: bytes, encoding: str, quality: int) -> bytes:
    if encoding == "br":
        compressed: bytes = brotli.compress(blob, quality=quality, lgwin=24)
        return compressed
    return gzip.compress(blob, min(quality, 9), mtime=0) if encoding == "gzip" else blob


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Writes a frame; `stream` must be flushed before an answer is expected."""
    stream.write(len(content).to_bytes(4, "little"))
    stream.write(content)


def read_frame(stream: IO[bytes]) -> bytes:
    """Reads a frame.

    Raises:
        EOFError: the stream ends before the frame does.
    """
    head = stream.read(4)
    length = int.from_bytes(head, "little")
    content = stream.read(length)
    if len(head) < 4 or len(content) < length:
        raise EOFError("the stream ended inside a frame")
    return content


def read_frames(stream: IO[bytes]) -> Iterator[bytes]:
    """Reads a list of frames."""
    while frame := read_frame(stream):
        yield frame


def run_job(job: Job, requests: IO[bytes], responses: IO[bytes]) -> int:
    """Reads the rows and shapes of a job and writes the result. Returns the size of the rows in
    bytes.
    """
    copied = bytearray()
    for chunk in read_frames(requests):
        copied += chunk
    size = len(copied)
    shapes = {}
    for shape in map(json.loads, read_frames(requests)):
        shapes[shape_key(uuid.UUID(shape["id"]))] = shape["geometry"]
    try:
        rows = parse_rows(copied)
        del copied
        for encoded in encode_job(job, rows, shapes):
            for frame in (json.dumps(encoded.metadata).encode(), *encoded.bodies):
                write_frame(responses, frame)
    except (ValueError, MemoryError) as error:
        write_frame(responses, json.dumps({"error": f"{type(error).__name__}: {error}"}).encode())
    write_frame(responses, b"")
    responses.flush()
    return size


def work(requests: IO[bytes], responses: IO[bytes]) -> None:
    """Runs jobs until the server closes the stream, or until this process should be replaced."""
    for _ in range(_MAX_JOBS):
        if not select.select([requests], [], [], _IDLE_SECONDS)[0]:
            return
        try:
            job = Job.from_json(read_frame(requests))
        except EOFError:
            return
        write_frame(responses, b"{}")
        responses.flush()
        if run_job(job, requests, responses) > _LARGE_JOB_BYTES:
            return


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_DATA, (_MAX_MEMORY_BYTES, _MAX_MEMORY_BYTES))
    os.nice(_NICENESS)  # large jobs must not delay small requests
    work(sys.stdin.buffer, sys.stdout.buffer)
