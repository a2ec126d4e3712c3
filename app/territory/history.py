"""Serves the history of a line: a manifest that clients revalidate, and parts that
never change.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from app.models.control_area import AREA_STATUSES
from app.problems import Gone, Unavailable
from app.territory import queries

if TYPE_CHECKING:
    from sqlalchemy import Row

    from app.database.session import PublicReadSession
    from app.http.byte_cache import ByteCache


HISTORY_URL: Final = "/api/territory/history"
# Bytes of a history that a page asks for before its scripts run. A larger one would hold up the
# scripts and the events on a slow connection.
_FIRST_BYTES: Final = 512_000


def first_requests(session: PublicReadSession, slug: str) -> list[str]:
    """Returns the URLs that a page requests first for an assessor's line, as its scripts write
    them: the manifest, and the parts of a history that is not large.
    """
    parts = queries.history_parts(session, slug)
    are_few = sum(part.bytes for part in parts) <= _FIRST_BYTES
    return [f"{HISTORY_URL}?assessor={quote(slug)}", *(_part_url(part) for part in parts if are_few)]


def _part_url(part: Row[Any]) -> str:
    return f"{HISTORY_URL}/{part.hash}"


def describe_history(assessor: Row[Any], parts: Sequence[Row[Any]], assessments: Sequence[Row[Any]]) -> dict[str, Any]:
    """Returns the manifest; see `summaries.HistoryManifest`.

    Args:
        assessor: a row of `public_assessor`.
        parts: of `queries.history_parts`.
        assessments: of `queries.assessments`.

    Raises:
        Unavailable: a part is missing, because the history has not been rebuilt yet. Without it,
            the map would say that there is no assessment.
    """
    if [part.position for part in parts] != [*range(len(parts))] or (assessments and not parts):
        raise Unavailable("The history of this line is being made anew. Try again in a moment.")
    return {
        "assessor": assessor.slug,
        "name": assessor.name,
        "definition": assessor.definition,
        "attribution": assessor.attribution,
        "licence": assessor.licence,
        "statuses": AREA_STATUSES,
        "assessments": sum(part.assessments for part in parts),
        "first_valid_from": min((part.first_valid_from for part in parts), default=None),
        "last_valid_from": max((part.last_valid_from for part in parts), default=None),
        "observed": [
            {"valid_from": one.valid_from, "last_seen_at": one.last_seen_at}
            for one in assessments
            if one.last_seen_at > one.valid_from
        ],
        "parts": [
            {
                "url": _part_url(part),
                "assessments": part.assessments,
                "bytes": part.bytes,
                "decoded_bytes": part.decoded_bytes,
            }
            for part in parts
        ],
    }


def history_part(session: PublicReadSession, cache: ByteCache, hash_: str, *, gzipped: bool) -> bytes:
    """Returns a part of a history.

    Args:
        session: checks whether a history still lists the part.
        cache: of contents.
        hash_: the name of the part.
        gzipped: return the stored bytes without decompressing.

    Raises:
        Gone: no history lists the part.
    """
    if not queries.history_names(session, hash_):
        raise Gone("No line history has this part any more. Request the manifest again.")
    content = cache.get(("history", hash_), lambda: queries.history_content(session, hash_))
    return content if gzipped else gzip.decompress(content)
