"""Writing events: a new one is a draft, whoever writes it."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import TYPE_CHECKING, Final

import shapely
from sqlalchemy.dialects.postgresql import insert

from app.fields import EVENT
from app.fields.happened import happened_faults
from app.messages import Translatable
from app.models import Event, EventPlace, Origin
from app.problems import FieldError, InvalidBody
from app.publication.acting import act_as_member
from app.publication.field_models import sent
from app.review.writing import check_confirming, event_to_change, note_author, settle, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.review.schemas import DeskEvent, EventBody
    from app.settings import Settings
    from app.theatre import Theatre

DESK: Final = "desk"
# An event keeps its origin; its shape is made of the geometry.
_WRITTEN: Final = tuple(field for field in EVENT.having(editable=True) if field.name not in {"origin", "shape"})


def create_event(
    session: ReadWriteSession,
    member: Member,
    body: EventBody,
    theatre: Theatre,
    settings: Settings,
    *,
    authors: Sequence[uuid.UUID] | None = None,
) -> DeskEvent:
    """Write a draft; its author is the member, unless others are named: what a stranger sent in has none.

    Raises:
        InvalidBody: a slug is not known, or it cannot have happened then.
    """
    check_event(body, theatre)
    act_as_member(session, member, body.why)
    _have_origin(session, body.origin, settings)
    event = Event(
        id=uuid.uuid4(), origin=body.origin, state="draft", authors=[member.id] if authors is None else list(authors)
    )
    _write(event, body, new=True)
    session.add(event)
    session.flush()
    return shown(session, event.id)


def change_event(
    session: ReadWriteSession,
    member: Member,
    event_id: uuid.UUID,
    body: EventBody,
    theatre: Theatre,
    if_match: str | None,
) -> DeskEvent:
    """Write all fields of an event anew.

    Raises:
        as `event_to_change`, `note_author` and `create_event` do.
    """
    event = event_to_change(session, event_id, if_match, body)
    check_event(body, theatre)
    act_as_member(session, member, body.why)
    note_author(event, member)
    check_confirming(event, member, body.verification)
    event.places.clear()
    session.flush()
    _write(event, body, new=False)
    return settle(session, event)


def _write(event: Event, body: EventBody, *, new: bool) -> None:
    for name, value in sent(body, _WRITTEN, new=new).items():
        setattr(event, name, value)
    # What is written is exact; policy makes it coarser where it must.
    event.exact_shape = event.exact_precision_m = None
    event.shape = f"SRID=4326;{shapely.force_2d(shapely.from_geojson(json.dumps(body.geometry))).wkt}"  # type: ignore[assignment] # GeoAlchemy takes text
    event.places = [
        EventPlace(position=position, geonameid=place.geonameid, as_spelled=place.as_spelled)
        for position, place in enumerate(body.places)
    ]


def check_event(body: EventBody, theatre: Theatre) -> None:
    """Refuse fields that are well formed and yet cannot be.

    Raises:
        InvalidBody: a slug is not known, or it cannot have happened then.
    """
    faults = list(_faults(body, theatre))
    if faults:
        raise InvalidBody(faults)


def _faults(body: EventBody, theatre: Theatre) -> Iterator[FieldError]:
    for field, slug, known in (
        ("/category", body.category, theatre.category_slugs),
        ("/actor", body.actor, theatre.belligerent_slugs),
        ("/affected", body.affected, theatre.belligerent_slugs),
    ):
        if slug is not None and slug not in known:
            yield FieldError(
                field, "unknown-slug", Translatable("This is none of {slugs}.", slugs=", ".join(sorted(known)))
            )
    for fault in happened_faults(body.happened_from, body.happened_to, now=dt.datetime.now(dt.UTC)):
        yield FieldError(f"/{fault.field}", fault.code, fault.message)


def _have_origin(session: ReadWriteSession, slug: str, settings: Settings) -> None:
    """Have the origin in the database: ours is made when it is needed; another must be there."""
    if slug == DESK:
        name = settings.operator or "The desk of this map"
        made = insert(Origin).values(slug=DESK, name=name, licence=settings.desk_licence, attribution=name, public=True)
        session.execute(made.on_conflict_do_nothing())
    elif session.get(Origin, slug) is None:
        raise InvalidBody([FieldError("/origin", "unknown-slug", "There is no such origin. Leave it out for our own.")])
