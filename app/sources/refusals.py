"""The reasons why a link is refused."""

from __future__ import annotations

from typing import Final, Literal

Reason = Literal["not-web-address", "credentials", "address-too-long", "no-public-host", "members-only"]

REASONS: Final[dict[Reason, str]] = {
    "not-web-address": "This is not a web address.",
    "credentials": "This link contains a user name or password. Remove it.",
    "address-too-long": "This link is too long. Enter a shorter one.",
    "no-public-host": "This link leads to a private network. Enter one that anyone can open.",
    "members-only": "This link opens only for members of a closed group or for an account's owner. Enter a public one.",
}


class UnusableLink(ValueError):
    """A link that is refused.

    Attributes:
        code: one of `REASONS`.
        message: the reason as a sentence; for `not-web-address` with the exact problem.
    """

    def __init__(self, code: Reason, message: str | None = None) -> None:
        self.code: Reason = code
        self.message = message or REASONS[code]
        super().__init__(self.message)
