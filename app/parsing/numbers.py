"""Parses decimal and whole numbers.

Python also accepts `nan`, `inf`, `1_000` and digits of other scripts. These functions do not.
"""

from __future__ import annotations

import math
import re
from typing import Final

# At most 20 digits on each side of the point, so that no text takes long to convert.
_NUMBER: Final = re.compile(r"[+-]?(\d{1,20}(\.\d{0,20})?|\.\d{1,20})([eE][+-]?\d{1,2})?", re.ASCII)
_WHOLE_NUMBER: Final = re.compile(r"([+-]?\d{1,20})(\.0{0,20})?", re.ASCII)


def parse_number(text: str) -> float:
    """Parses a decimal number. A small exponent is allowed: JavaScript writes 0.0000001 as `1e-7`.

    Raises:
        ValueError: the text is not a number.
    """
    if not _NUMBER.fullmatch(text.strip()):
        raise ValueError("Must be a number.")
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("Must be a number.")
    return number


def parse_numbers(text: str, *names: str) -> list[float]:
    """Parses numbers that are separated by commas.

    Args:
        text: the numbers.
        names: what each number is, for the error.

    Raises:
        ValueError: there are more or fewer numbers than names, or one is not a number.
    """
    parts = text.split(",")
    if len(parts) != len(names):
        raise ValueError(f"Must be {len(names)} numbers: {','.join(names)}.")
    numbers = []
    for name, part in zip(names, parts, strict=True):
        try:
            numbers.append(parse_number(part))
        except ValueError:
            raise ValueError(f"The {name} must be a number.") from None
    return numbers


def parse_whole_number(text: str, least: int, most: int) -> int:
    """Parses a whole number within limits. Zeros after the point are allowed; an exponent is not.

    A spreadsheet writes 706483 as `7.06E+05` in a narrow column, which is another number.

    Raises:
        ValueError: the text is not a whole number, or is outside the limits.
    """
    match = _WHOLE_NUMBER.fullmatch(text.strip())
    if match is None or not least <= (number := int(match[1])) <= most:
        raise ValueError(f"Must be a whole number from {least} to {most}.")
    return number


def is_digits(text: str) -> bool:
    """Returns whether a text consists of the digits 0 to 9. `str.isdigit` also accepts `²`."""
    return text.isascii() and text.isdigit()
