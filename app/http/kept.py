"""Bytes that are kept, with all that leaves with them."""

from __future__ import annotations

import gzip
import hashlib
from typing import Final

from app.http.answer import Answer
from app.http.headers import FIXED_HEADERS

# What a kept answer weighs beside its bytes, about.
_OVERHEAD_BYTES: Final = 3_000
_WORTH_GZIP_BYTES: Final = 500


class Kept:
    """Bytes with their headers, as they are and gzipped; the latter are made once, when first asked for."""

    __slots__ = ("_content", "_gzipped", "_headers", "plain", "tag", "unchanged")

    def __init__(self, content: bytes, media_type: str) -> None:
        tag = etag_of(content)
        # Without `W/`, which some leave out when they ask.
        self.tag = tag[2:].encode()
        always = ((b"etag", tag.encode()), (b"cache-control", b"no-cache"), (b"vary", b"Accept-Encoding"))
        self.unchanged = Answer(304, (*always, *FIXED_HEADERS))
        self._content = content
        self._headers = ((b"content-type", media_type.encode()), *always, *FIXED_HEADERS)
        self.plain = self._whole(content)
        self._gzipped: Answer | None = self.plain if len(content) < _WORTH_GZIP_BYTES else None

    @property
    def content(self) -> bytes:
        """The bytes as they are."""
        return self._content

    def gzipped(self) -> Answer:
        """Give the answer for who reads gzip."""
        if self._gzipped is None:
            body = gzip.compress(self._content, compresslevel=5, mtime=0)
            self._gzipped = self._whole(body, (b"content-encoding", b"gzip"))
        return self._gzipped

    def size(self) -> int:
        """Give the bytes that it takes, about: a tile hardly gets smaller than half."""
        return len(self._content) * 3 // 2 + _OVERHEAD_BYTES

    def _whole(self, body: bytes, *further: tuple[bytes, bytes]) -> Answer:
        length = (b"content-length", str(len(body)).encode())
        return Answer(200, (length, *self._headers, *further), body)


def etag_of(content: bytes) -> str:
    """Give the tag of some bytes: what they are, not how they travel."""
    return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'
