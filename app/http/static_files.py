"""Static files: kept for ever under an address that names their content, revalidated under a plain one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.staticfiles import StaticFiles
from typing_extensions import override

if TYPE_CHECKING:
    from starlette.responses import Response


class KeptFiles(StaticFiles):
    """Files of an address that changes with their content (`/static/<version>/`)."""

    @override
    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """Give a file that any cache may keep for ever."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
