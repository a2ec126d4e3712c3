"""Compares two assessments: ground gained and lost, by status and in total."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from app.geo.ellipsoid import areas_km2
from app.models.control_area import AREA_STATUSES
from app.territory.ages import age_in_days, assessed_day
from app.territory.features import geometry

if TYPE_CHECKING:
    import datetime as dt

    from sqlalchemy import Row

_DRAWN_KM2: Final = 1e-6  # parts below a square metre come from rounding

Area = tuple[str, Any]
Shapes = NDArray[np.object_]


@dataclass(frozen=True)
class Difference:
    """Ground that was gained and lost, as polygons."""

    gained: Shapes
    lost: Shapes

    def balance(self) -> dict[str, float]:
        """Returns the sums in km²."""
        gained, lost = float(areas_km2(self.gained).sum()), float(areas_km2(self.lost).sum())
        return {
            "gained_km2": round(gained, 6),
            "lost_km2": round(lost, 6),
            "net_km2": round(gained - lost, 6),
        }


def difference(before: Sequence[Any], after: Sequence[Any]) -> Difference:
    """Returns what `after` has and `before` lacks, and the reverse.

    First removes equal polygons: from day to day, nearly all polygons stay the same.
    """
    old, new = _polygons(before), _polygons(after)
    old_keys, new_keys = shapely.to_wkb(old), shapely.to_wkb(new)
    new_only = new[~np.isin(new_keys, old_keys)]
    old_only = old[~np.isin(old_keys, new_keys)]
    return Difference(_uncovered(new_only, old), _uncovered(old_only, new))


def _polygons(shapes: Sequence[Any]) -> Shapes:
    parts: Shapes = shapely.get_parts(np.array([*shapes], dtype=object))
    return parts


def _uncovered(ground: Shapes, taken: Shapes) -> Shapes:
    """Returns the parts of some ground that no other ground covers."""
    if len(ground) == 0:
        return ground
    whole = shapely.union_all(ground)
    met = taken[shapely.intersects(shapely.box(*shapely.bounds(whole)), taken)] if len(taken) else taken
    left = shapely.difference(whole, shapely.union_all(met)) if len(met) else whole
    parts: Shapes = shapely.get_parts(left)
    polygons: Shapes = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons


def describe_change(
    rows: tuple[Row[Any], Row[Any]], areas: tuple[list[Area], list[Area]], held: tuple[str, ...]
) -> dict[str, Any]:
    """Compares two assessments; see `summaries.Change`.

    Args:
        rows: the assessments, with `queries.ASSESSMENT_COLUMNS`.
        areas: the areas of each.
        held: the statuses that count as held.
    """
    both = set(rows[0].covers) & set(rows[1].covers)
    by_status = {
        status: difference(*(_shapes_of(side, [status]) for side in areas))
        for status in AREA_STATUSES
        if status in both
    }
    comparable = [status for status in held if status in both]
    known = {*rows[0].covers, *rows[1].covers}
    total = None
    if comparable and both.issuperset(known.intersection(held)):
        whole = (
            by_status[comparable[0]]
            if len(comparable) == 1
            else difference(*(_shapes_of(side, held) for side in areas))
        )
        total = whole.balance()
    return {
        "type": "FeatureCollection",
        "assessor": rows[0].assessor,
        "attribution": rows[0].attribution,
        "licence": rows[0].licence,
        "valid_from": [row.valid_from for row in rows],
        "held": held,
        "total": total,
        "by_status": {
            status: by_status[status].balance() if status in by_status else None
            for status in AREA_STATUSES
            if status in known
        },
        "features": [feature for status, changed in by_status.items() for feature in _features(status, changed)],
    }


def describe_ages(sides: Sequence[tuple[Row[Any], dt.date]]) -> dict[str, list[Any]]:
    """Returns the ages of the compared assessments, and the days that are really compared.

    Args:
        sides: the earlier and the later assessment, each with the requested day.
    """
    return {
        "last_seen_at": [row.last_seen_at for row, _ in sides],
        "age_days": [age_in_days(row.last_seen_at, day) for row, day in sides],
        "compared_days": [assessed_day(row.last_seen_at, day) for row, day in sides],
    }


def _shapes_of(areas: Iterable[Area], statuses: Sequence[str]) -> list[Any]:
    return [shape for status, shape in areas if status in statuses]


def _features(status: str, changed: Difference) -> list[dict[str, Any]]:
    features = []
    for label, parts in (("gained", changed.gained), ("lost", changed.lost)):
        drawn = parts[areas_km2(parts) >= _DRAWN_KM2] if len(parts) else parts
        if len(drawn):
            shape = shapely.MultiPolygon([*drawn])
            km2 = float(areas_km2(parts).sum())
            features.append(
                {
                    "type": "Feature",
                    "geometry": geometry(shape),
                    "properties": {"status": status, "change": label, "area_km2": round(km2, 6)},
                }
            )
    return features
