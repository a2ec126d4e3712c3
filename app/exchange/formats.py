"""What the command line names in its help: known without loading what reads files or makes
events.
"""

from __future__ import annotations

from typing import Final

# Whoever adds one gives it a reader: `importing.FORMATS`, `territory.preparing.FORMATS`.
EVENT_FORMATS: Final = ("events-csv", "events-geojson")
AREA_FORMATS: Final = ("deepstate", "deepstate-daily", "isw", "areas-geojson")
MOST_SYNTHETIC_EVENTS: Final = 10_000_000
