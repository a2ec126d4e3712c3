"""Stored canonical links become NFC; sources that would become equal both stay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import create_engine, text

from app.database.migrations import downgrade, upgrade

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls

COMPOSED: Final = "https://example.org/%D0%B9"
DECOMPOSED: Final = "https://example.org/%D0%B8%CC%86"
# Before and after: the canonical link of each source, oldest first.
SOURCES: Final = [
    (f"{DECOMPOSED}/a", f"{COMPOSED}/a"),
    (f"{DECOMPOSED}/b", f"{DECOMPOSED}/b"),
    (f"{COMPOSED}/b", f"{COMPOSED}/b"),
    ("https://example.org/e%CC%81%CC%A3", "https://example.org/%E1%BA%B9%CC%81"),
    ("https://example.org/%C3%A9%CC%A3", "https://example.org/%C3%A9%CC%A3"),
    ("https://map.onion/%D0%B8%CC%86", "https://map.onion/%D0%B8%CC%86"),
    ("https://example.org/%C7%E2", "https://example.org/%C7%E2"),
    ("https://example.org/plain", "https://example.org/plain"),
]


def test_stored_links_become_nfc_and_no_source_is_lost(database: DatabaseUrls) -> None:
    downgrade(database.owner, "0011")
    engine = create_engine(database.owner)
    with engine.begin() as connection:
        for position, (before, _) in enumerate(SOURCES):
            connection.execute(
                text(
                    "INSERT INTO frontline.source (id, name, canonical_url, given_url, created_at)"
                    " VALUES (gen_random_uuid(), :name, :url, :url, timestamptz '2025-01-01 00:00Z'"
                    " + :days * interval '1 day')"
                ),
                {"name": str(position), "url": before, "days": position},
            )
    upgrade(database.owner)
    with engine.connect() as connection:
        after = connection.execute(
            text("SELECT canonical_url, given_url FROM frontline.source ORDER BY created_at")
        ).all()
    engine.dispose()
    assert [tuple(row) for row in after] == [(composed, given) for given, composed in SOURCES]
