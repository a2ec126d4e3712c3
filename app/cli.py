"""The command `frontline`."""

from __future__ import annotations

import datetime as dt
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import account_cli
from app.accounts.administration import AccountRefused
from app.database.embedded import EmbeddedDatabaseError
from app.database.engines import DatabaseUrlError, database_urls
from app.database.migrations import head_revision, upgrade
from app.derived.line_history import bring_up_to_date
from app.derived.points import fold_tallies, rebuild_points
from app.exchange.demo import DemoError, load_demo
from app.exchange.demo.synthetic_load import MOST_EVENTS, load_synthetic
from app.exchange.events_csv import FileUnusable
from app.exchange.fields import ORIGIN_SLUG
from app.exchange.importing import FORMATS, ImportFailed, ImportOptions, import_files
from app.exchange.origins import OriginRefused, OriginTerms
from app.exchange.report_table import closing_table, counted_to, progress_over
from app.exchange.territory import report_table as territory_table
from app.exchange.territory.importing import TerritoryOptions, import_territory
from app.exchange.territory.preparing import FORMATS as TERRITORY_FORMATS
from app.http.parameters import day_start, parse_day, parse_moment
from app.models import Assessor
from app.publication.policy import bring_policy_up_to_date
from app.publication.release import forget_submissions, release_due
from app.secret import SecretError
from app.serve import ServeError, configure_logging
from app.serve import serve as serve_until_stopped
from app.settings import Settings
from app.terminal import opened, opened_as_owner, say
from app.theatre import Theatre, TheatreError, read_theatre

