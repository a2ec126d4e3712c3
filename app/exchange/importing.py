"""Imports files of events in one transaction: another process reads the rows; this one checks,
stages and counts them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from psycopg.errors import CheckViolation

from app.errors import UserError
from app.exchange.events_csv import FileUnusable
from app.exchange.events_files import read_events
from app.exchange.limits import LIMITS, ReadingLimits
from app.exchange.origins import Origins, OriginTerms
from app.exchange.reading_process import LimitExceeded, read_in_process
from app.exchange.records import EventRecord, Remark, Row
from app.exchange.refusals import RefusalsList, default_path
from app.exchange.staging import BatchOutcome, BatchText, Staging, format_batch
from app.exchange.thread_switching import fast_thread_switching
from app.publication.acting import act_as_program_on
from app.publication.policy import update_policy
from app.sources.voices import voices

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy import Engine

    from app.theatre import Theatre

SAME_ROW: Final = "the same row is already in the file"
SAME_ID: Final = "The id is already in the file, with other content."
SAME_POSTS: Final = "same time, place and links as another row"
FORBIDDEN: Final = "kept as drafts: policy forbids publication"
UNCONFIRMED: Final = "`confirmed` requires two independent sources, from different publishers or accounts."
CHANGED: Final = "differs from the database; use --update to update it"

# Rows per batch. The first batch is small, because writing starts only after reading it.
_FIRST_BATCH: Final = 250
_BATCH: Final = 5_000
# A batch of long rows is written earlier: after so many characters.
_LARGEST_BATCH: Final = 32 * 1024 * 1024
_LINE_BITS: Final = 40

Advance = Callable[[Path, int], None]


class ImportFailed(UserError):
    """Nothing was imported; the message says why and what to do."""


@dataclass(frozen=True)
class ImportOptions:
    """The options of an import.

    Attributes:
        format: one of `events_files.FORMATS`.
        public: the events are published, and their origin may be shown.
        update: replace events whose rows have changed since their import.
        origin: the origin of all rows; None: each row names its own.
        terms: the stated name, home page, licence and attribution of the origins.
        refusals: the path of the list of refused and changed rows; None: `<file>.refused.csv` in
            the working directory.
        review: the events wait at the desk as drafts, and their origin may be shown once members
            publish them.
    """

    format: str
    public: bool = False
    update: bool = False
    origin: str | None = None
    terms: OriginTerms = field(default_factory=OriginTerms)
    refusals: Path | None = None
    review: bool = False


@dataclass
class Report:
    """The outcome of an import. Every row is counted exactly once in `outcomes`.

    Attributes:
        rows: the number of rows that were read.
        outcomes: added, updated, unchanged, changed, duplicate, refused.
        refused: refused rows by field and reason.
        remarks: listed remarks on accepted rows, by reason.
        notes: changes and doubts that are counted, not listed.
        published: events that were drafts of an earlier import and were published.
        origins: rows accepted by origin.
        unknown: columns or properties that are not read, by file.
        lists: the paths of the lists, and their numbers of lines.
    """

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    published: int = 0
    origins: Counter[str] = field(default_factory=Counter)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    lists: dict[Path, int] = field(default_factory=dict)


def import_files(
    engine: Engine,
    theatre: Theatre,
    files: Sequence[Path],
    options: ImportOptions,
    *,
    now: dt.datetime | None = None,
    advance: Advance = lambda _file, _bytes: None,
    limits: ReadingLimits = LIMITS,
) -> Report:
    """Imports files in one transaction: all of them, or none.

    Args:
        engine: connects as the role that writes, without a limit on a statement's time.
        theatre: its categories and belligerents are accepted.
        files: those whose names end in `.gz` are decompressed while they are read.
        options: of the import.
        now: the current time; events more than a day later are refused.
        advance: called regularly with a file and the number of bytes read from it.
        limits: of the process that reads the files.

    Raises:
        FileUnusable: a file cannot be read; nothing was imported.
        ImportFailed: nothing was imported; the message says why.
        LockTaken: another import is running.
    """
    update_policy(engine, theatre)
    report = Report()
    raw = engine.raw_connection()
    try:
        connection: Connection[Any] = raw.driver_connection  # type: ignore[assignment] # the engine's driver is psycopg
        with ExitStack() as lists, connection.transaction(), fast_thread_switching():
            act_as_program_on(connection, "import", f"import of {', '.join(file.name for file in files)}")
            staging = Staging(connection, public=options.public, update=options.update)
            staging.begin()
            origins = Origins(connection, options.terms, public=options.public or options.review)
            listed = [lists.enter_context(RefusalsList(_list_path(file, files, options))) for file in files]
            with ThreadPoolExecutor(1, "import") as writer:
                work = _Import(
                    staging, origins, theatre, options, now or dt.datetime.now(dt.UTC), report, writer, listed, limits
                )
                work.bytes_to_read = sum(file.stat().st_size for file in files if file.is_file())
                for number, file in enumerate(files):
                    work.read(file, number, advance)
                work.finish_batch()
            for one in listed:
                one.save()
        report.lists = {one.path: one.lines for one in listed if one.lines}
    except CheckViolation as error:
        if error.diag.constraint_name != "confirmed_by_two":
            raise
        raise ImportFailed(f"The sources in the database forbid it: {error.diag.message_primary}.") from error
    except OSError as error:
        raise ImportFailed(f"{error.filename or 'A file'} cannot be written: {error.strerror}.") from error
    finally:
        raw.close()
    assert report.rows == report.outcomes.total()  # noqa: S101 - every row is accounted for
    return report


def needed_bytes(files: Sequence[Path]) -> int:
    """Returns how much disk the import of these files needs at least, with the log of its writing.

    Measured on rows of 180 bytes: 17 times the file for the rows, and 33 times for the log, of
    which PostgreSQL keeps 2 GB.
    """
    size = sum(file.stat().st_size * (5 if file.suffix == ".gz" else 1) for file in files if file.is_file())
    return 10 * size + min(20 * size, 1_000_000_000)


def _list_path(file: Path, files: Sequence[Path], options: ImportOptions) -> Path:
    if options.refusals is None:
        return default_path(file)
    if len(files) > 1:
        raise ImportFailed("Leave out --refusals when you import several files: each file gets its own list.")
    return options.refusals


class _Import:
    """Checks a batch of rows while a thread writes the previous one, and a process reads the next.

    Only that thread uses the connection meanwhile. Memory does not depend on the size of a file.
    """

    def __init__(
        self,
        staging: Staging,
        origins: Origins,
        theatre: Theatre,
        options: ImportOptions,
        now: dt.datetime,
        report: Report,
        writer: ThreadPoolExecutor,
        listed: Sequence[RefusalsList],
        limits: ReadingLimits,
    ) -> None:
        self._staging = staging
        self._origins = origins
        self._theatre = theatre
        self._options = options
        self._now = now
        self._report = report
        self._writer = writer
        self._listed = listed
        self._limits = limits
        self._being_written: Future[BatchOutcome] | None = None
        self._batch = min(_FIRST_BATCH, _BATCH)
        # `_seen` maps hashes of origin and id to content and line, and `_posts` maps hashes of
        # time, place and links to lines. They grow with a file, so they hold 64-bit integers only.
        self._seen: dict[int, int] = {}
        self._posts: dict[int, int] = {}
        self.bytes_to_read = 0
        self._bytes_read: dict[Path, int] = {}

    def read(self, file: Path, number: int, advance: Advance) -> None:
        """Reads one file, and stages its accepted rows."""
        rows: list[Row] = []
        characters = 0
        chunks = read_in_process(
            read_events,
            *(file.absolute(), self._options.format, self._theatre, self._options.origin, self._now),
            limits=self._limits,
        )
        try:
            with closing(chunks):
                for chunk in chunks:
                    rows += chunk.rows
                    characters += chunk.characters
                    while len(rows) >= self._batch or (rows and characters >= _LARGEST_BATCH):
                        batch, rows = rows[: self._batch], rows[self._batch :]
                        self._stage(batch, number)
                        characters = 0
                    if chunk.unknown:
                        self._report.unknown[file.name] = chunk.unknown
                    self._bytes_read[file] = chunk.bytes_read
                    advance(file, chunk.bytes_read)
        except FileUnusable as error:
            raise FileUnusable(f"{file}: {error}") from error
        except LimitExceeded as error:
            raise FileUnusable(f"{file}: reading it {error}, at line or feature {error.position}") from error
        if rows:
            self._stage(rows, number)

    def _stage(self, rows: list[Row], number: int) -> None:
        """Checks a batch of rows, and lets the thread write those that are accepted."""
        listed = self._listed[number]
        accepted = [staged for row in rows if (staged := self._accept(row, listed)) is not None]
        texts = format_batch(accepted, number)
        self.finish_batch()
        self._being_written = self._writer.submit(self._write, texts, list(self._report.origins), self._progress())
        self._batch = min(2 * self._batch, _BATCH)

    def finish_batch(self) -> None:
        """Waits for the batch that is being written, and counts its outcomes."""
        if self._being_written is None:
            return
        written, self._being_written = self._being_written.result(), None
        report = self._report
        report.outcomes.update(written.fates)
        report.published += written.published
        if written.held_back:
            report.notes[FORBIDDEN] += written.held_back
        for file, line, row_id, title in written.changed:
            self._listed[file].add(line, row_id, Remark("", title, CHANGED), "left as it is")
        for file, line, row_id, remark in written.left:
            report.remarks[remark.reason] += 1
            self._listed[file].add(line, row_id, remark, "accepted")

    def _progress(self) -> str:
        """Describes how much has been read, for those who wait for this import."""
        percent = 100 * sum(self._bytes_read.values()) // max(1, self.bytes_to_read)
        rows = f"{self._report.rows:,}".replace(",", " ")
        return f"{rows} rows, {percent} %"

    def _write(self, lines: BatchText, origins: list[str], progress: str) -> BatchOutcome:
        self._origins.prepare(origins)
        self._staging.show_progress(progress)
        return self._staging.write_batch(lines)

    def _accept(self, row: Row, listed: RefusalsList) -> tuple[EventRecord, bytes, int] | None:
        """Counts a row's outcome; returns the row if it is accepted."""
        report, record = self._report, row.record
        report.rows += 1
        if record is None:
            assert row.refused is not None  # noqa: S101 - a row is a record or a refusal
            self._refuse(row, row.refused, listed)
            return None
        if record.verification == "confirmed" and len(voices(record.sources)) < 2:
            self._refuse(row, Remark("verification", record.verification, UNCONFIRMED), listed)
            return None
        digest = record.digest()
        content = int.from_bytes(digest[:8])
        here = content << _LINE_BITS | row.line
        before = self._seen.setdefault(_row_hash(record), here)
        if before != here:
            if before >> _LINE_BITS == content:
                line = before & (1 << _LINE_BITS) - 1
                report.outcomes["duplicate"] += 1
                listed.add(row.line, row.id, Remark("id", row.id, f"{SAME_ROW}, on line {line}"), "duplicate")
            else:
                self._refuse(row, Remark("id", row.id, SAME_ID), listed)
            return None
        if record.sources:
            similar_line = self._posts.setdefault(_possible_duplicate_hash(record), row.line)
            if similar_line != row.line:
                row.remarks.append(Remark("id", f"{row.id}, like line {similar_line}", SAME_POSTS))
        report.origins[record.origin] += 1
        report.notes.update(row.notes)
        for remark in row.remarks:
            report.remarks[remark.reason] += 1
            listed.add(row.line, row.id, remark, "accepted")
        return record, digest, row.line

    def _refuse(self, row: Row, remark: Remark, listed: RefusalsList) -> None:
        self._report.outcomes["refused"] += 1
        self._report.refused[f"{remark.field}: {remark.reason}" if remark.field else remark.reason] += 1
        listed.add(row.line, row.id, remark, "refused")


def _row_hash(record: EventRecord) -> int:
    """Returns a 64-bit hash of a row's origin and id."""
    name = f"{record.origin}\0{record.origin_id}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest())


def _possible_duplicate_hash(record: EventRecord) -> int:
    """Returns a hash that is equal for rows that may be one event under two ids."""
    links = frozenset(source.canonical_url or source.name for source in record.sources)
    return hash((record.origin, record.happened_from, record.shape, record.actor, record.affected, links))
