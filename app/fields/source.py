"""The fields of a source: a publication or post on which events and claims rest."""

from __future__ import annotations

from typing import Any, Final

from app.fields.field import Field, Fields
from app.fields.limits import LONGEST_NAME, LONGEST_PLATFORM, LONGEST_URL
from app.fields.words import SOURCE_CLASS_NAMES, SOURCE_STATUS_NAMES


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


_OPEN: Final[dict[str, Any]] = {"public": True, "exported": True, "importable": True}
_FACT: Final[dict[str, Any]] = _OPEN | {"editable": True}

SOURCE: Final = Fields(
    "source",
    (
        Field(
            name="name",
            type="text",
            title=_("What it is called"),
            help=_("Its account, outlet or title"),
            most=LONGEST_NAME,
            **_FACT,
        ),
        Field(
            name="canonical_url",
            type="url",
            title="canonical_url",
            help="The one spelling of its address, by which a publication is known; null: known by name only",
            null=True,
            public=True,
            importable=True,
        ),
        Field(
            name="given_url",
            type="url",
            title="given_url",
            help="Its address as it was given; the API calls it `url`",
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
            help=_("Whose word it is"),
            null=True,
            most=LONGEST_NAME,
            **_FACT,
        ),
        Field(
            name="author",
            type="text",
            title=_("Account or author"),
            help=_("The account on its platform, or the writer"),
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
            help=_("Code of its language, as in BCP 47: en, uk, en-GB"),
            null=True,
            most=20,
            **_FACT,
        ),
        Field(
            name="status",
            type="word",
            title=_("It is"),
            help=_("Whether it can still be read; `hidden`: kept from the public, with what rests on it"),
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
        Field(name="sha256", type="bytes", title="sha256", help="Of the file, where we hold one", null=True),
        Field(name="version", type="number", title="version", help="Counted up at every change"),
        Field(name="created_at", type="moment", title="created_at", help="When this map first had it"),
    ),
)
