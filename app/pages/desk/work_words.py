"""Texts of the desk's pages for codes of submissions and events, and formatted times and ages."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from app.fields import CLAIM, EVENT, SOURCE, Fields
from app.fields.words import (
    PARTY_KIND_NAMES,
    PROBLEM_KIND_NAMES,
    RELATION_KIND_NAMES,
    SENSITIVITY_NAMES,
    SOURCE_ROLE_NAMES,
    SOURCE_STATUS_NAMES,
    STANCE_NAMES,
    TIME_PRECISION_NAMES,
    VERIFICATION_NAMES,
)
from app.pages.desk.frame import Choice
from app.pages.formats import format_age, format_moment
from app.pages.language import translate
from app.pages.plain_fields import plain_fields
from app.publication.states import STEPS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic import BaseModel

    from app.access.roles import Role
    from app.pages.plain_fields import PlainField
    from app.theatre import Theatre


def _translate_names(translate: Callable[[str], str], names: Mapping[str, str]) -> dict[str, str]:
    """Returns the names of a closed list in a language."""
    return {word: translate(name) for word, name in names.items()}


def _translate_fields(translate: Callable[[str], str], fields: Fields) -> Fields:
    """Returns a table of fields with its titles, help texts and names in a language."""
    return Fields(
        fields.record,
        tuple(
            replace(
                one, title=translate(one.title), help=translate(one.help), words=_translate_names(translate, one.words)
            )
            for one in fields
        ),
    )


class WorkWords:
    """The texts of one language.

    Attributes:
        event, source, claim: the tables of fields, their titles and help texts in the language.
    """

    def __init__(self, language: str, theatre: Theatre) -> None:
        _: Callable[[str], str] = partial(translate, language)
        self._ = _
        self.language = language
        self.kinds: dict[str, str] = {
            "footage": _("Footage"),
            "problem": _("Problem report"),
            "import": _("Import"),
            "event": _("Event in review"),
            "hidden": _("Hidden urgently"),
        }
        self.states: dict[str, str] = {
            "received": _("waiting"),
            "in_review": _("in review"),
            "question": _("waiting for an answer"),
            "accepted": _("accepted"),
            "merged": _("merged"),
            "rejected": _("rejected"),
            "hidden": _("hidden"),
            "draft": _("draft"),
            "set_aside": _("set aside"),
            "published": _("published"),
            "withdrawn": _("withdrawn"),
        }
        self.ages: dict[str, str] = {
            "24": _("a day or longer"),
            "72": _("three days or longer"),
            "168": _("a week or longer"),
        }
        self.second: dict[str, str] = {
            "confirmed": _("verification is “confirmed”"),
            "near_line": _("close to the front line"),
            "always": _("this map always requires two people"),
        }
        self.shapes: dict[str, str] = {"Line": _("a line"), "Polygon": _("an area"), "Point": _("several points")}
        self.ranks: dict[int, str] = {3: _("urgent"), 2: _("normal"), 1: _("low")}
        self.event, self.source, self.claim = (_translate_fields(_, fields) for fields in (EVENT, SOURCE, CLAIM))
        self.verifications = _translate_names(_, VERIFICATION_NAMES)
        self.precisions = _translate_names(_, TIME_PRECISION_NAMES)
        self.sensitivities = _translate_names(_, SENSITIVITY_NAMES)
        self.problems = _translate_names(_, PROBLEM_KIND_NAMES)
        self.roles = _translate_names(_, SOURCE_ROLE_NAMES)
        self.statuses = _translate_names(_, SOURCE_STATUS_NAMES)
        self.relations = _translate_names(_, RELATION_KIND_NAMES)
        self.stances = _translate_names(_, STANCE_NAMES)
        self.parties = _translate_names(_, PARTY_KIND_NAMES)
        self.categories: dict[str, str] = {
            category.slug: theatre.named(category.name, language) for category in theatre.categories
        }
        self.sides: dict[str, str] = {side.slug: theatre.named(side.name, language) for side in theatre.belligerents}
        self.steps: dict[str, str] = {
            "submit": _("Send for review"),
            "return": _("Return to author"),
            "publish": _("Publish"),
            "withdraw": _("Withdraw"),
            "restore": _("Publish again"),
        }

    def known(self, record: Literal["event", "source"], one: BaseModel) -> list[PlainField]:
        """Returns the plain fields of an event or a source that have a value."""
        return plain_fields({"event": EVENT, "source": SOURCE}[record], dict(one), self.language, for_desk=True)

    def place(self, geometry: dict[str, Any]) -> str:
        """Describes a GeoJSON geometry: latitude and longitude of a point, or the name of another
        type.
        """
        kind = geometry["type"]
        if kind == "Point":
            longitude, latitude = geometry["coordinates"][:2]
            return f"{latitude:.5f}, {longitude:.5f}"
        return next(words for part, words in self.shapes.items() if part in kind)

    def moment(self, moment: dt.datetime) -> str:
        """Formats a moment to the minute, in UTC."""
        return format_moment(self.language, moment)

    def age(self, since: dt.datetime) -> str:
        """Formats the time since a moment: "3 hours"."""
        return format_age(self.language, since)


def steps_from(state: str, words: WorkWords, role: Role) -> list[Choice]:
    """Returns the steps that a role may take from a state."""
    return [
        Choice(name, words.steps[name])
        for name, step in STEPS.items()
        if step.before == state and role.reaches(step.least_role)
    ]


def steps_with_reason(words: WorkWords) -> str:
    """Returns the names of the steps for which a member must give a reason."""
    return ", ".join(words.steps[name] for name, step in STEPS.items() if step.needs_reason)


def choices(words: dict[str, str], chosen: Iterable[str] = ()) -> list[Choice]:
    """Returns the options of a field."""
    taken = set(chosen)
    return [Choice(value, name, value in taken) for value, name in words.items()]
