"""The table of dates that every door is tested with, and the limits of the rule of dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

HOUR: Final = dt.timedelta(hours=1)
DAY: Final = dt.timedelta(days=1)
NOW: Final = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Dates:
    """A half-open range, and the field that is at fault; empty if the range is allowed."""

    start: dt.datetime
    end: dt.datetime
    fault: str = ""

    def wire(self) -> dict[str, str]:
        """Returns the range as the API and import files write it."""
        return {
            name: moment.isoformat().replace("+00:00", "Z")
            for name, moment in (("happened_from", self.start), ("happened_to", self.end))
        }


DATES: Final[dict[str, Dates]] = {
    "today": Dates(NOW - HOUR, NOW),
    "tomorrow": Dates(NOW + 23 * HOUR, NOW + 24 * HOUR),
    "first allowed day": Dates(at("1900-01-01"), at("1900-01-02")),
    "ten years": Dates(at("2014-01-01"), at("2024-01-01")),
    "ten years from a leap day": Dates(at("2012-02-29"), at("2022-02-28")),
    "day after tomorrow": Dates(NOW + 26 * HOUR, NOW + 27 * HOUR, "happened_from"),
    "last day before": Dates(at("1899-12-31"), at("1900-01-01"), "happened_from"),
    "year 1": Dates(at("0001-01-01"), at("0001-01-02"), "happened_from"),
    "year 25": Dates(at("0025-07-01"), at("0025-07-02"), "happened_from"),
    "year 205": Dates(at("0205-07-01"), at("0205-07-02"), "happened_from"),
    "year 1025": Dates(at("1025-07-01"), at("1025-07-02"), "happened_from"),
    "year 9999": Dates(at("9999-07-01"), at("9999-07-02"), "happened_from"),
    "last day of the calendar": Dates(at("9999-12-30"), at("9999-12-31"), "happened_from"),
    "more than ten years": Dates(at("2014-01-01"), at("2024-01-01T01:00"), "happened_to"),
    "more than ten years from a leap day": Dates(at("2012-02-29"), at("2022-02-28T01:00"), "happened_to"),
    "until 9999": Dates(at("2025-07-21"), at("9999-12-31"), "happened_to"),
    "no time": Dates(at("2025-07-21"), at("2025-07-21"), "happened_to"),
    "backwards": Dates(at("2025-07-21"), at("2025-07-20"), "happened_to"),
}
