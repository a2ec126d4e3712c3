"""Encodes synthetic events as event columns without a database: seed 42, in quarters, as the server
does.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import brotli
import numpy as np

from app.derived.event_columns import QUALITY
from app.exchange.demo.synthetic import MINUTES_A_DAY, Batch, Front
from app.fields.words import SOURCE_CLASSES, TIME_PRECISIONS, VERIFICATIONS
from app.geo.event_columns import Dictionary, Rows, encode
from app.settings import PROJECT_DIRECTORY
from app.theatre import read_theatre

SEED: Final = 42
_QUARTER_DAYS: Final = 91
_EPOCH: Final = np.datetime64("1970-01-01", "D")


@dataclass(frozen=True)
class Blobs:
    """The encoded columns of some events: files, sizes, and the time to make them."""

    files: list[Path]
    decoded_bytes: int
    brotli_bytes: int
    gzip_bytes: int
    encode_seconds: float
    brotli_seconds: float


def rows_of(count: int) -> tuple[Rows, Dictionary]:
    """Returns synthetic events."""
    theatre = read_theatre(PROJECT_DIRECTORY / "theatre.toml")
    front = Front(theatre.extent, theatre.first_day, SEED)
    kinds = len(theatre.categories), len(theatre.belligerents)
    batches = [front.batch(day, events, *kinds) for day, events in front.batches(count)]
    all_ = Batch(*(np.concatenate([getattr(batch, one.name) for batch in batches]) for one in fields(Batch)))
    first = int((np.datetime64(theatre.first_day, "D") - _EPOCH).astype(int))
    day = all_.begins // MINUTES_A_DAY
    last = (all_.begins + all_.lasts - 1) // MINUTES_A_DAY
    words = ("category", "actor", "affected", "verification", "time_precision", "precision_m")
    # All of one origin, each with sources that nobody has classified.
    origin = np.zeros(count, dtype=np.int64)
    source_classes = np.full(count, 1 << SOURCE_CLASSES.index("unknown"))
    ids = np.frombuffer(front.bytes(16 * count), dtype=np.uint64).reshape(-1, 2)
    kept = {word: getattr(all_, word) for word in words}
    rows = Rows(
        *(ids, all_.longitude, all_.latitude, day + first, last - day + 1),
        **kept,
        origin=origin,
        source_classes=source_classes,
    )
    slugs = theatre.category_slugs_in_order, theatre.belligerent_slugs_in_order
    return rows, Dictionary(*slugs, VERIFICATIONS, TIME_PRECISIONS, ("synthetic",), SOURCE_CLASSES)


def write_blobs(count: int, folder: Path) -> Blobs:
    """Writes the encoded columns of synthetic events to a folder."""
    import gzip

    rows, dictionary = rows_of(count)
    quarter = (rows.day - rows.day.min()) // _QUARTER_DAYS
    files, decoded, small, zipped, encoding, packing = [], 0, 0, 0, 0.0, 0.0
    for number in np.unique(quarter).tolist():
        for spans in (False, True):
            some = rows.select((quarter == number) & ((rows.days > 1) == spans))
            start = time.process_time()
            blob = encode(some, dictionary)
            encoding += time.process_time() - start
            start = time.process_time()
            small += len(brotli.compress(blob, quality=QUALITY, lgwin=24))
            packing += time.process_time() - start
            zipped += len(gzip.compress(blob, QUALITY))
            decoded += len(blob)
            files.append(folder / f"{count}-{number}-{int(spans)}.bin")
            files[-1].write_bytes(blob)
    return Blobs(files, decoded, small, zipped, encoding, packing)
