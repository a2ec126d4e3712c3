"""The front line of an assessment, computed on request and cached."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.geo.front_line import Ground, front_line
from app.models.control_area import HELD_STATUSES
from app.territory import queries
from app.territory.features import line_feature

if TYPE_CHECKING:
    from sqlalchemy import Row

    from app.database.session import PublicReadSession
    from app.http.byte_cache import ByteCache


def held_statuses(*, advance: bool) -> tuple[str, ...]:
    """Returns the statuses of ground that counts as held."""
    return (*HELD_STATUSES, "advance") if advance else HELD_STATUSES


def line_of(
    session: PublicReadSession, cache: ByteCache, row: Row[Any], ground: Ground | None, *, advance: bool
) -> bytes:
    """Returns the feature of an assessment's front line, as JSON.

    Args:
        session: reads the areas, if the line is not cached.
        cache: of lines; its key contains the properties of the assessment that may change.
        row: the assessment, with `queries.ASSESSMENT_COLUMNS`.
        ground: coasts and borders.
        advance: also count the status `advance` as held.
    """
    held = held_statuses(advance=advance)

    def make() -> bytes:
        areas = queries.area_shapes(session, [row.assessment_id])[row.assessment_id]
        line = front_line(
            [shape for status, shape in areas if status in held],
            [shape for status, shape in areas if status not in held],
            ground,
        )
        return line_feature(row, line, held)

    return cache.get(("front line", repr(row), held), make)
