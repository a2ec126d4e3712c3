"""The area of each status over time, for the chart beside the slider."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from app.models.control_area import AREA_STATUSES

if TYPE_CHECKING:
    from sqlalchemy import Row


def describe_series(assessments: Sequence[Row[Any]], sums: Sequence[Row[Any]]) -> dict[str, Any]:
    """Returns columns of km²; see `summaries.Series`.

    Args:
        assessments: of `queries.assessments`, in the order of time.
        sums: of `queries.sums`.
    """
    km2 = {(row.assessment_id, row.status, row.since_before): row.km2 for row in sums}
    split_statuses = {status for _, status, since_before in km2 if since_before}

    def column(status: str, *kinds: bool) -> list[float | None]:
        return [
            round(sum(km2.get((one.id, status, kind), 0.0) for kind in kinds), 3) if status in one.covers else None
            for one in assessments
        ]

    return {
        "valid_from": [one.valid_from for one in assessments],
        "last_seen_at": [one.last_seen_at for one in assessments],
        "km2": {
            status: {
                "in_all": column(status, False, True),
                "since_first_day": column(status, False) if status != "occupied" or status in split_statuses else None,
            }
            for status in AREA_STATUSES
            if any(status in one.covers for one in assessments)
        },
    }
