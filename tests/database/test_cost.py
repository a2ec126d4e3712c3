"""The cost of a migration is reported before it starts; rebuilt derived data equals the old."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, make_url, text

from app.database.cost import Cost, describe_cost
from app.database.disk import Disk, DiskTooFull
from app.database.migrations import alembic_config, current_revision, downgrade, pending_costs, upgrade
from app.database.session import ReadWriteSession
from tests.builders import Builder

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from app.database.engines import DatabaseUrls


def test_every_new_migration_declares_its_cost() -> None:
    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    declared = {script.revision: getattr(script.module, "COST", None) for script in scripts}
    for revision, cost in declared.items():
        assert isinstance(cost, Cost) == (revision >= "0010"), revision


def test_only_pending_migrations_count() -> None:
    assert pending_costs("0009")[0].seconds_per_million_events > 0
    assert len(pending_costs("0009")) == len(pending_costs("0010")) + 1
    assert len(pending_costs(None)) == len(pending_costs("0009")) + 9


@pytest.mark.parametrize(
    ("events", "free", "expected"),
    [
        (
            120_000,
            5_300_000_000,
            "Updating the database with 120 000 events: about 7 seconds and 72 MB of disk"
            " (for a million events: 60 seconds and 600 MB). Free on its disk: 5.3 GB.",
        ),
        (
            10_000_000,
            5_300_000_000,
            "Updating the database with 10 000 000 events: about 10 minutes and 6.0 GB of disk"
            " (for a million events: 60 seconds and 600 MB). Free on its disk: 5.3 GB. That may not be enough.",
        ),
        (
            1,
            None,
            "Updating the database with 1 event: about 1 second and 0 MB of disk"
            " (for a million events: 60 seconds and 600 MB).",
        ),
    ],
)
def test_the_message_has_the_estimate_for_this_database(events: int, free: int | None, expected: str) -> None:
    assert describe_cost([Cost(20, 500), Cost(40, 100)], events, free) == expected


POINTS = text("SELECT to_jsonb(p) - 'ctid' FROM frontline.event_point p ORDER BY id, month")
TALLIES = text("SELECT to_jsonb(t) FROM frontline.event_tally t ORDER BY level, facet, cell, year")


def derived(connection: Connection) -> list[Row[tuple[object]]]:
    return [*connection.execute(POINTS), *connection.execute(TALLIES)]


def test_the_cost_is_reported_first_and_points_are_rebuilt_in_batches(database: DatabaseUrls) -> None:
    owner = create_engine(database.owner)
    with ReadWriteSession(owner) as session:
        build = Builder(session)
        for number in range(7):  # some of the same moment, which a part may end between
            build.event(
                f"Event {number}", happened=(f"2025-07-{20 + number // 3}", "2025-07-24"), verification="reported"
            )
        build.event(wkt="LINESTRING(37 48, 37.1 48.1)")
        build.event(state="draft")
    with owner.begin() as connection:
        connection.execute(text("SELECT frontline.tally()"))
        before = derived(connection)
    superuser = create_engine(make_url(database.owner).set(username="postgres"), isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{superuser.url.database}" SET frontline.points_batch = 2'))
    superuser.dispose()
    downgrade(database.owner, "0009")
    messages: list[tuple[str, str | None]] = []

    def say(line: str) -> None:
        with owner.connect() as other:
            messages.append((line, current_revision(other)))

    directory = Path("/")
    with pytest.raises(DiskTooFull, match=r"The migration did not start: .* but 1 MB are free"):
        upgrade(database.owner, disk=Disk((directory,), 1_000_000, lambda _: 1_000_000))
    assert upgrade(database.owner, say=say, disk=Disk((directory,), 0, lambda _: 2_000_000_000)) == "0009"
    (cost, revision), *_ = messages
    assert cost.startswith("Updating the database with 9 events: about 1 second and ")
    assert cost.endswith(" Free on its disk: 2.0 GB.")
    assert revision == "0009"
    with owner.connect() as connection:
        assert derived(connection) == before
    owner.dispose()
