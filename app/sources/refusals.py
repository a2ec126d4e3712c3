"""Why a link cannot stand for a publication."""

from __future__ import annotations

from typing import Final, Literal

Reason = Literal["not-web-address", "credentials", "address-too-long", "no-public-host", "members-only"]

REASONS: Final[dict[Reason, str]] = {
    "not-web-address": "This is no web address.",
    "credentials": "This address carries a user name or password. Leave it out.",
    "address-too-long": "This address is too long.",
    "no-public-host": "This address leads into somebody's own network, where the public cannot follow.",
    "members-only": "This address opens only for members of a closed group or in one's own account.",
}


class UnusableLink(ValueError):
    """A link that is refused.

    Attributes:
        code: why, one of `REASONS`; the same for all links refused for this reason.
        message: why, in a sentence for people; it says of `not-web-address` what is wrong with it.
    """

    def __init__(self, code: Reason, message: str | None = None) -> None:
        self.code: Reason = code
        self.message = message or REASONS[code]
        super().__init__(self.message)
