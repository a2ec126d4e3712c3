"""COPY: values survive the way in, in both forms, and the way out."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import LargeBinary, bindparam, cast, select

from app.database.copy import copy_query, copy_rows, copy_text, format_row

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection

COLUMNS = ("number", "word", "flag", "content", "moment", "uuid", "words")
ROWS = [
    (
        2**40,
        "tab\tline\nreturn\rback\\slash \\N",
        True,
        b"\x00\\x",
        dt.datetime(2025, 7, 21, 6, 30, tzinfo=dt.UTC),
        uuid.UUID(int=2**127 + 1),
        ("", 'a "quoted" one', "back\\slash", "comma, {brace}\n", "ї", "NULL"),
    ),
    (-1, "", False, b"", dt.datetime(1, 1, 1, tzinfo=dt.UTC), uuid.UUID(int=0), ()),
    (None, None, None, None, None, None, None),
]


@pytest.fixture
def driver(connection: Connection) -> psycopg.Connection[Any]:
    driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment]
    driver.execute(
        "CREATE TEMPORARY TABLE copied (number bigint, word text, flag boolean, content bytea, moment timestamptz,"
        " uuid uuid, words text[])"
    )
    return driver


def read_rows(driver: psycopg.Connection[Any]) -> list[tuple[Any, ...]]:
    found = driver.execute("SELECT * FROM copied ORDER BY number DESC NULLS LAST").fetchall()
    return [(*row[:-1], None if row[-1] is None else tuple(row[-1])) for row in found]


def test_rows_survive_the_way_in(driver: psycopg.Connection[Any]) -> None:
    copy_rows(driver, "copied", COLUMNS, [(*row[:-1], None if row[-1] is None else list(row[-1])) for row in ROWS])
    assert read_rows(driver) == ROWS


def test_formatted_rows_survive_the_way_in(driver: psycopg.Connection[Any]) -> None:
    copy_text(driver, "pg_temp.copied", COLUMNS, map(format_row, ROWS))
    assert read_rows(driver) == ROWS


def test_a_query_is_copied_with_its_values(connection: Connection) -> None:
    value = "it's 100 % %(name)s \\ ї"
    query = select(cast(bindparam("value", value.encode()), LargeBinary)).where(
        bindparam("word", value).in_([value, "other"])
    )
    header, end = b"PGCOPY\n\xff\r\n\0" + bytes(8), b"\xff\xff"
    content = value.encode()
    row = b"\0\1" + len(content).to_bytes(4) + content
    assert b"".join(copy_query(connection, query)) == header + row + end
