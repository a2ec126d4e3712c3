"""The class of a source in imports: it is stored, filled in where it is missing, and never
overwritten.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.exchange.test_import_csv import listed
from tests.exchange.test_import_geojson import collection, feature

if TYPE_CHECKING:
    from app.exchange.importing import Report
    from tests.exchange.conftest import Import, Rows

HEADER = "src,id,date,lat,lon,text,urls,geolocation_url,source_class"
ONE, TWO, THREE = "https://t.me/a/1", "https://t.me/b/2", "https://t.me/c1/3"
CLASSES = "SELECT coalesce(canonical_url, name), source_class FROM frontline.source ORDER BY 1"
ALLOWED = "party, state_affiliated, independent, unknown"


def row(
    urls: str, given_class: str, *, number: int = 1, text: str = "Tank hit", proofs: str = "", src: str = "map"
) -> str:
    return f"{src},{number},2025-07-21,48.{number},37.13,{text},{urls},{proofs},{given_class}\n"


@pytest.fixture
def import_rows(import_text: Import) -> Import:
    """Imports rows under the header above."""

    def import_rows(*rows: str, **options: Any) -> Report:
        return import_text(f"{HEADER}\n{''.join(rows)}", **options)

    return import_rows


@pytest.mark.parametrize(
    ("urls", "given_class", "classes"),
    [
        (f"{ONE} {TWO}", "", ["unknown", "unknown"]),
        (f"{ONE} {TWO}", "party", ["party", "party"]),
        (f"{ONE} {TWO}", "party independent", ["party", "independent"]),
        (f"{ONE} {TWO}", "unknown  state_affiliated", ["unknown", "state_affiliated"]),
        # Copies of one post, and links that the public cannot open, count as links.
        (f"{ONE} {ONE}?single {TWO}", "party unknown independent", ["party", "independent"]),
        (f"{ONE} {ONE}?single {TWO}", "unknown party independent", ["party", "independent"]),
        (f"{ONE} https://t.me/c/1/2 {TWO}", "party party independent", ["party", "independent"]),
    ],
)
def test_one_class_for_all_links_or_one_for_each_link(
    import_rows: Import, rows: Rows, urls: str, given_class: str, classes: list[str]
) -> None:
    assert import_rows(row(urls, given_class)).outcomes == {"added": 1}
    assert rows(CLASSES) == list(zip((ONE, TWO), classes, strict=True))


def test_proof_links_have_no_class(import_rows: Import, rows: Rows) -> None:
    import_rows(row(ONE, "party", proofs=f"{ONE} {TWO}"))
    assert rows(CLASSES) == [(ONE, "party"), (TWO, "unknown")]


@pytest.mark.parametrize(
    ("urls", "given_class", "value", "reason"),
    [
        (ONE, "partisan", "partisan", f"Must be one of: {ALLOWED}."),
        (f"{ONE} {TWO}", "party Independent", "Independent", f"Must be one of: {ALLOWED}."),
        ("", "partisan", "partisan", f"Must be one of: {ALLOWED}."),
        (
            f"{ONE} {TWO} {THREE}",
            "party independent",
            "party independent",
            "There are 2 values for 3 links in `urls`. Give one for all, or one for each.",
        ),
        (
            "",
            "party party",
            "party party",
            "There are 2 values for 0 links in `urls`. Give one for all, or one for each.",
        ),
        (
            f"{ONE} {ONE}?single",
            "party independent",
            "independent",
            "The row also says `party` about the same source.",
        ),
    ],
)
def test_unknown_or_ambiguous_class_refuses_the_row(
    import_rows: Import, rows: Rows, urls: str, given_class: str, value: str, reason: str
) -> None:
    assert import_rows(row(urls, given_class)).outcomes == {"refused": 1}
    (line,) = listed()
    assert (line["field"], line["value"], line["reason"]) == ("source_class", value, reason)
    assert rows(CLASSES) == []


def test_class_without_links_is_listed(import_rows: Import) -> None:
    report = import_rows(row("", "party"))
    assert report.outcomes == {"added": 1}
    (line,) = listed()
    assert (line["field"], line["value"], line["outcome"]) == ("source_class", "party", "accepted")
    assert report.remarks == {line["reason"]: 1}


def test_later_row_fills_in_a_missing_class(import_rows: Import, rows: Rows) -> None:
    assert not import_rows(row(ONE, "", number=1), row(ONE, "party", number=2)).remarks
    assert rows(CLASSES) == [(ONE, "party")]
    # An import of another origin also fills it in, without `--update`.
    import_rows(row(TWO, "", number=3))
    assert import_rows(row(TWO, "independent", src="other")).outcomes == {"added": 1}
    assert rows(CLASSES) == [(ONE, "party"), (TWO, "independent")]


def test_different_class_is_listed_and_not_stored(import_rows: Import, rows: Rows) -> None:
    import_rows(row(ONE, "party"))
    report = import_rows(row(f"{ONE} {TWO}", "independent", src="other"), row(ONE, "", number=2, text="Truck hit"))
    assert report.outcomes == {"added": 2}
    assert rows(CLASSES) == [(ONE, "party"), (TWO, "independent")]
    (line,) = listed()
    reason = "the source has `party` in the database, `independent` in the file: not changed"
    assert (line["line"], line["id"], line["field"]) == ("2", "1", "source_class")
    assert (line["value"], line["reason"], line["outcome"]) == (f"independent ({ONE})", reason, "accepted")
    assert report.remarks == {reason: 1}


def test_conflicting_classes_of_a_new_source_are_listed(import_rows: Import, rows: Rows) -> None:
    report = import_rows(row(ONE, "party"), row(ONE, "independent", number=2, text="Truck hit"))
    assert report.outcomes == {"added": 2}
    assert rows(CLASSES) == [(ONE, "party")]
    assert [line["line"] for line in listed()] == ["3"]


def test_row_with_added_class_is_reported_and_updated(import_rows: Import, rows: Rows) -> None:
    import_rows(row(ONE, ""))
    assert import_rows(row(ONE, "unknown")).outcomes == {"unchanged": 1}
    assert import_rows(row(ONE, "party")).outcomes == {"changed": 1}
    assert rows(CLASSES) == [(ONE, "unknown")], "nothing is written without --update"
    assert import_rows(row(ONE, "party"), update=True).outcomes == {"updated": 1}
    assert rows(CLASSES) == [(ONE, "party")]
    assert import_rows(row(ONE, "party"), update=True).outcomes == {"unchanged": 1}

    report = import_rows(row(ONE, "independent"), update=True)
    assert report.outcomes == {"updated": 1}
    assert rows(CLASSES) == [(ONE, "party")]
    assert report.remarks.total() == len(listed()) == 1


def test_geojson_has_a_class_for_each_source(import_text: Import, rows: Rows) -> None:
    sources = [
        {"kind": "report", "url": ONE, "source_class": "party"},
        {"kind": "report", "url": TWO, "source_class": None},
        {"kind": "statement", "name": "A spokesman", "source_class": "state_affiliated"},
        # Imported once more, now with a class.
        {"kind": "report", "url": TWO, "source_class": "independent"},
    ]
    assert import_text(collection(feature(sources=sources, claims=[])), "events-geojson").outcomes == {"added": 1}
    assert rows(CLASSES) == [("A spokesman", "state_affiliated"), (ONE, "party"), (TWO, "independent")]


@pytest.mark.parametrize(
    ("sources", "path", "value"),
    [
        ([{"kind": "report", "url": ONE, "source_class": "partisan"}], "sources[0].source_class", "partisan"),
        ([{"kind": "report", "url": ONE, "source_class": 1}], "sources[0].source_class", "1"),
        (
            [
                {"kind": "report", "url": ONE, "source_class": "party"},
                {"kind": "report", "url": f"{ONE}?single", "source_class": "independent"},
            ],
            "sources[1].source_class",
            "independent",
        ),
    ],
)
def test_invalid_or_contradictory_geojson_class_is_refused(
    import_text: Import, sources: list[dict[str, Any]], path: str, value: str
) -> None:
    import_text(json.dumps(feature(sources=sources, claims=[])), "events-geojson")
    (line,) = listed()
    assert (line["field"], line["value"], line["outcome"]) == (path, value, "refused")
    assert "party" in line["reason"]


def test_class_of_a_named_source_is_filled_in_within_its_origin(import_text: Import, rows: Rows) -> None:
    def named(number: int, given_class: str | None) -> dict[str, Any]:
        source = {"kind": "statement", "name": "A spokesman", "source_class": given_class}
        return feature(id=f"n{number}", happened_from=f"2025-07-1{number}", sources=[source], claims=[])

    import_text(collection(named(1, None)), "events-geojson")
    report = import_text(collection(named(2, "party"), named(3, "independent")), "events-geojson")
    assert report.outcomes == {"added": 2}
    assert rows(CLASSES) == [("A spokesman", "party")]
    assert [line["value"] for line in listed()] == ["independent (A spokesman)"]
