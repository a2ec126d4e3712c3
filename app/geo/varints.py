"""Encodes and decodes integers as varints: seven bits a byte, lowest first; the highest bit says
that more follow.

Signed integers are zigzag-encoded first (0, -1, 1, -2, 2 … become 0, 1, 2, 3, 4 …), so that small
ones are short.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_BITS: Final = 53  # what a script's number holds exactly
_MAX_BYTES: Final = -(-MAX_BITS // 7)

Numbers = NDArray[np.int64]


class InvalidVarints(ValueError):
    """The content is not a list of varints."""


def zigzag_encode(numbers: Numbers) -> Numbers:
    """Encodes signed integers as unsigned ones."""
    return (numbers << 1) ^ (numbers >> 63)


def zigzag_decode(numbers: Numbers) -> Numbers:
    """Decodes unsigned integers as signed ones."""
    return (numbers >> 1) ^ -(numbers & 1)


def zigzag_encode_one(number: int) -> int:
    """Encodes one signed integer."""
    return number << 1 if number >= 0 else (-number << 1) - 1


def zigzag_decode_one(number: int) -> int:
    """Decodes one integer."""
    return (number >> 1) ^ -(number & 1)


def encode(numbers: Numbers | Sequence[int]) -> bytes:
    """Encodes unsigned integers.

    Raises:
        ValueError: one is negative or has more than 53 bits.
    """
    given = np.asarray(numbers, dtype=np.int64)
    if len(given) == 0:
        return b""
    if given.min() < 0 or given.max() >= 1 << MAX_BITS:
        raise ValueError(f"a number is negative, or has more than {MAX_BITS} bits")
    shifts = 7 * np.arange(_MAX_BYTES)
    groups = (given[:, None] >> shifts) & 0x7F
    used = 1 + ((given[:, None] >> shifts) > 0)[:, 1:].sum(axis=1)
    column = np.arange(_MAX_BYTES)
    groups[column < (used - 1)[:, None]] |= 0x80
    written: bytes = groups[column < used[:, None]].astype(np.uint8).tobytes()
    return written


def decode(content: bytes | memoryview) -> Numbers:
    """Decodes all integers.

    Raises:
        InvalidVarints: the last one is incomplete, or one has more than 53 bits.
    """
    read = np.frombuffer(content, dtype=np.uint8).astype(np.int64)
    if len(read) == 0:
        return read
    last = read < 0x80
    if not last[-1]:
        raise InvalidVarints("the last number is cut off")
    starts = np.concatenate(([0], np.flatnonzero(last)[:-1] + 1))
    sizes = np.diff(np.append(starts, len(read)))
    if sizes.max() > _MAX_BYTES:
        raise InvalidVarints("a number is too long")
    shifts = 7 * (np.arange(len(read)) - np.repeat(starts, sizes))
    numbers: Numbers = np.add.reduceat((read & 0x7F) << shifts, starts)
    if numbers.max() >= 1 << MAX_BITS:
        raise InvalidVarints(f"a number has more than {MAX_BITS} bits")
    return numbers
