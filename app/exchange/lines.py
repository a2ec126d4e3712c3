"""Opens files of events as lines of text, within limits that are checked while the file is read."""

from __future__ import annotations

import gzip
import io
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

from typing_extensions import override

from app.exchange.events_csv import FileUnusable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.exchange.limits import ReadingLimits

_MIB: Final = 1024 * 1024
_CHECKED_EVERY: Final = _MIB
_EMPTY: Final = frozenset(("\n", "\r\n", "\r"))


class Lines:
    """Yields the lines of a file with their line ends.

    Attributes:
        in_row: the number of characters since `next_row`.
    """

    def __init__(self, text: IO[str], raw: BinaryIO, *, longest_row: int, limits: ReadingLimits) -> None:
        """Stores the limits.

        Args:
            text: the content.
            raw: the file itself.
            longest_row: the number of characters after which `next_row` must have been called.
            limits: of empty lines.
        """
        self._text = text
        self._raw = raw
        self._longest_row = longest_row
        self._limits = limits
        self._number = 0
        self._empty = 0
        self.in_row = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        """Returns the next line.

        Raises:
            FileUnusable: the line, or the row that it belongs to, is too long; or too many lines
                are empty.
        """
        line = self._text.readline(self._longest_row - self.in_row + 1)
        if not line:
            raise StopIteration
        self._number += 1
        self.in_row += len(line)
        if self.in_row > self._longest_row:
            raise FileUnusable(
                f"line {self._number}: the row is longer than {self._longest_row:,} characters".replace(",", " ")
            )
        if line in _EMPTY:
            self._empty += 1
            if self._empty > self._limits.empty_lines:
                raise FileUnusable(f"line {self._number}: more than {self._limits.empty_lines} lines are empty")
        else:
            self._empty = 0
        return line

    def next_row(self) -> None:
        """Tells that the row of the lines so far is complete."""
        self.in_row = 0

    def bytes_read(self) -> int:
        """Returns how much of the file has been read, compressed or not."""
        return self._raw.tell()


class _Inflated(io.BufferedIOBase):
    """Decompresses a file, and counts what comes out."""

    def __init__(self, raw: BinaryIO, limits: ReadingLimits, size: int) -> None:
        self._plain = gzip.open(raw)  # noqa: SIM115 - closed with the file
        self._most = max(limits.inflated_bytes, limits.inflation * size)
        self._inflated = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def read1(self, size: int = -1, /) -> bytes:
        content = self._plain.read1(size)
        self._inflated += len(content)
        if self._inflated > self._most:
            raise FileUnusable(f"it inflates to more than {self._most // _MIB} MiB. Import it uncompressed.")
        return content

    @override
    def read(self, size: int | None = -1, /) -> bytes:
        return self.read1(-1 if size is None else size)


@contextmanager
def open_lines(file: Path, *, longest_row: int, limits: ReadingLimits) -> Iterator[Lines]:
    """Opens a text file, compressed or not, without a byte order mark.

    Bytes that are not UTF-8 become lone surrogates, so that only their row is refused.

    Raises:
        FileUnusable: the file cannot be read.
    """
    try:
        with file.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            size = file.stat().st_size
            head = _decompress(raw, limits, size, packed=packed).read(64)
            if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in head:
                raise FileUnusable("it is not UTF-8 text: it seems to be UTF-16, or not text. Save it as UTF-8.")
            plain = _decompress(raw, limits, size, packed=packed)
            text = io.TextIOWrapper(plain, encoding="utf-8-sig", errors="surrogateescape", newline="")
            yield Lines(text, raw, longest_row=longest_row, limits=limits)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileUnusable(f"it is damaged: it cannot be decompressed to the end ({error}).") from error
    except IsADirectoryError as error:
        raise FileUnusable("it is a directory, not a file.") from error
    except FileNotFoundError as error:
        raise FileUnusable("there is no such file.") from error
    except PermissionError as error:
        raise FileUnusable("this user has no permission to read it.") from error


def _decompress(raw: BinaryIO, limits: ReadingLimits, size: int, *, packed: bool) -> BinaryIO:
    """Returns the uncompressed bytes of a file from its beginning."""
    raw.seek(0)
    return cast("BinaryIO", _Inflated(raw, limits, size)) if packed else raw
