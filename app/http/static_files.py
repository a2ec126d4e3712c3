"""Static files: compressed once, and cached for a year under URLs that contain a version."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
import brotli
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from typing_extensions import override

from app.http.encoding import negotiate_encoding

if TYPE_CHECKING:
    from starlette.types import Scope

_COMPRESSIBLE: Final = frozenset({".js", ".mjs", ".css", ".json", ".svg", ".txt"})
_MIN_BYTES: Final = 500
_CACHED_FILES: Final = 1_000
_ONE_YEAR: Final = "public, max-age=31536000, immutable"


@lru_cache(maxsize=_CACHED_FILES)
def _compressed_file(path: str, _modified_ns: int, encoding: str) -> bytes:
    """Returns a compressed file; its modification time is part of the cache key."""
    content = Path(path).read_bytes()
    return brotli.compress(content, quality=11) if encoding == "br" else gzip.compress(content, 9, mtime=0)


class CompressedFiles(StaticFiles):
    """Static files, compressed as much as possible. Each file is compressed once, not at every
    request.
    """

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        """Returns the response for a file."""
        response = await super().get_response(path, scope)
        encoding = negotiate_encoding(Headers(scope=scope).get("accept-encoding", ""))
        if not isinstance(response, FileResponse) or Path(path).suffix not in _COMPRESSIBLE:
            return response
        response.headers.add_vary_header("Accept-Encoding")
        stat = response.stat_result
        if encoding == "identity" or stat is None or stat.st_size < _MIN_BYTES:
            return response
        body = await anyio.to_thread.run_sync(_compressed_file, str(response.path), stat.st_mtime_ns, encoding)
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        if "etag" in headers:  # of the file, not of the compressed bytes
            headers["etag"] = f"W/{headers['etag']}"
        return Response(body, status_code=response.status_code, headers=headers | {"content-encoding": encoding})


class ImmutableFiles(CompressedFiles):
    """Static files under a URL that changes with their content (`/static/<version>/`)."""

    @override
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Returns a response that any cache may store for a year."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = _ONE_YEAR
        return response
