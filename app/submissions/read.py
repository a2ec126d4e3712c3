"""Reading a submission: every fault of every field at once, and what is sound of the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from app.messages import Translatable, pydantic_message
from app.problems import FieldError
from app.sources.canonical import canonical_url
from app.submissions.schemas import FootageDraft, FootageSubmission, ProblemReport
from app.submissions.times import time_faults

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic_core import ErrorDetails

    from app.theatre import Theatre

FIELDS_LIMIT: Final = 50
DEPTH_LIMIT: Final = 32
TIME_FIELDS: Final = frozenset({"happened_from", "happened_to", "time_precision"})


def read_footage(raw: Mapping[str, Any], theatre: Theatre, now: dt.datetime) -> tuple[FootageDraft, list[FieldError]]:
    """Read a footage submission.

    Returns:
        What was sound, and the faults. Without faults it is a whole `FootageSubmission`.
    """
    too_much = _shape_faults(raw)
    if too_much:
        return FootageDraft(), too_much
    draft: FootageDraft
    try:
        draft, errors = FootageSubmission.model_validate(raw), []
    except ValidationError as refused:
        errors = _field_errors(refused.errors(include_url=False, include_input=False))
        faulty = {fault["loc"][0] for fault in refused.errors(include_url=False, include_input=False)}
        draft = FootageDraft.model_validate({name: value for name, value in raw.items() if name not in faulty})
    meant = list(_faults_of_meaning(draft, theatre, now))
    unsound = {fault.field.removeprefix("/") for fault in meant} & FootageDraft.model_fields.keys()
    if unsound & TIME_FIELDS:  # they are sound together, or not at all: without its end a day may lack its hour
        unsound |= TIME_FIELDS
    return draft.model_copy(update=dict.fromkeys(unsound)), errors + meant


def read_problem(raw: Mapping[str, Any]) -> tuple[ProblemReport | None, list[FieldError]]:
    """Read a report of a problem with an event, or tell its faults."""
    too_much = _shape_faults(raw)
    if too_much:
        return None, too_much
    try:
        return ProblemReport.model_validate(raw), []
    except ValidationError as refused:
        return None, _field_errors(refused.errors(include_url=False, include_input=False))


def _field_errors(faults: Iterable[ErrorDetails]) -> list[FieldError]:
    return [
        FieldError(
            "/" + "/".join(map(_escaped, fault["loc"])), fault["type"].replace("_", "-"), pydantic_message(fault)
        )
        for fault in faults
    ]


def _escaped(part: int | str) -> str:
    """Write a part of a JSON pointer (RFC 6901); a name that a stranger chose is cut short."""
    return str(part)[:60].replace("~", "~0").replace("/", "~1")


def _shape_faults(raw: Mapping[str, Any]) -> list[FieldError]:
    """Refuse a body with more fields or deeper nesting than any that is meant, or with names that are no text."""
    if any("\ud800" <= letter <= "\udfff" for name in raw for letter in name):
        return [FieldError("", "not-text", "The name of a field has a character that is no text.")]
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
    if deepest > DEPTH_LIMIT + 1:  # the scalars in the innermost list or object lie one deeper than it
        return [FieldError("", "too-deep", Translatable("A body nests at most {most} levels deep.", most=DEPTH_LIMIT))]
    return []


def _faults_of_meaning(draft: FootageDraft, theatre: Theatre, now: dt.datetime) -> Iterator[FieldError]:
    """Find what is well formed and yet cannot be."""
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
        canonical = canonical_url(url)
        if canonical in seen:
            yield FieldError(f"/footage_urls/{position}", "twice", "This link is already in the list.")
        seen.add(canonical)
    for fault in time_faults(
        draft.happened_from, draft.happened_to, draft.time_precision, first_day=theatre.first_day, now=now
    ):
        yield FieldError(f"/{fault.field}", fault.code, fault.message)
