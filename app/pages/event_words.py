"""Describes an event in words: time, place, verification and claims.

The map's card has the same texts (`static/js/ui/*-words.js`), from the same English messages.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from app.pages.formats import format_country, format_day, format_days, format_distance, format_long_day, format_months
from app.pages.language import translate
from app.parsing.bidi import isolate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_INSTANT: Final = dt.timedelta(microseconds=1)
_MINUTE: Final = dt.timedelta(minutes=1)

# Up to this distance a place is "at" the settlement; the gazetteer's centres are not more precise.
_AT_M: Final = 100

# Kinds of parties that are plural, and kinds of observers: statements of other parties are called
# claims.
_PLURAL_KINDS: Final = frozenset({"bloggers", "unnamed"})
_OBSERVERS: Final = frozenset({"think_tank", "outlet", "eyewitness"})


@dataclass(frozen=True)
class When:
    """The time of an event in words; `note` describes the precision if `text` does not."""

    text: str
    note: str | None
    inferred: str | None


@dataclass(frozen=True)
class Stance:
    """What a party does with its statement: `tone` (asserts, claims, denies) selects the style,
    `verb` is the text.
    """

    tone: str
    verb: str


class EventWords:
    """The texts of one language, for events of one theatre."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._: Callable[[str], str] = partial(translate, language)

    def when(
        self, happened_from: dt.datetime, happened_to: dt.datetime, time_precision: str, *, inferred: bool
    ) -> When:
        """Describes the time of an event; `happened_to` is exclusive, and times are UTC."""
        _ = self._
        start, end = happened_from.astimezone(dt.UTC), happened_to.astimezone(dt.UTC)
        last = (end - _INSTANT).date()
        text, note = "", None
        match time_precision:
            case "year":
                text, note = format_months(self.language, start.date(), last, "y"), _("known to the year")
            case "month":
                text, note = format_months(self.language, start.date(), last, "yMMMM"), _("known to the month")
            case "day":
                text = self.days(start.date(), last)
            case "hour":
                text, note = self._format_clock(start, end), _("known to the hour")
            case _other:
                text = self._format_clock(start, end - _MINUTE)
        return When(text, note, _("inferred, not stated by the source") if inferred else None)

    def days(self, first: dt.date, last: dt.date) -> str:
        """Formats a range of days, both included."""
        return format_days(self.language, first, last)

    def short_day(self, moment: dt.datetime | None) -> str | None:
        """Formats the day of a moment: "21 Jul 2025"; None for None."""
        return format_day(self.language, moment) or None

    def _format_clock(self, start: dt.datetime, end: dt.datetime) -> str:
        _ = self._
        day = format_long_day(self.language, start)
        if end <= start:
            return _("{day}, {time} UTC").format(day=day, time=f"{start:%H:%M}")
        # Midnight at the end belongs to the day before: 23:00 to 00:00 is one evening.
        if (end - _INSTANT).date() == start.date():
            return _("{day}, {from}\u2013{to} UTC").format_map(
                {"day": day, "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
            )
        to_day = format_long_day(self.language, end)
        return _("{day}, {from} \u2013 {to_day}, {to} UTC").format_map(
            {"day": day, "from": f"{start:%H:%M}", "to_day": to_day, "to": f"{end:%H:%M}"}
        )

    def precision(self, precision_m: int | None, geometry_type: str) -> str:
        """Describes the precision of the place: "within 100 m"."""
        _ = self._
        if precision_m is None:
            return _("precision unknown")
        distance = self.distance(precision_m)
        if geometry_type.endswith("LineString"):
            return _("within {distance} of this line").format(distance=distance)
        if geometry_type.endswith("Polygon"):
            return _("within {distance} of this area").format(distance=distance)
        return _("within {distance} of this point").format(distance=distance)

    def distance(self, distance_m: float) -> str:
        """Formats a distance: "100 m", "2.5 km", "101 km"."""
        return format_distance(self.language, distance_m)

    def place(self, name: str, names: Mapping[str, str], as_spelled: str | None) -> str:
        """Names a settlement with its other spellings: "Zvirove (Звірове, “Zverovo”)"."""
        first = names.get(self.language, name)
        other = next((spelling for spelling in (*names.values(), name) if spelling != first), None)
        spelled = (
            self._("“{words}”").format(words=as_spelled) if as_spelled and as_spelled not in {first, other} else None
        )
        other_names = ", ".join(isolate(part) for part in (other, spelled) if part)
        return f"{isolate(first)} ({other_names})" if other_names else first

    def from_place(self, place: str, distance_m: float, bearing: float | None) -> str:
        """Describes a position relative to a settlement: "0.3 km south of Zvirove"; the bearing is
        from the settlement.
        """
        _ = self._
        if distance_m < _AT_M or bearing is None:
            return _("in {place}").format(place=place)
        winds = (
            _("{distance} north of {place}"),
            _("{distance} north-east of {place}"),
            _("{distance} east of {place}"),
            _("{distance} south-east of {place}"),
            _("{distance} south of {place}"),
            _("{distance} south-west of {place}"),
            _("{distance} west of {place}"),
            _("{distance} north-west of {place}"),
        )
        return winds[round(bearing / 45) % 8].format(
            distance=format_distance(self.language, distance_m, in_kilometres=True), place=place
        )

    def outside(self, outside: Mapping[str, Any] | None) -> str | None:
        """Describes a place outside the theatre: "in Kazakhstan, 1,704 km outside the area of this
        map"; None for None.
        """
        if outside is None:
            return None
        distance = format_distance(self.language, outside["distance_m"], in_kilometres=True)
        if outside["country"] is None:
            return self._("{distance} outside the area of this map").format(distance=distance)
        return self._("in {country}, {distance} outside the area of this map").format(
            country=format_country(self.language, outside["country"]), distance=distance
        )

    def doubt(self, doubt: Mapping[str, Any] | None) -> str | None:
        """Describes why the place should be checked; None for None."""
        if doubt is None:
            return None
        place = doubt["place"]
        if place is None:
            return self._("Check the place: it is far outside the area of this map.")
        return self._("Check the place: the nearest {name} that we know is {distance} away.").format(
            name=isolate(place["names"].get(self.language, place["name"])),
            distance=format_distance(self.language, doubt["distance_m"], in_kilometres=True),
        )

    def verification(self, step: str) -> tuple[str, str]:
        """Returns the name and the meaning of a verification level."""
        _ = self._
        return {
            "reported": (_("Reported"), _("reported by someone; no footage matched to the place")),
            "geolocated": (_("Geolocated"), _("footage has been matched to the place")),
            "confirmed": (_("Confirmed"), _("geolocated and independently corroborated")),
            "disputed": (_("Disputed"), _("there are good reasons to doubt it")),
            "refuted": (_("Refuted"), _("shown to be wrong")),
        }[step]

    def sensitivity(self, flag: str) -> str:
        """Describes the sensitivity of the sources, as a warning for readers."""
        _ = self._
        return {
            "graphic": _("graphic footage"),
            "civilians": _("shows civilians"),
            "own_positions": _("shows positions"),
            "personal_data": _("shows personal data"),
            "prisoners": _("shows prisoners of war"),
        }[flag]

    def source_kind(self, kind: str) -> str:
        """Describes the role of a source for an event."""
        _ = self._
        return {
            "footage": _("footage"),
            "geolocation": _("geolocation"),
            "report": _("report"),
            "statement": _("statement"),
        }[kind]

    def stance(self, party_kind: str, stance: str) -> Stance:
        """Describes what a party does with its statement, in singular or plural."""
        _ = self._
        several = party_kind in _PLURAL_KINDS
        if stance == "denies":
            return Stance("denies", _("deny") if several else _("denies"))
        if party_kind in _OBSERVERS:
            return Stance("asserts", _("asserts"))
        return Stance("claims", _("claim") if several else _("claims"))

    def disagreement(self, stances: Sequence[str]) -> str | None:
        """Counts the parties on both sides if they disagree about the event; None if they agree."""
        denying = sum(stance == "denies" for stance in stances)
        asserting = len(stances) - denying
        if not denying or not asserting:
            return None
        return self._("Disputed: {asserting} for, {denying} against").format(asserting=asserting, denying=denying)
