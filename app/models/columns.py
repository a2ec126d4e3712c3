"""Columns that several tables have, and constraints to closed lists of words
(`app/fields/words.py`).
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Final

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import CheckConstraint, DateTime, Integer, Text, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import mapped_column

from app.fields.happened import sql_rule

SRID: Final = 4326

# Random (version 4): an id must not reveal when its row was created, nor how many rows exist.
RandomId = Annotated[uuid.UUID, mapped_column(primary_key=True, default=uuid.uuid4)]
Moment = Annotated[dt.datetime, mapped_column(DateTime(timezone=True))]
# The database increments it with every change; `ETag` and `If-Match` contain it.
Version = Annotated[int, mapped_column(Integer, server_default="1", default=1)]
# The row is older than the rule of dates and breaks it. Such a row is kept, and never public.
Misdated = Annotated[bool, mapped_column(server_default="false", default=False)]
Made = Annotated[dt.datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Texts = Annotated[list[str], mapped_column(ARRAY(Text), server_default="{}", default=list)]
# The model declares the index itself (`spatial_index=False`), so that autogenerate and `alembic
# check` agree.
Shape = Annotated[WKBElement, mapped_column(Geometry("GEOMETRY", srid=SRID, spatial_index=False))]
Spot = Annotated[WKBElement, mapped_column(Geometry("POINT", srid=SRID, spatial_index=False))]


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Returns a constraint: a column is one of some words, or null."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def allowed_dates(start: str, end: str | None = None) -> CheckConstraint:
    """Returns a constraint: dates obey the rule, or the row is marked as older than the rule.

    Only the migration that introduced the rule marks rows, see `check_dates` (`guards.sql`).
    """
    return CheckConstraint(f"misdated OR ({sql_rule(start, end)})", name="allowed_dates")


def all_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """Returns a constraint: every element of an array column is one of some words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} <@ ARRAY[{listed}]::text[]", name=column)
