"""The limits of what a field holds: each stands here once, for forms, API, imports and database
alike.
"""

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
# Clocks differ, and so do calendars around the globe: nothing happens later than this from now.
FUTURE_ALLOWED: Final = dt.timedelta(hours=24)
