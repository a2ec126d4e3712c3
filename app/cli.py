"""The command `frontline`.

What a command needs is imported when it runs: loading all of the application takes seconds, and most commands, and
every answer that is an error or help, need little of it.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app import account_cli
from app.errors import EXIT_BAD_INPUT, UserError
from app.exchange.formats import AREA_FORMATS, EVENT_FORMATS, MOST_SYNTHETIC_EVENTS
from app.terminal import opened, opened_as_owner, say

if TYPE_CHECKING:
    import datetime as dt

    import psycopg
    from sqlalchemy.exc import DBAPIError

    from app.exchange.importing import ImportOptions
    from app.exchange.territory.importing import TerritoryOptions
    from app.settings import Settings
    from app.theatre import Theatre

app = typer.Typer(
    help="Frontline: a map of a war's front line in time, from public reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
places = typer.Typer(help="The gazetteer.", no_args_is_help=True)
app.add_typer(places, name="places")
app.add_typer(account_cli.accounts, name="account")
app.command("switch")(account_cli.set_switch)


def installation() -> tuple[Settings, Theatre]:
    """Read the settings and the theatre."""
    from app.settings import Settings
    from app.theatre import read_theatre

    settings = Settings()
    return settings, read_theatre(settings.theatre)


@app.command()
def serve() -> None:
    """Serve the map. A private database is made, migrated and filled with the demo when there is none."""
    from app.listening import listening

    settings, theatre = installation()
    with listening(settings.host, settings.port) as listener:
        from app.serve import configure_logging
        from app.serve import serve as serve_until_stopped

        configure_logging(settings.log_level)
        serve_until_stopped(settings, theatre, listener, say)


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this code, as its owner.

    Functions, views, triggers and grants are replaced whole; what was not as this code says is told, a line each.
    """
    from app.settings import Settings

    settings = Settings()

    from app.database.engines import database_urls
    from app.database.migrations import head_revision, upgrade
    from app.database.ready import free_bytes

    with database_urls(settings, say=say) as urls:
        before = upgrade(urls.owner, say=say, free_bytes=free_bytes(urls))
    after = head_revision()
    say(
        f"The database is at revision {after}."
        if before == after
        else f"The database went from {before or 'empty'} to {after}."
    )


@app.command()
def check() -> None:
    """Compare the live database with this code, and name every difference; end with 1 when there are some.

    Changes nothing. `frontline migrate` repairs functions, views, triggers and grants.
    """
    from app.settings import Settings

    settings = Settings()

    from app.database.check import check_database
    from app.database.engines import database_urls
    from app.models import Base

    with database_urls(settings, say=say) as urls:
        differences = check_database(urls.owner, Base.metadata)
    for difference in differences:
        typer.echo(difference)
    if differences:
        sys.exit(1)
    say("The database is as this code says.")


@app.command()
def demo(
    synthetic: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_SYNTHETIC_EVENTS,
            metavar="N",
            help="So many events that never happened instead, for measuring.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Synthetic events: the same seed gives the same ones.")] = 42,
) -> None:
    """Put the demo into the database: five events of July 2025 around Pokrovsk."""
    settings, theatre = installation()
    if synthetic is not None:
        from app.derived.points import fold_tallies
        from app.exchange.demo.synthetic_load import load_synthetic
        from app.exchange.report_table import count_progress
        from app.publication.policy import update_policy

        with opened_as_owner(settings) as engine, count_progress(synthetic, "events") as advance:
            update_policy(engine, theatre)
            load_synthetic(engine, theatre, synthetic, seed, advance)
            fold_tallies(engine)
        say(f"Added {synthetic} synthetic events; the page says so.")
        return

    from app.exchange.demo import load_demo

    with opened(settings) as engines:
        added = load_demo(engines.importing, theatre)
    say(f"Added {added} events of the demo." if added else "The demo is there already.")


@app.command("release-due")
def release_due_command() -> None:
    """End the embargoes that are due, and delete the submissions whose time has come; a server does so by itself."""
    settings, theatre = installation()

    from app.publication.policy import update_policy
    from app.publication.release import delete_old_submissions, release_due

    with opened(settings) as engines:
        update_policy(engines.importing, theatre)
        released = release_due(engines.importing)
        forgotten = delete_old_submissions(engines.importing, retention_days=settings.submission_retention_days)
    say(
        f"Released {released.events} events and {released.assessments} assessments; deleted {forgotten} submissions."
        + (f" What is public is at number {released.number}." if released.number else "")
    )


