"""Events as comma-separated values, our own format `events-csv`: UTF-8, a header, one event a row.

Columns, by name and in any order:

    id              required; unique within its origin
    lat, lon        required; decimal degrees (EPSG:4326)
    date            2025-07-21, 2025-07, 2025 or 2025-07-21T06:30:00Z, in UTC; or instead of it
    happened_from, happened_to
                    a range of days, both included, or of moments; without the second, as `date`
    src             slug of the origin; `--origin` replaces it
    side            the belligerent whose people or equipment are shown or hit; `affected` is the same
    actor           the belligerent who acted
    category        slug; empty is `other`
    text            what is seen; HTML is turned to plain text
    title           at most 120 characters; without it the first sentence of the text
    description     replaces `text` when there is a title
    place           the place as the report spells it
    geonameid       the place's GeoNames id
    urls            links to the footage, separated by spaces
    geolocation_url links to the proof of the place, separated by spaces
    precision_m     radius in metres
    time_precision  minute, hour, day, month, year; without it what the date says
    time_inferred   true when no source states the time
    verification    reported, geolocated, confirmed, disputed, refuted; without it `geolocated`
    sensitivity     words separated by spaces
    licence         read and counted, not stored: an origin's licence is stated by whoever imports it

A row is accepted or refused whole; of a row that is accepted only links can be left out, and each is told.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from app.exchange import fields
from app.exchange.links import sources_of_links
from app.exchange.plain_text import LONGEST_TEXT, LONGEST_TITLE, plain_text, title_of, without_labels
from app.exchange.records import EventRecord, PlaceRecord, Row, RowRefused
from app.fields.words import SENSITIVITIES, TIME_PRECISIONS, VERIFICATIONS
from app.mendable import UNUSABLE, Mendable

if TYPE_CHECKING:
    from app.theatre import Theatre

COLUMNS: Final = frozenset(
    ("src", "id", "date", "lat", "lon", "side", "place", "category", "text", "urls", "licence", "title", "description",
     "actor", "affected", "happened_from", "happened_to", "time_precision", "time_inferred", "precision_m",
     "verification", "sensitivity", "geonameid", "geolocation_url")
)  # fmt: skip
DEFAULT_VERIFICATION: Final = "geolocated"
UNTITLED: Final = "rows without a text, titled by what is known of them"
NO_LINK: Final = "rows without a link"

# A cell may hold all the text an event may have, and markup around it.
_LONGEST_CELL: Final = 200_000

Cells = dict[str, str]


class FileUnusable(Mendable):
    """A file cannot be read at all; the message says why, and what was found."""

    status = UNUSABLE

    @override
    def told(self) -> str:
        """Say first what became of the import."""
        return f"Nothing was imported: {self}"


def read_events_csv(
    lines: Iterable[str],
    theatre: Theatre,
    *,
    origin: str | None,
    now: dt.datetime,
    tell_unknown: Callable[[list[str]], None],
) -> Iterator[Row]:
    """Read a file row by row.

    Args:
        lines: of the file, with their line ends.
        theatre: whose words are known.
        origin: the origin of all rows; None: each names its own in `src`.
        now: what lies more than a day later is refused.
        tell_unknown: is told the columns that are not read.

    Raises:
        FileUnusable: it is no such file.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, strict=True)
    try:
        header = _header(next(reader, []), origin)
        tell_unknown(sorted(set(header) - COLUMNS))
        read = _Reader(theatre, origin, now)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                yield _row(read, header, cells, line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileUnusable(
            f"line {reader.line_num}: {error}. Is a quotation mark left open, or is this no comma-separated file?"
        ) from error


def _header(names: Sequence[str], origin: str | None) -> list[str]:
    """Read the names of the columns."""
    header = [name.strip().casefold() for name in names]
    if not any(header):
        raise FileUnusable("the file is empty: its first line must name the columns")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FileUnusable(f"the first line names a column twice: {', '.join(twice)}")
    lacking = [name for name in ("id", "lat", "lon") if name not in header]
    if "date" not in header and "happened_from" not in header:
        lacking.append("date (or happened_from)")
    if "src" not in header and origin is None:
        lacking.append("src (or the option --origin)")
    if lacking:
        semicolons = " Its cells are separated by semicolons; they must be by commas." if ";" in names[0] else ""
        shown = ", ".join(name[:40] for name in header[:20])
        raise FileUnusable(f"the first line lacks the columns {', '.join(lacking)}; it has: {shown}.{semicolons}")
    return header


def _row(read: _Reader, header: list[str], cells: list[str], line: int) -> Row:
    row = Row(line)
    try:
        if len(cells) != len(header):
            raise RowRefused("", ",".join(cells)[:80], f"has {len(cells)} cells, the first line has {len(header)}")
        named = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
        row.id = named["id"]
        row.record = read.event(named, row)
    except RowRefused as refused:
        row.refused = refused.remark
    return row


class _Reader:
    """Turns rows into records."""

    def __init__(self, theatre: Theatre, origin: str | None, now: dt.datetime) -> None:
        self._theatre = theatre
        self._words = fields.Vocabulary(theatre)
        self._origin = origin
        self._now = now

    def event(self, cells: Cells, row: Row) -> EventRecord:
        """Read one row; remarks and notes are left on it."""
        get = cells.get
        origin_id = fields.id_of(cells["id"])
        origin = self._origin or fields.origin_slug("src", cells["src"])
        longitude, latitude = fields.number_of("lon", cells["lon"]), fields.number_of("lat", cells["lat"])
        fields.check_position(longitude, latitude)
        row.remarks += fields.doubts_about(longitude, latitude, self._words.extent)
        when = self._when(cells)
        category = self._words.category(get("category", ""))
        affected = self._affected(cells)
        title, description = self._words_of(cells, row, category, affected)
        sources, remarks, notes = sources_of_links("urls", get("urls", "").split(), "footage")
        if proofs := get("geolocation_url", "").split():
            further = sources_of_links("geolocation_url", proofs, "geolocation", tuple(sources))
            sources, remarks, notes = sources + further[0], remarks + further[1], notes + further[2]
        row.remarks += remarks
        row.notes += notes if sources else [*notes, NO_LINK]
        return EventRecord(
            origin=origin,
            origin_id=origin_id,
            title=title,
            description=description,
            category=category,
            actor=self._words.side("actor", get("actor", "")),
            affected=affected,
            shape=fields.point_of(longitude, latitude),
            precision_m=fields.whole_number_of("precision_m", cells["precision_m"], 1, 1_000_000)
            if get("precision_m")
            else None,
            happened_from=when.start,
            happened_to=when.end,
            time_precision=when.precision,
            time_inferred=fields.yes_or_no("time_inferred", get("time_inferred", "")),
            verification=fields.one_of("verification", get("verification") or DEFAULT_VERIFICATION, VERIFICATIONS),
            sensitivity=fields.words_of("sensitivity", get("sensitivity", "").split(), SENSITIVITIES),
            sources=tuple(sources),
            places=self._places(cells),
        )

    def _when(self, cells: Cells) -> fields.When:
        date = cells.get("date", "")
        if cells.get("happened_from"):
            when, field = fields.range_of(cells["happened_from"], cells.get("happened_to", "")), "happened_from"
            if date and not when.start <= fields.time_of(date).start < when.end:
                raise RowRefused("date", date, "lies outside the range that happened_from and happened_to give")
        else:
            when, field = fields.time_of(date), "date"
        fields.check_not_future(field, cells[field], when.start, self._now)
        precision = fields.one_of("time_precision", cells.get("time_precision") or when.precision, TIME_PRECISIONS)
        if TIME_PRECISIONS.index(precision) < TIME_PRECISIONS.index(when.precision):
            raise RowRefused("time_precision", precision, f"claims more than the time says, which is {when.precision}")
        return fields.When(when.start, when.end, precision)

    def _affected(self, cells: Cells) -> str | None:
        side, affected = cells.get("side", ""), cells.get("affected", "")
        if side and affected and side != affected:
            raise RowRefused("affected", affected, "differs from `side`, which means the same")
        return self._words.side("affected" if affected else "side", affected or side)

    def _words_of(self, cells: Cells, row: Row, category: str, affected: str | None) -> tuple[str, str | None]:
        """Give the title and the description; the latter only when it says more."""
        given = cells.get("description") or cells.get("text", "")
        text, labels = without_labels(fields.text_of("text", given, LONGEST_TEXT))
        text, changes = plain_text(text)
        row.notes += labels + changes
        if cells.get("title"):
            title, _ = plain_text(fields.text_of("title", cells["title"], LONGEST_TITLE))
            if not title:
                raise RowRefused("title", cells["title"], "has no words in it")
            return title, text or None
        title = title_of(text)
        if not title:
            row.notes.append(UNTITLED)
            return self._title_without_words(category, affected), text or None
        return title, text if text.removesuffix(".") != title else None

    def _title_without_words(self, category: str, affected: str | None) -> str:
        language = self._theatre.languages[0]
        kind = next(kind for kind in self._theatre.categories if kind.slug == category)
        side = next((side for side in self._theatre.belligerents if side.slug == affected), None)
        words = self._theatre.named(kind.name, language)
        return f"{words} ({self._theatre.named(side.name, language)})" if side else words

    def _places(self, cells: Cells) -> tuple[PlaceRecord, ...]:
        spelled, number = cells.get("place", ""), cells.get("geonameid", "")
        if not spelled and not number:
            return ()
        geonameid = fields.whole_number_of("geonameid", number, 1, 2**31 - 1) if number else None
        return (PlaceRecord(geonameid, fields.text_of("place", spelled, 200) or None),)
