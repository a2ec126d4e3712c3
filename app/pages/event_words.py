"""An event in words, for a page without scripts: when, where, how sure, who says it.

The map's card says the same (`static/js/ui/*-words.js`), from the same English texts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from app.pages.formats import format_day, format_days, format_distance, format_long_day, format_months
from app.pages.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_INSTANT: Final = dt.timedelta(microseconds=1)
_MINUTE: Final = dt.timedelta(minutes=1)

# Nearer than this, a place is "at" the settlement: the gazetteer's own centres are no finer.
_AT_M: Final = 100

# Parties that speak in the plural; and those who watch: what others say of their own war is called
# a claim.
_SEVERAL: Final = frozenset({"bloggers", "unnamed"})
_OBSERVERS: Final = frozenset({"think_tank", "outlet", "eyewitness"})


@dataclass(frozen=True)
class When:
    """When something happened, in words: `note` is how exactly that is known where `text` does not
    tell it.
    """

    text: str
    note: str | None
    inferred: str | None


@dataclass(frozen=True)
class Stance:
    """What a party does with its statement: `tone` (asserts, claims, denies) is for the eye, `verb`
    for everybody.
    """

    tone: str
    verb: str


class EventWords:
    """The words of one language, for events of one theatre."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._: Callable[[str], str] = partial(translate, language)

    def when(
        self, happened_from: dt.datetime, happened_to: dt.datetime, time_precision: str, *, inferred: bool
    ) -> When:
        """Describes when something happened; `happened_to` is exclusive, and all is UTC."""
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
                text, note = self._clock(start, end), _("known to the hour")
            case _other:
                text = self._clock(start, end - _MINUTE)
        return When(text, note, _("inferred, not stated by the source") if inferred else None)

    def days(self, first: dt.date, last: dt.date) -> str:
        """Returns a range of days in words, both included."""
        return format_days(self.language, first, last)

    def short_day(self, moment: dt.datetime | None) -> str | None:
        """Returns the day of a moment in words: "21 Jul 2025"; none for none."""
        return format_day(self.language, moment) or None

    def _clock(self, start: dt.datetime, end: dt.datetime) -> str:
        _ = self._
        day = format_long_day(self.language, start)
        if end <= start:
            return _("{day}, {time} UTC").format(day=day, time=f"{start:%H:%M}")
        # Midnight ends the day before it: 23:00 to 00:00 is one evening.
        if (end - _INSTANT).date() == start.date():
            return _("{day}, {from}\u2013{to} UTC").format_map(
                {"day": day, "from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}
            )
        to_day = format_long_day(self.language, end)
        return _("{day}, {from} \u2013 {to_day}, {to} UTC").format_map(
            {"day": day, "from": f"{start:%H:%M}", "to_day": to_day, "to": f"{end:%H:%M}"}
        )

    def precision(self, precision_m: int | None, geometry_type: str) -> str:
        """Describes how far from the shape it may have been: "within 100 m"."""
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
        """Returns a distance in words: "100 m", "2.5 km", "101 km"."""
        return format_distance(self.language, distance_m)

    def place(self, name: str, names: Mapping[str, str], as_spelled: str | None) -> str:
        """Names a settlement with its other spellings: "Zvirove (Звірове, “Zverovo”)"."""
        first = names.get(self.language, name)
        other = next((spelling for spelling in (*names.values(), name) if spelling != first), None)
        spelled = (
            self._("“{words}”").format(words=as_spelled) if as_spelled and as_spelled not in {first, other} else None
        )
        aside = ", ".join(part for part in (other, spelled) if part)
        return f"{first} ({aside})" if aside else first

    def from_place(self, place: str, distance_m: float, bearing: float | None) -> str:
        """Describes where something lies from a settlement: "0.3 km south of Zvirove"; the bearing
        is as seen from there.
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
        """Describes what a reader should know before opening the sources."""
        _ = self._
        return {
            "graphic": _("graphic footage"),
            "civilians": _("shows civilians"),
            "own_positions": _("shows positions"),
            "personal_data": _("shows personal data"),
            "prisoners": _("shows prisoners of war"),
        }[flag]

    def source_kind(self, kind: str) -> str:
        """Describes what a source is for an event."""
        _ = self._
        return {
            "footage": _("footage"),
            "geolocation": _("geolocation"),
            "report": _("report"),
            "statement": _("statement"),
        }[kind]

    def stance(self, party_kind: str, stance: str) -> Stance:
        """Describes what a party does with its statement, in the number of the party."""
        _ = self._
        several = party_kind in _SEVERAL
        if stance == "denies":
            return Stance("denies", _("deny") if several else _("denies"))
        if party_kind in _OBSERVERS:
            return Stance("asserts", _("asserts"))
        return Stance("claims", _("claim") if several else _("claims"))

    def disagreement(self, stances: Sequence[str]) -> str | None:
        """Counts both sides when the parties do not agree about the event; None when they do."""
        denying = sum(stance == "denies" for stance in stances)
        asserting = len(stances) - denying
        if not denying or not asserting:
            return None
        return self._("Disputed: {asserting} for, {denying} against").format(asserting=asserting, denying=denying)