@app.command()
def rebuild() -> None:
    """Make anew what is derived: the points and tallies that tiles are made of, and the history of the line."""
    settings, _ = installation()

    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from app.derived.line_history import update_line_history
    from app.derived.points import rebuild_points
    from app.models import Assessor

    with opened(settings) as engines:
        points = rebuild_points(engines.importing)
        with Session(engines.importing) as session, session.begin():
            assessors = session.scalars(select(Assessor.slug).order_by(Assessor.slug)).all()
            for slug in assessors:
                update_line_history(session, slug, rebuild=True)
    say(f"Made the points of {points} events anew, and the histories of {len(assessors)} lines.")


@places.command("load")
def load_gazetteer() -> None:
    """Load the gazetteer: GeoNames (CC BY 4.0), the theatre's country and what lies near it, with all spellings."""
    from app.places.load import load_places  # its package takes 400 MB when it is read: in this command alone

    settings, theatre = installation()
    with opened(settings) as engines:
        loaded = load_places(engines.importing, theatre)
    say(f"Loaded {loaded.places} places with {loaded.spellings} spellings, {loaded.aliases} of them ours.")
    if loaded.aliases_unused:
        say(f"{loaded.aliases_unused} spellings of ours are of places that this theatre's gazetteer has not.")


@app.command("import")
def import_command(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE…",
            help="Files; those of events that end in .gz are unpacked, those of areas may be folders.",
        ),
    ],
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help=f"What the files are: events ({', '.join(EVENT_FORMATS)}) or areas ({', '.join(AREA_FORMATS)}).",
            show_default=False,
        ),
    ],
    public: Annotated[
        bool, typer.Option("--public", help="Publish what is imported. Its origin's licence must be stated.")
    ] = False,
    review: Annotated[
        bool,
        typer.Option(
            "--review", help="Events: let members publish them at the desk. Their origin's licence must be stated."
        ),
    ] = False,
    update: Annotated[bool, typer.Option("--update", help="Take what changed since it was imported.")] = False,
    origin: Annotated[
        str | None, typer.Option(help="The origin or assessor, a slug; without it the files or their format name it.")
    ] = None,
    origin_name: Annotated[str | None, typer.Option(help="What the origin is called.")] = None,
    origin_home_page: Annotated[str | None, typer.Option(help="Where the origin can be seen.")] = None,
    origin_licence: Annotated[
        str | None, typer.Option(help="The licence under which the origin gives its data.")
    ] = None,
    origin_attribution: Annotated[str | None, typer.Option(help="How the origin wants to be named.")] = None,
    refusals: Annotated[
        Path | None,
        typer.Option(help="Events: where to list what was not taken; ./<file>.refused.csv when not given."),
    ] = None,
    accept_repairs: Annotated[
        bool, typer.Option("--accept-repairs", help="Areas: take shapes that change much when they are made valid.")
    ] = False,
    valid_from: Annotated[
        str | None, typer.Option(help="Areas: from when those of a file hold (a UTC day, or a moment).")
    ] = None,
) -> None:
    """Import files of events or areas: all in one transaction, every row or file accounted for.

    Ends with 0 when every row is accounted for, refused ones too; with 2 when a file cannot be read or, of areas, was
    refused; with 1 when nothing could be imported for another reason. The same file again adds nothing.
    """
    known = (*EVENT_FORMATS, *AREA_FORMATS)
    if format_ not in known:
        raise typer.BadParameter(f"{format_!r} is none of {', '.join(known)}", param_hint="--format")
    of_areas = format_ in AREA_FORMATS
    for option, given, fits in (
        ("--refusals", refusals, not of_areas),
        ("--review", review, not of_areas),
        ("--accept-repairs", accept_repairs, of_areas),
        ("--valid-from", valid_from, of_areas),
    ):
        if given and not fits:
            raise typer.BadParameter(f"means nothing to the format {format_}", param_hint=option)
    from app.exchange.origins import OriginTerms
    from app.fields.limits import LONGEST_SLUG
    from app.parsing.slugs import is_slug

    if origin is not None and not is_slug(origin, LONGEST_SLUG):
        raise typer.BadParameter("a slug has a-z first, then a-z, 0-9, - or _, at most 60", param_hint="--origin")
    terms = OriginTerms(origin_name, origin_home_page, origin_licence, origin_attribution)
    if of_areas:
        moment = None if valid_from is None else _moment(valid_from)

        from app.exchange.territory.importing import TerritoryOptions

        _import_areas(files, format_, TerritoryOptions(public, update, accept_repairs, origin, moment, terms))
        return
    if public and review:
        raise typer.BadParameter("means drafts, and --public publishes them", param_hint="--review")

    from app.exchange.importing import ImportOptions

    options = ImportOptions(
        format=format_, public=public, update=update, origin=origin, terms=terms, refusals=refusals, review=review
    )
    _import_events(files, options)


