"""Imported drafts for review: members see drafts of an origin that may be public, and rejected
drafts do not come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.exchange.conftest import Import

ROWS = (
    "src,id,date,lat,lon,side,category,text,urls\n"
    "map,1,2025-07-21,48.24819,37.12966,ru,clash,One,https://example.org/1\n"
    "map,2,2025-07-21,48.24819,37.12966,ru,clash,Two,https://example.org/2\n"
)


def test_later_import_does_not_restore_rejected_events(import_text: Import, engine: Engine) -> None:
    import_text(ROWS, review=True, origin_licence="CC0")
    with Session(engine) as session, session.begin():
        assert session.scalars(text("SELECT public FROM frontline.origin")).all() == [True]
        assert session.scalars(text("SELECT state FROM frontline.event")).all() == ["draft", "draft"]
        # The state of an event after a member rejects it.
        session.execute(
            text(
                "UPDATE frontline.event SET set_aside_at = now(), set_aside_by_name = 'ann', authors = ARRAY[id]"
                " WHERE origin_id = '1'"
            )
        )
    report = import_text(ROWS, public=True, origin_licence="CC0")
    assert (report.outcomes, report.published) == ({"unchanged": 2}, 1)
    with Session(engine) as session:
        rows = session.execute(text("SELECT origin_id, state FROM frontline.event ORDER BY origin_id")).all()
    assert [tuple(row) for row in rows] == [("1", "draft"), ("2", "published")]
