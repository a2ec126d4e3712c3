"""Security headers of every response."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


# For responses from the cache. They load nothing and are never framed, so they need no nonce.
FIXED_HEADERS: Final = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)


@dataclass(frozen=True)
class ContentPolicy:
    """The other origins (`https://host`) from which a page may load scripts and images."""

    code: tuple[str, ...] = ()
    images: tuple[str, ...] = ()

    def header(self, nonce: str) -> str:
        """Returns the Content-Security-Policy of one response."""
        code = "".join(f" {origin}" for origin in self.code)
        images = "".join(f" {origin}" for origin in self.images)
        return "; ".join(
            (
                "default-src 'none'",
                f"script-src 'self' 'nonce-{nonce}'{code}",
                f"style-src 'self'{code}",
                f"img-src 'self' data:{images}",
                "connect-src 'self'",
                "font-src 'self'",
                "manifest-src 'self'",
                "form-action 'self'",
                "base-uri 'none'",
                "frame-ancestors 'none'",
            )
        )


class SecurityHeaders:
    """Adds the security headers to every response, and a new nonce to `request.state.csp_nonce`."""

    def __init__(self, app: ASGIApp, *, policy: ContentPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce = secrets.token_urlsafe(16)
        scope.setdefault("state", {})["csp_nonce"] = nonce

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = self._policy.header(nonce)
                headers["X-Content-Type-Options"] = "nosniff"
                headers["X-Frame-Options"] = "DENY"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                # Tile servers refuse requests without a referrer.
                headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
                headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=(), interest-cohort=()"
                headers.setdefault("Cache-Control", "no-cache")
                if scope["state"].get("members_only"):  # no cache may store what only members may see
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
