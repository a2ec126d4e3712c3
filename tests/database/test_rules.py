"""The live rules match the scripts: differences are described, repaired and reported."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, create_engine, make_url, text

import app.models  # noqa: F401 - fills Base.metadata
from app.database.base import Base
from app.database.check import check_database, describe_rule_differences
from app.database.deployment import DependentError, OwnerError
from app.database.migrations import head_revision, upgrade
from app.database.rules import read_rules
from app.database.statements import read_statement
from tests.conftest import cloned

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.database.embedded import EmbeddedCluster
    from app.database.engines import DatabaseUrls

DISABLE_ONE = "ALTER TABLE frontline.event DISABLE TRIGGER before_2_check_publication_step"
FALSE_WHEN = """
    CREATE OR REPLACE TRIGGER before_3_require_second_person BEFORE UPDATE ON frontline.event FOR EACH ROW
    WHEN (NEW.state = 'published' AND false) EXECUTE FUNCTION frontline.require_second_person()
"""
OTHER_ARGUMENTS = """
    CREATE OR REPLACE TRIGGER after_update_4_record_revision AFTER UPDATE ON frontline.event
    REFERENCING OLD TABLE AS gone NEW TABLE AS made
    FOR EACH STATEMENT EXECUTE FUNCTION frontline.record_revisions('r.id', 'version')
"""
OTHER_MOMENT = """
    CREATE OR REPLACE TRIGGER before_5_increment_version BEFORE INSERT ON frontline.source
    FOR EACH ROW EXECUTE FUNCTION frontline.increment_version()
"""
OTHER_BODY = """
    CREATE OR REPLACE FUNCTION frontline.increment_version() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RETURN NEW; END $$
"""
STRAY_TRIGGER = """
    CREATE TRIGGER stray BEFORE INSERT ON frontline.event
    FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
