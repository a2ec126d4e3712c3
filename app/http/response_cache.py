"""Answers requests for tiles before routing: from a cache in memory, or with one database query.

A route matcher parses the URL. It returns the cache key and the function that loads the bytes. A
cache key holds only known slugs, whole days and parameters in one canonical order, so that clients
cannot fill the cache with variants. URLs that no matcher accepts go on to the routes, which give
the same responses and explain errors. All entries are dropped when public data changes; PostgreSQL
sends a notification. While the process would not hear of a change, nothing is answered from the
cache or stored in it: each request reads from the database.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import psycopg

from app.database.reader import AsyncReader
from app.http.cached_response import CachedResponse
from app.http.headers import FIXED_HEADERS
from app.http.hosts import is_host_allowed
from app.http.work_queue import NoPlaceError, WorkQueue
from app.problem_responses import from_state, problem_response
from app.problems import Problem, Unavailable, busy

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.http.client import TrustedProxies

log = logging.getLogger("frontline.requests")

CACHE_LIMIT_BYTES: Final = 40 * 1024 * 1024
_PATH_PREFIX: Final = "/api/collections/"
_MAX_URL_LENGTH: Final = 1_000


@dataclass(frozen=True)
class RouteMatch:
    """What a route matcher parsed from a URL.

    Attributes:
        key: cache key, the same for all spellings of the URL; None: the response is not cached.
        load: loads the bytes from the database.
        media_type: of the bytes.
        template: of the path, for the log.
    """

    key: Hashable | None
    load: Callable[[AsyncReader], Awaitable[bytes]]
    media_type: str
    template: str


# Takes a path and a query string.
RouteMatcher = Callable[[str, bytes], RouteMatch | None]


class ResponseCache:
    """An LRU cache of responses, bounded in bytes, that is cleared when public data changes.

    It stores nothing until `start` is called.
    """

    def __init__(self, *, is_heard: Callable[[], bool], limit_bytes: int = CACHE_LIMIT_BYTES) -> None:
        """Creates an empty cache.

        Args:
            is_heard: tells whether the process would hear of a change now.
            limit_bytes: bounds the entries.
        """
        self._is_heard = is_heard
        self._limit_bytes = limit_bytes
        self._size_bytes = 0
        self._entries: OrderedDict[Hashable, CachedResponse] = OrderedDict()
        self._loading: dict[Hashable, asyncio.Future[CachedResponse]] = {}
        self.reader: AsyncReader | None = None

    def start(self, reader: AsyncReader) -> None:
        """Starts caching; call it once notifications of changes arrive."""
        self.clear()
        self.reader = reader

    def clear(self) -> None:
        """Drops all entries, and those being loaded: they may have been read before the change."""
        self._entries.clear()
        self._loading.clear()
        self._size_bytes = 0

    def get(self, key: Hashable) -> CachedResponse | None:
        """Returns a cached response that still holds, or None."""
        response = self._entries.get(key)
        if response is not None and not self._is_heard():
            return None
        if response is not None:
            self._entries.move_to_end(key)
        return response

    async def load(self, match: RouteMatch) -> CachedResponse:
        """Loads a response and caches it. Concurrent requests for the same key share one load.

        Raises:
            Unavailable: too many requests wait for the database, or it cannot be reached.
            psycopg.Error: the query failed.
        """
        assert self.reader is not None  # noqa: S101 - URLs are matched only after `start`
        key = match.key
        if key is None or not self._is_heard():
            return CachedResponse(await match.load(self.reader), match.media_type)
        loading = self._loading.get(key)
        if loading is not None:
            return await asyncio.shield(loading)
        loading = self._loading[key] = asyncio.get_running_loop().create_future()
        try:
            response = CachedResponse(await match.load(self.reader), match.media_type)
        except BaseException as error:
            failure = error if isinstance(error, Exception) else Unavailable("The request was cancelled.")
            loading.set_exception(failure)
            loading.exception()  # marks it as retrieved, for the case that nobody else waits
            raise
        else:
            loading.set_result(response)
            if self._loading.get(key) is loading:  # not cleared meanwhile
                self._store(key, response)
            return response
        finally:
            if self._loading.get(key) is loading:
                del self._loading[key]

    def _store(self, key: Hashable, response: CachedResponse) -> None:
        self._entries[key] = response
        self._size_bytes += response.size_bytes()
        while self._size_bytes > self._limit_bytes:
            _, oldest = self._entries.popitem(last=False)
            self._size_bytes -= oldest.size_bytes()


class ResponseCacheMiddleware:
    """Answers GET requests that a route matcher accepts; passes on all others."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        cache: ResponseCache,
        matchers: Sequence[RouteMatcher],
        allowed_hosts: frozenset[str],
        is_closed: Callable[[], Awaitable[bool]],
        queue: WorkQueue,
        proxies: TrustedProxies,
    ) -> None:
        """Wraps an application.

        Args:
            app: answers all other requests.
            cache: of the responses.
            matchers: tried in this order.
            allowed_hosts: values of the Host header that are accepted.
            is_closed: tells whether the site is closed; the application then says so.
            queue: places of responses that are loaded.
            proxies: whose `X-Forwarded-For` tells clients apart.
        """
        self._app = app
        self._queue = queue
        self._proxies = proxies
        self._cache = cache
        self._matchers = matchers
        self._allowed_hosts = allowed_hosts
        self._is_closed = is_closed
        self._known_hosts: set[bytes] = set()
        self._match = lru_cache(maxsize=4096)(self._match_uncached)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or passes it on."""
        if (
            self._cache.reader is None
            or scope["type"] != "http"
            or scope["method"] != "GET"
            or not scope["path"].startswith(_PATH_PREFIX)
            or len(scope["path"]) + len(scope["query_string"]) > _MAX_URL_LENGTH
            or (match := self._match(scope["path"], scope["query_string"])) is None
            or await self._is_closed()
        ):
            await self._app(scope, receive, send)
            return
        host = accept_encoding = if_none_match = b""
        host_count = 0
        for name, value in scope["headers"]:
            if name == b"host":
                host = value
                host_count += 1
            elif name == b"accept-encoding":
                accept_encoding = value
            elif name == b"if-none-match":
                if_none_match = value
        if host_count != 1 or not self._is_host_allowed(host, scope):
            await self._app(scope, receive, send)  # refuses it
            return
        response = None if match.key is None else self._cache.get(match.key)
        if response is None:
            response = await self._load(match, scope, receive, send)
        if response is not None:
            await response.negotiate(accept_encoding, if_none_match).send(send)

    def _match_uncached(self, path: str, query: bytes) -> RouteMatch | None:
        return next((match for matcher in self._matchers if (match := matcher(path, query)) is not None), None)

    def _is_host_allowed(self, host: bytes, scope: Scope) -> bool:
        if host in self._known_hosts:
            return True
        if not is_host_allowed(scope, self._allowed_hosts):
            return False
        if len(self._known_hosts) < 100:
            self._known_hosts.add(host)
        return True

    async def _load(self, match: RouteMatch, scope: Scope, receive: Receive, send: Send) -> CachedResponse | None:
        """Loads a response and logs it; after an error sends the error and returns None."""
        started, request_id = time.perf_counter(), secrets.token_hex(8)
        problem: Problem | None = None
        client = self._proxies.network(scope)

        async def load_in_turn(reader: AsyncReader) -> bytes:
            try:
                async with self._queue.place(client):
                    return await match.load(reader)
            except NoPlaceError:
                raise busy() from None

        try:
            return await self._cache.load(replace(match, load=load_in_turn))
        except Problem as raised:
            problem = raised
        except psycopg.Error as error:
            problem = from_state(error.sqlstate)
        finally:
            log.info(
                "GET %s %d %.1f ms %s",
                match.template,
                200 if problem is None else problem.status,
                (time.perf_counter() - started) * 1000,
                request_id,
            )
        response = problem_response(problem)
        response.raw_headers += [*FIXED_HEADERS, (b"x-request-id", request_id.encode())]
        await response(scope, receive, send)
        return None
