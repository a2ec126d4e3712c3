"""The commands that change the database, as a person runs them: results, statuses, words without a
traceback.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app.exchange import events_files
from app.exchange.formats import AREA_FORMATS, EVENT_FORMATS
from app.exchange.territory import preparing
from app.settings import PROJECT_DIRECTORY
from tests.cli.in_process import frontline
from tests.conftest import LONG_TIMEOUTS_ENVIRONMENT, cloned

if TYPE_CHECKING:
    from app.database.embedded import EmbeddedCluster
    from app.database.engines import DatabaseUrls

HEADER = "id,date,lat,lon,side,text,urls"
ROW = "1,2025-07-21,48.25,37.13,ru,Tank hit near Zvirove,https://x.com/a/status/7"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `frontline` in the test's directory with nothing set but what is given."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        ours = {"FRONTLINE_DATA_DIR": str(tmp_path / "var"), "COLUMNS": "200"}
        return frontline(*arguments, env=inherited | LONG_TIMEOUTS_ENVIRONMENT | ours | environment)

    return run


def url_of(urls: DatabaseUrls) -> dict[str, str]:
    return {"DATABASE_URL": urls.app, "DATABASE_OWNER_URL": urls.owner, "DATABASE_PUBLIC_URL": urls.public}


def assert_ended(done: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in done.stderr + done.stdout


def test_import_accounts_for_every_row(run: Run, database: DatabaseUrls, tmp_path: Path) -> None:
    (tmp_path / "footage.csv").write_text(f"{HEADER}\n{ROW}\n{ROW.replace('1,', '2,', 1).replace('48.25', '8.25')}\n")
    command = ("import", "footage.csv", "--format", "events-csv", "--origin", "desk")
    done = run(*command, "--public", "--origin-licence", "CC BY 4.0", **url_of(database))
    assert_ended(done, 0, "2  rows read", "1  added", "1  refused", "lost its first digit", "footage.refused.csv")
    assert (tmp_path / "footage.refused.csv").read_text().startswith("line,field,value,reason")
    again = run(*command, **url_of(database))
    assert_ended(again, 0, "1  already imported, unchanged", "1  refused")
    engine = create_engine(database.public)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM frontline.public_event")) == 1
    engine.dispose()


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("import", "absent.csv", "--format", "events-csv", "--origin", "desk"), 2, "there is no such file"),
        (("import", "bad.csv", "--format", "events-csv", "--origin", "desk"), 2, "lacks the columns"),
        (("import", ".", "--format", "events-csv", "--origin", "desk"), 2, "is a directory"),
        (("import", "good.csv", "--format", "shapefile"), 2, "events-csv, events-geojson"),
        (("import", "good.csv"), 2, "--format"),
        (("import", "--format", "events-csv"), 2, "FILE"),
        (("import", "good.csv", "--format", "events-csv", "--origin", "The Desk"), 2, "--origin"),
        (("import", "good.csv", "--format", "events-csv", "--origin", "desk", "--public"), 1, "--origin-licence"),
    ],
)
def test_what_cannot_be_imported_is_reported_in_a_sentence(
    run: Run, worker_database: DatabaseUrls, tmp_path: Path, arguments: tuple[str, ...], status: int, message: str
) -> None:
    (tmp_path / "good.csv").write_text(f"{HEADER}\n{ROW}\n")
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    assert_ended(run(*arguments, **url_of(worker_database)), status, message)


def test_the_demo_comes_once(run: Run, database: DatabaseUrls) -> None:
    assert_ended(run("demo", **url_of(database)), 0, "Added 5 events")
    assert_ended(run("demo", **url_of(database)), 0, "already loaded")


def test_a_database_without_the_schema_says_what_to_do(run: Run, cluster: EmbeddedCluster) -> None:
    with cloned(cluster, "frontline") as urls:
        assert_ended(run("demo", **url_of(urls)), 1, "frontline migrate")
        assert_ended(run("migrate", **url_of(urls)), 0, "from empty to")
        assert_ended(run("migrate", **url_of(urls)), 0, "is at revision")
        assert_ended(run("demo", **url_of(urls)), 0, "Added 5 events")


def test_check_names_what_differs_and_migrate_says_what_it_repaired(run: Run, database: DatabaseUrls) -> None:
    assert_ended(run("check", **url_of(database)), 0, "The database matches this version.")
    engine = create_engine(database.owner)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE frontline.event DISABLE TRIGGER before_1_apply_policy"))
        connection.execute(text("DROP INDEX frontline.ix_event_newest_first"))
    engine.dispose()
    checked = run("check", **url_of(database))
    assert checked.returncode == 1
    assert checked.stdout.splitlines() == [
        "The trigger event.before_1_apply_policy is disabled.",
        "There is no index event.ix_event_newest_first.",
    ]
    assert_ended(run("migrate", **url_of(database)), 0, "enabled trigger event.before_1_apply_policy: it was disabled")
    checked = run("check", **url_of(database))
    assert (checked.returncode, checked.stdout) == (1, "There is no index event.ix_event_newest_first.\n")


def test_check_of_a_database_without_the_schema_says_what_to_do(run: Run, cluster: EmbeddedCluster) -> None:
    with cloned(cluster, "frontline") as urls:
        assert_ended(run("check", **url_of(urls)), 1, "revision none", "Run: frontline migrate")


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL": "mysql://a@b/c"}, "DATABASE_URL must look like"),
        ({"DATABASE_URL": "postgresql://a:secret@127.0.0.1:1/none"}, "Cannot connect to the database"),
        ({"DATABASE_URL": "postgresql:///frontline?host=/nowhere"}, "Cannot connect to the database"),
        ({"FRONTLINE_THEATRE": "absent.toml"}, "absent.toml"),
        ({"PORT": "many"}, "PORT"),
        ({"FRONTLINE_READ_TIMEOUT_SECONDS": "-1"}, "FRONTLINE_READ_TIMEOUT_SECONDS"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(run: Run, environment: dict[str, str], message: str) -> None:
    done = run("demo", **environment)
    assert_ended(done, 1, message)
    assert "secret" not in done.stderr


def test_a_database_without_its_extensions_says_who_can_make_them(run: Run, cluster: EmbeddedCluster) -> None:
    with cloned(cluster, "template0") as urls:
        assert_ended(run("migrate", **url_of(urls)), 1, "superuser in DATABASE_OWNER_URL")


def test_a_role_that_may_not_write_is_reported(run: Run, worker_database: DatabaseUrls) -> None:
    public = make_url(worker_database.public).render_as_string(hide_password=False)
    assert_ended(run("demo", DATABASE_URL=public), 1, "has no permission")


def test_the_formats_that_help_names_are_those_that_can_be_read() -> None:
    assert tuple(events_files.FORMATS) == EVENT_FORMATS
    assert tuple(preparing.FORMATS) == AREA_FORMATS


def test_help_and_refusals_load_nothing_that_they_do_not_need() -> None:
    """Runs in a separate process, because this one has imported everything."""
    heavy = ("fastapi", "sqlalchemy", "psycopg", "alembic", "pydantic", "numpy", "shapely", "uvicorn")
    code = f"import sys, app.cli; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT_DIRECTORY, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")
