"""Conditional requests: a version travels as `ETag`, and comes back as `If-Match`, so that no edit is lost."""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Header

from app.problems import PreconditionRequired

# The header is no required parameter: without it the answer is 428, which says what to do.
IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=200, description='The version that is changed, as its `ETag` has it: `"7"`'),
]
_TAG: Final = re.compile(r'"(\d{1,9})"')


def etag(version: int) -> str:
    """Give the tag of a version."""
    return f'"{version}"'


def meant_versions(if_match: str | None) -> set[int]:
    """Give the versions that a request is meant for.

    Raises:
        PreconditionRequired: it does not say.
    """
    if not if_match:
        raise PreconditionRequired("Send the version that you change in the header If-Match, as its ETag has it.")
    return {int(found[1]) for part in if_match.split(",") if (found := _TAG.fullmatch(part.strip()))}
