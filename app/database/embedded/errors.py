"""The error that this package raises."""

from __future__ import annotations

from app.errors import UserError


class EmbeddedDatabaseError(UserError):
    """The private database cannot be used; the message says what is wrong and what to do."""
