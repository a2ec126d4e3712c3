"""Compares rows and responses from before an upgrade with those after it.

New fields are allowed: a key that only the later object has is no difference. A key that is
missing, a value that changed and a list that became shorter or longer are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any, Final

# Other versions of PostGIS and GEOS may round the last digit differently; in degrees this is a
# fifth of a metre.
FLOAT_TOLERANCE: Final = 2e-6
_LONGEST_VALUE: Final = 160


def differences(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """Yields a line for each difference between two JSON values: its path, the value before, the
    value after.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            path = f"{where}.{key}" if where else str(key)
            if key in after:
                yield from differences(value, after[key], path)
            else:
                yield f"{path}: before {_shortened(value)}, after: the key is missing"
    elif isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            yield f"{where}: before {len(before)} elements, after {len(after)}"
        for number, (one, other) in enumerate(zip(before, after, strict=False)):
            yield from differences(one, other, f"{where}[{number}]")
    elif not _same(before, after):
        yield f"{where}: before {_shortened(before)}, after {_shortened(after)}"


def unordered(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Sorts two lists of objects by the keys of the earlier one, for lists whose order has no
    meaning.
    """
    known = {key for one in before for key in one}
    reduced = [{key: value for key, value in one.items() if key in known} for one in after]
    return sorted(before, key=_sorted_by), sorted(reduced, key=_sorted_by)


def _sorted_by(value: Any) -> str:
    return json.dumps(_rounded(value), sort_keys=True)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


def _same(before: Any, after: Any) -> bool:
    numbers = [value for value in (before, after) if isinstance(value, int | float) and not isinstance(value, bool)]
    if len(numbers) == 2:
        return math.isclose(before, after, rel_tol=1e-9, abs_tol=FLOAT_TOLERANCE)
    return type(before) is type(after) and before == after


def _shortened(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
