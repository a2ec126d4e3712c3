"""Reads events from CSV, the format `events-csv`: UTF-8, a header, and one event per row.

docs/import.md lists the columns. A row is accepted or refused as a whole. Only links of an accepted
row can be left out, and each of them is listed.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from typing_extensions import override

from app.errors import EXIT_BAD_INPUT, UserError
from app.exchange import row_values
from app.exchange.category_words import CategoryGuesser
from app.exchange.field_values import check_value, parse_cell, parse_cells, plain_fields
from app.exchange.links import parse_links
from app.exchange.plain_text import first_sentence, plain_text, remove_labels
from app.exchange.records import EventRecord, Facts, PlaceRecord, Remark, Row, RowRefused
from app.fields import EVENT, SOURCE
from app.fields.limits import LONGEST_TEXT
from app.fields.words import TIME_PRECISIONS
from app.parsing.days import Period

if TYPE_CHECKING:
    from app.theatre import Theatre

_EVENT: Final = {field.name: field for field in EVENT}
_EVENT_PLAIN: Final = plain_fields(EVENT)
# Columns with fields of the sources behind the links in `urls`.
_SOURCE_PLAIN: Final = plain_fields(SOURCE)
# Columns that are not named after a field of an event.
OWN_COLUMNS: Final = frozenset(
    ("id", "src", "lat", "lon", "date", "side", "text", "place", "geonameid", "urls", "geolocation_url", "licence")
)
COLUMNS: Final = (
    OWN_COLUMNS
    | (frozenset(EVENT.names(importable=True)) - {"origin", "shape"})
    | frozenset(field.name for field in _SOURCE_PLAIN)
)
DEFAULT_VERIFICATION: Final = "geolocated"
UNTITLED: Final = "rows without a text; their titles are made of category and side"
NO_LINK: Final = "rows without a link"
GUESSED: Final = "rows without a category: guessed from the text, and marked as guessed"
NOTHING_TO_DESCRIBE: Final = "not used: the row has no link in `urls`"

# Leaves room for the longest text of an event with markup.
_LONGEST_CELL: Final = 200_000
LONGEST_ROW: Final = 4 * 1024 * 1024  # characters

Cells = dict[str, str]


class FileUnusable(UserError):
    """A file cannot be read at all; the message says why."""

    status = EXIT_BAD_INPUT

    @override
    def message(self) -> str:
        """Returns the message, after a note that nothing was imported."""
        return f"Nothing was imported: {self}"


def read_events_csv(
    lines: Iterable[str],
    theatre: Theatre,
    *,
    origin: str | None,
    now: dt.datetime,
    report_unknown: Callable[[list[str]], None],
) -> Iterator[Row]:
    """Reads a file row by row.

    Args:
        lines: of the file, with their line ends.
        theatre: its categories and belligerents are accepted.
        origin: the origin of all rows; None: each names its own in `src`.
        now: the current time; events more than a day later are refused.
        report_unknown: called with the columns that are not read.

    Raises:
        FileUnusable: the file is not of this format.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(lines, strict=True)
    try:
        header = _header(next(reader, []), origin)
        report_unknown(sorted(set(header) - COLUMNS))
        read = _Reader(theatre, origin, now)
        line = reader.line_num + 1
        for cells in reader:
            if cells:
                yield _row(read, header, cells, line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FileUnusable(
            f"line {reader.line_num}: {error}. Is a quotation mark not closed, or is the file not comma-separated?"
        ) from error


def _header(names: Sequence[str], origin: str | None) -> list[str]:
    """Parses the names of the columns."""
    header = [name.strip().casefold() for name in names]
    if not any(header):
        raise FileUnusable("The file is empty. Its first line must name the columns.")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise FileUnusable(f"The first line names a column twice: {', '.join(twice)}")
    missing = [name for name in ("id", "lat", "lon") if name not in header]
    if "date" not in header and "happened_from" not in header:
        missing.append("date (or happened_from)")
    if "src" not in header and origin is None:
        missing.append("src (or the option --origin)")
    if missing:
        semicolons = " Separate the cells by commas, not by semicolons." if ";" in names[0] else ""
        first_columns = ", ".join(name[:40] for name in header[:20])
        raise FileUnusable(
            f"The first line lacks the columns {', '.join(missing)}. It has: {first_columns}.{semicolons}"
        )
    return header


def _row(read: _Reader, header: list[str], cells: list[str], line: int) -> Row:
    row = Row(line)
    try:
        if len(cells) != len(header):
            raise RowRefused("", ",".join(cells)[:80], f"Must have {len(header)} cells, not {len(cells)}.")
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
        self._words = row_values.Vocabulary(theatre)
        self._guesser = CategoryGuesser(theatre.category_words)
        self._origin = origin
        self._now = now

    def event(self, cells: Cells, row: Row) -> EventRecord:
        """Parses one row; adds remarks and notes to the row."""
        get = cells.get
        origin_id = row_values.check_id(cells["id"])
        origin = self._origin or row_values.check_origin("src", cells["src"])
        longitude, latitude = row_values.parse_number("lon", cells["lon"]), row_values.parse_number("lat", cells["lat"])
        row_values.check_position(longitude, latitude)
        row.remarks += row_values.check_extent(longitude, latitude, self._words.extent)
        when = self._parse_time(cells)
        facts = {**parse_cells(_EVENT_PLAIN, cells, row.notes)}
        category = self._words.category(get("category", ""))
        if not get("category"):
            guessed = self._guesser.guess(" ".join((get("title", ""), get("description") or get("text", ""))))
            facts["category_guessed"] = guessed is not None
            category = guessed or category
            row.notes += [GUESSED] if guessed else []
        affected = self._parse_affected(cells)
        title, description = self._title_and_description(cells, row, category, affected)
        links = get("urls", "").split()
        sources, remarks, notes = parse_links("urls", links, "footage", facts=_facts_of_links(cells, links, row))
        if proofs := get("geolocation_url", "").split():
            further = parse_links("geolocation_url", proofs, "geolocation", sources)
            sources, remarks, notes = sources + further[0], remarks + further[1], notes + further[2]
        row.remarks += remarks
        row.notes += notes if sources else [*notes, NO_LINK]

        def value(name: str) -> Any:
            field, cell = _EVENT[name], get(name)
            return check_value(field, parse_cell(field, cell), name) if cell else field.default

        return EventRecord(
            origin=origin,
            origin_id=origin_id,
            title=title,
            description=description,
            category=category,
            actor=self._words.side("actor", get("actor", "")),
            affected=affected,
            shape=row_values.encode_point(longitude, latitude),
            precision_m=value("precision_m"),
            happened_from=when.start,
            happened_to=when.end,
            time_precision=when.precision,
            time_inferred=value("time_inferred"),
            verification=value("verification") if get("verification") else DEFAULT_VERIFICATION,
            sensitivity=value("sensitivity"),
            sources=tuple(sources),
            places=self._places(cells),
            facts=facts,
        )

    def _parse_time(self, cells: Cells) -> Period:
        date = cells.get("date", "")
        if cells.get("happened_from"):
            when, field = row_values.parse_range(cells["happened_from"], cells.get("happened_to", "")), "happened_from"
            if date and not when.start <= row_values.parse_period(date).start < when.end:
                raise RowRefused("date", date, "Must be within happened_from and happened_to.")
        else:
            when, field = row_values.parse_period(date), "date"
        first = field, cells[field]
        last = ("happened_to", cells["happened_to"]) if field != "date" and cells.get("happened_to") else first
        row_values.check_happened(when.start, when.end, self._now, first=first, last=last)
        precision = row_values.check_choice(
            "time_precision", cells.get("time_precision") or when.precision, TIME_PRECISIONS
        )
        if TIME_PRECISIONS.index(precision) < TIME_PRECISIONS.index(when.precision):
            raise RowRefused(
                "time_precision",
                precision,
                f"Must not be more precise than the time ({when.precision}).",
            )
        return Period(when.start, when.end, precision)

    def _parse_affected(self, cells: Cells) -> str | None:
        side, affected = cells.get("side", ""), cells.get("affected", "")
        if side and affected and side != affected:
            raise RowRefused("affected", affected, "Must be the same as `side`, which has the same meaning.")
        return self._words.side("affected" if affected else "side", affected or side)

    def _title_and_description(
        self, cells: Cells, row: Row, category: str, affected: str | None
    ) -> tuple[str, str | None]:
        """Returns the title and the description; the description only if it says more."""
        given = cells.get("description") or cells.get("text", "")
        text, labels = remove_labels(row_values.check_text("text", given, LONGEST_TEXT))
        text, changes = plain_text(text)
        row.notes += labels + changes
        if cells.get("title"):
            title, _ = plain_text(check_value(_EVENT["title"], cells["title"], "title"))
            if not title:
                raise RowRefused("title", cells["title"], "Must contain text.")
            return title, text or None
        title = first_sentence(text)
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
        geonameid = row_values.parse_whole_number("geonameid", number, 1, row_values.MOST_GEONAMEID) if number else None
        return (PlaceRecord(geonameid, row_values.check_text("place", spelled, row_values.LONGEST_SPELLING) or None),)


def _facts_of_links(cells: Cells, links: Sequence[str], row: Row) -> list[Facts]:
    """Returns the fields in the columns of sources, for the source behind each link in `urls`.

    A cell has one value for all links, or one value per link, separated by spaces. Free text may
    contain spaces, so it always applies to all links.

    Raises:
        RowRefused: a value is not allowed, or does not say which link it belongs to.
    """
    facts: list[dict[str, Any]] = [{} for _ in links]
    for field in _SOURCE_PLAIN:
        cell = cells.get(field.name, "")
        if not cell:
            continue
        values = [cell] if field.type in {"text", "words"} else cell.split()
        stated = [parse_cells([field], {field.name: value}, row.notes) for value in values]
        if not links and len(stated) == 1:
            row.remarks.append(Remark(field.name, cell, NOTHING_TO_DESCRIBE))
        elif len(stated) not in {1, len(links)}:
            raise RowRefused(
                field.name,
                cell,
                f"There are {len(stated)} values for {len(links)} links in `urls`. Give one for all, or one for each.",
            )
        for number, of_link in enumerate(facts):
            of_link.update(stated[number % len(stated)])
    return [*facts]
