"""Writes the list of refused and changed rows of an import, as a CSV file."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from app.errors import UserError

if TYPE_CHECKING:
    from app.exchange.records import Remark

HEADER: Final = ("line", "field", "value", "reason", "outcome", "id")
_FIRST_LINE: Final = ",".join(HEADER).encode()
_FORMULA: Final = re.compile(r"^[=+\-@\t\r]")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?")
_ENDINGS: Final = (".gz", ".csv", ".geojson", ".geojsonl", ".json")


def default_path(file: Path) -> Path:
    """Returns the path of a file's list: in the working directory, since the folder of the file may
    be read-only.
    """
    name = file.name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return Path(f"{name}.refused.csv")


class RefusalsPathTaken(UserError):
    """The path of the list is taken by something else, which would be lost."""


class RefusalsList:
    """Writes the list to a temporary file, which is created with the first row and moved to its
    path by `save`.

    Use as a context manager: without `save`, the temporary file is deleted.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines = 0
        self._part = path.with_name(f"{path.name}.part")
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> RefusalsList:
        """Checks that only the list of an earlier import would be replaced.

        Raises:
            RefusalsPathTaken: there is a device, a directory, or a file with other content.
        """
        if self.path.exists() and not self._is_earlier_list():
            raise RefusalsPathTaken(
                f"Nothing was imported: {self.path} is not the list of an earlier import, and would be replaced."
                " Choose another path with --refusals."
            )
        return self

    def _is_earlier_list(self) -> bool:
        if not self.path.is_file():
            return False
        with self.path.open("rb") as file:
            head = file.read(len(_FIRST_LINE))
        return head in {b"", _FIRST_LINE}

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)

    def add(self, line: int, row_id: str, remark: Remark, outcome: str) -> None:
        """Writes a row.

        Raises:
            OSError: the file cannot be written.
        """
        if self._file is None:
            self._file = self._part.open("w", encoding="utf-8", newline="", errors="backslashreplace")
            self._writer = csv.writer(self._file)
            self._writer.writerow(HEADER)
        self._writer.writerow(
            (line, remark.field, _escape_formula(remark.value), remark.reason, outcome, _escape_formula(row_id))
        )
        self.lines += 1

    def save(self) -> None:
        """Moves the list to its path, where it replaces that of an earlier import. Without lines,
        deletes the old one.
        """
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return
        self._file.close()
        self._part.replace(self.path)


def _escape_formula(text: str) -> str:
    """Escapes a text that a spreadsheet would read as a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
