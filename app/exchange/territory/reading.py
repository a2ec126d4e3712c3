"""Reads files of areas one after the other: what runs in the process of `reading_process`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.exchange.territory.documents import read_bytes
from app.exchange.territory.drawings import FileRefused, Snapshot
from app.exchange.territory.timeline import SourceFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.exchange.limits import ReadingLimits
    from app.exchange.reading_worker import Position
    from app.exchange.territory.preparing import Preparation


@dataclass(frozen=True)
class FileRead:
    """A file that was read: its snapshots, or why it was refused.

    It has neither if the file was imported before.
    """

    seen: SourceFile
    snapshots: list[Snapshot] | None = None
    refused: str | None = None


def read_areas(
    files: Sequence[Path],
    preparation: Preparation,
    known: frozenset[tuple[str | None, bytes | None]],
    *,
    limits: ReadingLimits,
    position: Position,
) -> Iterator[FileRead]:
    """Yields what each file contains.

    Args:
        files: read whole, one after the other.
        preparation: reads, checks and measures the areas.
        known: names and digests of files that were imported before, and are not read again.
        limits: are those of the process.
        position: gets the number of the file.
    """
    for number, file in enumerate(files, start=1):
        position.set(number)
        seen = SourceFile(file.name, b"")
        try:
            content = read_bytes(file)
            seen = SourceFile(file.name, hashlib.sha256(content).digest())
            if (seen.name, seen.digest) in known:
                yield FileRead(seen)
            else:
                yield FileRead(seen, preparation.snapshots(file.name, content))
        except FileRefused as error:
            yield FileRead(seen, refused=str(error))
