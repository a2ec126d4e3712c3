"""Cached bytes with the headers of every response that they can become."""

from __future__ import annotations

import gzip
import hashlib
from typing import Final

from app.http.headers import FIXED_HEADERS
from app.http.prepared_response import PreparedResponse

# Approximate memory of one cache entry without its bytes.
_OVERHEAD_BYTES: Final = 3_000
_MIN_GZIP_BYTES: Final = 500


class CachedResponse:
    """Bytes and their headers: plain, gzipped (on first use) and as 304 Not Modified."""

    __slots__ = ("_gzipped", "_headers", "content", "etag", "not_modified", "plain")

    def __init__(self, content: bytes, media_type: str) -> None:
        # Without `W/`, which some clients leave out in If-None-Match.
        self.etag = f'"{tag_of(content)}"'.encode()
        always = ((b"etag", b"W/" + self.etag), (b"cache-control", b"no-cache"), (b"vary", b"Accept-Encoding"))
        self.not_modified = PreparedResponse(304, (*always, *FIXED_HEADERS))
        self.content = content
        self._headers = ((b"content-type", media_type.encode()), *always, *FIXED_HEADERS)
        self.plain = self._with_body(content)
        self._gzipped: PreparedResponse | None = self.plain if len(content) < _MIN_GZIP_BYTES else None

    def negotiate(self, accept_encoding: bytes, if_none_match: bytes) -> PreparedResponse:
        """Returns the response to a request with these two headers."""
        if if_none_match and self.etag in if_none_match:
            return self.not_modified
        return self.gzipped() if b"gzip" in accept_encoding else self.plain

    def gzipped(self) -> PreparedResponse:
        """Returns the response for clients that accept gzip."""
        if self._gzipped is None:
            body = gzip.compress(self.content, compresslevel=5, mtime=0)
            self._gzipped = self._with_body(body, (b"content-encoding", b"gzip"))
        return self._gzipped

    def size_bytes(self) -> int:
        """Returns about how much memory the entry takes; gzip seldom halves a tile."""
        return len(self.content) * 3 // 2 + _OVERHEAD_BYTES

    def _with_body(self, body: bytes, *more_headers: tuple[bytes, bytes]) -> PreparedResponse:
        length = (b"content-length", str(len(body)).encode())
        return PreparedResponse(200, (length, *self._headers, *more_headers), body)


def tag_of(content: bytes) -> str:
    """Returns the text of the ETag of some bytes, without quotes."""
    return hashlib.sha256(content).hexdigest()[:32]
