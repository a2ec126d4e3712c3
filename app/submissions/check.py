"""Checks a submission before it is sent: errors, warnings, and public events that may be the
same.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from app.similarity import explain_similarity
from app.sources.canonical import canonical_url
from app.submissions import queries
from app.submissions.read import parse_footage
from app.submissions.schemas import Checked, Fault, NearbyEvent, Warned
from app.submissions.suspicions import duplicate_warnings, place_warnings
from app.submissions.times import happened_range

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row

    from app.database.session import PublicReadSession
    from app.problems import Suspicion
    from app.submissions.schemas import FootageDraft
    from app.theatre import Theatre


def check(session: PublicReadSession, raw: Mapping[str, Any], theatre: Theatre, now: dt.datetime) -> Checked:
    """Returns the errors and warnings of an unfinished submission, and nearby events. Stores
    nothing.
    """
    draft, errors = parse_footage(raw, theatre, now)
    suspicions, nearby = find_warnings(session, draft, theatre)
    urls = {canonical_url(url): url for url in draft.footage_urls or ()}
    return Checked(
        errors=[Fault(**asdict(error)) for error in errors],
        warnings=[Warned.model_validate(asdict(suspicion)) for suspicion in suspicions],
        nearby=[
            NearbyEvent.model_validate(
                dict(row._mapping)
                | {"same_footage": [urls[canonical] for canonical in row.same_footage], "reasons": _reasons(row)}
            )
            for row in nearby
        ],
    )


def find_warnings(
    session: PublicReadSession, draft: FootageDraft, theatre: Theatre
) -> tuple[list[Suspicion], Sequence[Row[Any]]]:
    """Finds warnings about a submission, and public events that may be the same.

    Args:
        session: reads the public views; its transaction has ended when this function returns.
        draft: the valid fields of the submission, from `parse_footage`.
        theatre: places outside its extent get a warning.

    Returns:
        The warnings, and the rows of `queries.nearby_events`.
    """
    spot = happened = None
    suspicions: list[Suspicion] = []
    if draft.longitude is not None and draft.latitude is not None:
        spot = draft.longitude, draft.latitude
        suspicions += place_warnings(*spot, theatre.extent)
    if draft.happened_from is not None and draft.time_precision is not None:
        happened = happened_range(draft.happened_from, draft.happened_to, draft.time_precision)
    given = {canonical_url(url): (position, url) for position, url in enumerate(draft.footage_urls or ())}
    if not given and (spot is None or happened is None):
        return suspicions, ()
    nearby = queries.nearby_events(
        session, spot=spot, happened=happened, canonical_urls=list(given), words=draft.description or ""
    )
    session.commit()  # returns the connection to the pool before the write takes another
    return suspicions + list(duplicate_warnings(nearby, given)), nearby


def _reasons(row: Row[Any]) -> list[str]:
    """Returns the reasons why an event may be the same."""
    if row.score is None:
        return ["the same source"]
    return explain_similarity(
        distance_m=row.distance_m,
        hours_apart=row.hours_apart,
        words=row.likeness,
        same_sources=len(row.same_footage),
    )
