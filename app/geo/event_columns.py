"""Encodes and decodes events in columns, in the format of `docs/event-columns.md`.

Rows are sorted by first day, then by position in Morton order, then by id. Positions are
zigzag-encoded differences from row to row, stored in planes: first the lowest byte of all rows,
then the next. Most of the bytes to compress are therefore zero. A position that several rows share
(usually a settlement) is stored once, and rows refer to it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.geo import varints
from app.geo.mercator_grid import STEPS, morton, to_degrees, to_grid

FORMAT: Final = 1
MAGIC: Final = b"FLEC" + FORMAT.to_bytes(4, "little")
EPOCH: Final = dt.date(1970, 1, 1)
_HEAD: Final = len(MAGIC) + 4
_PLANES: Final = 4
# A position of at least this many rows is stored once. An index of two bytes refers to it; 0 means
# none.
_SHARED_BY: Final = 3
_MOST_SPOTS: Final = 65_535
# The number of values of an index of one byte, besides "unknown".
MAX_WORDS: Final = 255

# What may be said about a row, a bit for each, the lowest for the first.
FLAGS: Final = ("place_doubtful", "category_guessed")

Ints = NDArray[np.int64]

WORDS: Final = {
    "category": "categories",
    "actor": "belligerents",
    "affected": "belligerents",
    "verification": "verifications",
    "time_precision": "time_precisions",
    "origin": "origins",
}
# Columns of words that may be unknown.
_MAYBE_UNKNOWN: Final = ("actor", "affected")


class InvalidColumns(ValueError):
    """The content is not valid in this format; the message says why."""


@dataclass(frozen=True)
class Dictionary:
    """The words that indices in the columns refer to. A row may have several of `source_classes`
    and of `flags`.
    """

    categories: Sequence[str]
    belligerents: Sequence[str]
    verifications: Sequence[str]
    time_precisions: Sequence[str]
    origins: Sequence[str]
    source_classes: Sequence[str]
    flags: Sequence[str] = FLAGS


@dataclass(frozen=True)
class Rows:
    """Events as the database returns them, in any order; all columns have the same length.

    `ids` are pairs of 64 bits; `longitude` and `latitude` are degrees; `day` is days since 1970,
    and `days` the number of days. Words are indices into the dictionary, -1 if unknown.
    `precision_m` is metres, -1 if unknown. Bit n of `source_classes` is set if a source of the
    event has class n of the dictionary, and bit n of `flags` if flag n of the dictionary is true.
    """

    ids: NDArray[np.uint64]
    longitude: NDArray[np.float64]
    latitude: NDArray[np.float64]
    day: Ints
    days: Ints
    category: Ints
    actor: Ints
    affected: Ints
    verification: Ints
    time_precision: Ints
    precision_m: Ints
    origin: Ints
    source_classes: Ints
    flags: Ints

    def __len__(self) -> int:
        """The number of events."""
        return len(self.day)

    def select(self, chosen: NDArray[np.bool_] | Ints) -> Rows:
        """Returns some of the events."""
        return Rows(*(getattr(self, one.name)[chosen] for one in fields(self)))


@dataclass(frozen=True)
class Columns:
    """Decoded columns: row `i` is the i-th element of each. Rows are sorted; see `Rows` for the
    units.

    `x`, `y` are grid points (`mercator_grid`). `shapes` has (id, GeoJSON geometry) of lines and
    areas, by row.
    """

    dictionary: Dictionary
    x: Ints
    y: Ints
    day: Ints
    days: Ints
    category: Ints
    actor: Ints
    affected: Ints
    verification: Ints
    time_precision: Ints
    precision_m: Ints
    origin: Ints
    source_classes: Ints
    flags: Ints
    shapes: Mapping[int, tuple[str, dict[str, Any]]] = field(default_factory=dict)

    def __len__(self) -> int:
        """The number of events."""
        return len(self.day)

    @property
    def degrees(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The positions as longitude and latitude."""
        return to_degrees(self.x, self.y)

    def word(self, column: str, row: int) -> str | None:
        """Returns the word of a row in a column; None if it is unknown."""
        index = int(getattr(self, column)[row])
        words: Sequence[str] = getattr(self.dictionary, WORDS[column])
        return None if index < 0 else words[index]

    def classes(self, row: int) -> set[str]:
        """Returns the classes of the sources of a row; an empty set if it has no source."""
        bits = int(self.source_classes[row])
        return {word for number, word in enumerate(self.dictionary.source_classes) if bits >> number & 1}

    def iso_day(self, row: int) -> str:
        """Returns the first UTC day of a row as an ISO date."""
        return (EPOCH + dt.timedelta(days=int(self.day[row]))).isoformat()


