"""The public views of `app/database/sql/public.sql` as tables. Public routes read nothing else."""

from __future__ import annotations

from typing import Any, Final

from geoalchemy2 import Geometry
from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY

from app.database.base import SCHEMA
from app.fields import CLAIM, EVENT, SOURCE, Fields
from app.models.columns import SRID

# Separate metadata, so that Alembic does not treat the views as tables.
_views: Final = MetaData(schema=SCHEMA)


def _moment(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


_COLUMN_TYPES: Final[dict[str, Any]] = {
    "text": Text,
    "url": Text,
    "slug": Text,
    "word": Text,
    "words": ARRAY(Text),
    "texts": ARRAY(Text),
    "number": Integer,
    "flag": Boolean,
    "moment": DateTime(timezone=True),
    "shape": Geometry("GEOMETRY", srid=SRID),
    "uuid": Uuid,
}


def _public_columns(fields: Fields) -> list[Column[Any]]:
    """Returns the columns of a view that a marker `list <record>.public` lists, and the joined
    columns.
    """
    return [
        Column(field.name, _COLUMN_TYPES[field.type])
        for field in (*fields.having(public=True), *fields.having(public=False, stored=False, exported=True))
    ]


public_origin = Table(
    "public_origin",
    _views,
    *(Column(name, Text) for name in ("slug", "name", "home_page", "licence", "attribution")),
    Column("has_events", Boolean),
)

public_event = Table("public_event", _views, *_public_columns(EVENT), _moment("updated_at"))

public_tombstone = Table(
    "public_tombstone",
    _views,
    Column("id", Uuid, primary_key=True),
    _moment("withdrawn_at"),
    Column("withdrawn_reason", Text),
    Column("hidden", Boolean),
)

public_event_source = Table(
    "public_event_source",
    _views,
    Column("event_id", Uuid),
    Column("role", Text),
    Column("position", Integer),
    Column("source_id", Uuid),
    *_public_columns(SOURCE),
    _moment("first_seen_at"),
)

public_source = Table(
    "public_source",
    _views,
    Column("id", Uuid, primary_key=True),
    *_public_columns(SOURCE),
    _moment("first_seen_at"),
)

public_claim = Table("public_claim", _views, *_public_columns(CLAIM))

public_content = Table(
    "public_content",
    _views,
    Column("number", Integer),
    Column("changes", Integer),
    _moment("changed_at"),
)

public_event_place = Table(
    "public_event_place",
    _views,
    Column("event_id", Uuid),
    Column("position", Integer),
    Column("geonameid", Integer),
    Column("as_spelled", Text),
)

public_place = Table(
    "public_place",
    _views,
    Column("geonameid", Integer, primary_key=True),
    *(Column(name, Text) for name in ("name", "country", "admin1")),
    Column("population", Integer),
    Column("in_theatre", Boolean),
    Column("spot", Geometry("POINT", srid=SRID)),
)

public_place_name = Table(
    "public_place_name",
    _views,
    Column("geonameid", Integer),
    *(Column(name, Text) for name in ("spelling", "folded", "kind", "language")),
)

public_assessor = Table(
    "public_assessor",
    _views,
    Column("slug", Text, primary_key=True),
    *(Column(name, Text) for name in ("name", "home_page", "licence", "attribution", "definition")),
)

public_assessment = Table(
    "public_assessment",
    _views,
    Column("id", Uuid, primary_key=True),
    Column("assessor", Text),
    _moment("valid_from"),
    Column("covers", ARRAY(Text)),
    Column("skipped", ARRAY(Text)),
    _moment("last_seen_at"),
)

public_control_area = Table(
    "public_control_area",
    _views,
    Column("id", Uuid, primary_key=True),
    Column("assessment_id", Uuid),
    Column("position", Integer),
    Column("status", Text),
    Column("since_before", Boolean),
    Column("label", Text),
    Column("shape", Geometry("MULTIPOLYGON", srid=SRID)),
    Column("area_km2", Float),
)

public_line_history_part = Table(
    "public_line_history_part",
    _views,
    Column("assessor", Text),
    Column("position", Integer),
    Column("hash", Text),
    Column("content", LargeBinary),
    *(Column(name, Integer) for name in ("bytes", "decoded_bytes", "assessments")),
    _moment("first_valid_from"),
    _moment("last_valid_from"),
)

public_event_columns_part = Table(
    "public_event_columns_part",
    _views,
    *(Column(name, Date) for name in ("from_day", "to_day", "first_day", "last_day")),
    Column("spans", Boolean),
    Column("hash", Text),
    *(Column(name, Integer) for name in ("events", "decoded_bytes", "brotli_bytes", "gzip_bytes")),
    *(Column(name, LargeBinary) for name in ("brotli", "gzip")),
)

public_event_columns_state = Table("public_event_columns_state", _views, Column("stale", Boolean))
