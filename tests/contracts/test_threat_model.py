"""The threat model names every table that keeps something about a person, and tests that exist."""

from __future__ import annotations

import re
from typing import Final

import app.models  # noqa: F401 - fills Base.metadata
from app.database.base import Base
from app.settings import PROJECT_DIRECTORY

TEXT: Final = (PROJECT_DIRECTORY / "docs/threat-model.md").read_text(encoding="utf-8")
# Columns that name or point to a member, a sender, or somebody in a report.
PERSONAL: Final = re.compile(
    r"(.*_)?(member_id|account_id|made_by|decided_by|submitted_by|published_by|withdrawn_by|set_aside_by)"
    r"|authors?|mentions|submitter_hash|tracking_hash|session_hash|token_hash|code_hash|password_hash|moments|party_id"
)


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_every_table_about_people_is_listed() -> None:
    personal = {
        table.name
        for table in Base.metadata.sorted_tables
        if any(PERSONAL.fullmatch(column.name) for column in table.columns)
    }
    listed = set(re.findall(r"`(\w+)`", section("What is kept about whom, and for how long")))
    assert {"account", "submission", "rate_count", "revision", "claim", "source"} <= personal
    assert personal - listed == set()


def test_every_defence_names_a_test() -> None:
    rows = [line for line in section("What defends it").splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 10
    for row in rows:
        tests = re.findall(r"`(tests/[\w./]+)`", row)
        assert tests, row
        assert all((PROJECT_DIRECTORY / test).is_file() for test in tests), row
