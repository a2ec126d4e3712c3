"""Reads moments of any year: PostgreSQL's years go further than Python's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.types.datetime import TimestamptzLoader
from typing_extensions import override

if TYPE_CHECKING:
    from psycopg.abc import Buffer

FIRST: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
LAST: Final = dt.datetime.max.replace(tzinfo=dt.UTC)


class AnyYearLoader(TimestamptzLoader):
    """Reads a moment before the year 1 or after 9999 as the first or last moment of the calendar.

    The desk must list a row that has such a moment, so that members can withdraw it. The public
    gets no such row (`misdated`).
    """

    @override
    def load(self, data: Buffer) -> dt.datetime:
        """Parses what PostgreSQL writes."""
        try:
            return super().load(data)
        except psycopg.DataError:
            written = bytes(data)
            return FIRST if written.endswith(b"BC") or written.startswith(b"-") else LAST


def any_year() -> AdaptersMap:
    """Returns the settings of a connection that reads moments of any year."""
    adapters = AdaptersMap(psycopg.adapters)
    adapters.register_loader("timestamptz", AnyYearLoader)
    return adapters
