"""A connection on which the event loop itself asks: values, what is refused, limits, and connections that are lost."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.database import line as lines
from app.database.line import Line

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls

Work = Callable[[Line], Awaitable[Any]]


@pytest.fixture
def on_a_line(database: DatabaseUrls) -> Callable[[Work], Any]:
    """Does something on a connection as the public role."""
    url = make_url(database.public).set(drivername="postgresql").render_as_string(hide_password=False)

    async def run(work: Work) -> Any:
        line = Line(await psycopg.AsyncConnection.connect(url, autocommit=True, options="-c timezone=UTC"))
        try:
            return await work(line)
        finally:
            await line.close()

    return lambda work: asyncio.run(run(work))


def test_values_arrive_as_they_are(on_a_line: Callable[[Work], Any]) -> None:
    moment = dt.datetime(2025, 7, 21, 6, 30, tzinfo=dt.UTC)
    texts = ["", 'a "quoted" one', "back\\slash", "comma, {brace}", "ї", "NULL"]
    values = {
        "n": 2**40,
        "r": 0.1,
        "t": "it's %s",
        "d": moment.date(),
        "m": moment,
        "l": texts,
        "i": [-1, 24306],
        "o": None,
    }
    statement = (
        "SELECT %(n)s::bigint, %(r)s::float8, %(t)s::text, %(d)s::date, %(m)s::timestamptz, %(l)s::text[],"
        " %(i)s::int[], %(o)s::text, %(n)s::bigint %% 10, true"
    )

    async def work(line: Line) -> list[Any]:
        # Asked at first as it is, then prepared.
        return [await line.ask(statement, values) for _ in range(3)]

    expected = (2**40, 0.1, "it's %s", moment.date(), moment, texts, [-1, 24306], None, 2**40 % 10, True)
    assert on_a_line(work) == [expected] * 3


def test_a_long_question_and_a_long_answer_arrive_whole(on_a_line: Callable[[Work], Any]) -> None:
    text = "ї" * 2_000_000

    async def work(line: Line) -> Any:
        return await line.ask("SELECT %(t)s::text, convert_to(%(t)s, 'UTF8')", {"t": text})

    assert on_a_line(work) == (text, text.encode())


def test_what_is_refused_is_told_and_the_next_question_answered(on_a_line: Callable[[Work], Any]) -> None:
    async def work(line: Line) -> Any:
        for _ in range(3):
            with pytest.raises(psycopg.errors.DivisionByZero):
                await line.ask("SELECT 1 / %(n)s::integer", {"n": 0})
        with pytest.raises(psycopg.errors.UndefinedTable):
            await line.ask("SELECT FROM nowhere", {})
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await line.ask("SELECT id FROM frontline.event", {})
        with pytest.raises(psycopg.DataError):
            await line.ask("SELECT %(t)s::text", {"t": "a\x00b"})
        return await line.ask("SELECT 1 WHERE %(n)s = 0", {"n": 1}), await line.ask("SELECT 7", {})

    assert on_a_line(work) == (None, (7,))


def test_no_more_statements_are_prepared_than_are_kept(
    on_a_line: Callable[[Work], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "_MOST_PREPARED", 3)

    async def work(line: Line) -> Any:
        for number in [*range(5), *range(5), 0, 4]:
            for _ in range(3):
                assert await line.ask(f"SELECT {number} + %(n)s", {"n": 1}) == (number + 1,)
        return await line.ask("SELECT count(*) FROM pg_prepared_statements", {})

    assert on_a_line(work) == (3,)


def test_who_asks_learns_that_the_connection_is_lost_or_was_broken_off(on_a_line: Callable[[Work], Any]) -> None:
    async def lost(line: Line) -> bool:
        with pytest.raises(psycopg.Error):
            await line.ask("SELECT pg_terminate_backend(pg_backend_pid())", {})
        return line.closed

    async def broken_off(line: Line) -> bool:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(line.ask("SELECT pg_sleep(10)", {}), 0.01)
        return line.closed

    assert on_a_line(lost)
    assert on_a_line(broken_off)
