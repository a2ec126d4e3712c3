"""When an event may have happened is one rule, for the editor and for submissions."""

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
    ("start", "end", "faults"),
    [
        (NOW, NOW + MINUTE, []),
        (LATEST, LATEST + MINUTE, []),
        (LATEST + MINUTE, LATEST + 2 * MINUTE, [("happened_from", "future")]),
        (NOW, NOW, [("happened_to", "ends-before-start")]),
        (NOW, NOW - MINUTE, [("happened_to", "ends-before-start")]),
        (LATEST + MINUTE, NOW, [("happened_to", "ends-before-start"), ("happened_from", "future")]),
    ],
)
def test_the_rule(start: dt.datetime, end: dt.datetime, faults: list[tuple[str, str]]) -> None:
    assert [(one.field, one.code) for one in happened_faults(start, end, now=NOW)] == faults


def faults_at_the_desk(theatre: Theatre, **changes: Any) -> set[tuple[str, str]]:
    try:
        check_event(EventBody.model_validate(DRAFT | changes), theatre)
    except InvalidBody as refused:
        return {(one["field"], one["code"]) for one in refused.members["errors"]}
    return set()


def faults_of_senders(theatre: Theatre, **changes: Any) -> set[tuple[str, str]]:
    _, errors = parse_footage(footage(**changes), theatre, dt.datetime.now(dt.UTC))
    return {(one.field, one.code) for one in errors}


@pytest.mark.parametrize(
    ("hours", "lasts", "fault"),
    [
        (-1, 1, None),
        (23, 1, None),
        (25, 1, ("/happened_from", "future")),
        (-1, 0, ("/happened_to", "ends-before-start")),
        (-1, -1, ("/happened_to", "ends-before-start")),
    ],
)
def test_both_doors_say_the_same(theatre: Theatre, hours: int, lasts: int, fault: tuple[str, str] | None) -> None:
    start = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    given = {
        "happened_from": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "happened_to": f"{start + dt.timedelta(hours=lasts):%Y-%m-%dT%H:%M:%SZ}",
        "time_precision": "minute",
    }
    wanted = {fault} - {None}
    assert wanted <= faults_at_the_desk(theatre, **given)
    assert wanted <= faults_of_senders(theatre, **given)
    assert bool(faults_at_the_desk(theatre, **given)) == bool(faults_of_senders(theatre, **given)) == bool(fault)


@pytest.mark.parametrize(("metres", "taken"), [(1, True), (MOST_PRECISION_M, True), (0, False), (1_000_001, False)])
def test_both_doors_take_the_same_precision(theatre: Theatre, metres: int, taken: bool) -> None:
    assert (faults_of_senders(theatre, precision_m=metres) == set()) == taken
    try:
        EventBody.model_validate(DRAFT | {"precision_m": metres})
    except ValueError:
        assert not taken
    else:
        assert taken
