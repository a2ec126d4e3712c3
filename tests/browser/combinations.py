"""Combinations of sizes, themes and languages that a test in the browser tries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence


def last_of(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    """Returns all pairs as parameters of a test: `make test` tries the last one, `make long` tries
    every pair.
    """
    pairs = [(one, other) for one in first for other in second]
    return [*(pytest.param(*pair, marks=pytest.mark.long) for pair in pairs[:-1]), pairs[-1]]


def combine(first: Sequence[Any], second: Sequence[Any]) -> list[Any]:
    """Returns all pairs as parameters of a test: `make test` tries each value once, `make long`
    tries every pair.
    """
    return [
        pytest.param(one, other, marks=() if row % len(second) == column % len(first) else pytest.mark.long)
        for row, one in enumerate(first)
        for column, other in enumerate(second)
    ]
