"""Counts independent voices among sources: two sources of one publisher are one voice. Pure; the
SQL function `voice_of` returns the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Published(Protocol):
    """The fields that determine the voice of a source."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def canonical_url(self) -> str | None: ...  # noqa: D102
    @property
    def platform(self) -> str | None: ...  # noqa: D102
    @property
    def publisher(self) -> str | None: ...  # noqa: D102
    @property
    def author(self) -> str | None: ...  # noqa: D102


def voice_of(source: Published) -> str | None:
    """Returns the voice of a source: its publisher, or on a platform its account; None if unknown,
    which does not count as a voice.
    """
    if (source.platform or "web") == "web":
        return (source.publisher or source.name).lower()
    host = f"https://{source.publisher}/"
    if source.publisher and not (source.canonical_url or "").startswith(host):
        return source.publisher.lower()
    return f"{source.author} on {source.platform}".lower() if source.author else None


def voices(sources: Iterable[Published]) -> set[str]:
    """Returns the independent voices among sources."""
    return {voice for source in sources if (voice := voice_of(source)) is not None}