"""

GROUPS = 6
# What somebody did, what `frontline check` says of it, and what `frontline migrate` says that it
# did.
TAMPERED = {
    "a trigger is disabled": (
        DISABLE_ONE,
        "The trigger event.before_2_check_publication_step is disabled.",
        "enabled trigger event.before_2_check_publication_step: it was disabled",
    ),
    "all triggers are disabled": (
        "ALTER TABLE frontline.event DISABLE TRIGGER USER",
        "The trigger event.after_update_2_mark_days_stale is disabled.",
        "enabled trigger event.after_update_2_mark_days_stale: it was disabled",
    ),
    "a trigger fires on replicas only": (
        "ALTER TABLE frontline.event ENABLE REPLICA TRIGGER before_1_apply_policy",
        "The trigger event.before_1_apply_policy is enabled on replicas only.",
        "enabled trigger event.before_1_apply_policy: it was enabled on replicas only",
    ),
    "foreign keys are disabled": (
        "ALTER TABLE frontline.event_source DISABLE TRIGGER ALL",
        "The foreign key event_source.fk_event_source_source_id_source is disabled.",
        "enabled foreign key event_source.fk_event_source_source_id_source",
    ),
    "the WHEN of a trigger is falsified": (
        FALSE_WHEN,
        "The trigger event.before_3_require_second_person differs: WHEN.",
        "replaced trigger event.before_3_require_second_person: its WHEN differed",
    ),
    "the arguments of a trigger are changed": (
        OTHER_ARGUMENTS,
        "The trigger event.after_update_4_record_revision differs: arguments.",
        "replaced trigger event.after_update_4_record_revision: its arguments differed",
    ),
    "the moment of a trigger is changed": (
        OTHER_MOMENT,
        "The trigger source.before_5_increment_version differs: moment.",
        "replaced trigger source.before_5_increment_version: its moment differed",
    ),
    "a trigger is dropped": (
        "DROP TRIGGER at_commit_require_two_voices ON frontline.source",
        "There is no trigger source.at_commit_require_two_voices.",
        "created trigger source.at_commit_require_two_voices",
    ),
    "a trigger is added": (
        STRAY_TRIGGER,
        "There is a trigger event.stray that this program does not have.",
        "dropped trigger event.stray",
    ),
    "the body of a function is changed": (
        OTHER_BODY,
        "The function increment_version() differs: body.",
        "replaced function increment_version(): its body differed",
    ),
    "the volatility of a function is changed": (
        "ALTER FUNCTION frontline.app_now() IMMUTABLE",
        "The function app_now() differs: volatility.",
        "replaced function app_now(): its volatility differed",
    ),
    "a function runs with the owner's rights": (
        "ALTER FUNCTION frontline.app_now() SECURITY DEFINER",
        "The function app_now() differs: security.",
        "replaced function app_now(): its security differed",
    ),
    "a function does not": (
        "ALTER FUNCTION frontline.record_revisions() SECURITY INVOKER",
        "The function record_revisions() differs: security.",
        "replaced function record_revisions(): its security differed",
    ),
    "the settings of a function are changed": (
        "ALTER FUNCTION frontline.record_revisions() SET search_path = public",
        "The function record_revisions() differs: settings.",
        "replaced function record_revisions(): its settings differed",
    ),
    "the cost of a function is changed": (
        "ALTER FUNCTION frontline.app_now() COST 7",
        "The function app_now() differs: definition.",
        "replaced function app_now(): its definition differed",
    ),
    "a function is added": (
        "CREATE FUNCTION frontline.stray(n integer) RETURNS integer LANGUAGE sql RETURN n",
        "There is a function stray(n integer) that this program does not have.",
        "dropped function stray(n integer)",
    ),
    "a function that reads a view, and a view that calls it": (
        "CREATE FUNCTION frontline.stray() RETURNS bigint LANGUAGE sql"
        " RETURN (SELECT count(*) FROM frontline.public_event);"
        "CREATE VIEW frontline.astray AS SELECT frontline.stray()",
        "There is a function stray() that this program does not have.",
        "dropped view astray",
    ),
    "a procedure is added": (
        "CREATE PROCEDURE frontline.stray() LANGUAGE sql AS 'SELECT 1'",
        "There is a function stray() that this program does not have.",
        "dropped function stray()",
    ),
    "an aggregate is added": (
        "CREATE AGGREGATE frontline.stray(integer) (SFUNC = int4pl, STYPE = integer)",
        "There is a function stray(integer) that this program does not have.",
        "dropped function stray(integer)",
    ),
    "a view is added": (
        "CREATE VIEW frontline.public_submission AS SELECT * FROM frontline.submission",
        "There is a view public_submission that this program does not have.",
        "dropped view public_submission",
    ),
    "a materialized view is added": (
        "CREATE MATERIALIZED VIEW frontline.stray AS SELECT id FROM frontline.public_event;"
        "CREATE INDEX ON frontline.stray (id)",
        "There is a view stray that this program does not have.",
        "dropped view stray",
    ),
    "a view shows more": (
        "CREATE OR REPLACE VIEW frontline.public_origin AS SELECT slug, name, home_page, licence, attribution,"
        " true AS has_events FROM frontline.origin",
        "The view public_origin differs: query.",
        "replaced view public_origin: its query differed",
    ),
    "a view reads with the reader's rights": (
        "ALTER VIEW frontline.public_origin SET (security_invoker = true)",
        "The view public_origin differs: options.",
        "replaced view public_origin: its options differed",
    ),
    "a rule is added": (
        "CREATE RULE stray AS ON DELETE TO frontline.event DO INSTEAD NOTHING",
        "There is a rule event.stray that this program does not have.",
        "dropped rule event.stray",
    ),
    "a policy of rows is added": (
        "CREATE POLICY stray ON frontline.event USING (false)",
        "There is a policy event.stray that this program does not have.",
        "dropped policy event.stray",
    ),
    "row security is switched on": (
        "ALTER TABLE frontline.event ENABLE ROW LEVEL SECURITY",
        "Table event has row security, which this program does not use.",
        "disabled row security of table event",
    ),
    "the public reads a table": (
        "GRANT SELECT ON frontline.submission TO frontline_public",
        "frontline_public has SELECT on table submission, which this program does not grant.",
        "revoked SELECT on table submission from frontline_public",
    ),
    "the public reads a column": (
        "GRANT SELECT (title, words) ON frontline.event TO frontline_public",
        "frontline_public has SELECT on column event.title, which this program does not grant.",
        "revoked SELECT on column event.title from frontline_public",
    ),
    "everybody reads a view": (
        "GRANT SELECT ON frontline.public_event TO PUBLIC",
        "everybody has SELECT on view public_event, which this program does not grant.",
        "revoked SELECT on view public_event from everybody",
    ),
    "the public may pass on what it reads": (
        "GRANT SELECT ON frontline.public_event TO frontline_public WITH GRANT OPTION",
        "frontline_public has SELECT with grant option on view public_event, which this program does not grant.",
        "revoked SELECT with grant option on view public_event from frontline_public",
    ),
    "the application writes the trail": (
        "GRANT UPDATE, DELETE ON frontline.revision TO frontline_app",
        "frontline_app has DELETE, UPDATE on table revision, which this program does not grant.",
        "revoked DELETE, UPDATE on table revision from frontline_app",
    ),
    "the application makes tables": (
        "GRANT CREATE ON SCHEMA frontline TO frontline_app",
        "frontline_app has CREATE on schema frontline, which this program does not grant.",
        "revoked CREATE on schema frontline from frontline_app",
    ),
    "a sequence can be set": (
        "GRANT UPDATE ON SEQUENCE frontline.place_name_id_seq TO frontline_app",
        "frontline_app has UPDATE on sequence place_name_id_seq, which this program does not grant.",
        "revoked UPDATE on sequence place_name_id_seq from frontline_app",
    ),
    "the public cannot read a view": (
        "REVOKE SELECT ON frontline.public_event FROM frontline_public",
        "frontline_public lacks SELECT on view public_event, which this program grants.",
        "granted SELECT on view public_event to frontline_public",
    ),
    "nobody may call a function": (
        "REVOKE EXECUTE ON FUNCTION frontline.app_now() FROM PUBLIC",
        "everybody lacks EXECUTE on function app_now(), which this program grants.",
        "granted EXECUTE on function app_now() to everybody",
    ),
    "the owner cannot write the trail": (
        "REVOKE INSERT ON frontline.revision FROM frontline_owner",
        "frontline_owner lacks INSERT on table revision, which this program grants.",
        "granted INSERT on table revision to frontline_owner",
    ),
}


@contextmanager
def connected(urls: DatabaseUrls) -> Iterator[Connection]:
    """An autocommit connection as superuser."""
    engine = create_engine(make_url(urls.owner).set(username="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def superuser(database: DatabaseUrls) -> Iterator[Connection]:
    with connected(database) as connection:
        yield connection


@pytest.fixture(scope="module")
def mended_database(cluster: EmbeddedCluster, template: str) -> Iterator[DatabaseUrls]:
    """A database for tests that restore it."""
    with cloned(cluster, template) as urls:
        yield urls


def differences(urls: DatabaseUrls) -> list[str]:
    return check_database(urls.owner, Base.metadata)


def rule_differences(connection: Connection) -> list[str]:
    connection.execute(text("BEGIN"))
    found = describe_rule_differences(connection)
    connection.execute(text("COMMIT"))
    return found


@pytest.mark.parametrize("group", range(GROUPS))
def test_manual_changes_are_described_repaired_and_reported(mended_database: DatabaseUrls, group: int) -> None:
    """Changes of one group touch different objects, so one migration repairs them together."""
    changes = list(TAMPERED.items())[group::GROUPS]
    messages: list[str] = []
    with connected(mended_database) as superuser:
        assert rule_differences(superuser) == []
        for _, (statement, _, _) in changes:
            superuser.execute(text(statement))
        described = rule_differences(superuser)
        assert upgrade(mended_database.owner, say=messages.append) == head_revision()
        for name, (_, description, repair) in changes:
            assert description in described, name
            assert repair in messages, name
        assert rule_differences(superuser) == []
    messages.clear()
    upgrade(mended_database.owner, say=messages.append)
    assert messages == []


def test_a_start_repairs_manual_changes_too(database: DatabaseUrls, superuser: Connection) -> None:
    for statement in (DISABLE_ONE, FALSE_WHEN):
        superuser.execute(text(statement))
        messages: list[str] = []
        upgrade(database.owner, unless_current=True, say=messages.append)
        assert len(messages) == 1
        assert differences(database) == []


def test_only_differences_are_reported(database: DatabaseUrls, superuser: Connection) -> None:
    superuser.execute(text(FALSE_WHEN))
    superuser.execute(text("GRANT SELECT ON frontline.submission TO frontline_public"))
    assert differences(database) == [
        "frontline_public has SELECT on table submission, which this program does not grant.",
        "The trigger event.before_3_require_second_person differs: WHEN.",
    ]
    messages: list[str] = []
    upgrade(database.owner, say=messages.append)
    assert messages == [
        "revoked SELECT on table submission from frontline_public",
        "replaced trigger event.before_3_require_second_person: its WHEN differed",
    ]


def test_a_start_without_differences_waits_for_nobody(database: DatabaseUrls, superuser: Connection) -> None:
    """Readers and writers hold these locks, which conflict with those of a deployment."""
    superuser.execute(text("BEGIN"))
    superuser.execute(text("LOCK TABLE frontline.event, frontline.origin IN ROW EXCLUSIVE MODE"))
    superuser.execute(text("LOCK TABLE frontline.public_event IN ACCESS SHARE MODE"))
    assert upgrade(database.owner, unless_current=True) == head_revision()
    assert differences(database) == []
    superuser.execute(text("ROLLBACK"))


def test_changed_scripts_are_deployed_and_reported_in_one_line(
    database: DatabaseUrls, superuser: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Changes of the program are counted; manual changes are listed one by one."""

    def changed(directory: Path, name: str) -> str:
        return read_statement(directory, name).replace(
            "NEW.version := OLD.version + 1", "NEW.version := OLD.version + 2"
        )

    superuser.execute(text(DISABLE_ONE))
    monkeypatch.setattr("app.database.deployment.read_statement", changed)
    assert differences(database) == [
        "The functions, views, triggers and grants are of another version of this program. Run: frontline migrate",
        "The trigger event.before_2_check_publication_step is disabled.",
    ]
    messages: list[str] = []
    upgrade(database.owner, unless_current=True, say=messages.append)
    assert messages == [
        "The rules of this version of the program: replaced 1 function.",
        "enabled trigger event.before_2_check_publication_step: it was disabled",
    ]
    assert differences(database) == []


