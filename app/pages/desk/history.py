"""The history of an event for members: who changed what, in words, with names and links instead of
ids and column names.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from app.models import Account, Claim, Event, EventSource, Party, Source
from app.pages.event_parts import web_link
from app.pages.language import translate
from app.review.queries import revisions_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.database.session import ReadWriteSession
    from app.models import Revision
    from app.pages.desk.work_words import WorkWords
    from app.review.schemas import DeskEvent

LONGEST: Final = 80
_SHOWN: Final = 50
# What the database derives or counts; a shape is shown as such.
_DERIVED: Final = frozenset(
    {"version", "updated_at", "created_at", "added_at", "position", "import_digest", "exact_shape", "set_aside_by"}
)
_MEMBERS: Final = frozenset({"authors", "submitted_by", "published_by", "withdrawn_by"})
_IDS: Final = frozenset({*_MEMBERS, "source_id", "party_id", "merged_into", "other_id"})


@dataclass(frozen=True)
class Shown:
    """A text, with a link if it names something that can be opened."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Changed:
    """A field that a change replaced."""

    field: str
    old: list[Shown]
    new: list[Shown]


@dataclass(frozen=True)
class ChangeShown:
    """A change in the history; `subjects` are what it is about, if not the event itself."""

    when: str
    made_by: str
    reason: str
    what: str
    subjects: list[Shown]
    changed: list[Changed]


def history_of(session: ReadWriteSession, event: DeskEvent, words: WorkWords) -> list[ChangeShown]:
    """Returns the last changes of an event, its parts, and its current sources."""
    revisions = revisions_of(session, [event.id, *(source.id for source in event.sources)], _SHOWN)
    return _History(session, event, revisions, words).shown()


