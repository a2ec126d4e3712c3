"""docs/database.md lists the triggers, functions, views and roles of the live database, and no
others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import text

from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from sqlalchemy import Connection

DOCUMENT = (PROJECT_DIRECTORY / "docs" / "database.md").read_text("utf-8")
EVENTS = {4: "INSERT", 16: "UPDATE", 8: "DELETE", 32: "TRUNCATE"}

TRIGGERS = text("""
    SELECT c.relname AS table, t.tgname AS name, t.tgtype AS bits, t.tgdeferrable AND t.tginitdeferred AS deferred,
        ARRAY(
            SELECT a.attname::text FROM unnest(t.tgattr) WITH ORDINALITY AS of(number, place)
            JOIN pg_attribute a ON a.attrelid = t.tgrelid AND a.attnum = of.number ORDER BY of.place
        ) AS columns
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = 'frontline'::regnamespace AND NOT t.tgisinternal
""")


class Row(NamedTuple):
    """A table row of the document: the names in the first cell, and the other cells."""

    names: list[str]
    cells: list[str]


def section(title: str) -> str:
    """Returns the text under a heading, up to the next heading of the same level."""
    rank = title.partition(" ")[0]
    _, _, rest = DOCUMENT.partition(f"\n{title}\n")
    return re.split(rf"^#{{2,{len(rank)}}} ", rest, flags=re.MULTILINE)[0]


def rows(part: str) -> list[Row]:
    """Returns the rows of the tables in a section, without headers."""
    found = []
    for line in re.findall(r"^\| (`.+) \|$", part, flags=re.MULTILINE):
        first, *others = line.split(" | ")
        found.append(Row(re.findall(r"`([^`]+)`", first), others))
    return found


def documented_triggers() -> dict[tuple[str, str], Row]:
    tables = re.findall(r"^### (\w+)$", section("## Triggers"), flags=re.MULTILINE)
    return {(table, name): row for table in tables for row in rows(section(f"### {table}")) for name in row.names}


def moment(bits: int, *, deferred: bool, columns: list[str]) -> str:
    """Describes when a trigger fires, in the form of the document."""
    events = [name for bit, name in EVENTS.items() if bits & bit]
    listed = f"{', '.join(events[:-1])} or {events[-1]}" if len(events) > 1 else events[0]
    of = f" of {', '.join(columns)}" if columns else ""
    timing = "at commit after" if deferred else "before" if bits & 2 else "after"
    return f"{timing} {listed}{of}, each {'row' if bits & 1 else 'statement'}"


def test_the_document_lists_every_trigger_with_its_moment_and_a_purpose(connection: Connection) -> None:
    live = {(row.table, row.name): row for row in connection.execute(TRIGGERS)}
    documented = documented_triggers()
    assert documented.keys() == live.keys()
    for (table, _), row in documented.items():
        bits = 0
        for name in row.names:
            bits |= live[table, name].bits
        one = live[table, row.names[0]]
        assert row.cells[0] == moment(bits, deferred=one.deferred, columns=one.columns), (table, row.names)
        assert len(row.cells[1]) > 10, (table, row.names)


def test_the_name_of_a_trigger_says_when_it_fires_and_in_what_order(connection: Connection) -> None:
    """PostgreSQL fires triggers of the same event in the order of their names, hence the number."""
    purposes: dict[tuple[str, str], set[str]] = {}
    for row in connection.execute(TRIGGERS):
        if row.deferred:
            assert row.name.startswith("at_commit_"), row
            continue
        timing, number, purpose = re.fullmatch(
            r"(before|after_(?:insert|update|delete|truncate|write))_(\d)_(\w+)", row.name
        ).groups()  # type: ignore[union-attr]
        events = [name.lower() for bit, name in EVENTS.items() if row.bits & bit]
        assert timing == ("before" if row.bits & 2 else "after_write" if len(events) > 1 else f"after_{events[0]}"), row
        purposes.setdefault((timing.partition("_")[0], number), set()).add(purpose)
    assert {key: len(names) for key, names in purposes.items()} == dict.fromkeys(purposes, 1)


def test_the_embargo_is_set_before_the_release_is(connection: Connection) -> None:
    names = sorted(row.name for row in connection.execute(TRIGGERS) if row.table == "event" and row.bits & 2)
    assert [name[9:] for name in names] == [
        "check_dates",
        "apply_policy",
        "check_publication_step",
        "require_second_person",
        "set_released_at",
        "increment_version",
        "refuse_deletion",
    ]


def test_the_document_lists_every_function_view_and_role(connection: Connection) -> None:
    for title, question in (
        ("## Functions", "SELECT proname FROM pg_proc WHERE pronamespace = 'frontline'::regnamespace"),
        ("## Views", "SELECT viewname FROM pg_views WHERE schemaname = 'frontline'"),
        ("## Roles", "SELECT rolname FROM pg_roles WHERE rolname LIKE 'frontline\\_%'"),
    ):
        listed = [name for row in rows(section(title)) for name in row.names]
        assert sorted(listed) == sorted(connection.scalars(text(question))), title
