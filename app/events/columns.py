"""Serves public events in columns: the manifest, its parts, and the columns that match a filter."""

from __future__ import annotations

import datetime as dt
import gzip
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from app.derived.event_columns_pool import EncodersBusy
from app.derived.event_columns_query import encode_events
from app.events import queries
from app.events.filters import conditions_of
from app.events.filters.on_view import sql_conditions
from app.geo.event_columns import FORMAT
from app.problems import Gone, busy

if TYPE_CHECKING:
    from sqlalchemy import Row

    from app.database.session import PublicReadSession
    from app.derived.event_columns_pool import EncoderPool
    from app.events.filters import EventFilter
    from app.http.byte_cache import ByteCache
    from app.theatre import Theatre

# Compression quality of a response that is built per request: fast, because the client waits.
_FAST_QUALITY: Final = 4
PARTS_URL: Final = "/api/collections/events/columns/parts"
# The first view shows this many days, up to the newest event.
FIRST_DAYS: Final = 90


def describe_parts(parts: Sequence[Row[Any]], *, stale: bool) -> dict[str, Any]:
    """Returns the manifest; see `schemas.ColumnsManifest`."""
    return {
        "format": FORMAT,
        "stale": stale,
        "events": sum(part.events for part in parts),
        "first_day": min((part.first_day for part in parts), default=None),
        "last_day": max((part.last_day for part in parts), default=None),
        "parts": [
            {
                "url": f"{PARTS_URL}/{part.hash}",
                "events": part.events,
                "first_day": part.first_day,
                "last_day": part.last_day,
                "spans": part.spans,
                "bytes": part.brotli_bytes,
                "decoded_bytes": part.decoded_bytes,
            }
            for part in parts
        ],
    }


def first_view(parts: Sequence[Row[Any]]) -> list[str]:
    """Returns the URLs of the parts that every map requests first: those of the last days with
    events.

    `static/js/data/event-parts.js` requests the same.
    """
    starts = [part.last_day for part in parts if not part.spans] or [part.last_day for part in parts]
    if not starts:
        return []
    since = max(starts) - dt.timedelta(days=FIRST_DAYS - 1)
    return [f"{PARTS_URL}/{part.hash}" for part in parts if part.last_day >= since and part.first_day <= max(starts)]


def part(session: PublicReadSession, cache: ByteCache, hash_: str, encoding: str) -> bytes:
    """Returns the content of a part.

    Args:
        session: checks whether the manifest still lists the part.
        cache: of contents.
        hash_: the name of the part.
        encoding: of `negotiate_encoding`.

    Raises:
        Gone: the manifest does not list the part.
    """
    if not queries.part_exists(session, hash_):
        raise Gone("No manifest of the columns has this part any more. Ask for the manifest again.")
    stored = "br" if encoding == "br" else "gzip"
    content = cache.get((stored, hash_), lambda: queries.fetch_part_content(session, hash_, stored))
    return gzip.decompress(content) if encoding == "identity" else content


def filtered_columns(
    session: PublicReadSession, filter_: EventFilter, theatre: Theatre, pool: EncoderPool, encoding: str
) -> tuple[str, bytes]:
    """Returns an entity tag and the columns of the events that match a filter.

    Raises:
        Unavailable: too many large responses are being encoded.
    """
    conditions = sql_conditions(conditions_of(filter_))
    try:
        (columns,) = encode_events(session, theatre, conditions, pool, encodings=[encoding], quality=_FAST_QUALITY)
    except EncodersBusy as error:
        raise busy(retry_after_seconds=2) from error
    return columns.metadata["hash"], columns.bodies[0]
