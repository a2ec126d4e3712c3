"""Parses lists: values that are separated by commas."""

from __future__ import annotations

from collections.abc import Collection


def split_list(text: str) -> tuple[str, ...]:
    """Returns the values without surrounding spaces; empty values are left out."""
    return tuple(part for value in text.split(",") if (part := value.strip()))


def check_choices(values: tuple[str, ...], choices: Collection[str]) -> tuple[str, ...]:
    """Returns the values, each of which must be one of the choices.

    Raises:
        ValueError: a value is not; the error names that value, and the choices in their order.
    """
    for value in values:
        if value not in choices:
            raise ValueError(f"{value[:60]!r} is not known. Must be one of: {', '.join(choices)}.")
    return values
