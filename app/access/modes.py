"""The modes of the incident switch."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """How much the installation does."""

    NORMAL = "normal"
    READ_ONLY = "read_only"
    CLOSED = "closed"
