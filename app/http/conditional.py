"""Conditional requests: `If-Match` must repeat the `ETag`, so that no edit overwrites another."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Header

from app.problems import PreconditionRequired

# Optional for FastAPI: without the header the response is 428, which says what to do.
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description='The version to change, as in its `ETag`: `"7"`'),
]
_TAG: Final = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    """Returns the ETag of a version."""
    return f'"{version}"'


def meant_versions(if_match: str | None) -> set[int]:
    """Parses the versions of an `If-Match` header.

    Raises:
        PreconditionRequired: the header is missing.
    """
    if not if_match:
        raise PreconditionRequired("Send the ETag of the version that you change in the header If-Match.")
    return {int(found[1]) for part in if_match.split(",") if (found := _TAG.fullmatch(part.strip()))}
