"""Every public event in columns, for a map that never asks while its slider moves."""

from __future__ import annotations

import datetime as dt
import gzip
from typing import TYPE_CHECKING, Any

import orjson

from app.events import queries
from app.models.columns import TIME_PRECISIONS, VERIFICATIONS

if TYPE_CHECKING:
    from app.database.session import PublicReadSession
    from app.events.schemas import EventFilter
    from app.theatre import Theatre


def make_columns(session: PublicReadSession, asked: EventFilter, theatre: Theatre, revision: str) -> dict[str, Any]:
    """Read the events that match into columns, sorted by first day; see `schemas.EventColumns` for units.

    A slug that the theatre no longer has is added to the list of slugs, so that no event is lost.
    """
    categories = {category.slug: index for index, category in enumerate(theatre.categories)}
    belligerents = {belligerent.slug: index for index, belligerent in enumerate(theatre.belligerents)}
    verifications = {word: index for index, word in enumerate(VERIFICATIONS)}
    precisions = {word: index for index, word in enumerate(TIME_PRECISIONS)}

    def side(slug: str | None) -> int:
        return -1 if slug is None else belligerents.setdefault(slug, len(belligerents))

    rows = queries.rows_for_columns(session, asked)
    zero: dt.date = theatre.first_day
    return {
        "revision": revision,
        "count": len(rows),
        "first_day": zero,
        "longitude": [int(row.longitude) for row in rows],
        "latitude": [int(row.latitude) for row in rows],
        "day": [(row.first_day - zero).days for row in rows],
        "days": [(row.last_day - row.first_day).days + 1 for row in rows],
        "category": [categories.setdefault(row.category, len(categories)) for row in rows],
        "actor": [side(row.actor) for row in rows],
        "affected": [side(row.affected) for row in rows],
        "verification": [verifications[row.verification] for row in rows],
        "time_precision": [precisions[row.time_precision] for row in rows],
        "precision_m": [-1 if row.precision_m is None else row.precision_m for row in rows],
        "shapes": [
            {"row": index, "id": row.id, "geometry": orjson.Fragment(row.geometry)}
            for index, row in enumerate(rows)
            if row.geometry is not None
        ],
        # Last: the columns above may have added slugs.
        "categories": list(categories),
        "belligerents": list(belligerents),
        "verifications": list(verifications),
        "time_precisions": list(precisions),
    }


def compressed(columns: dict[str, Any]) -> bytes:
    """Encode columns as gzipped JSON."""
    return gzip.compress(orjson.dumps(columns), compresslevel=6, mtime=0)
