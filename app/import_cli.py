"""The command `frontline import`."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.errors import EXIT_BAD_INPUT
from app.exchange.formats import AREA_FORMATS, EVENT_FORMATS
from app.terminal import open_database, read_installation, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from app.database.engines import Engines
    from app.exchange.importing import ImportOptions
    from app.exchange.territory.importing import TerritoryOptions


def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="The files. Event files may be compressed (.gz); areas may also be given as folders.",
        ),
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help=f"The format: events ({', '.join(EVENT_FORMATS)}) or areas ({', '.join(AREA_FORMATS)}).",
            show_default=False,
        ),
    ],
    public: Annotated[
        bool, typer.Option("--public", help="Publish the imported events or areas. Needs the licence of the origin.")
    ] = False,
    review: Annotated[
        bool,
        typer.Option(
            "--review", help="Events: queue drafts at the desk for members to publish. Needs the licence of the origin."
        ),
    ] = False,
    update: Annotated[
        bool, typer.Option("--update", help="Update what was imported before and has changed in the file.")
    ] = False,
    origin: Annotated[
        str | None, typer.Option(help="The slug of the origin or assessor; by default from the files or the format.")
    ] = None,
    origin_name: Annotated[str | None, typer.Option(help="The name of the origin.")] = None,
    origin_home_page: Annotated[str | None, typer.Option(help="The address of the origin's home page.")] = None,
    origin_licence: Annotated[str | None, typer.Option(help="The licence of the origin's data.")] = None,
    origin_attribution: Annotated[str | None, typer.Option(help="The attribution that the origin asks for.")] = None,
    refusals: Annotated[
        Path | None,
        typer.Option(help="Events: the file that lists refused rows; by default ./<file>.refused.csv."),
    ] = None,
    accept_repairs: Annotated[
        bool, typer.Option("--accept-repairs", help="Areas: accept shapes that change a lot when they are repaired.")
    ] = False,
    skip_unknown: Annotated[
        bool,
        typer.Option(
            "--skip-unknown",
            help="Areas: skip features whose status is unknown, instead of refusing the file; the report lists them.",
        ),
    ] = False,
    valid_from: Annotated[
        str | None, typer.Option(help="Areas: the start of validity of a file's areas (a UTC day or time).")
    ] = None,
) -> None:
    """Import files of events or areas in one transaction; the report accounts for every row or
    file.

    Exit status: 0 if every row is accounted for, including refused rows; 2 if a file cannot be read
    or a file of areas was refused; 1 if the import failed for another reason. Importing the same
    file again adds nothing.
    """
    formats = (*EVENT_FORMATS, *AREA_FORMATS)
    if format_ not in formats:
        raise typer.BadParameter(f"{format_!r} is unknown. Use one of: {', '.join(formats)}.", param_hint="--format")
    is_areas = format_ in AREA_FORMATS
    for option, given, applies in (
        ("--refusals", refusals, not is_areas),
        ("--review", review, not is_areas),
        ("--accept-repairs", accept_repairs, is_areas),
        ("--skip-unknown", skip_unknown, is_areas),
        ("--valid-from", valid_from, is_areas),
    ):
        if given and not applies:
            raise typer.BadParameter(f"Does not apply to the format {format_}. Leave it out.", param_hint=option)
    from app.exchange.origins import OriginTerms
    from app.fields.limits import LONGEST_SLUG
    from app.parsing.slugs import is_slug

    if origin is not None and not is_slug(origin, LONGEST_SLUG):
        raise typer.BadParameter(
            f"Must start with a-z and contain only a-z, 0-9, - and _; at most {LONGEST_SLUG} characters.",
            param_hint="--origin",
        )
    terms = OriginTerms(origin_name, origin_home_page, origin_licence, origin_attribution)
    if is_areas:
        start = None if valid_from is None else _parse_time(valid_from)

        from app.exchange.territory.importing import TerritoryOptions

        area_options = TerritoryOptions(public, update, accept_repairs, skip_unknown, origin, start, terms)
        _import_areas(files, format_, area_options)
        return
    if public and review:
        raise typer.BadParameter("Cannot be used together with --public. Leave one out.", param_hint="--review")

    from app.exchange.importing import ImportOptions

    options = ImportOptions(
        format=format_, public=public, update=update, origin=origin, terms=terms, refusals=refusals, review=review
    )
    _import_events(files, options)


def _import_events(files: list[Path], options: ImportOptions) -> None:
    from app.exchange.importing import import_files, needed_bytes
    from app.exchange.report_table import file_progress, print_report

    settings, theatre = read_installation()
    with (
        open_database(settings) as engines,
        _on_disk(engines, needed_bytes(files)),
        file_progress(files) as advance,
    ):
        report = import_files(engines.importing, theatre, files, options, advance=advance)
    print_report(report, public=options.public)


def _import_areas(files: list[Path], format_: str, options: TerritoryOptions) -> None:
    from app.exchange.territory.importing import import_territory
    from app.exchange.territory.report_table import file_progress, print_report

    settings, theatre = read_installation()
    with (
        open_database(settings) as engines,
        _on_disk(engines, 0),
        file_progress(files) as advance,
    ):
        report = import_territory(engines.importing, theatre, files, format_, options, advance=advance)
    print_report(report, public=options.public)
    if report.refused:
        sys.exit(EXIT_BAD_INPUT)


@contextmanager
def _on_disk(engines: Engines, needed_bytes: int) -> Iterator[None]:
    """Checks free space before an import, and watches it meanwhile."""
    if not engines.disk.is_known:
        say("The database is not embedded, so its free disk space is not known and not watched.")
    engines.disk.require(needed_bytes, "import")
    with engines.disk.watch(engines.importing, "import"):
        yield


def _parse_time(text: str) -> dt.datetime:
    """Parses a UTC day, which means its first moment, or a date and time."""
    from app.parsing.days import parse_time, start_of

    try:
        return start_of(parse_time(text))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--valid-from") from None
