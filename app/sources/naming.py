"""What a publication is called when only its address is known. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.sources.sites import SITES

if TYPE_CHECKING:
    from app.sources.canonical import CanonicalLink

PLATFORM_NAMES: Final = {site.platform: site.name for site in SITES}


def name_of(link: CanonicalLink) -> str:
    """Name a publication by its account and platform, "@user on X", or else by its host,
    "reuters.com".
    """
    platform = PLATFORM_NAMES.get(link.platform)
    if platform is None:
        return link.publisher
    # Numbers of accounts say nothing to people.
    return f"@{link.author} on {platform}" if link.author and not link.author.lstrip("-").isdigit() else platform
