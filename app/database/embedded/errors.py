"""The one error of this package."""


class EmbeddedDatabaseError(Exception):
    """The private database cannot be had; the message says what is wrong and what to do about it."""