app = typer.Typer(
    help="Frontline: a map of a war's front line in time, from public reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
places = typer.Typer(help="The gazetteer.", no_args_is_help=True)
app.add_typer(places, name="places")
app.add_typer(account_cli.accounts, name="account")
app.command("switch")(account_cli.set_switch)

# What a person can mend: told in a sentence, without a traceback.
EXPECTED = (
    EmbeddedDatabaseError,
    DatabaseUrlError,
    SecretError,
    TheatreError,
    DemoError,
    ServeError,
    ImportFailed,
    OriginRefused,
    AccountRefused,
)
# The status of a command whose input cannot be used at all; typer ends with the same for options it does not know.
UNUSABLE = 2


def installation() -> tuple[Settings, Theatre]:
    """Read the settings and the theatre."""
    settings = Settings()
    return settings, read_theatre(settings.theatre)


@app.command()
def serve() -> None:
    """Serve the map. A private database is made, migrated and filled with the demo when there is none."""
    settings, theatre = installation()
    configure_logging(settings.log_level)
    serve_until_stopped(settings, theatre, say)


@app.command()
def migrate() -> None:
    """Bring the database to the schema of this code, as its owner."""
    settings = Settings()
    with database_urls(settings, say=say) as urls:
        before = upgrade(urls.owner)
    after = head_revision()
    say(
        f"The database is at revision {after}."
        if before == after
        else f"The database went from {before or 'empty'} to {after}."
    )


@app.command()
def demo(
    synthetic: Annotated[
        int | None,
        typer.Option(
            min=1, max=MOST_EVENTS, metavar="N", help="So many events that never happened instead, for measuring."
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Synthetic events: the same seed gives the same ones.")] = 42,
) -> None:
    """Put the demo into the database: five events of July 2025 around Pokrovsk."""
    settings, theatre = installation()
    if synthetic is not None:
        with opened_as_owner(settings) as engine, counted_to(synthetic, "events") as advance:
            bring_policy_up_to_date(engine, theatre)
            load_synthetic(engine, theatre, synthetic, seed, advance)
            fold_tallies(engine)
        say(f"Added {synthetic} synthetic events; the page says so.")
        return
    with opened(settings) as engines:
        added = load_demo(engines.importing, theatre)
    say(f"Added {added} events of the demo." if added else "The demo is there already.")


@app.command("release-due")
def release_due_command() -> None:
    """End the embargoes that are due, and delete the submissions whose time has come; a server does so by itself."""
    settings, theatre = installation()
    with opened(settings) as engines:
        bring_policy_up_to_date(engines.importing, theatre)
        released = release_due(engines.importing)
        forgotten = forget_submissions(engines.importing, retention_days=settings.submission_retention_days)
    say(
        f"Released {released.events} events and {released.assessments} assessments; deleted {forgotten} submissions."
        + (f" What is public is at number {released.number}." if released.number else "")
    )


@app.command()
def rebuild() -> None:
    """Make anew what is derived: the points and tallies that tiles are made of, and the history of the line."""
    settings, _ = installation()
    with opened(settings) as engines:
        points = rebuild_points(engines.importing)
        with Session(engines.importing) as session, session.begin():
            assessors = session.scalars(select(Assessor.slug).order_by(Assessor.slug)).all()
            for slug in assessors:
                bring_up_to_date(session, slug, anew=True)
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
            help=f"What the files are: events ({', '.join(FORMATS)}) or areas ({', '.join(TERRITORY_FORMATS)}).",
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
    if format_ not in FORMATS | TERRITORY_FORMATS:
        known = ", ".join((*FORMATS, *TERRITORY_FORMATS))
        raise typer.BadParameter(f"{format_!r} is none of {known}", param_hint="--format")
    of_areas = format_ in TERRITORY_FORMATS
    for option, given, fits in (
        ("--refusals", refusals, not of_areas),
        ("--review", review, not of_areas),
        ("--accept-repairs", accept_repairs, of_areas),
        ("--valid-from", valid_from, of_areas),
    ):
        if given and not fits:
            raise typer.BadParameter(f"means nothing to the format {format_}", param_hint=option)
    if origin is not None and not ORIGIN_SLUG.fullmatch(origin):
        raise typer.BadParameter("a slug has a-z first, then a-z, 0-9, - or _, at most 60", param_hint="--origin")
    terms = OriginTerms(origin_name, origin_home_page, origin_licence, origin_attribution)
    if of_areas:
        _import_areas(
            files, format_, TerritoryOptions(public, update, accept_repairs, origin, _moment(valid_from), terms)
        )
        return
    settings, theatre = installation()
    if public and review:
        raise typer.BadParameter("means drafts, and --public publishes them", param_hint="--review")
    options = ImportOptions(
        format=format_, public=public, update=update, origin=origin, terms=terms, refusals=refusals, review=review
    )
    with opened(settings) as engines, progress_over(files) as advance:
        report = import_files(engines.importing, theatre, files, options, advance=advance)
    closing_table(report, public=public)


def _import_areas(files: list[Path], format_: str, options: TerritoryOptions) -> None:
    settings, theatre = installation()
    with opened(settings) as engines, territory_table.progress_over(files) as advance:
        report = import_territory(engines.importing, theatre, files, format_, options, advance=advance)
    territory_table.closing_table(report, public=options.public)
    if report.refused:
        sys.exit(UNUSABLE)


def _moment(text: str | None) -> dt.datetime | None:
    """Read a UTC day, or a moment."""
    try:
        return None if text is None else parse_moment(text) if "T" in text.upper() else day_start(parse_day(text))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--valid-from") from None


def main() -> None:
    """Run the command line; what a person can mend is told in a sentence."""
    try:
        app()
    except EXPECTED as error:
        fail(str(error))
    except FileUnusable as error:
        fail(f"Nothing was imported: {error}", status=UNUSABLE)
    except ValidationError as error:
        for fault in error.errors():
            say(f"{setting_name(str(fault['loc'][0]))}: {fault['msg']}")
        fail("A setting cannot be used; README.md lists them.")
    except (DBAPIError, psycopg.Error) as error:
        logging.getLogger("frontline").debug("database", exc_info=error)
        fail(told_of_database(error))
    except KeyboardInterrupt:
        sys.exit(130)


def setting_name(field: str) -> str:
    """Give the variable that a setting is read from."""
    known = Settings.model_fields.get(field)
    alias = known.validation_alias if known else None
    return alias if isinstance(alias, str) else field if field.isupper() else f"FRONTLINE_{field.upper()}"


def told_of_database(error: DBAPIError | psycopg.Error) -> str:
    """Say in a sentence what ails the database, and what to do."""
    cause = error.orig if isinstance(error, DBAPIError) else error
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
