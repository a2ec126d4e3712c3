"""The fields of an event: every column of its table, and what is joined to it.

The fields with `digest="always"` stand in the order in which the first digests of imports were
computed.
"""

from __future__ import annotations

from typing import Any, Final

from app.fields.field import Field, Fields
from app.fields.limits import LEAST_PRECISION_M, LONGEST_SLUG, LONGEST_TEXT, LONGEST_TITLE, MOST_PRECISION_M
from app.fields.words import SENSITIVITY_NAMES, TIME_PRECISION_NAMES, VERIFICATION_NAMES


def _(text: str) -> str:
    """Marks a text for translation."""
    return text


# What readers, members and files see of an event.
_OPEN: Final[dict[str, Any]] = {"public": True, "exported": True, "editable": True, "importable": True}
_DRAWN: Final[dict[str, Any]] = _OPEN | {"drawn": True, "digest": "always"}

EVENT: Final = Fields(
    "event",
    (
        Field(
            name="origin",
            type="slug",
            title=_("Origin"),
            help=_("Where the event comes from: our desk or an external data set"),
            most=LONGEST_SLUG,
            default="desk",
            facet=True,
            stale="withdrawn",
            **_DRAWN,
        ),
        Field(
            name="title",
            type="text",
            title=_("Title"),
            help=_("What happened, in one line"),
            most=LONGEST_TITLE,
            searchable=True,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="description",
            type="text",
            title=_("Description"),
            help=_("What the footage and the reports show"),
            null=True,
            most=LONGEST_TEXT,
            searchable=True,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="category",
            type="slug",
            title=_("Category"),
            help=_("A category of the theatre; a parent category includes its children"),
            most=LONGEST_SLUG,
            facet=True,
            stale="part",
            **_DRAWN,
        ),
        Field(
            name="actor",
            type="slug",
            title=_("Acting side"),
            help=_("The belligerent who acted; null: unknown, or both"),
            null=True,
            most=LONGEST_SLUG,
            facet=True,
            stale="part",
            **_DRAWN,
        ),
        Field(
            name="affected",
            type="slug",
            title=_("Affected side"),
            help=_("The belligerent whose people or equipment are shown or hit; null: unknown, or both"),
            null=True,
            most=LONGEST_SLUG,
            facet=True,
            stale="part",
            **_DRAWN,
        ),
        Field(
            name="shape",
            type="shape",
            title=_("Place"),
            help=_("A point, a line or an area; longitude, latitude in degrees (EPSG:4326)"),
            public=True,
            editable=True,
            importable=True,
            drawn=True,
            stale="withdrawn",
            digest="always",
        ),
        Field(
            name="precision_m",
            type="number",
            title=_("Precision (metres)"),
            help=_("Radius in metres within which the event happened; null: unknown"),
            null=True,
            least=LEAST_PRECISION_M,
            most=MOST_PRECISION_M,
            stale="part",
            **_DRAWN,
        ),
        Field(
            name="happened_from",
            type="moment",
            title=_("From"),
            help=_("Start of the event, in UTC"),
            stale="withdrawn",
            **_DRAWN,
        ),
        Field(
            name="happened_to",
            type="moment",
            title=_("To"),
            help=_("End of the event, in UTC: the first moment after it"),
            stale="withdrawn",
            **_DRAWN,
        ),
        Field(
            name="time_precision",
            type="word",
            title=_("Precision"),
            help=_("How precise the time is"),
            words=TIME_PRECISION_NAMES,
            stale="part",
            **_DRAWN,
        ),
        Field(
            name="time_inferred",
            type="flag",
            title=_("inferred, not stated by the source"),
            help=_("No source states the time; it was inferred from what they say"),
            default=False,
            digest="always",
            **_OPEN,
        ),
        Field(
            name="verification",
            type="word",
            title=_("Verification"),
            help=_("How well the event is established"),
            words=VERIFICATION_NAMES,
            default="reported",
            facet=True,
            stale="part",
            **_DRAWN,
        ),
        Field(
            name="sensitivity",
            type="words",
            title=_("Sensitivity"),
            help=_("What readers should be warned of, or what may endanger someone"),
            words=SENSITIVITY_NAMES,
            default=(),
            digest="always",
            **_OPEN,
        ),
        # What follows nobody types: ids, states, and who did what. None of it is drawn but what
        # decides who sees it.
        Field(name="id", type="uuid", title="id", help="Random, never reused", public=True, stale="withdrawn"),
        Field(name="origin_id", type="text", title="origin_id", help="The origin's id of the event", null=True),
        Field(
            name="words",
            type="text",
            title="words",
            help="The searchable fields in lower case; `q` searches it",
            public=True,
        ),
        Field(
            name="state", type="word", title="state", help="draft, in_review, published, withdrawn", stale="withdrawn"
        ),
        Field(
            name="public_from",
            type="moment",
            title="public_from",
            help="End of an embargo",
            null=True,
            stale="withdrawn",
        ),
        Field(
            name="released_at",
            type="moment",
            title="released_at",
            help=_("When the event was added to this map"),
            null=True,
            public=True,
            exported=True,
            stale="withdrawn",
        ),
        Field(name="barred", type="flag", title="barred", help="Policy forbids publication", stale="withdrawn"),
        Field(
            name="hidden_at",
            type="moment",
            title="hidden_at",
            help="When it was hidden for someone's safety",
            null=True,
            stale="withdrawn",
        ),
        Field(name="hidden_note", type="text", title="hidden_note", help="The explanation for the public", null=True),
        Field(
            name="hiding_reviewed_at",
            type="moment",
            title="hiding_reviewed_at",
            help="When a second member reviewed the hiding",
            null=True,
        ),
        Field(
            name="withdrawn_at",
            type="moment",
            title="withdrawn_at",
            help="When it was withdrawn",
            null=True,
            stale="withdrawn",
        ),
        Field(name="withdrawn_reason", type="text", title="withdrawn_reason", help="Why", null=True),
        Field(name="authors", type="uuids", title="authors", help="Members who wrote the reviewed version"),
        Field(name="submitted_by", type="uuid", title="submitted_by", help="The member who sent it in", null=True),
        Field(name="published_by", type="uuid", title="published_by", help="The member who published it", null=True),
        Field(name="withdrawn_by", type="uuid", title="withdrawn_by", help="The member who withdrew it", null=True),
        Field(name="set_aside_at", type="moment", title="set_aside_at", help="When a draft was set aside", null=True),
        Field(name="set_aside_by", type="uuid", title="set_aside_by", help="The member who set it aside", null=True),
        Field(
            name="set_aside_by_name",
            type="text",
            title="set_aside_by_name",
            help="That member's name at the time",
            null=True,
        ),
        Field(name="set_aside_reason", type="text", title="set_aside_reason", help="Why", null=True),
        Field(
            name="merged_into", type="uuid", title="merged_into", help="The event that took over its sources", null=True
        ),
        Field(
            name="exact_shape",
            type="shape",
            title="exact_shape",
            help="The exact place, where policy publishes a coarser one",
            null=True,
        ),
        Field(
            name="exact_precision_m",
            type="number",
            title="exact_precision_m",
            help="Its precision in metres",
            null=True,
        ),
        Field(name="version", type="number", title="version", help="Increases with every change"),
        Field(name="import_digest", type="bytes", title="import_digest", help="Digest of the imported row", null=True),
        Field(name="created_at", type="moment", title="created_at", help="When the row was created"),
        Field(
            name="updated_at",
            type="moment",
            title="updated_at",
            help="When it last changed, or became public",
            exported=True,
        ),
        # Joined to the public view from the event's origin.
        Field(
            name="attribution",
            type="text",
            title="attribution",
            help="How to credit the origin",
            null=True,
            stored=False,
            exported=True,
        ),
        Field(
            name="licence",
            type="text",
            title="licence",
            help="The origin's licence",
            null=True,
            stored=False,
            exported=True,
        ),
    ),
)
