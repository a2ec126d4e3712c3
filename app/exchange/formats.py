"""The names of formats for the help of the command line, without importing the readers."""

from __future__ import annotations

from typing import Final

# Each format has a reader in `events_files.FORMATS` or `territory.preparing.FORMATS`.
EVENT_FORMATS: Final = ("events-csv", "events-geojson")
AREA_FORMATS: Final = ("deepstate", "deepstate-daily", "isw", "areas-geojson")
MOST_SYNTHETIC_EVENTS: Final = 10_000_000
