"""The one error of this package."""

from __future__ import annotations

from app.mendable import Mendable


class EmbeddedDatabaseError(Mendable):
    """The private database cannot be had; the message says what is wrong and what to do about it."""