def test_a_record_of_another_server_is_not_trusted(database: DatabaseUrls, superuser: Connection) -> None:
    superuser.execute(text("UPDATE frontline.rules_deployment SET server = 14"))
    assert differences(database)[0].startswith("The rules were deployed on PostgreSQL 14")
    messages: list[str] = []
    upgrade(database.owner, unless_current=True, say=messages.append)
    assert messages == []
    assert differences(database) == []


def test_migrate_trusts_no_record(database: DatabaseUrls, superuser: Connection) -> None:
    """A falsified record deceives a check, but not a migration."""
    superuser.execute(text(DISABLE_ONE))
    superuser.execute(
        text("""
            UPDATE frontline.rules_deployment SET rules = jsonb_set(
                rules, '{trigger event.before_2_check_publication_step,state}', '"disabled"'
            )
        """)
    )
    assert differences(database) == []
    messages: list[str] = []
    upgrade(database.owner, say=messages.append)
    assert messages == ["enabled trigger event.before_2_check_publication_step: it was disabled"]


def test_the_application_cannot_write_the_record(database: DatabaseUrls) -> None:
    engine = create_engine(database.app)
    with engine.connect() as connection:
        assert describe_rule_differences(connection) == []
        for privilege in ("INSERT", "UPDATE", "DELETE", "TRUNCATE"):
            question = text("SELECT has_table_privilege('frontline.rules_deployment', :privilege)")
            assert connection.scalar(question, {"privilege": privilege}) is False
    engine.dispose()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "CREATE SCHEMA reports; CREATE VIEW reports.daily AS SELECT * FROM frontline.public_event",
            "view reports.daily",
        ),
        (
            "ALTER TABLE frontline.party ALTER name SET DEFAULT frontline.app_now()::text",
            "default value for column name",
        ),
    ],
)
def test_objects_that_use_the_rules_are_not_dropped(
    database: DatabaseUrls, superuser: Connection, statement: str, named: str
) -> None:
    superuser.execute(text(statement))
    superuser.execute(text(DISABLE_ONE))
    with pytest.raises(DependentError, match=named):
        upgrade(database.owner)
    assert differences(database) == ["The trigger event.before_2_check_publication_step is disabled."]


