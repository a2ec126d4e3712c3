"""Negotiation of the content encoding."""

from __future__ import annotations


def negotiate_encoding(accept_encoding: str) -> str:
    """Chooses the best encoding that `Accept-Encoding` allows: `br`, `gzip` or `identity`."""
    items = (one.replace(" ", "") for one in accept_encoding.split(","))
    names = {one.partition(";")[0] for one in items if not one.endswith(";q=0")}
    return next((encoding for encoding in ("br", "gzip") if encoding in names), "identity")
