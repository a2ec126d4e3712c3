"""Writes a migration from the difference between the models and a fully migrated database.

python -m scripts.revision "what changes"
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine, text

from app.database.embedded import running_cluster
from app.database.migrations import alembic_config, upgrade


def main() -> int:
    """Writes a draft of the migration; read it, and give the file its name."""
    message = " ".join(sys.argv[1:]).strip()
    if not message:
        sys.stderr.write('Describe the change: make revision MESSAGE="what changes"\n')
        return 2
    with tempfile.TemporaryDirectory(prefix="frontline-revision-") as directory:
        Path(directory).chmod(0o755)
        with running_cluster(Path(directory), for_tests=True) as cluster:
            url = cluster.url("frontline_owner")
            upgrade(url)
            engine = create_engine(url)
            with engine.connect() as connection:
                connection.execute(text("SET search_path TO frontline, public"))
                command.revision(alembic_config(connection), message, autogenerate=True)
            engine.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(main())
