"""The rule for the time of an event is the same in the editor and for submissions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from app.fields.happened import happened_faults
from app.fields.limits import FUTURE_ALLOWED, MOST_PRECISION_M
from app.problems import InvalidBody
from app.review.edit import check_event
from app.review.schemas import EventBody
from app.submissions.read import parse_footage
from tests.review.conftest import DRAFT
from tests.submissions.test_submit import body as footage

if TYPE_CHECKING:
    from app.theatre import Theatre

NOW = dt.datetime(2025, 7, 23, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
LATEST = NOW + FUTURE_ALLOWED


@pytest.mark.parametrize(
    ("start", "end", "errors"),
    [
        (NOW, NOW + MINUTE, []),
        (LATEST, LATEST + MINUTE, []),
        (LATEST + MINUTE, LATEST + 2 * MINUTE, [("happened_from", "future")]),
        (NOW, NOW, [("happened_to", "ends-before-start")]),
        (NOW, NOW - MINUTE, [("happened_to", "ends-before-start")]),
        (LATEST + MINUTE, NOW, [("happened_to", "ends-before-start"), ("happened_from", "future")]),
    ],
)
def test_happened_errors(start: dt.datetime, end: dt.datetime, errors: list[tuple[str, str]]) -> None:
    assert [(one.field, one.code) for one in happened_faults(start, end, now=NOW)] == errors


def desk_errors(theatre: Theatre, **changes: Any) -> set[tuple[str, str]]:
    try:
        check_event(EventBody.model_validate(DRAFT | changes), theatre)
    except InvalidBody as refused:
        return {(one["field"], one["code"]) for one in refused.members["errors"]}
    return set()


def submission_errors(theatre: Theatre, **changes: Any) -> set[tuple[str, str]]:
    _, errors = parse_footage(footage(**changes), theatre, dt.datetime.now(dt.UTC))
    return {(one.field, one.code) for one in errors}


@pytest.mark.parametrize(
    ("hours", "lasts", "error"),
    [
        (-1, 1, None),
        (23, 1, None),
        (25, 1, ("/happened_from", "future")),
        (-1, 0, ("/happened_to", "ends-before-start")),
        (-1, -1, ("/happened_to", "ends-before-start")),
    ],
)
def test_desk_and_submissions_return_the_same_errors(
    theatre: Theatre, hours: int, lasts: int, error: tuple[str, str] | None
) -> None:
    start = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    given = {
        "happened_from": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "happened_to": f"{start + dt.timedelta(hours=lasts):%Y-%m-%dT%H:%M:%SZ}",
        "time_precision": "minute",
    }
    wanted = {error} - {None}
    assert wanted <= desk_errors(theatre, **given)
    assert wanted <= submission_errors(theatre, **given)
    assert bool(desk_errors(theatre, **given)) == bool(submission_errors(theatre, **given)) == bool(error)


@pytest.mark.parametrize(("metres", "taken"), [(1, True), (MOST_PRECISION_M, True), (0, False), (1_000_001, False)])
def test_desk_and_submissions_accept_the_same_precision(theatre: Theatre, metres: int, taken: bool) -> None:
    assert (submission_errors(theatre, precision_m=metres) == set()) == taken
    try:
        EventBody.model_validate(DRAFT | {"precision_m": metres})
    except ValueError:
        assert not taken
    else:
        assert taken
