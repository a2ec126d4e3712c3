"""docs/import.md and the readers agree about every column and property, in both directions."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

import pytest

from app.exchange.events_csv import COLUMNS, read_events_csv
from app.exchange.events_geojson import PROPERTIES, READ, read_events_geojson
from app.exchange.row_values import LONGEST_ID, LONGEST_SPELLING
from app.fields import CLAIM, EVENT, SOURCE, Field, Fields
from app.fields.words import SOURCE_ROLES
from app.settings import PROJECT_DIRECTORY
from tests.exchange.conftest import NOW
from tests.exchange.test_import_geojson import feature

if TYPE_CHECKING:
    from app.exchange.records import Row
    from app.theatre import Theatre

DOCUMENT: Final = PROJECT_DIRECTORY / "docs" / "import.md"
SOURCE_PROPERTIES: Final = frozenset(SOURCE.names(importable=True)) - {"canonical_url", "given_url"}
CSV_ROW: Final = {
    "id": "1", "src": "map", "lat": "48.25", "lon": "37.13", "date": "2025-07-21", "text": "Tank hit",
}  # fmt: skip


def table(heading: str) -> dict[str, str]:
    """Returns the rows of the table whose first column has this heading: the description of each
    name.
    """
    lines = DOCUMENT.read_text("utf-8").splitlines()
    start = lines.index(f"| {heading} | meaning |") + 2
    meanings: dict[str, str] = {}
    for line in lines[start:]:
        if not line.startswith("|"):
            break
        names, meaning = line.strip("| ").split(" | ", 1)
        for name in re.findall(r"`(\w+)`", names):
            assert name not in meanings
            meanings[name] = meaning
    return meanings


def words_in(meaning: str) -> list[str]:
    """Returns the values of a closed list in a table cell: the code spans, in order."""
    listed = max(re.findall(r"`\w+`(?:, `\w+`)+", meaning), key=len, default="")
    return re.findall(r"`(\w+)`", listed)


def limits_in(meaning: str) -> list[int]:
    """Returns the limits in a table cell."""
    numbers = re.findall(r"(?:at most|from|to) (\d+(?: \d{3})*)(?= characters| texts| to |[;,.]|$)", meaning)
    return [int(number.replace(" ", "")) for number in numbers]


def expected_limits(field: Field) -> list[int]:
    match field.type:
        case "number":
            return [limit for limit in (field.least, field.most) if limit is not None]
        case "text" | "texts":
            return [] if field.most is None else [field.most]
        case "url":
            return [field.most or 2_048]
        case _:
            return []


def check(meanings: dict[str, str], fields: Iterable[Field]) -> None:
    for field in fields:
        meaning = meanings[field.name]
        assert limits_in(meaning) == expected_limits(field), field.name
        assert words_in(meaning) == list(field.words), field.name


def importable(fields: Fields, *without: str) -> Iterator[Field]:
    return (field for field in fields.having(importable=True) if field.name not in without)


def test_csv_columns_match_the_document() -> None:
    meanings = table("column")
    assert meanings.keys() == COLUMNS
    check(meanings, importable(EVENT, "origin", "shape"))
    check(meanings, SOURCE.having(importable=True, plain=True))
    assert limits_in(meanings["text"]) == [EVENT["description"].most]
    assert limits_in(meanings["place"]) == [LONGEST_SPELLING]
    assert limits_in(meanings["id"]) == [LONGEST_ID]


def test_source_columns_and_event_columns_have_different_names() -> None:
    plain = set(SOURCE.names(importable=True, plain=True))
    assert not plain & set(EVENT.names(importable=True))


def test_geojson_properties_match_the_document() -> None:
    meanings = table("property")
    assert meanings.keys() == PROPERTIES
    assert {name for name, meaning in meanings.items() if meaning.startswith("ignored")} == (PROPERTIES - READ)
    check(meanings, importable(EVENT, "shape"))

    sources = table("property of a source")
    assert sources.keys() == SOURCE_PROPERTIES | {"id", "kind", "url"}
    check(sources, importable(SOURCE, "canonical_url", "given_url"))
    assert limits_in(sources["url"]) == expected_limits(SOURCE["given_url"])
    assert words_in(sources["kind"]) == list(SOURCE_ROLES)

    claims = table("property of a claim")
    assert claims.keys() == {*CLAIM.names(importable=True), "source_id"}
    check(claims, importable(CLAIM))

    assert limits_in(table("property of a place")["as_spelled"]) == [LONGEST_SPELLING]


def required_in(meanings: dict[str, str]) -> set[str]:
    return {name for name, meaning in meanings.items() if meaning.startswith("required")}


@pytest.mark.parametrize("name", sorted(CSV_ROW))
def test_required_columns_match_the_document(theatre: Theatre, name: str) -> None:
    def read(origin: str | None) -> Row:
        cells = CSV_ROW | {name: ""}
        lines = [",".join(cells) + "\n", ",".join(cells.values()) + "\n"]
        (row,) = read_events_csv(lines, theatre, origin=origin, now=NOW, report_unknown=lambda _: None)
        return row

    meaning = table("column")[name]
    if meaning.startswith("required"):
        assert read("map").refused
    elif "required unless" in meaning:
        assert read(None).refused
    else:
        assert read("map").record


def part_of(whole: dict[str, Any], heading: str) -> dict[str, Any]:
    properties: dict[str, Any] = whole["properties"]
    part: dict[str, Any] = {
        "property": properties,
        "property of a source": properties["sources"][0],
        "property of a claim": properties["claims"][0],
    }[heading]
    return part


@pytest.mark.parametrize("heading", ["property", "property of a source", "property of a claim"])
def test_required_properties_match_the_document(theatre: Theatre, heading: str) -> None:
    meanings = table(heading)
    whole = feature(id="a")
    whole["properties"]["claims"][0]["source_id"] = None
    needless = set()
    for name in meanings.keys() & part_of(whole, heading).keys():
        changed = copy.deepcopy(whole)
        del part_of(changed, heading)[name]
        rows = read_events_geojson(
            [json.dumps(changed)], theatre, origin="map", now=NOW, report_unknown=lambda names: None
        )
        if next(rows).record:
            needless.add(name)
    assert required_in(meanings) == (meanings.keys() & part_of(whole, heading).keys()) - needless
