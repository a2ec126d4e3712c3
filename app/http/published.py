"""Published bytes leave here, before a request meets sessions, threads or routes: from memory, or from one question.

A door reads an address: it gives a key that holds nothing a stranger could vary (parameters in one spelling and order,
known words, whole days), and the question that makes the bytes. Whatever a door does not know goes to the routes, which
answer the same and tell what is wrong. Keys live until something public changes, of which the database tells.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import psycopg

from app.http.gate import host_allowed
from app.http.headers import FIXED_HEADERS
from app.http.kept import Kept
from app.problems import Problem, Unavailable, answer_json, from_state

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.database.reader import AsyncReader
    from app.http.answer import Answer

log = logging.getLogger("frontline.requests")

PUBLISHED_CACHE_BYTES: Final = 40 * 1024 * 1024
_BEFORE_ALL_DOORS: Final = "/api/collections/"
_LONGEST_ADDRESS: Final = 1_000

Ask = Callable[["AsyncReader"], Any]


@dataclass(frozen=True)
class Question:
    """What a door made of an address.

    Attributes:
        key: one for all spellings of the question; None: it is not kept.
        ask: gives the bytes.
        media_type: of the bytes.
        template: of the address, for the log.
    """

    key: Hashable | None
    ask: Ask
    media_type: str
    template: str


Door = Callable[[str, bytes], Question | None]


class Published:
    """The answers that are kept, up to a number of bytes; all are forgotten when something public changes."""

    def __init__(self, limit_bytes: int = PUBLISHED_CACHE_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._held_bytes = 0
        self._held: OrderedDict[Hashable, Kept] = OrderedDict()
        self._making: dict[Hashable, asyncio.Future[Kept]] = {}
        self.reader: AsyncReader | None = None
        self.hits = 0

    def open(self, reader: AsyncReader) -> None:
        """Begin to keep answers, once changes are told."""
        self.turn()
        self.reader = reader

    def turn(self) -> None:
        """Forget everything, also what is being made: it may have been read before the change."""
        self._held.clear()
        self._making.clear()
        self._held_bytes = 0

    def get(self, key: Hashable) -> Kept | None:
        """Give what is kept."""
        kept = self._held.get(key)
        if kept is not None:
            self._held.move_to_end(key)
        return kept

    async def make(self, question: Question) -> Kept:
        """Make an answer and keep it; however many want it at once, it is made once.

        Raises:
            Unavailable: too many wait, or the database does not answer.
            psycopg.Error: it refused.
        """
        assert self.reader is not None  # noqa: S101 - a question is only asked when there is a reader
        key = question.key
        if key is None:
            return Kept(await question.ask(self.reader), question.media_type)
        making = self._making.get(key)
        if making is not None:
            return await asyncio.shield(making)
        making = self._making[key] = asyncio.get_running_loop().create_future()
        try:
            kept = Kept(await question.ask(self.reader), question.media_type)
        except BaseException as error:
            failure = error if isinstance(error, Exception) else Unavailable("The request was broken off.")
            making.set_exception(failure)
            making.exception()  # it is no fault when nobody else waited
            raise
        else:
            making.set_result(kept)
            if self._making.get(key) is making:
                self._keep(key, kept)
            return kept
        finally:
            if self._making.get(key) is making:
                del self._making[key]

    def _keep(self, key: Hashable, kept: Kept) -> None:
        self._held[key] = kept
        self._held_bytes += kept.size()
        while self._held_bytes > self._limit_bytes:
            _, dropped = self._held.popitem(last=False)
            self._held_bytes -= dropped.size()


class ShortCut:
    """Answers what the doors know, and hands on everything else."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        published: Published,
        doors: Sequence[Door],
        allowed: frozenset[str],
        crowded: Callable[[Scope], Answer | None],
        open_now: Callable[[], bool],
        closed: Callable[[], Awaitable[bool]],
    ) -> None:
        """Open the doors.

        Args:
            app: answers what no door knows.
            published: what is kept.
            doors: which addresses are known.
            allowed: hosts that may be named.
            crowded: gives the refusal of a request that no door knows, when too many are being answered.
            open_now: whether it is known at this moment that answers may leave.
            closed: whether nothing is to be answered, found out; the application says so, then.
        """
        self._app = app
        self._crowded = crowded
        self._open_now = open_now
        self._closed = closed
        self._published = published
        self._doors = doors
        self._allowed = allowed
        self._known_hosts: set[bytes] = set()
        # What an address means is read once while many ask for it; an address that is never asked for again costs no
        # more than its place here.
        self._read = lru_cache(maxsize=4096)(self._ask_doors)

    def _question(self, scope: Scope) -> Question | None:
        if self._published.reader is None or scope["type"] != "http" or scope["method"] != "GET":
            return None
        path, query = scope["path"], scope["query_string"]
        if not path.startswith(_BEFORE_ALL_DOORS) or len(path) + len(query) > _LONGEST_ADDRESS:
            return None
        return self._read(path, query)

    def _ask_doors(self, path: str, query: bytes) -> Question | None:
        return next((question for door in self._doors if (question := door(path, query)) is not None), None)

    def at_once(self, scope: Scope) -> Answer | None:
        """Give the answer to a request when there is nothing to wait for: what is kept, or that too many ask."""
        question = self._question(scope)
        if question is None:
            return self._crowded(scope)
        if question.key is None or not self._open_now():
            return None
        kept = self._published.get(question.key)
        wanted = None if kept is None else self._admitted(scope)
        if kept is None or wanted is None:
            return None
        self._published.hits += 1
        return _chosen(kept, *wanted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        question = self._question(scope)
        if question is None or (not self._open_now() and await self._closed()):
            await self._app(scope, receive, send)
            return
        wanted = self._admitted(scope)
        if wanted is None:
            await self._app(scope, receive, send)  # which refuses it
            return
        kept = None if question.key is None else self._published.get(question.key)
        if kept is None:
            kept = await self._made(question, scope, receive, send)
            if kept is None:
                return
        else:
            self._published.hits += 1
        await _chosen(kept, *wanted).leave(send)

    def _admitted(self, scope: Scope) -> tuple[bytes, bytes] | None:
        """Give what a request says of encodings and of what it has; None: it names a host that we are not."""
        host, accepted, matched = _asked_of(scope)
        if host not in self._known_hosts:
            if not host_allowed(scope, self._allowed):
                return None
            if len(self._known_hosts) < 100:
                self._known_hosts.add(host)
        return accepted, matched

    async def _made(self, question: Question, scope: Scope, receive: Receive, send: Send) -> Kept | None:
        """Make an answer; when that fails tell it, and give nothing."""
        started, request_id = time.perf_counter(), secrets.token_hex(8)
        problem: Problem | None = None
        try:
            return await self._published.make(question)
        except Problem as refused:
            problem = refused
        except psycopg.Error as error:
            problem = from_state(error.sqlstate)
        finally:
            log.info(
                "GET %s %d %.1f ms %s",
                question.template,
                200 if problem is None else problem.status,
                (time.perf_counter() - started) * 1000,
                request_id,
            )
        response = answer_json(problem)
        response.raw_headers += [*FIXED_HEADERS, (b"x-request-id", request_id.encode())]
        await response(scope, receive, send)
        return None


def _asked_of(scope: Scope) -> tuple[bytes, bytes, bytes]:
    """Give what three headers say: Host, Accept-Encoding and If-None-Match."""
    host = accepted = matched = b""
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == b"accept-encoding":
            accepted = value
        elif name == b"if-none-match":
            matched = value
    return host, accepted, matched


def _chosen(kept: Kept, accepted: bytes, matched: bytes) -> Answer:
    if matched and kept.tag in matched:
        return kept.unchanged
    return kept.gzipped() if b"gzip" in accepted else kept.plain
