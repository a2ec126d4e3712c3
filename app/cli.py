"""The command `frontline`.

Each command imports what it needs when it runs: importing the whole application takes seconds, and
help, errors and most commands need little of it.
"""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from app import account_cli, import_cli
from app.errors import UserError
from app.exchange.formats import MOST_SYNTHETIC_EVENTS
from app.terminal import (
    configure_logging,
    exit_on_sigterm,
    open_database,
    open_database_as_owner,
    read_installation,
    ready_database,
    say,
)

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy.exc import DBAPIError

app = typer.Typer(
    help="Frontline: a map of a war's front line over time, from public reports.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
places = typer.Typer(help="Manage the gazetteer.", no_args_is_help=True)
app.add_typer(places, name="places")
app.add_typer(account_cli.accounts, name="account")
app.command("switch")(account_cli.set_switch)


@app.command()
def serve() -> None:
    """Serve the map. If there is no database, create an embedded one, migrate it and load the
    demo.
    """
    from app.listening import listening

    settings, theatre = read_installation()
    configure_logging(settings.log_level)
    exit_on_sigterm()
    with listening(settings.host, settings.port) as listener, ready_database(settings) as urls:
        # What is imported stays: looking for garbage in it would take a seventh of the time.
        gc.disable()
        from app.serve import serve as serve_until_stopped

        gc.enable()
        serve_until_stopped(settings, theatre, listener, urls, say)


@app.command()
def migrate() -> None:
    """Migrate the database to the schema of this version, as the database's owner.

    Replaces all functions, views, triggers and grants, and lists those that were different. Also
    lists events whose dates are not allowed.
    """
    from app.settings import Settings

    settings = Settings()

    from app.database.disk import Disk
    from app.database.engines import database_urls
    from app.database.migrations import head_revision, upgrade

    with database_urls(settings, say=say) as urls:
        before = upgrade(urls.owner, say=say, disk=Disk.of(urls.directory, settings.disk_reserve_mib))
    after = head_revision()
    say(
        f"The database is at revision {after}."
        if before == after
        else f"Migrated the database from {before or 'empty'} to {after}."
    )


@app.command()
def check() -> None:
    """Compare the database with this version and list every difference. Exit status 1 if there are
    differences.

    Changes nothing. `frontline migrate` repairs functions, views, triggers and grants. Also lists
    events whose dates are not allowed; they do not change the exit status.
    """
    from app.settings import Settings

    settings = Settings()

    from app.database.check import check_database
    from app.database.engines import database_urls
    from app.database.rows_to_correct import read_rows_to_correct
    from app.models import Base

    with database_urls(settings, say=say) as urls:
        differences = check_database(urls.owner, Base.metadata)
        to_correct = read_rows_to_correct(urls.owner)
    for line in [*differences, *to_correct]:
        typer.echo(line)
    if differences:
        sys.exit(1)
    say("The database matches this version.")


@app.command()
def demo(
    synthetic: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=MOST_SYNTHETIC_EVENTS,
            metavar="N",
            help="Load N invented events instead, for measurements.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="The seed of the invented events.")] = 42,
) -> None:
    """Load the demo: five events of July 2025 around Pokrovsk."""
    settings, theatre = read_installation()
    if synthetic is not None:
        from app.derived.points import fold_tallies
        from app.exchange.demo.synthetic_load import load_synthetic, needed_bytes
        from app.exchange.report_table import count_progress
        from app.publication.policy import update_policy

        with open_database_as_owner(settings) as (engine, disk), count_progress(synthetic, "events") as advance:
            disk.require(needed_bytes(synthetic), "loading of events")
            update_policy(engine, theatre)
            with disk.watch(engine, "loading of events"):
                load_synthetic(engine, theatre, synthetic, seed, advance)
                fold_tallies(engine)
        say(f"Added {synthetic} synthetic events. The map says that they are not real.")
        return

    from app.exchange.demo import load_demo

    with open_database(settings) as engines, engines.disk.watch(engines.importing, "demo"):
        added = load_demo(engines.importing, theatre)
    say(f"Added {added} events of the demo." if added else "The demo is already loaded.")


@app.command("release-due")
def release_due_command() -> None:
    """Publish what is due after an embargo, and delete old submissions. A running server does this
    by itself.
    """
    settings, theatre = read_installation()

    from app.geo.ground import ground_reader
    from app.publication.policy import update_policy
    from app.publication.release import delete_old_submissions, release_due

    with open_database(settings) as engines:
        update_policy(engines.importing, theatre)
        released = release_due(engines.importing, ground_reader(theatre))
        deleted = delete_old_submissions(engines.importing, retention_days=settings.submission_retention_days)
    say(
        f"Released {released.events} events and {released.assessments} assessments; deleted {deleted} submissions."
        + (f" The content revision is {released.number}." if released.number else "")
    )


@app.command()
def rebuild() -> None:
    """Rebuild derived tables: the points and counts for tiles, and the history of the front
    line.
    """
    settings, theatre = read_installation()

    from sqlalchemy import select
    from sqlalchemy.orm import Session

    from app.derived.line_history import update_line_history
    from app.derived.points import rebuild_points
    from app.geo.ground import ground_reader
    from app.models import Assessor

    with open_database(settings) as engines, engines.disk.watch(engines.importing, "rebuilding"):
        points = rebuild_points(engines.importing)
        with Session(engines.importing) as session, session.begin():
            assessors = session.scalars(select(Assessor.slug).order_by(Assessor.slug)).all()
            ground = ground_reader(theatre)
            for slug in assessors:
                update_line_history(session, slug, ground=ground, rebuild=True)
    say(f"Rebuilt the points of {points} events and the front lines of {len(assessors)} assessors.")


@places.command("load")
def load_gazetteer() -> None:
    """Load the gazetteer (GeoNames, CC BY 4.0): the theatre's country and its surroundings, with
    all spellings.
    """
    from app.places.load import load_places  # importing its package takes 400 MB, so only this command does

    settings, theatre = read_installation()
    with open_database(settings) as engines, engines.disk.watch(engines.importing, "loading of places"):
        loaded = load_places(engines.importing, theatre)
    say(f"Loaded {loaded.places} places with {loaded.spellings} spellings, {loaded.aliases} of them our own.")
    if loaded.aliases_unused:
        say(f"Skipped {loaded.aliases_unused} of our own spellings: their places are not in this gazetteer.")


app.command("import")(import_cli.import_command)


def main() -> None:
    """Runs the command line; prints errors that the user can correct as a message without a
    traceback.
    """
    try:
        app()
    except UserError as error:
        exit_with(error.message(), error.status)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        message = explain_library_error(error)
        if message is None:
            raise
        exit_with(message)


def explain_library_error(error: Exception) -> str | None:
    """Returns a message for an error of a library that the user can correct; None for any other
    error.
    """
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        messages = [f"{setting_name(str(one['loc'][0]))}: {one['msg']}" for one in error.errors()]
        return "\n".join([*messages, "Correct these settings. docs/settings.md lists all settings."])

    import psycopg
    from sqlalchemy.exc import DBAPIError

    if isinstance(error, DBAPIError | psycopg.Error):
        logging.getLogger("frontline").debug("database error", exc_info=error)
        return explain_database_error(error)
    return None


def setting_name(field: str) -> str:
    """Returns the name of the environment variable of a setting."""
    from app.settings import Settings

    known = Settings.model_fields.get(field)
    alias = known.validation_alias if known else None
    return alias if isinstance(alias, str) else field if field.isupper() else f"FRONTLINE_{field.upper()}"


def explain_database_error(error: DBAPIError | psycopg.Error) -> str:
    """Returns a message that names a database error and says what to do."""
    cause = getattr(error, "orig", error)
    lines = str(cause).strip().splitlines()
    first = lines[0] if lines else "no response"
    state = getattr(cause, "sqlstate", None) or ""
    if state == "53100":
        return f"The disk of the database is full: {first}. Nothing was changed. Free some space, then try again."
    if state in {"42P01", "3F000", "42703"}:
        return f"The database has another schema than this version: {first}. Run: frontline migrate"
    if state == "42501":
        return (
            f"The database role has no permission: {first}. Run `frontline migrate` to grant the rights. The first run"
            " needs a superuser in DATABASE_OWNER_URL, to create the extensions."
        )
    if state == "55P03":
        return "Another program has locked the data. Wait until it has ended, then try again."
    if state.startswith(("08", "28", "3D", "53", "57")) or not state:
        return f"Cannot connect to the database: {first}. Check DATABASE_URL, and that the server is running."
    return f"Database error: {first} ({state}). Nothing was changed. Set FRONTLINE_DEBUG=1 to see the traceback."


def exit_with(message: str, status: int = 1) -> None:
    """Prints an error message and exits with a status; with FRONTLINE_DEBUG, raises the error
    instead.
    """
    if os.environ.get("FRONTLINE_DEBUG"):
        raise
    say(message)
    sys.exit(status)


if __name__ == "__main__":
    main()