def content_hash(blob: bytes) -> str:
    """Returns the name under which content is served: a hash of the content."""
    return hashlib.sha256(blob).hexdigest()[:32]


def encode(rows: Rows, dictionary: Dictionary, shapes: Mapping[tuple[int, int], str] | None = None) -> bytes:
    """Encodes events.

    Args:
        rows: the events.
        dictionary: the words that the rows refer to.
        shapes: GeoJSON of lines and areas, by id as in `Rows.ids`.

    Raises:
        ValueError: a list has more words than an index can refer to.
    """
    x, y = to_grid(rows.longitude, rows.latitude)
    order = _sort_order(rows, x, y)
    rows, x, y = rows.select(order), x[order], y[order]
    first = int(rows.day[0]) if len(rows) else 0
    precisions, precision = _precision_classes(rows.precision_m)
    sections: dict[str, bytes] = {
        "per_day": varints.encode(np.bincount(rows.day - first).astype(np.int64)) if len(rows) else b"",
        **_encode_spots(x, y),
        **{name: _encode_indices(getattr(rows, name) + 1) for name in WORDS},
        "precision": _encode_indices(precision),
        "source_classes": _encode_indices(rows.source_classes),
    }
    if np.any(rows.flags):
        sections["flags"] = _encode_indices(rows.flags)
    if np.any(rows.days > 1):
        sections["days"] = varints.encode(rows.days)
    if shapes:
        found = [
            f'{{"row":{row},"id":"{_uuid(key)}","geometry":{shapes[key]}}}'
            for row, key in enumerate(map(tuple, rows.ids.tolist()))
            if key in shapes
        ]
        if found:
            sections["shapes"] = f"[{','.join(found)}]".encode()
    head = {
        "count": len(rows),
        "first_day": (EPOCH + dt.timedelta(days=first)).isoformat(),
        **{one.name: list(getattr(dictionary, one.name)) for one in fields(dictionary)},
        "precisions_m": precisions,
        "sections": [[name, len(content)] for name, content in sections.items()],
    }
    header_bytes = json.dumps(head, separators=(",", ":"), ensure_ascii=False).encode()
    body = MAGIC + len(header_bytes).to_bytes(4, "little") + header_bytes + b"".join(sections.values())
    return body + zlib.crc32(body).to_bytes(4, "little")


