"""The fields of a claim: what one party states about an event or an area."""

from __future__ import annotations

from typing import Any, Final

from app.fields.field import Field, Fields
from app.fields.limits import LONGEST_NAME, LONGEST_TEXT
from app.fields.words import CLAIM_SUBJECT_NAMES, PARTY_KIND_NAMES, STANCE_NAMES, _

_OPEN: Final[dict[str, Any]] = {"public": True, "exported": True, "editable": True, "importable": True}

CLAIM: Final = Fields(
    "claim",
    (
        # Stored in the table of parties.
        Field(
            name="party",
            type="text",
            title=_("Party"),
            help=_("Who makes the claim"),
            most=LONGEST_NAME,
            stored=False,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="party_kind",
            type="word",
            title=_("Kind of party"),
            help=_("The kind of party"),
            words=PARTY_KIND_NAMES,
            stored=False,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="stance",
            type="word",
            title=_("Stance"),
            help=_("Whether the party asserts or denies the claim"),
            words=STANCE_NAMES,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="statement",
            type="text",
            title=_("Statement"),
            help=_("What the party states"),
            most=LONGEST_TEXT,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="about",
            type="word",
            title=_("About"),
            help=_("What happened, or the ground there"),
            words=CLAIM_SUBJECT_NAMES,
            default="event",
            digest="always",
            **_OPEN,
        ),
        Field(
            name="chain",
            type="texts",
            title=_("Reported via, separated by commas"),
            help=_("How the statement reached us, nearest first"),
            default=(),
            most=200,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="stated_at",
            type="moment",
            title=_("Stated (UTC)"),
            help=_("When the claim was made"),
            null=True,
            **_OPEN,
        ),
        Field(
            name="source_id",
            type="uuid",
            title=_("Source of the claim"),
            help=_("The source that quotes the claim; null: unknown"),
            null=True,
            public=True,
            exported=True,
            editable=True,
        ),
        Field(name="id", type="uuid", title="id", help="Random, never reused", public=True, exported=True),
        Field(
            name="event_id",
            type="uuid",
            title="event_id",
            help="The event that the claim is about",
            null=True,
            public=True,
        ),
        Field(
            name="area_id",
            type="uuid",
            title="area_id",
            help="The area that the claim is about",
            null=True,
            public=True,
        ),
        Field(name="position", type="number", title="position", help="Position in the displayed order", public=True),
        Field(name="party_id", type="uuid", title="party_id", help="The party's row"),
        Field(name="created_at", type="moment", title="created_at", help="When the row was created"),
    ),
)
