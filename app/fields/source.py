"""The fields of a source: a publication or post that documents events and claims."""

from __future__ import annotations

from typing import Any, Final

from app.fields.field import Field, Fields
from app.fields.limits import LONGEST_NAME, LONGEST_PLATFORM, LONGEST_URL
from app.fields.words import SOURCE_CLASS_NAMES, SOURCE_STATUS_NAMES, _

_OPEN: Final[dict[str, Any]] = {"public": True, "exported": True, "importable": True}
_FACT: Final[dict[str, Any]] = _OPEN | {"editable": True}

SOURCE: Final = Fields(
    "source",
    (
        Field(
            name="name",
            type="text",
            title=_("Name"),
            help=_("Its account, outlet or title"),
            most=LONGEST_NAME,
            **_FACT,
        ),
        Field(
            name="canonical_url",
            type="url",
            title="canonical_url",
            help="The canonical form of its link, which identifies a publication; null: known by name only",
            null=True,
            public=True,
            importable=True,
        ),
        Field(
            name="given_url",
            type="url",
            title="given_url",
            help="Its link as it was entered; the API calls it `url`",
            null=True,
            public=True,
            importable=True,
        ),
        Field(
            name="platform",
            type="text",
            title="platform",
            help=_("Where it was posted: a platform's slug, or `web`"),
            null=True,
            most=LONGEST_PLATFORM,
            **_OPEN,
        ),
        Field(
            name="publisher",
            type="text",
            title=_("Publisher"),
            help=_("Who publishes it"),
            null=True,
            most=LONGEST_NAME,
            **_FACT,
        ),
        Field(
            name="author",
            type="text",
            title=_("Account or author"),
            help=_("The account on the platform, or the writer"),
            null=True,
            most=LONGEST_NAME,
            **_FACT,
        ),
        Field(
            name="published_at",
            type="moment",
            title=_("Posted (UTC)"),
            help=_("When it was posted"),
            null=True,
            **_FACT,
        ),
        Field(
            name="language",
            type="text",
            title=_("Language (en, uk …)"),
            help=_("Language code as in BCP 47: en, uk, en-GB"),
            null=True,
            most=20,
            **_FACT,
        ),
        Field(
            name="status",
            type="word",
            title=_("Status"),
            help=_("Whether it can still be read; `hidden`: not shown to the public, nor what rests on it alone"),
            words=SOURCE_STATUS_NAMES,
            default="unknown",
            **_FACT,
        ),
        Field(
            name="archive_url",
            type="url",
            title=_("Archived at"),
            help=_("The address of a copy in an archive"),
            null=True,
            most=LONGEST_URL,
            **_FACT,
        ),
        Field(
            name="source_class",
            type="word",
            title=_("Who speaks"),
            help=_(
                "A belligerent or its officials (party), media of its state (state_affiliated), independent, unknown;"
                " unknown counts as not independent"
            ),
            words=SOURCE_CLASS_NAMES,
            default="unknown",
            facet=True,
            drawn=True,
            stale="part",
            digest="given",
            plain=True,
            **_FACT,
        ),
        Field(name="id", type="uuid", title="id", help="Random, never reused"),
        Field(name="sha256", type="bytes", title="sha256", help="SHA-256 of the file, if we hold one", null=True),
        Field(name="version", type="number", title="version", help="Increases with every change"),
        Field(name="created_at", type="moment", title="created_at", help="When the row was created"),
    ),
)