def test_functions_of_extensions_stay(database: DatabaseUrls, superuser: Connection) -> None:
    superuser.execute(text("CREATE EXTENSION fuzzystrmatch WITH SCHEMA frontline"))
    messages: list[str] = []
    upgrade(database.owner, say=messages.append)
    assert messages == []
    assert superuser.scalar(text("SELECT frontline.levenshtein('a', 'b')")) == 1


def test_a_table_of_another_owner_is_named(database: DatabaseUrls, superuser: Connection) -> None:
    superuser.execute(text("ALTER TABLE frontline.place OWNER TO postgres"))
    assert "frontline.place belongs to postgres, not to the owner of the schema." in differences(database)
    with pytest.raises(OwnerError, match=r"place belongs to postgres"):
        upgrade(make_url(database.owner).set(username="postgres").render_as_string(hide_password=False))


@pytest.mark.parametrize("table", ["event", "alembic_version", "rules_deployment"])
def test_a_table_of_another_owner_is_named_before_it_is_used(
    database: DatabaseUrls, superuser: Connection, table: str
) -> None:
    """The owner of the schema can neither read such a table nor drop its triggers."""
    superuser.execute(text(f"ALTER TABLE frontline.{table} OWNER TO postgres"))
    triggers = text("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'frontline.event'::regclass")
    before = superuser.scalar(triggers)
    with pytest.raises(OwnerError, match=rf"frontline\.{table} belongs to postgres"):
        upgrade(database.owner)
    assert superuser.scalar(triggers) == before


