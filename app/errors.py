"""The base class of errors that the user of a command can correct; printed without a traceback."""

from __future__ import annotations

from typing import ClassVar, Final

# Exit status of a command whose input is unusable; typer uses the same for unknown options.
EXIT_BAD_INPUT: Final = 2


class UserError(Exception):
    """A command failed for a reason that the user can correct; the message says what is wrong and
    what to do.

    The command line catches this class. Subclasses are next to the code that raises them, so the
    command line need not import them.
    """

    # The exit status of the command.
    status: ClassVar[int] = 1

    def message(self) -> str:
        """Returns the text to print."""
        return str(self)
