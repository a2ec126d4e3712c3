"""A server loads the gazetteer anew if it would be another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from app.places.edition import gazetteer_edition, is_current
from app.places.load import Gazetteer, LoadReport
from tests.places.conftest import store_in

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

EMPTY = Gazetteer([], [], LoadReport(places=0, spellings=0, aliases=0, aliases_unused=0, struck=0))


def test_gazetteer_is_current_until_something_that_it_is_made_of_changes(
    database: DatabaseUrls, theatre: Theatre
) -> None:
    renamed = theatre.gazetteer.model_copy(update={"names": {"Kryvyi Rih": "Kryvyy Rih"}})
    other = theatre.model_copy(update={"gazetteer": renamed})
    engine = create_engine(database.app)
    with engine.connect() as connection:
        assert not is_current(connection, theatre)
        for edition, current in ((gazetteer_edition(theatre), (True, False)), (None, (False, False))):
            store_in(database, EMPTY, edition=edition)
            connection.rollback()
            assert (is_current(connection, theatre), is_current(connection, other)) == current
    engine.dispose()
