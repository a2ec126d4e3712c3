"""The digest of an imported row never changes for the fields of the first version.

An import compares `event.import_digest` to find out whether a row has changed since its last
import. If the digest of a row changed with our code, every row of every earlier import would be
reported as changed, and `--update` would overwrite the edits of members. The digests below were
computed before sources had a class (commit 30468cd) and must never change. A later field is part of
a digest only when the row contains it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import replace
from typing import Final

import pytest

from app.exchange.records import ClaimRecord, EventRecord, PlaceRecord, RecordColumns, SourceRecord
from app.fields import CLAIM, EVENT, SOURCE, Field

UTC: Final = dt.UTC
POINT: Final = "0101000020E61000000AD7A3703D9242400000000000204840"
PLAIN: Final = EventRecord(
    origin="map",
    origin_id="1",
    title="Tank hit",
    category="other",
    shape=POINT,
    happened_from=dt.datetime(2025, 7, 21, tzinfo=UTC),
    happened_to=dt.datetime(2025, 7, 22, tzinfo=UTC),
    time_precision="day",
    verification="geolocated",
)
FULL: Final = EventRecord(
    origin="other-map",
    origin_id="5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11",
    event_id=uuid.UUID("5f0c7d1e-6f0b-4a52-9d43-2f6a1f0f7c11"),
    title="Бій на дорозі — “E50”",
    description="Two lines.\nA 'quote', a \\ and a \t tab.",
    category="strike.drone",
    actor="ua",
    affected="ru",
    shape=POINT,
    precision_m=5000,
    happened_from=dt.datetime(2025, 7, 21, 6, 30, tzinfo=UTC),
    happened_to=dt.datetime(2025, 7, 21, 6, 31, 0, 250_000, tzinfo=UTC),
    time_precision="minute",
    time_inferred=True,
    verification="disputed",
    sensitivity=("civilians", "graphic"),
    sources=(
        SourceRecord(
            name="a",
            role="footage",
            canonical_url="https://x.com/i/status/7",
            given_url="https://twitter.com/a/status/7",
            platform="x",
            author="a",
        ),
        SourceRecord(
            name="Example",
            role="report",
            canonical_url="https://example.org/news",
            given_url="https://example.org/news",
            platform="web",
            publisher="Example",
            published_at=dt.datetime(2025, 7, 22, tzinfo=UTC),
            language="en",
            status="deleted",
            archive_url="https://web.archive.org/web/2025/https://example.org/news",
        ),
        SourceRecord(name="A spokesman", role="statement"),
    ),
    claims=(
        ClaimRecord(
            party="Staff",
            party_kind="general_staff",
            stance="denies",
            statement="No.",
            chain=("news", "staff"),
            stated_at=dt.datetime(2025, 7, 22, 9, tzinfo=UTC),
            source=2,
        ),
        ClaimRecord(party="Bloggers", party_kind="bloggers", stance="asserts", statement="Yes.", about="area"),
    ),
    places=(PlaceRecord(704422, "Pokrovsk"), PlaceRecord(None, "the road"), PlaceRecord(686799, None)),
)
RECORDS: Final = {
    "only what is required": PLAIN,
    "everything": FULL,
    "another zone": replace(
        PLAIN,
        happened_from=dt.datetime(2025, 7, 21, 3, tzinfo=dt.timezone(dt.timedelta(hours=3))),
        happened_to=dt.datetime(2025, 7, 22, 3, tzinfo=dt.timezone(dt.timedelta(hours=3))),
    ),
    "long ago": replace(
        PLAIN, happened_from=dt.datetime(1941, 6, 1, tzinfo=UTC), happened_to=dt.datetime(1941, 7, 1, tzinfo=UTC),
        time_precision="month",
    ),
    "a lone surrogate": replace(PLAIN, title="Tank \udcff hit"),
    "sources alone": replace(PLAIN, sources=FULL.sources),
    "claims alone": replace(PLAIN, claims=FULL.claims[1:]),
    "places alone": replace(PLAIN, places=FULL.places),
}  # fmt: skip
DIGESTS: Final = {
    "only what is required": "d727efc78e175376031071f6e1904c2c",
    "everything": "ffd901486e798f312a231292895b2645",
    "another zone": "d727efc78e175376031071f6e1904c2c",
    "long ago": "28a9bd923c35517842a3ca622527d4d8",
    "a lone surrogate": "906ff42c94fcc2fdc91b7bd5c3850f19",
    "sources alone": "155a7464fb0f1ab67f686907075b2c3f",
    "claims alone": "eec919db617518d651aa4ac487a53435",
    "places alone": "004b256ce171ee8dc0f137f88c3f8831",
}


@pytest.mark.parametrize("which", RECORDS)
def test_digest_of_a_row_without_later_fields_is_unchanged(which: str) -> None:
    assert RECORDS[which].digest().hex() == DIGESTS[which]


def test_fields_in_every_digest_are_the_original_ones() -> None:
    assert EVENT.names(digest="always") == (
        *("origin", "title", "description", "category", "actor", "affected", "shape", "precision_m", "happened_from"),
        *("happened_to", "time_precision", "time_inferred", "verification", "sensitivity"),
    )
    assert CLAIM.names(digest="always") == ("party", "party_kind", "stance", "statement", "about", "chain")
    assert SOURCE.names(digest="always") == ()


def test_later_field_changes_the_digest_only_if_present() -> None:
    first, *others = FULL.sources

    def digest(**facts: str) -> bytes:
        return replace(FULL, sources=(replace(first, facts=facts), *others)).digest()

    assert digest(source_class="unknown").hex() == DIGESTS["everything"], "the default value counts as absent"
    assert len({FULL.digest(), digest(source_class="party"), digest(source_class="independent")}) == 3
    moved = replace(others[0], facts={"source_class": "party"})
    assert replace(FULL, sources=(first, moved, others[1])).digest() != digest(source_class="party")


def test_later_field_of_each_record_is_part_of_its_digest() -> None:
    later = Field(name="unit", type="text", title="", help="", null=True, digest="given", importable=True, plain=True)
    seen = Field(
        name="seen_at", type="moment", title="", help="", null=True, digest="given", importable=True, plain=True
    )
    for fields, record in ((EVENT, FULL), (SOURCE, FULL.sources[0]), (CLAIM, FULL.claims[0])):
        columns = RecordColumns(type(record), (*fields.having(digest="given"), later, seen))
        assert columns.differing(record) == ()
        moment = dt.datetime(2025, 7, 21, tzinfo=UTC)
        record = replace(record, facts={"unit": "47th", "seen_at": moment})
        assert columns.differing(record) == (("unit", "47th"), ("seen_at", moment.timestamp()))


def test_every_import_field_has_a_reader() -> None:
    for fields, record in ((EVENT, FULL), (SOURCE, FULL.sources[0]), (CLAIM, FULL.claims[0])):
        attributes = {one.name for one in dataclasses.fields(record)}
        for field in fields.having(importable=True):
            assert (field.name in attributes) != field.plain, f"{fields.record}.{field.name}"