class _History:
    """The texts of some changes in one language."""

    def __init__(
        self, session: ReadWriteSession, event: DeskEvent, revisions: Iterable[Revision], words: WorkWords
    ) -> None:
        self._event, self._revisions, self._words = event, list(revisions), words
        self._: Callable[[str], str] = partial(translate, words.language)
        ids = {one for revision in self._revisions for one in _ids_in(revision)}
        self._names: dict[str, Shown] = {}
        for query in (
            select(Account.id, Account.name).where(Account.id.in_(ids)),
            select(Party.id, Party.name).where(Party.id.in_(ids)),
        ):
            self._names |= {str(row.id): Shown(row.name) for row in session.execute(query)}
        for source in session.scalars(select(Source).where(Source.id.in_(ids | {one.id for one in event.sources}))):
            self._names[str(source.id)] = Shown(source.name, web_link(source.given_url))
        for row in session.execute(select(Event.id, Event.title).where(Event.id.in_(ids))):
            self._names[str(row.id)] = Shown(row.title, f"/desk/events/{row.id}")
        # A revision of a new row has no values; rows that were added at its moment are in their
        # tables.
        self._added = {
            ("event_source", row.added_at): self._names.get(str(row.source_id), Shown(""))
            for row in session.execute(
                select(EventSource.source_id, EventSource.added_at).where(EventSource.event_id == event.id)
            )
        } | {
            ("claim", row.created_at): Shown(row.name)
            for row in session.execute(
                select(Claim.created_at, Party.name)
                .join(Party, Party.id == Claim.party_id)
                .where(Claim.event_id == event.id)
            )
        }

    def shown(self) -> list[ChangeShown]:
        """Returns all changes."""
        return [
            ChangeShown(
                when=self._words.moment(one.made_at),
                made_by=one.made_by,
                reason=one.reason or "",
                what=f"{self._part(one.relation)}: {self._action(one.action)}",
                subjects=self._subjects(one),
                changed=self._changed(one.relation, one.old or {}, one.new or {}),
            )
            for one in self._revisions
        ]

    def _part(self, relation: str) -> str:
        _ = self._
        return {
            "event": _("event"),
            "event_source": _("source of the event"),
            "event_place": _("named place"),
            "event_relation": _("relation"),
            "source": _("source"),
            "claim": _("statement"),
        }.get(relation, relation)

    def _action(self, action: str) -> str:
        _ = self._
        return {"insert": _("added"), "update": _("changed"), "delete": _("removed")}.get(action, action)

    def _subjects(self, one: Revision) -> list[Shown]:
        """Returns what a change of a part of the event is about."""
        if one.relation == "source":
            return [self._names[str(one.subject_id)]] if str(one.subject_id) in self._names else []
        row = one.new or one.old or {}
        named = [
            self._names[str(row[key])]
            for key in ("source_id", "party_id", "other_id")
            if one.relation in {"event_source", "claim", "event_relation"} and str(row.get(key)) in self._names
        ]
        if row.get("as_spelled"):
            named.append(Shown(row["as_spelled"]))
        added = None if row else self._added.get((one.relation, one.made_at))
        return [*named, *([added] if added else [])]

    def _changed(self, relation: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Changed]:
        names = sorted(old.keys() & new.keys() - _DERIVED)
        return [
            Changed(self._title(relation, name), self._values(name, old[name]), self._values(name, new[name]))
            for name in names
            if old[name] != new[name]
        ]

    def _title(self, relation: str, name: str) -> str:
        """Returns the name of a field: that of the forms, or else one of the desk's own."""
        table = {"event": self._words.event, "claim": self._words.claim}.get(relation, self._words.source)
        for field in table:
            if field.name == name and field.title != name:
                return field.title
        _ = self._
        return {
            "shape": _("Shape"),
            "state": _("State"),
            "origin": _("Origin"),
            "public_from": _("Public from"),
            "released_at": _("Published"),
            "barred": _("Hidden by policy"),
            "misdated": _("Dates to correct"),
            "hidden_at": _("Hidden"),
            "hidden_note": _("Public note"),
            "hiding_reviewed_at": _("Hiding reviewed"),
            "withdrawn_at": _("Withdrawn"),
            "withdrawn_reason": _("Reason of the withdrawal"),
            "withdrawn_by": _("Withdrawn by"),
            "authors": _("Authors"),
            "submitted_by": _("Sent for review by"),
            "published_by": _("Published by"),
            "set_aside_at": _("Set aside"),
            "set_aside_by_name": _("Set aside by"),
            "set_aside_reason": _("Reason for setting aside"),
            "merged_into": _("Merged into"),
            "exact_precision_m": _("Exact precision, in metres"),
            "category_guessed": _("Category guessed"),
            "role": _("Kind of source"),
            "source_id": _("Source"),
            "party_id": _("Party"),
        }.get(name, name)

    def _values(self, name: str, value: object) -> list[Shown]:
        """Returns a value, or the values of a list."""
        values = value if isinstance(value, list) else [value]
        return [self._value(name, one) for one in values] or [Shown("—")]

    def _value(self, name: str, value: object) -> Shown:
        words = self._words
        if value is None or value == "":
            return Shown("—")
        if name == "shape":
            return Shown("…")
        if isinstance(value, bool):
            return Shown(self._("yes") if value else self._("no"))
        text = str(value)
        if name in _IDS:
            return self._names.get(text, Shown(self._("deleted account") if name in _MEMBERS else text))
        if name.endswith("_at") or name in {"happened_from", "happened_to", "public_from"}:
            return Shown(words.moment(dt.datetime.fromisoformat(text)))
        known: Mapping[str, str] | None = {
            "category": words.categories,
            "actor": words.sides,
            "affected": words.sides,
            "state": words.states,
            "role": words.roles,
        }.get(name)
        for table in (words.event, words.source, words.claim):
            known = known or next((field.words for field in table if field.name == name and field.words), None)
        text = (known or {}).get(text, text)
        return Shown(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def _ids_in(revision: Revision) -> Iterable[uuid.UUID]:
    """Yields the ids in the values of a change."""
    for row in (revision.old or {}, revision.new or {}):
        for name in row.keys() & _IDS:
            for one in row[name] if isinstance(row[name], list) else [row[name]]:
                if one is not None:
                    yield uuid.UUID(str(one))
