"""The headers of every answer: what a browser may load, run and tell others."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


# Of bytes that leave before all else: they load nothing and are in nobody's frame, so that no nonce is needed.
FIXED_HEADERS: Final = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
)


@dataclass(frozen=True)
class ContentPolicy:
    """Which other sites a page may load from, as origins (`https://host`)."""

    code: tuple[str, ...] = ()
    images: tuple[str, ...] = ()

    def header(self, nonce: str) -> str:
        """Give the Content-Security-Policy of one answer."""
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
    """Puts the security headers on every answer, and a fresh nonce into `request.state.csp_nonce`."""

    def __init__(self, app: ASGIApp, *, policy: ContentPolicy) -> None:
        self._app = app
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
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
                # Hosts of map tiles refuse requests without a referrer.
                headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
                headers["Permissions-Policy"] = "geolocation=(), camera=(), microphone=(), interest-cohort=()"
                headers.setdefault("Cache-Control", "no-cache")
                if scope["state"].get("members_only"):  # what a member is told is nobody else's
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
