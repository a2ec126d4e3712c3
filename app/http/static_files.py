"""Static files: packed once as small as they get; kept for ever under an address that names their content."""

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

from app.http.encoding import chosen_encoding

if TYPE_CHECKING:
    from starlette.types import Scope

_PACKED: Final = frozenset({".js", ".mjs", ".css", ".json", ".svg", ".txt"})
_WORTH_BYTES: Final = 500
_KEPT: Final = 1_000
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@lru_cache(maxsize=_KEPT)
def _packed(path: str, _modified_ns: int, how: str) -> bytes:
    """Give a file packed; the moment of its last change is part of what it is kept by."""
    content = Path(path).read_bytes()
    return brotli.compress(content, quality=11) if how == "br" else gzip.compress(content, 9, mtime=0)


class PackedFiles(StaticFiles):
    """Files that travel packed as well as can be: that is done once for each, not at every request."""

    @override
    async def get_response(self, path: str, scope: Scope) -> Response:
        """Give a file."""
        response = await super().get_response(path, scope)
        how = chosen_encoding(Headers(scope=scope).get("accept-encoding", ""))
        if not isinstance(response, FileResponse) or Path(path).suffix not in _PACKED:
            return response
        response.headers.add_vary_header("Accept-Encoding")
        stat = response.stat_result
        if how == "identity" or stat is None or stat.st_size < _WORTH_BYTES:
            return response
        body = await anyio.to_thread.run_sync(_packed, str(response.path), stat.st_mtime_ns, how)
        headers = {name: value for name, value in response.headers.items() if name != "content-length"}
        if "etag" in headers:  # of the file, not of these bytes
            headers["etag"] = f"W/{headers['etag']}"
        return Response(body, status_code=response.status_code, headers=headers | {"content-encoding": how})


class KeptFiles(PackedFiles):
    """Files of an address that changes with their content (`/static/<version>/`)."""

    @override
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Give a file that any cache may keep for ever."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = _FOR_EVER
        return response
