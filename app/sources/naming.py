"""Names a publication when only its address is known. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.sources.sites import SITES

if TYPE_CHECKING:
    from app.sources.canonical import CanonicalLink

PLATFORM_NAMES: Final = {site.platform: site.name for site in SITES}


def name_of(link: CanonicalLink) -> str:
    """Returns the account and platform of a publication ("@user on X"), or else its host
    ("reuters.com").
    """
    platform = PLATFORM_NAMES.get(link.platform)
    if platform is None:
        return link.publisher
    # Leaves out numeric account ids, which mean nothing to people.
    return f"@{link.author} on {platform}" if link.author and not link.author.lstrip("-").isdigit() else platform