def decode(blob: bytes) -> Columns:
    """Decodes events.

    Raises:
        InvalidColumns: the content is incomplete or inconsistent.
    """
    head, sections = _read_sections(blob)
    count = int(head["count"])
    per_day = _decode_varints(sections, "per_day")
    if per_day.sum() != count:
        raise InvalidColumns("per_day: does not sum up to the count")
    first = (dt.date.fromisoformat(head["first_day"]) - EPOCH).days
    try:
        dictionary = Dictionary(*(tuple(head[one.name]) for one in fields(Dictionary)))
    except KeyError as error:
        raise InvalidColumns(f"the head has no list {error}") from error
    words: dict[str, Ints] = {}
    for name, list_ in WORDS.items():
        words[name] = _decode_indices(sections, name, count, len(getattr(dictionary, list_)))
        if name not in _MAYBE_UNKNOWN and count and words[name].min() < 0:
            raise InvalidColumns(f"{name}: is not known of some row")
    precisions = np.asarray([-1, *head["precisions_m"]], dtype=np.int64)
    days = _decode_varints(sections, "days") if "days" in sections else np.ones(count, dtype=np.int64)
    if len(days) != count or (count and days.min() < 1):
        raise InvalidColumns("days: does not fit the count")
    shapes = {
        shape["row"]: (shape["id"], shape["geometry"]) for shape in json.loads(sections.get("shapes", b"[]").decode())
    }
    if any(not 0 <= row < count for row in shapes):
        raise InvalidColumns("shapes: there is no such row")
    x, y = _decode_places(sections, count)
    return Columns(
        dictionary=dictionary,
        x=x,
        y=y,
        day=first + np.repeat(np.arange(len(per_day)), per_day),
        days=days,
        **words,
        precision_m=precisions[_decode_indices(sections, "precision", count, len(precisions) - 1) + 1],
        source_classes=_decode_bits(sections, "source_classes", count, len(dictionary.source_classes)),
        flags=(
            _decode_bits(sections, "flags", count, len(dictionary.flags))
            if "flags" in sections
            else np.zeros(count, dtype=np.int64)
        ),
        shapes=shapes,
    )


