"""How a body travels: the smallest form that is accepted."""

from __future__ import annotations


def chosen_encoding(accepted: str) -> str:
    """Choose how to compress, from `Accept-Encoding`: `br`, `gzip` or `identity`."""
    given = (one.replace(" ", "") for one in accepted.split(","))
    names = {one.partition(";")[0] for one in given if not one.endswith(";q=0")}
    return next((how for how in ("br", "gzip") if how in names), "identity")
