"""What whoever runs a command can mend: told at the terminal in a sentence, without a traceback."""

from __future__ import annotations

from typing import ClassVar, Final

# The status of a command whose input cannot be used at all; typer ends with the same for options it does not know.
UNUSABLE: Final = 2


class Mendable(Exception):
    """A command cannot do what it was asked; the message says what is wrong and what to do.

    The base of all such errors, so that the command line knows them without loading what raises them.
    """

    # With which the command ends.
    status: ClassVar[int] = 1

    def told(self) -> str:
        """Give the sentence for the terminal."""
        return str(self)
