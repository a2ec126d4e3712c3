"""Parses submissions: returns the errors of all fields at once, and the valid fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from app.messages import Translatable, pydantic_message
from app.problems import FieldError
from app.sources.canonical import canonicalise
from app.sources.report_pages import NO_FOOTAGE, is_report_page
from app.submissions.schemas import FootageDraft, FootageSubmission, ProblemReport
from app.submissions.times import time_errors

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic_core import ErrorDetails

    from app.theatre import Theatre

FIELDS_LIMIT: Final = 50
DEPTH_LIMIT: Final = 32
TIME_FIELDS: Final = frozenset({"happened_from", "happened_to", "time_precision"})


def parse_footage(raw: Mapping[str, Any], theatre: Theatre, now: dt.datetime) -> tuple[FootageDraft, list[FieldError]]:
    """Parses a footage submission.

    Returns:
        The valid fields, and the errors. If there are no errors, the first is a complete
        `FootageSubmission`.
    """
    size_errors = _size_errors(raw)
    if size_errors:
        return FootageDraft(), size_errors
    draft: FootageDraft
    try:
        draft, errors = FootageSubmission.model_validate(raw), []
    except ValidationError as refused:
        errors = _field_errors(refused.errors(include_url=False, include_input=False))
        wrong = {one["loc"][0] for one in refused.errors(include_url=False, include_input=False)}
        draft = FootageDraft.model_validate({name: value for name, value in raw.items() if name not in wrong})
    value_errors = list(_value_errors(draft, theatre, now))
    invalid = {error.field.removeprefix("/") for error in value_errors} & FootageDraft.model_fields.keys()
    if invalid & TIME_FIELDS:  # the fields of the time are valid together or not at all
        invalid |= TIME_FIELDS
    return draft.model_copy(update=dict.fromkeys(invalid)), errors + value_errors


def parse_problem(raw: Mapping[str, Any]) -> tuple[ProblemReport | None, list[FieldError]]:
    """Parses a problem report; returns None and the errors if it is invalid."""
    size_errors = _size_errors(raw)
    if size_errors:
        return None, size_errors
    try:
        return ProblemReport.model_validate(raw), []
    except ValidationError as refused:
        return None, _field_errors(refused.errors(include_url=False, include_input=False))


def _field_errors(errors: Iterable[ErrorDetails]) -> list[FieldError]:
    return [
        FieldError(
            "/" + "/".join(map(_escape_pointer, error["loc"])), error["type"].replace("_", "-"), pydantic_message(error)
        )
        for error in errors
    ]


def _escape_pointer(part: int | str) -> str:
    """Escapes one part of a JSON pointer (RFC 6901); truncates names that the sender chose."""
    return str(part)[:60].replace("~", "~0").replace("/", "~1")


def _size_errors(raw: Mapping[str, Any]) -> list[FieldError]:
    """Returns an error for a body with too many fields, too deep nesting, or invalid characters in
    names.
    """
    if any("\ud800" <= letter <= "\udfff" for name in raw for letter in name):
        return [FieldError("", "not-text", "A field name contains an invalid character.")]
    fields, deepest = 0, 1
    waiting: list[tuple[object, int]] = [(raw, 1)]
    while waiting:
        value, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(value, dict):
            fields += len(value)
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]
    if fields > FIELDS_LIMIT:
        return [FieldError("", "too-many-fields", Translatable("A body has at most {most} fields.", most=FIELDS_LIMIT))]
    if deepest > DEPTH_LIMIT + 1:  # scalars are one level deeper than their list or object
        return [FieldError("", "too-deep", Translatable("A body nests at most {most} levels deep.", most=DEPTH_LIMIT))]
    return []


def _value_errors(draft: FootageDraft, theatre: Theatre, now: dt.datetime) -> Iterator[FieldError]:
    """Finds errors of well-formed values: unknown slugs, repeated links, impossible times."""
    for field, slug, known in (
        ("/category", draft.category, theatre.category_slugs),
        ("/actor", draft.actor, theatre.belligerent_slugs),
        ("/affected", draft.affected, theatre.belligerent_slugs),
    ):
        if slug is not None and slug not in known:
            yield FieldError(
                field, "unknown-slug", Translatable("Must be one of: {slugs}.", slugs=", ".join(sorted(known)))
            )
    seen: set[str] = set()
    for position, url in enumerate(draft.footage_urls or ()):
        link = canonicalise(url)
        if link.url in seen:
            yield FieldError(f"/footage_urls/{position}", "twice", "This link is already in the list.")
        elif is_report_page(link):
            yield FieldError(f"/footage_urls/{position}", "not-footage", NO_FOOTAGE)
        seen.add(link.url)
    for error in time_errors(
        draft.happened_from, draft.happened_to, draft.time_precision, first_day=theatre.first_day, now=now
    ):
        yield FieldError(f"/{error.field}", error.code, error.message)
