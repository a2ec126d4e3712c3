"""The modes of the incident switch."""

from __future__ import annotations

from enum import StrEnum


class Mode(StrEnum):
    """What the installation still allows."""

    NORMAL = "normal"
    READ_ONLY = "read_only"
    CLOSED = "closed"
