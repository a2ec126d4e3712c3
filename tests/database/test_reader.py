"""Async reads: parameter types, errors, time limits and lost connections."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from sqlalchemy.engine import make_url

from app.database.reader import AsyncReader
from tests.waiting import SECONDS

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls

Work = Callable[[AsyncReader], Awaitable[Any]]


@pytest.fixture
def read(database: DatabaseUrls) -> Callable[[Work], Any]:
    """Runs a coroutine with a reader that has a single connection."""

    async def run(work: Work) -> Any:
        reader = AsyncReader(make_url(database.public), "-c timezone=UTC", answer_seconds=SECONDS, connections=1)
        try:
            return await work(reader)
        finally:
            await reader.close()

    return lambda work: asyncio.run(run(work))


async def process_id(reader: AsyncReader) -> int:
    (pid,) = await reader.fetch("SELECT pg_backend_pid()", {})
    return int(pid)


def test_parameters_keep_their_values(read: Callable[[Work], Any]) -> None:
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

    async def work(reader: AsyncReader) -> list[Any]:
        # The second time, the statement is prepared.
        return [await reader.fetch(statement, values) for _ in range(3)]

    expected = (2**40, 0.1, "it's %s", moment.date(), moment, texts, [-1, 24306], None, 2**40 % 10, True)
    assert read(work) == [expected] * 3


def test_one_statement_takes_small_and_large_numbers(read: Callable[[Work], Any]) -> None:
    async def work(reader: AsyncReader) -> list[Any]:
        return [await reader.fetch("SELECT 1 + %(n)s", {"n": n}) for n in (1, 2**40, 2, 2**20, 3)]

    assert read(work) == [(2,), (2**40 + 1,), (3,), (2**20 + 1,), (4,)]


def test_long_values_arrive_whole(read: Callable[[Work], Any]) -> None:
    text = "ї" * 2_000_000

    async def work(reader: AsyncReader) -> Any:
        return await reader.fetch("SELECT %(t)s::text, convert_to(%(t)s, 'UTF8')", {"t": text})

    assert read(work) == (text, text.encode())


def test_errors_are_raised_and_the_next_query_runs(read: Callable[[Work], Any]) -> None:
    async def work(reader: AsyncReader) -> Any:
        for _ in range(3):
            with pytest.raises(psycopg.errors.DivisionByZero):
                await reader.fetch("SELECT 1 / %(n)s::integer", {"n": 0})
        with pytest.raises(psycopg.errors.UndefinedTable):
            await reader.fetch("SELECT FROM nowhere", {})
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await reader.fetch("SELECT id FROM frontline.event", {})
        with pytest.raises(psycopg.DataError):
            await reader.fetch("SELECT %(t)s::text", {"t": "a\x00b"})
        nothing = await reader.fetch_within("SELECT 1 WHERE %(n)s = 0", {"n": 1}, 5)
        return nothing, await reader.fetch("SELECT 7", {})

    assert read(work) == (None, (7,))


def test_the_number_of_prepared_statements_is_bounded(read: Callable[[Work], Any]) -> None:
    async def work(reader: AsyncReader) -> Any:
        for number in range(150):
            for _ in range(3):
                assert await reader.fetch(f"SELECT {number} + %(n)s", {"n": 1}) == (number + 1,)
        (count,) = await reader.fetch("SELECT count(*) FROM pg_prepared_statements", {})
        return count

    assert 1 < read(work) <= 101


def test_a_connection_lost_while_idle_is_replaced(read: Callable[[Work], Any], database: DatabaseUrls) -> None:
    async def work(reader: AsyncReader) -> tuple[int, int]:
        before = await process_id(reader)
        url = make_url(database.owner).set(drivername="postgresql", username="postgres")
        async with await psycopg.AsyncConnection.connect(url.render_as_string(hide_password=False)) as other:
            await other.execute("SELECT pg_terminate_backend(%s)", [before])
        return before, await process_id(reader)

    before, after = read(work)
    assert before != after


def test_a_query_that_loses_its_connection_raises(read: Callable[[Work], Any]) -> None:
    async def work(reader: AsyncReader) -> Any:
        with pytest.raises(psycopg.OperationalError):
            await reader.fetch("SELECT pg_terminate_backend(pg_backend_pid())", {})
        return await reader.fetch("SELECT 7", {})

    assert read(work) == (7,)


def test_a_cancelled_query_closes_its_connection(read: Callable[[Work], Any]) -> None:
    async def work(reader: AsyncReader) -> tuple[int, int]:
        before = await process_id(reader)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.fetch("SELECT pg_sleep(10)", {}), 0.01)
        return before, await process_id(reader)

    before, after = read(work)
    assert before != after
