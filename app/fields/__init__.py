"""The fields of events, sources and claims, described once, as data.

`EVENT`, `SOURCE` and `CLAIM` describe each field and where it appears. Views, API models, imports,
forms, the stale lists of the map and the table of docs/import.md are generated from these tables or
checked against them (docs/decisions/0033-fields-and-filters-defined-once.md). CONTRIBUTING.md
describes how to add a field.
"""

from __future__ import annotations

from app.fields.claim import CLAIM
from app.fields.event import EVENT
from app.fields.field import SQL_TYPES, Field, Fields
from app.fields.source import SOURCE

__all__ = ["CLAIM", "EVENT", "SOURCE", "SQL_TYPES", "Field", "Fields"]
