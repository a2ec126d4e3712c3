"""Long SQL statements, kept in `*.sql` files beside the code that runs them."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def read_statement(directory: Path, name: str) -> str:
    """Read the statement `sql/<name>.sql` beside a module.

    Args:
        directory: the folder of the module that asks, `Path(__file__).parent`.
        name: the file's name without its ending.
    """
    return (directory / "sql" / f"{name}.sql").read_text("utf-8")
