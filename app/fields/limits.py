"""The limits of fields, for forms, the API, imports and the database."""

from __future__ import annotations

import datetime as dt
from typing import Final

# Radius within which something happened, in metres. Whole regions are known to some hundred
# kilometres.
LEAST_PRECISION_M: Final = 1
MOST_PRECISION_M: Final = 1_000_000
# Characters.
LONGEST_TITLE: Final = 500
LONGEST_TEXT: Final = 5_000
LONGEST_NAME: Final = 500
LONGEST_URL: Final = 2_048
LONGEST_SLUG: Final = 60
LONGEST_PLATFORM: Final = 60
# The rule of dates (`happened.py`). Clocks and time zones differ, so an event may be this much in
# the future.
FUTURE_ALLOWED: Final = dt.timedelta(hours=24)
EARLIEST_YEAR: Final = 1900
LONGEST_YEARS: Final = 10