def test_reading_the_rules_leaves_the_settings_of_the_session(superuser: Connection) -> None:
    superuser.execute(text("BEGIN"))
    superuser.execute(text("SET LOCAL search_path TO frontline, public"))
    rules = read_rules(superuser)
    assert superuser.scalar(text("SHOW search_path")) == "frontline, public"
    assert rules["trigger event.before_6_refuse_deletion"] == {
        "moment": "TRIGGER before_6_refuse_deletion BEFORE DELETE ON frontline.event",
        "WHEN": "((old.released_at IS NOT NULL))",
        "function": "frontline.refuse_deletion",
        "arguments": "",
        "definition": "CREATE TRIGGER before_6_refuse_deletion BEFORE DELETE ON frontline.event FOR EACH ROW"
        " WHEN ((old.released_at IS NOT NULL)) EXECUTE FUNCTION frontline.refuse_deletion()",
        "state": "enabled",
    }
    superuser.execute(text("ROLLBACK"))


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "ALTER TABLE frontline.party ADD COLUMN stray integer",
            "There is a column party.stray that this program does not have.",
        ),
        (
            "ALTER TABLE frontline.event DROP CONSTRAINT ck_event_title",
            "There is no check constraint event.ck_event_title.",
        ),
        ("DROP INDEX frontline.ix_event_newest_first", "There is no index event.ix_event_newest_first."),
        ("CREATE TABLE frontline.stray (n integer)", "There is a table stray that this program does not have."),
        (
            "ALTER TABLE frontline.party ALTER name DROP NOT NULL",
            "Column party.name has the nullable True, which should be False.",
        ),
        (
            "ALTER TABLE frontline.event_source DROP CONSTRAINT fk_event_source_source_id_source",
            "There is no foreign key event_source.fk_event_source_source_id_source.",
        ),
    ],
)
def test_tables_that_are_not_those_of_the_models_are_named(
    database: DatabaseUrls, superuser: Connection, statement: str, found: str
) -> None:
    superuser.execute(text(statement))
    assert found in differences(database)