def _read_sections(blob: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Returns the header and the sections.

    Raises:
        InvalidColumns: the content is incomplete.
    """
    if blob[: len(MAGIC)] != MAGIC:
        raise InvalidColumns("these are no columns of version 1")
    if len(blob) < _HEAD + 4 or zlib.crc32(blob[:-4]) != int.from_bytes(blob[-4:], "little"):
        raise InvalidColumns("the bytes are not whole: their sum is another")
    at = _HEAD + int.from_bytes(blob[len(MAGIC) : _HEAD], "little")
    try:
        head = json.loads(blob[_HEAD:at])
        sections = {}
        for name, length in head["sections"]:
            sections[name] = blob[at : at + length]
            at += length
    except (ValueError, KeyError, TypeError) as error:
        raise InvalidColumns("the head cannot be read") from error
    if at != len(blob) - 4:
        raise InvalidColumns("the sections do not fill the bytes")
    return head, sections


def _sort_order(rows: Rows, x: Ints, y: Ints) -> Ints:
    """Returns the order of rows: by day, by position, by id."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    codes = morton(x, y)
    order = np.lexsort((codes, rows.day))
    day, code = rows.day[order], codes[order]
    same = (day[1:] == day[:-1]) & (code[1:] == code[:-1])
    # Few rows share position and day: ids are compared only for those.
    tied = np.concatenate(([False], same)) | np.concatenate((same, [False]))
    some = order[tied]
    order[tied] = some[np.lexsort((rows.ids[some, 1], rows.ids[some, 0], codes[some], rows.day[some]))]
    return order


def _precision_classes(precision_m: Ints) -> tuple[list[int], Ints]:
    """Returns the distinct precisions, and for each row 1 + the index of its precision; 0 if it is
    unknown.

    If an index cannot refer to all of them, they are rounded up to one digit.
    """
    found = np.unique(precision_m[precision_m > 0])
    if len(found) > MAX_WORDS:
        unit = 10 ** np.floor(np.log10(np.maximum(1, precision_m))).astype(np.int64)
        precision_m = np.where(precision_m > 0, -(-precision_m // unit) * unit, precision_m)
        found = np.unique(precision_m[precision_m > 0])
    return found.tolist(), np.where(precision_m > 0, np.searchsorted(found, precision_m) + 1, 0)


def _encode_indices(column: Ints) -> bytes:
    if len(column) and column.max() > MAX_WORDS:
        raise ValueError(f"there are more than {MAX_WORDS} words")
    return column.astype(np.uint8).tobytes()


def _encode_spots(x: Ints, y: Ints) -> dict[str, bytes]:
    """Encodes positions: shared ones, the index of each row into them, and the positions of other
    rows.
    """
    _, row_code, rows = np.unique(morton(x, y), return_inverse=True, return_counts=True)
    shared = rows >= _SHARED_BY
    if shared.sum() > _MOST_SPOTS:
        shared &= rows > np.sort(rows)[-_MOST_SPOTS - 1]
    if not shared.any():
        return {"x": _encode_planes(x), "y": _encode_planes(y)}
    spot = np.where(shared, np.cumsum(shared), 0)[row_code]
    # The first row of each shared position.
    _, first = np.unique(spot, return_index=True)
    first = first[1:] if (spot == 0).any() else first
    own = spot == 0
    return {
        "spots_x": _encode_planes(x[first]),
        "spots_y": _encode_planes(y[first]),
        "spot": np.concatenate((spot & 0xFF, spot >> 8)).astype(np.uint8).tobytes(),
        "x": _encode_planes(x[own]),
        "y": _encode_planes(y[own]),
    }


def _decode_places(sections: Mapping[str, bytes], count: int) -> tuple[Ints, Ints]:
    """Decodes the positions of all rows."""
    if "spot" not in sections:
        return _decode_planes(sections, "x", count), _decode_planes(sections, "y", count)
    planes = np.frombuffer(sections["spot"], dtype=np.uint8).astype(np.int64)
    spots = len(sections.get("spots_x", b"")) // _PLANES
    if len(planes) != 2 * count:
        raise InvalidColumns("spot: does not fit the count")
    spot = planes[:count] | planes[count:] << 8
    if count and spot.max() > spots:
        raise InvalidColumns("spot: there is no such spot")
    own = spot == 0
    found = []
    for name in ("x", "y"):
        column = np.concatenate(([0], _decode_planes(sections, f"spots_{name}", spots)))[spot]
        column[own] = _decode_planes(sections, name, int(own.sum()))
        found.append(column)
    return found[0], found[1]


def _encode_planes(places: Ints) -> bytes:
    steps = varints.zigzag_encode(np.diff(places, prepend=0)).astype("<u4")
    return steps.view(np.uint8).reshape(-1, _PLANES).T.tobytes()


def _decode_planes(sections: Mapping[str, bytes], name: str, count: int) -> Ints:
    content = np.frombuffer(sections.get(name, b""), dtype=np.uint8)
    if len(content) != _PLANES * count:
        raise InvalidColumns(f"{name}: does not fit the count")
    folded = np.ascontiguousarray(content.reshape(_PLANES, count).T).view("<u4").reshape(-1).astype(np.int64)
    places: Ints = np.cumsum(varints.zigzag_decode(folded))
    if count and not (places.min() >= 0 and places.max() <= STEPS):
        raise InvalidColumns(f"{name}: a place lies off the world")
    return places


def _decode_indices(sections: Mapping[str, bytes], name: str, count: int, words: int) -> Ints:
    column = np.frombuffer(sections.get(name, b""), dtype=np.uint8).astype(np.int64) - 1
    if len(column) != count or (count and column.max() >= words):
        raise InvalidColumns(f"{name}: does not fit the count, or its words")
    return column


def _decode_bits(sections: Mapping[str, bytes], name: str, count: int, words: int) -> Ints:
    column = np.frombuffer(sections.get(name, b""), dtype=np.uint8).astype(np.int64)
    if len(column) != count or (count and column.max() >= 1 << words):
        raise InvalidColumns(f"{name}: does not fit the count, or its words")
    return column


def _decode_varints(sections: Mapping[str, bytes], name: str) -> Ints:
    try:
        return varints.decode(sections.get(name, b""))
    except varints.InvalidVarints as error:
        raise InvalidColumns(f"{name}: {error}") from error


def _uuid(key: tuple[int, int]) -> str:
    text = f"{key[0]:016x}{key[1]:016x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
