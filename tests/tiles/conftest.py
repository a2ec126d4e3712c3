"""Fixtures for tests of tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import load_demo_into

if TYPE_CHECKING:
    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre


@pytest.fixture
def demo_copy(database: DatabaseUrls, theatre: Theatre) -> DatabaseUrls:
    """A database with the demo that a test may change."""
    load_demo_into(database, theatre)
    return database
