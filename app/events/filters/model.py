"""The filter of events as a model: its parameters, how each is parsed, and the condition it
means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from app.events.filters.conditions import AnyOf, Below, Condition, During, NamesPlace, Near, OfSource, Touches, Words
from app.fields import EVENT, SOURCE
from app.fields.limits import LONGEST_SLUG
from app.fields.words import SOURCE_CLASSES, VERIFICATIONS
from app.http.parameters import (
    BoxParameter,
    CircleParameter,
    DatetimeParameter,
    ListParameter,
    TextParameter,
    list_parameters,
)
from app.parsing.lists import check_choices
from app.parsing.slugs import check_slug
from app.problems import InvalidParameter

if TYPE_CHECKING:
    from app.theatre import Theatre


@dataclass(frozen=True)
class Means:
    """Annotates a field of the filter with the condition that its value means."""

    condition: Callable[[Any], Condition]


def _subset(known: Iterable[str]) -> AfterValidator:
    """Returns a validator that accepts the words of a closed list."""
    return AfterValidator(partial(check_choices, choices=tuple(known)))


def _origin_slugs(given: tuple[str, ...]) -> tuple[str, ...]:
    """Accepts well-formed slugs. Only the database knows which origins exist."""
    return tuple(check_slug(slug, LONGEST_SLUG) for slug in given)


def _words(text: str) -> Words:
    return Words(tuple(text.split()))


class EventFilter(BaseModel):
    """Events that satisfy every given condition."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    category: Annotated[ListParameter, Means(partial(Below, "category"))] = Field(
        (), description=f"{EVENT['category'].help}. Several are separated by commas"
    )
    side: Annotated[ListParameter, Means(partial(AnyOf, ("actor", "affected")))] = Field(
        (), description="The acting or the affected side: who acted, or whose people or equipment are shown or hit"
    )
    verification: Annotated[ListParameter, _subset(VERIFICATIONS), Means(partial(AnyOf, ("verification",)))] = Field(
        (), description=f"{EVENT['verification'].help}. Any of: {', '.join(VERIFICATIONS)}"
    )
    origin: Annotated[ListParameter, AfterValidator(_origin_slugs), Means(partial(AnyOf, ("origin",)))] = Field(
        (), description=f"{EVENT['origin'].help}. Slugs of origins, separated by commas"
    )
    source_class: Annotated[ListParameter, _subset(SOURCE_CLASSES), Means(partial(OfSource, "source_class"))] = Field(
        (), description=f"{SOURCE['source_class'].help}. Matches when at least one source of the event has one of them"
    )
    q: Annotated[TextParameter, Means(_words)] = Field(
        "", max_length=200, description="Words that title or description contain, all of them"
    )
    near: Annotated[CircleParameter, Means(Near)] = None
    place: Annotated[int | None, Means(NamesPlace)] = Field(
        None, ge=1, le=2_147_483_647, description="Events whose reports name this place, by its GeoNames id"
    )
    datetime: Annotated[DatetimeParameter, Means(During)] = None
    bbox: Annotated[BoxParameter, Means(Touches)] = None

    def check(self, theatre: Theatre) -> None:
        """Checks that the theatre has the slugs of the filter.

        Raises:
            InvalidParameter: it lacks one. The message lists the slugs that exist.
        """
        for parameter, slugs, known in (
            ("category", self.category, theatre.category_slugs),
            ("side", self.side, theatre.belligerent_slugs),
        ):
            try:
                check_choices(slugs, sorted(known))
            except ValueError as error:
                raise InvalidParameter(parameter, str(error)) from None

    def canonical(self) -> Self:
        """Returns an equal filter in canonical form: lists and words are sorted, without
        duplicates.
        """
        lists = {name: tuple(sorted(set(getattr(self, name)))) for name in list_parameters(type(self))}
        return self.model_copy(update=lists | {"q": " ".join(sorted(set(self.q.split())))})


@cache
def _meanings() -> dict[str, Means]:
    """Returns the condition of each field of the filter.

    Raises:
        TypeError: a field has no `Means`.
    """
    meanings = {}
    for name, field in EventFilter.model_fields.items():
        annotations = [one for one in field.metadata if isinstance(one, Means)]
        if len(annotations) != 1:
            raise TypeError(f"EventFilter.{name} must say which condition it means, once, by `Means`.")
        meanings[name] = annotations[0]
    return meanings


def conditions_of(event_filter: EventFilter) -> tuple[Condition, ...]:
    """Returns the conditions of the fields that are set. An event must satisfy all of them."""
    values = ((means, getattr(event_filter, name)) for name, means in _meanings().items())
    return tuple(means.condition(value) for means, value in values if not _is_empty(value))


def _is_empty(value: object) -> bool:
    return value is None or value == () or (isinstance(value, str) and not value.strip())
