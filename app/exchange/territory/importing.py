"""Imports files of areas in one transaction. Each file is imported whole, or refused with a
reason.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.database import locks
from app.database.engines import TAKE_YOUR_TIME
from app.derived.line_history import update_line_history
from app.exchange.importing import ImportFailed
from app.exchange.limits import LIMITS, ReadingLimits
from app.exchange.origins import Origins, OriginTerms
from app.exchange.reading_process import LimitExceeded, read_in_process
from app.exchange.territory.preparing import Preparation
from app.exchange.territory.reading import FileRead, read_areas
from app.exchange.territory.timeline import SourceFile, Timeline
from app.geo.ground import ground_reader
from app.models import Assessment, Assessor, Observation, Origin
from app.publication.acting import act_as_program

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy import Engine

    from app.exchange.territory.drawings import AssessorProfile, Snapshot
    from app.theatre import Theatre

_ENDINGS: Final = (".geojson", ".json")

Advance = Callable[[Path], None]


@dataclass(frozen=True)
class TerritoryOptions:
    """The options of an import.

    Attributes:
        public: publish the assessments and their assessor.
        update: replace an assessment of the same moment that has other areas.
        accept_repairs: accept repairs that change much of the area.
        skip_unknown: skip features that the format's rules cannot read, instead of refusing the
            file.
        assessor: the slug of the assessor, instead of the format's.
        valid_from: the moment from which the areas are valid, instead of the one in the file.
        terms: the assessor's stated name, home page, licence and attribution.
    """

    public: bool = False
    update: bool = False
    accept_repairs: bool = False
    skip_unknown: bool = False
    assessor: str | None = None
    valid_from: dt.datetime | None = None
    terms: OriginTerms = field(default_factory=OriginTerms)


@dataclass
class TerritoryReport:
    """The outcome of an import of areas.

    Attributes:
        files: the number of files found.
        outcomes: assessments by outcome: added, observed (the same areas again),
            unchanged, changed (left as they are), updated, refused.
        refused: files that were refused, with the reason.
        changed: files with other areas than the database has for their moment.
        notes: further findings, counted by reason.
        remarks: findings about single features, by their words: file, number and detail.
        left_out: features that were left out: their number and km², by name and reason.
        skipped: features that were skipped because they cannot be read, with the reason, by file.
        repaired: the number of repaired shapes and the change in km², by file.
        assessors: assessments in the files, by assessor.
        history_bytes: the growth of the history that browsers load, by assessor.
    """

    files: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    refused: list[tuple[Path, str]] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    remarks: dict[str, list[tuple[Path, int, str]]] = field(default_factory=dict)
    left_out: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    skipped: list[tuple[Path, str]] = field(default_factory=list)
    repaired: list[tuple[Path, int, float]] = field(default_factory=list)
    assessors: Counter[str] = field(default_factory=Counter)
    history_bytes: dict[str, int] = field(default_factory=dict)

    def add(self, file: Path, snapshot: Snapshot) -> None:
        """Counts the findings in a file."""
        self.notes.update(snapshot.notes)
        for remark in snapshot.remarks:
            self.remarks.setdefault(remark.words, []).append((file, remark.number, remark.detail))
        self.skipped += [(file, reason) for reason in snapshot.skipped]
        for name, why, km2 in snapshot.left_out:
            times, whole = self.left_out.get((name, why), (0, 0.0))
            self.left_out[name, why] = (times + 1, whole + km2)
        if snapshot.repaired:
            self.repaired.append((file, snapshot.repaired, snapshot.repaired_km2))


def import_territory(
    engine: Engine,
    theatre: Theatre,
    files: Sequence[Path],
    format_: str,
    options: TerritoryOptions = TerritoryOptions(),
    *,
    now: dt.datetime | None = None,
    advance: Advance = lambda _: None,
    limits: ReadingLimits = LIMITS,
) -> TerritoryReport:
    """Imports files of areas, and folders of such files; existing assessments stay unchanged.

    Args:
        engine: connects as the role that writes, without a limit on a statement's time.
        theatre: its extent is where areas are expected.
        files: files and folders.
        format_: one of `preparing.FORMATS`.
        options: of the import.
        now: the current time; assessments more than a day later are refused.
        advance: called with each finished file.
        limits: of the process that reads the files.

    Raises:
        ImportFailed: nothing was imported.
        LockTaken: another import of areas is running.
        OriginRefused: nothing was imported: the assessor's licence is missing, or a term differs
            from the database.
    """
    found = [*find_files(files)]
    if options.valid_from is not None and len(found) > 1:
        raise ImportFailed("--valid-from is for one file. Leave it out when you import several files.")
    preparation = Preparation(
        format_,
        theatre,
        now or dt.datetime.now(dt.UTC),
        options.valid_from,
        accept_repairs=options.accept_repairs,
        skip_unknown=options.skip_unknown,
    )
    with Session(engine) as session, session.begin():
        connection: Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment] # psycopg
        locks.take(connection, locks.AREAS_IMPORT, "import of areas")
        act_as_program(session, "import", f"import of {', '.join(file.name for file in found)}")
        session.execute(text(TAKE_YOUR_TIME))
        work = _Import(session, preparation, options)
        for number, (file, read) in enumerate(work.read(found, limits)):
            locks.show_progress(connection, f"{number} of {len(found)} files")
            work.import_file(file, read)
            advance(file)
        work.publish()
    return work.report


def find_files(given: Sequence[Path]) -> list[Path]:
    """Returns the files to import: the given files, and the files in the given folders.

    Raises:
        ImportFailed: there is none.
    """
    found: list[Path] = []
    for path in given:
        if path.is_dir():
            found += sorted(file for file in path.rglob("*") if file.suffix in _ENDINGS and file.is_file())
        else:
            found.append(path)
    if not found:
        raise ImportFailed(f"Found no files that end in {' or '.join(_ENDINGS)}.")
    return found


class _Import:
    """One running import."""

    def __init__(self, session: Session, preparation: Preparation, options: TerritoryOptions) -> None:
        self._session = session
        # COPY bypasses SQLAlchemy, over the same connection and in the same transaction.
        self._connection: Connection[Any] = session.connection().connection.driver_connection  # type: ignore[assignment] # the engine's driver is psycopg
        self._preparation = preparation
        self._ground = ground_reader(preparation.theatre)
        self._options = options
        self._timelines: dict[str, Timeline] = {}
        # Files that were imported before, and their assessors.
        self._taken: defaultdict[tuple[str | None, bytes | None], set[str]] = defaultdict(set)
        for table in (Assessment, Observation):
            for name, digest, slug in session.execute(select(table.file_name, table.file_digest, table.assessor)):
                self._taken[name, digest].add(slug)
        self.report = TerritoryReport()

    def read(self, files: Sequence[Path], limits: ReadingLimits) -> Iterator[tuple[Path, FileRead]]:
        """Yields each file with its content; another process reads the next file meanwhile."""
        known = frozenset(self._taken) if self._options.valid_from is None else frozenset()
        waiting = [*files]
        while waiting:
            reading = read_in_process(
                read_areas, [file.absolute() for file in waiting], self._preparation, known, limits=limits
            )
            try:
                with closing(reading):
                    for read in reading:
                        yield waiting.pop(0), read
            except LimitExceeded as error:
                file = waiting.pop(0)
                yield file, FileRead(SourceFile(file.name, b""), refused=f"{error} to be read")

    def import_file(self, file: Path, read: FileRead) -> None:
        """Imports a whole file, or refuses it."""
        report = self.report
        report.files += 1
        if read.refused is not None:
            report.outcomes["refused"] += 1
            report.refused.append((file, read.refused))
            return
        if read.snapshots is None:
            self._count_known(self._taken[read.seen.name, read.seen.digest])
            return
        for snapshot in read.snapshots:
            report.add(file, snapshot)
            slug = self._options.assessor or snapshot.assessor.slug
            fate = self._timeline(slug, snapshot.assessor).insert(snapshot, read.seen, update=self._options.update)
            report.outcomes[fate] += 1
            report.assessors[slug] += 1
            if fate == "changed":
                report.changed.append(file)

    def _count_known(self, slugs: set[str]) -> None:
        """Counts a file that was imported before, without reading it again."""
        for slug in slugs:
            self._timeline(slug, None)
            self.report.outcomes["unchanged"] += 1
            self.report.assessors[slug] += 1

    def publish(self) -> None:
        """Publishes the assessments, also those of earlier imports, and updates derived tables."""
        if self._options.public:
            self._session.execute(
                update(Assessment)
                .where(Assessment.assessor.in_(self._timelines), Assessment.state == "draft")
                .values(state="published")
            )
        for slug in self._timelines:
            self.report.history_bytes[slug] = update_line_history(self._session, slug, ground=self._ground)

    def _timeline(self, slug: str, profile: AssessorProfile | None) -> Timeline:
        if slug not in self._timelines:
            self._prepare_assessor(slug, profile)
            state = "published" if self._options.public else "draft"
            self._timelines[slug] = Timeline(self._connection, slug, state=state)
        return self._timelines[slug]

    def _prepare_assessor(self, slug: str, profile: AssessorProfile | None) -> None:
        """Inserts or updates the assessor and its origin; the format has defaults for missing
        terms.
        """
        known, stated = self._session.get(Origin, slug), self._options.terms
        terms = stated
        if profile is not None:
            own_name = profile.name if slug == profile.slug else slug
            terms = OriginTerms(
                stated.name or (None if known and known.name != slug else own_name),
                stated.home_page or (None if known and known.home_page else profile.home_page),
                stated.licence or (None if known and known.licence else profile.licence),
                stated.attribution or (None if known and known.attribution else profile.attribution),
            )
        Origins(self._connection, terms, public=self._options.public).prepare([slug])
        if profile is not None:
            self._session.execute(
                insert(Assessor).values(slug=slug, definition=profile.definition).on_conflict_do_nothing()
            )
