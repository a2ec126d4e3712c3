"""Texts of the form for footage: errors, warnings, and places that cannot be parsed.

The API has the same messages as codes and in English; the form has them in the reader's language.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from app.pages.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable


class SubmitWords:
    """The texts of one language, in tables by the codes of the API; the page's scripts get whole
    tables.
    """

    def __init__(self, language: str) -> None:
        _: Callable[[str], str] = partial(translate, language)
        self.language = language
        self._within = _("within {distance}")
        self.labels: dict[str, str] = {
            "footage_urls": _("Link to the footage"),
            "place": _("Place"),
            "precision_m": _("How precise is the location?"),
            "time_precision": _("How precise is the time?"),
            "happened_from": _("Date"),
            "happened_to": _("End date (optional)"),
            "description": _("Description"),
            "category": _("Kind of event"),
            "actor": _("Acting side"),
            "affected": _("Affected side (hit or shown)"),
            "sensitivity": _("Sensitive content"),
            "geolocation_url": _("Link that shows how the location was found"),
            # These fields are not typed, but may have errors, too.
            "confirm": _("Confirmations before sending"),
            "idempotency_key": _("This form"),
        }
        # A message for a single field has the name of the field before the code.
        self.errors: dict[str, str] = {
            **dict.fromkeys(
                (
                    "footage_urls/missing",
                    "footage_urls/blank",
                    "footage_urls/string-too-short",
                    "footage_urls/too-short",
                ),
                _("Enter a link."),
            ),
            **dict.fromkeys(
                ("description/missing", "description/blank", "description/string-too-short"), _("Enter a description.")
            ),
            "place/missing": _("Choose a place."),
            "happened_from/missing": _("Enter a date."),
            "missing": _("Fill in this field."),
            "blank": _("Fill in this field."),
            "too-long": _("There are too many. Remove some."),
            "string-too-short": _("Fill in this field."),
            "string-too-long": _("This is too long. Shorten it."),
            "not-text": _("This contains an invalid character. Delete it."),
            "not-web-address": _("Enter a full link starting with https://"),
            "credentials": _("This link contains a user name or password. Remove it."),
            "address-too-long": _("This link is too long. Enter a shorter one."),
            "no-public-host": _("This link leads to a private network. Enter one that anyone can open."),
            "members-only": _(
                "This link opens only for members of a closed group or for an account's owner. Enter a public one."
            ),
            "twice": _("This link is already in the list."),
            "not-footage": _("This is a page of text, a report and not footage. Enter the link of the footage itself."),
            "not-a-time": _("Enter a real date and time."),
            "needs-moment": _("Enter the time of day, or choose “to the day”."),
            "needs-day": _("Choose “to the minute” or “to the hour”, or remove the time of day."),
            "mixed-times": _("Enter the time of day for both dates, or for neither."),
            "ends-before-start": _("End date is before start date."),
            "future": _("Date is in the future."),
            "too-early": _("Date is before the year 1900."),
            "lasts-too-long": _("The end is more than ten years after the beginning."),
            "before-first-day": _("Date is before the first day this map covers."),
            "unknown-slug": _("Choose one of the options."),
            "literal-error": _("Choose one of the options."),
            "unknown-place": _("No place found with this name. Try another spelling, or enter coordinates."),
            "choose-place": _("Several places have this name. Choose one of them."),
            "town-for-code": _("The town in this plus code was not found. Enter the full code."),
        }
        self.suspicions: dict[str, str] = {
            "zero-zero": _("Latitude 0 and longitude 0 usually mean that the location is missing."),
            "axes-swapped": _("Latitude and longitude seem to be swapped."),
            "lost-digit": _("The first digit of the latitude seems to be missing."),
            "outside-theatre": _("This place is outside the area this map covers."),
            "near-duplicate": _("An event close to this place and time is already on the map."),
            "same-footage": _("This footage is already on the map."),
        }
        self.confirmations: dict[str, str] = {
            "zero-zero": _("The place is correct"),
            "axes-swapped": _("The place is correct"),
            "lost-digit": _("The place is correct"),
            "outside-theatre": _("The place is correct"),
            "near-duplicate": _("Mine is a different event, or adds to one of these"),
            "same-footage": _("Send anyway"),
        }
        self.failures: dict[str, str] = {
            "conflict": _("This form was already sent with different content. Send it again to make a new submission."),
            "too-many-requests": _(
                "Too many submissions from your network. Your text is still here. Send it again in a minute."
            ),
            "unavailable": _("We can't accept submissions right now. Your text is still here. Send it again later."),
        }
        self.time_precisions: dict[str, str] = {
            "minute": _("to the minute"),
            "hour": _("to the hour"),
            "day": _("to the day"),
            "month": _("to the month"),
            "year": _("to the year"),
        }
        self.reasons: dict[str, str] = {
            "not-coordinates": _("No place found with this name. Try another spelling, or enter coordinates."),
            "out-of-range": _(
                "Out of range. Enter latitude first (up to 90 degrees), then longitude (up to 180 degrees)."
            ),
            "contradiction": _("These are not a latitude and a longitude. Check both parts."),
            "needs-reference": _("Add the name of a nearby town to this short plus code."),
            "short-link": _("This is a short link, and we do not open links. Open it and copy the full link."),
            "no-place-in-link": _("This link has no coordinates. Put a pin on that map and copy the link again."),
            "words-code": _("Three-word codes can't be read here. Enter coordinates instead."),
        }

    def error_message(self, field: str, code: str, message: str) -> str:
        """Returns the message of an error in a field; without one, the API's `message`."""
        own = self.errors.get(f"{field}/{code}") or self.errors.get(code)
        return own or self.reasons.get(code, message)

    def within(self, distance: str) -> str:
        """Formats an option for the precision of a place: "within 100 m"."""
        return self._within.format(distance=distance)

    def tables(self) -> dict[str, dict[str, str]]:
        """Returns all messages, for the page's scripts."""
        return {
            "errors": self.errors,
            "suspicions": self.suspicions,
            "confirmations": self.confirmations,
            "failures": self.failures,
            "reasons": self.reasons,
        }
