"""Formats days, moments and numbers in the reader's locale, for all pages.

Days and moments are UTC. `static/js/time/day.js` and `static/js/lib/numbers.js` do the same for
scripts.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_timedelta
from babel.numbers import format_decimal
from babel.numbers import format_percent as babel_percent
from babel.units import format_unit

_SHORT_DAY: Final = "yMMMd"


@lru_cache(maxsize=32)
def locale_of(language: str) -> Locale:
    """Returns the locale of a language. English puts the day first: 21 July, never July 21."""
    return Locale.parse("en_GB" if language == "en" else language)


def format_day(language: str, day: dt.date | dt.datetime | None) -> str:
    """Formats a day, or the day of a moment: "30 Nov 2026"; empty for None."""
    return "" if day is None else _plain(format_skeleton(_SHORT_DAY, _utc(day), locale=locale_of(language)))


def format_long_day(language: str, day: dt.date | dt.datetime) -> str:
    """Formats a day with its whole month: "30 November 2026"."""
    return _plain(format_date(_utc(day), "long", locale=locale_of(language)))


def format_moment(language: str, moment: dt.datetime) -> str:
    """Formats a moment to the minute: "30 Nov 2026, 03:58 UTC"."""
    return f"{format_day(language, moment)}, {moment.astimezone(dt.UTC):%H:%M} UTC"


def format_days(language: str, first: dt.date, last: dt.date) -> str:
    """Formats a range of days, both included, with a dash."""
    locale = locale_of(language)
    words = format_long_day(language, last)
    if first == last:
        return words
    if not words.startswith(f"{last.day}"):
        return _plain(format_interval(first, last, _SHORT_DAY, locale=locale))
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}\N{EN DASH}{words}"
    start = _plain(format_date(first, "long" if first.year != last.year else "d MMMM", locale=locale))
    return f"{start} \N{EN DASH} {words}"


def format_ends(language: str, first: dt.date, last: dt.date) -> tuple[str, str]:
    """Formats both days of a range for a sentence: "2" and "30 March 2023". The first one lacks
    what the last one says.
    """
    locale = locale_of(language)
    end = format_long_day(language, last)
    if (first.year, first.month) == (last.year, last.month):
        return str(first.day), end
    if first.year == last.year:
        return format_date(first, "d MMMM", locale=locale), end
    return format_long_day(language, first), end


def format_months(language: str, first: dt.date, last: dt.date, skeleton: str) -> str:
    """Formats a range of months or years, both included; `skeleton` is `yMMMM` or `y`."""
    locale = locale_of(language)
    one = _plain(format_skeleton(skeleton, last, locale=locale))
    if _plain(format_skeleton(skeleton, first, locale=locale)) == one:
        return one
    return _plain(format_interval(first, last, skeleton, locale=locale))


def format_age(language: str, since: dt.datetime) -> str:
    """Formats how long ago a moment was: "3 hours"."""
    return format_timedelta(dt.datetime.now(dt.UTC) - since, threshold=1.5, locale=locale_of(language))


def format_duration(language: str, days: int) -> str:
    """Formats a number of days: "3 days"."""
    return format_unit(days, "duration-day", length="long", locale=locale_of(language))


def format_number(language: str, number: float) -> str:
    """Formats a number with one decimal at most: "31,448", "2.5"."""
    return format_decimal(number, format="#,##0.#", locale=locale_of(language))


def format_percent(language: str, share: float) -> str:
    """Formats a share from 0 to 1: "45%"."""
    return babel_percent(share, locale=locale_of(language))


def format_distance(language: str, distance_m: float, *, in_kilometres: bool | None = None) -> str:
    """Formats a distance: "100 m", "2.5 km", "1,297 km"; `in_kilometres` also below one
    kilometre.
    """
    locale = locale_of(language)
    if in_kilometres if in_kilometres is not None else distance_m >= 1000:
        digits = "#,##0.#" if distance_m < 10_000 else "#,##0"
        return format_unit(distance_m / 1000, "length-kilometer", length="short", format=digits, locale=locale)
    return format_unit(distance_m, "length-meter", length="short", format="#,##0", locale=locale)


def _plain(words: str) -> str:
    """Replaces the special spaces of some versions of CLDR by plain ones, as the scripts do."""
    return words.translate({0x2009: " ", 0x202F: " ", 0xA0: " "})


def format_country(language: str, code: str) -> str:
    """Returns the name of a country, by its ISO 3166-1 code."""
    return str(locale_of(language).territories.get(code, code))


def _utc(day: dt.date) -> dt.date:
    return day.astimezone(dt.UTC) if isinstance(day, dt.datetime) else day
