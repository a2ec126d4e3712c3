"""A connection on which the event loop itself asks one question at a time.

What a driver does for questions of all kinds (a cursor, types, a wait for each piece of the answer) costs more there
than a small tile does in the database.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg import pq
from psycopg.adapt import Transformer
from psycopg.errors import error_from_result

if TYPE_CHECKING:
    from psycopg.pq.abc import PGconn, PGresult

_MOST_PREPARED: Final = 100
_VALUE: Final = re.compile(r"%\((\w+)\)s")
_QUOTED: Final = str.maketrans({"\\": "\\\\", '"': '\\"'})
_BINARY: Final = pq.Format.BINARY
_FAULTS: Final = frozenset((pq.ExecStatus.FATAL_ERROR, pq.ExecStatus.BAD_RESPONSE))


class Line:
    """Asks questions on a connection, which nobody else uses.

    Statements are prepared when they come a second time; the database finds the types of values, so that one statement
    serves for small numbers and large ones.
    """

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self._pgconn: PGconn = connection.pgconn
        self._loop = asyncio.get_running_loop()
        self._transformer = Transformer(connection)
        self._socket = self._pgconn.socket
        self._results: list[PGresult] = []
        self._asked: asyncio.Future[None] | None = None
        self._prepared: OrderedDict[str, bytes] = OrderedDict()
        self._seen: OrderedDict[str, None] = OrderedDict()
        self._number = 0
        self._timeout_ms: int | None = None
        self._loop.add_reader(self._socket, self._readable)

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return self._connection.closed

    async def ask(
        self, statement: str, values: Mapping[str, Any], *, within_seconds: float | None = None
    ) -> tuple[Any, ...] | None:
        """Give the first row that answers a question.

        Args:
            statement: with values as `%(name)s`.
            values: by name: texts, numbers, days, moments, lists of these, or None.
            within_seconds: how long the database may take; None: as long as it lets everybody.

        Raises:
            psycopg.Error: it refused, or took longer.
        """
        try:
            await self._limit(within_seconds)
            text, names = _numbered(statement)
            given = [_written(values[name]) for name in names]
            name = await self._name_of(text)
            if name is None:
                self._pgconn.send_query_params(text.encode(), given, result_format=_BINARY)
            else:
                self._pgconn.send_query_prepared(name, given, result_format=_BINARY)
            (result,) = await self._answer()
            if result.ntuples == 0:
                return None
            self._transformer.set_pgresult(result, set_loaders=True, format=_BINARY)
            row: tuple[Any, ...] = self._transformer.load_row(0, tuple)
            self._transformer.set_pgresult(None)
        except psycopg.Error:
            raise
        except BaseException:  # the answer is still to come
            await self.close()
            raise
        return row

    async def close(self) -> None:
        """Let the connection go."""
        self._let_go()
        await self._connection.close()

    async def _limit(self, seconds: float | None) -> None:
        """Set how long the next answer may take, unless it is so already."""
        wanted = None if seconds is None else round(seconds * 1000)
        if wanted != self._timeout_ms:
            setting = "RESET statement_timeout" if wanted is None else f"SET statement_timeout = {wanted}"
            await self._simple(setting)
            self._timeout_ms = wanted

    async def _name_of(self, text: str) -> bytes | None:
        """Give the name of a statement that is prepared; None: it comes for the first time."""
        name = self._prepared.get(text)
        if name is not None:
            self._prepared.move_to_end(text)
            return name
        if text not in self._seen:
            self._seen[text] = None
            if len(self._seen) > _MOST_PREPARED:
                self._seen.popitem(last=False)
            return None
        if len(self._prepared) >= _MOST_PREPARED:
            _, oldest = self._prepared.popitem(last=False)
            await self._simple(f"DEALLOCATE {oldest.decode()}")
        self._number += 1
        name = b"line_%d" % self._number
        self._pgconn.send_prepare(name, text.encode())
        await self._answer()
        self._prepared[text] = name
        return name

    async def _simple(self, statement: str) -> None:
        self._pgconn.send_query_params(statement.encode(), None)
        await self._answer()

    async def _answer(self) -> list[PGresult]:
        """Send what is to be sent, and wait for all of the answer."""
        self._results = []
        asked = self._asked = self._loop.create_future()
        self._send()
        try:
            await asked
        finally:
            self._asked = None
        results = self._results
        for result in results:
            if result.status in _FAULTS:
                raise error_from_result(result)
        return results

    def _send(self) -> None:
        try:
            rest = self._pgconn.flush()
        except psycopg.Error as error:
            self._fail(error)
            return
        if rest:
            self._loop.add_writer(self._socket, self._send)
        else:
            self._loop.remove_writer(self._socket)

    def _readable(self) -> None:
        pgconn = self._pgconn
        try:
            pgconn.consume_input()
            while self._asked is not None and not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None:
                    if not self._asked.done():
                        self._asked.set_result(None)
                    return
                self._results.append(result)
        except psycopg.Error as error:
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        """Tell whoever waits that the connection is gone."""
        self._let_go()
        self._pgconn.finish()
        if self._asked is not None and not self._asked.done():
            self._asked.set_exception(error)

    def _let_go(self) -> None:
        self._loop.remove_reader(self._socket)
        self._loop.remove_writer(self._socket)


@lru_cache(maxsize=512)
def _numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """Give a statement with its values as `$1`, and their names in this order."""
    names = tuple(dict.fromkeys(_VALUE.findall(statement)))
    return _VALUE.sub(lambda found: f"${names.index(found[1]) + 1}", statement).replace("%%", "%"), names


def _written(value: Any) -> bytes | None:
    """Give a value as PostgreSQL reads it."""
    if value is None:
        return None
    text = _text_of(value)
    if "\x00" in text:  # where it would end
        raise psycopg.DataError("a text has a NUL in it")
    return text.encode()


def _text_of(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dt.date):  # a moment is one too
        return value.isoformat()
    if isinstance(value, Sequence):
        return "{" + ",".join(f'"{_text_of(one).translate(_QUOTED)}"' for one in value) + "}"
    raise TypeError(f"{type(value).__name__} is no value of a question")