def _import_events(files: list[Path], options: ImportOptions) -> None:
    from app.exchange.importing import import_files
    from app.exchange.report_table import file_progress, print_report

    settings, theatre = installation()
    with opened(settings) as engines, file_progress(files) as advance:
        report = import_files(engines.importing, theatre, files, options, advance=advance)
    print_report(report, public=options.public)


def _import_areas(files: list[Path], format_: str, options: TerritoryOptions) -> None:
    from app.exchange.territory.importing import import_territory
    from app.exchange.territory.report_table import file_progress, print_report

    settings, theatre = installation()
    with opened(settings) as engines, file_progress(files) as advance:
        report = import_territory(engines.importing, theatre, files, format_, options, advance=advance)
    print_report(report, public=options.public)
    if report.refused:
        sys.exit(EXIT_BAD_INPUT)


def _moment(text: str) -> dt.datetime:
    """Parse a UTC day, which means its first moment, or a date and time."""
    from app.parsing.days import parse_time, start_of

    try:
        return start_of(parse_time(text))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--valid-from") from None


def main() -> None:
    """Run the command line; what a person can mend is told in a sentence."""
    try:
        app()
    except UserError as error:
        fail(error.message(), error.status)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        told = explain_library_error(error)
        if told is None:
            raise
        fail(told)


def explain_library_error(error: Exception) -> str | None:
    """Say in a sentence what an error of a library means that a person can mend; None when it means none."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        faults = [f"{setting_name(str(fault['loc'][0]))}: {fault['msg']}" for fault in error.errors()]
        return "\n".join([*faults, "A setting cannot be used; docs/settings.md lists them."])

    import psycopg
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError | psycopg.Error):
        logging.getLogger("frontline").debug("database", exc_info=error)
        return explain_database_error(error)
    return None


def setting_name(field: str) -> str:
    """Give the variable that a setting is read from."""
    from app.settings import Settings

    known = Settings.model_fields.get(field)
    alias = known.validation_alias if known else None
    return alias if isinstance(alias, str) else field if field.isupper() else f"FRONTLINE_{field.upper()}"


def explain_database_error(error: DBAPIError | psycopg.Error) -> str:
    """Say in a sentence what ails the database, and what to do."""
    cause = getattr(error, "orig", error)
    lines = str(cause).strip().splitlines()
    first = lines[0] if lines else "no answer"
    state = getattr(cause, "sqlstate", None) or ""
    if state == "53100":
        return f"The disk of the database is full, and nothing was changed: {first}. Make room, then try again."
    if state in {"42P01", "3F000", "42703"}:
        return f"The database has not the schema of this code: {first}. Run: frontline migrate"
    if state == "42501":
        return (
            f"The database does not allow it: {first}. `frontline migrate` grants the rights; the first time it needs"
            " a superuser in DATABASE_OWNER_URL, to create the extensions."
        )
    if state == "55P03":
        return "Another program holds what is to be changed. Wait until it has ended, then try again."
    if state.startswith(("08", "28", "3D", "53", "57")) or not state:
        return f"The database does not answer: {first}. Check DATABASE_URL, and that the server runs."
    return f"The database refused: {first} ({state}). Nothing was changed. FRONTLINE_DEBUG=1 shows where."


def fail(message: str, status: int = 1) -> None:
    """Say what is wrong, and end with a status that says so."""
    if os.environ.get("FRONTLINE_DEBUG"):
        raise
    say(message)
    sys.exit(status)


if __name__ == "__main__":
    main()
