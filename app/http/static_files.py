"""Static files: packed once as small as they get; kept for ever under an address that names their content."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import anyio.to_thread
import brotli
from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from typing_extensions import override

from app.http.encoding import chosen_encoding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

_PACKED: Final = frozenset({".js", ".mjs", ".css", ".json", ".svg", ".txt"})
_WORTH_BYTES: Final = 500
_KEPT: Final = 1_000
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_TYPES: Final = {".js": "text/javascript", ".css": "text/css"}


@lru_cache(maxsize=_KEPT)
def _packed(path: str, _modified_ns: int, how: str) -> bytes:
    """Give a file packed; the moment of its last change is part of what it is kept by."""
    return _compressed(Path(path).read_bytes(), how)


def _compressed(content: bytes, how: str) -> bytes:
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


class MadeFiles:
    """Files that no disk has, made from others when the server starts; each name changes with the content.

    Args:
        files: what each has, by its name; a name has no directories.
    """

    def __init__(self, files: Mapping[str, str]) -> None:
        self._plain = {name: content.encode() for name, content in files.items()}
        self._packed: dict[tuple[str, str], bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await (await self._response(scope))(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        name = scope["path"].rpartition("/")[2]
        plain = self._plain.get(name)
        if plain is None:
            return PlainTextResponse("Not Found", status_code=404)
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("Method Not Allowed", status_code=405, headers={"Allow": "GET, HEAD"})
        headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
        how = chosen_encoding(Headers(scope=scope).get("accept-encoding", ""))
        body = plain
        if how != "identity":
            headers["Content-Encoding"] = how
            if (name, how) not in self._packed:
                self._packed[name, how] = await anyio.to_thread.run_sync(_compressed, plain, how)
            body = self._packed[name, how]
        return Response(body, headers=headers, media_type=_TYPES[Path(name).suffix])
