"""What the form for footage says about what was typed: faults, suspicions, places that are not understood.

The API says the same by its codes and in English; people get it here, in their language.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.pages.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable


class SubmitWords:
    """The words of one language, each table by the codes of the API; the page's scripts get the tables whole."""

    def __init__(self, language: str) -> None:
        _: Callable[[str], str] = partial(translate, language)
        self.language = language
        self.labels: dict[str, str] = {
            "footage_urls": _("Link to the footage"),
            "place": _("Place"),
            "precision_m": _("How exactly is the place known?"),
            "time_precision": _("How exactly is the time known?"),
            "happened_from": _("Day, or the first of several"),
            "happened_to": _("Last day, if there were several"),
            "description": _("In your words"),
            "category": _("Kind of event"),
            "actor": _("Acting side"),
            "affected": _("Who is shown or hit"),
            "sensitivity": _("The footage"),
            "geolocation_url": _("Link that shows how the place was found"),
            # Nobody types these, but what is wrong with them is told as well.
            "confirm": _("What was asked before sending"),
            "idempotency_key": _("This form"),
        }
        self.faults: dict[str, str] = {
            "missing": _("This is needed."),
            "blank": _("This is needed."),
            "too-short": _("At least one link is needed."),
            "too-long": _("There are too many."),
            "string-too-short": _("This is needed."),
            "string-too-long": _("This is too long."),
            "not-text": _("This has a character that is no text."),
            "not-web-address": _("This is no web address: it begins with https:// and has no blanks."),
            "credentials": _("This address carries a user name or password. Leave it out."),
            "address-too-long": _("This address is too long."),
            "no-public-host": _("This address leads into somebody's own network, where the public cannot follow."),
            "members-only": _("This address opens only for members of a closed group or in one's own account."),
            "twice": _("This link is already in the list."),
            "not-a-time": _("This day or time does not exist."),
            "needs-moment": _("To be known to the minute or hour, the time of day is needed."),
            "needs-day": _("A time of day goes with “to the minute” or “to the hour” alone."),
            "mixed-times": _("Give the time of day for both, or for neither."),
            "ends-before-start": _("The end lies before the beginning."),
            "future": _("This lies in the future."),
            "before-first-day": _("This lies before the first day that this map covers."),
            "unknown-slug": _("This is not one of the choices."),
            "literal-error": _("This is not one of the choices."),
            "unknown-place": _("No place of this name is known. Try another spelling, or coordinates."),
            "choose-place": _("Several places may be meant. Choose one of them."),
            "town-for-code": _("The town beside this plus code is not known. Give the whole code."),
        }
        self.suspicions: dict[str, str] = {
            "zero-zero": _("Zero latitude and zero longitude usually mean that the place is missing."),
            "axes-swapped": _("Latitude and longitude seem to be swapped."),
            "lost-digit": _("The first digit of the latitude seems to be lost."),
            "outside-theatre": _("This place lies outside the area that this map covers."),
            "near-duplicate": _("An event very near in place and time is on the map already."),
            "same-footage": _("This footage is on the map already."),
        }
        self.confirmations: dict[str, str] = {
            "zero-zero": _("The place is right"),
            "axes-swapped": _("The place is right"),
            "lost-digit": _("The place is right"),
            "outside-theatre": _("The place is right"),
            "near-duplicate": _("It is another event, or it adds to that one"),
            "same-footage": _("Send it all the same"),
        }
        self.failures: dict[str, str] = {
            "conflict": _("This form was sent before with other content. Send it again to make it another submission."),
            "too-many-requests": _(
                "Too much was sent from your network in a short time. Nothing is lost: send it again in a minute."
            ),
            "unavailable": _("Nothing can be taken at the moment. Nothing is lost: send it again later."),
        }
        self.time_precisions: dict[str, str] = {
            "minute": _("to the minute"),
            "hour": _("to the hour"),
            "day": _("to the day"),
            "month": _("to the month"),
            "year": _("to the year"),
        }
        self.reasons: dict[str, str] = {
            "not-coordinates": _("No place of this name is known. Try another spelling, or coordinates."),
            "out-of-range": _("Latitude comes first and is at most 90 degrees; longitude is at most 180 degrees."),
            "contradiction": _("The two halves do not make a latitude and a longitude."),
            "needs-reference": _("A short plus code needs the name of a town near it."),
            "short-link": _("This is a short link. Open it and copy the long address: links are never followed here."),
            "no-place-in-link": _("This link holds no coordinates. Put a pin on its map and copy the address again."),
            "words-code": _("Codes of three words can only be read by the company that sells them."),
        }

    def fault(self, code: str, message: str) -> str:
        """Say what is wrong with a field; `message` is what the API says of a code that has no words here."""
        return self.faults.get(code) or self.reasons.get(code, message)

    def tables(self) -> dict[str, dict[str, str]]:
        """Give all the words to the page's scripts."""
        return {
            "faults": self.faults,
            "suspicions": self.suspicions,
            "confirmations": self.confirmations,
            "failures": self.failures,
            "reasons": self.reasons,
        }
