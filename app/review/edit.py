"""Creating and changing events. A new event is always a draft."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from typing import TYPE_CHECKING, Final

import shapely
from sqlalchemy.dialects.postgresql import insert

from app.fields import EVENT
from app.fields.happened import happened_faults
from app.geo.null_island import NULL_ISLAND
from app.messages import Translatable
from app.models import Event, EventPlace, Origin
from app.problems import FieldError, InvalidBody
from app.publication.acting import act_as_member
from app.publication.field_models import sent
from app.publication.second_person import check_may_confirm
from app.review.writing import add_author, lock_event, read_event, save_event

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.review.command import Command
    from app.review.schemas import DeskEvent, EventBody
    from app.settings import Settings
    from app.theatre import Theatre

DESK: Final = "desk"
# The origin never changes, and the shape is made from the geometry.
_COLUMNS: Final = tuple(field for field in EVENT.having(editable=True) if field.name not in {"origin", "shape"})


def create_event(
    session: ReadWriteSession,
    member: Member,
    body: EventBody,
    theatre: Theatre,
    settings: Settings,
    *,
    authors: Sequence[uuid.UUID] | None = None,
) -> DeskEvent:
    """Inserts a draft.

    Args:
        session: a database session.
        member: who acts.
        body: the fields of the event.
        theatre: has the known categories and belligerents.
        settings: name and licence of the desk's own origin.
        authors: the ids of the authors; the member if not given. An event made of a submission may
            have none.

    Raises:
        InvalidBody: a slug is unknown, or the time is impossible.
    """
    check_event(body, theatre)
    act_as_member(session, member, body.why)
    _ensure_origin(session, body.origin, settings)
    event = Event(
        id=uuid.uuid4(), origin=body.origin, state="draft", authors=[member.id] if authors is None else list(authors)
    )
    _set_columns(event, body, new=True)
    session.add(event)
    session.flush()
    return read_event(session, event.id)


def change_event(command: Command, body: EventBody, theatre: Theatre) -> DeskEvent:
    """Replaces all fields of an event.

    Raises:
        as `lock_event`, `add_author` and `check_event` do.
    """
    event = lock_event(command, body)
    check_event(body, theatre)
    act_as_member(command.session, command.member, body.why)
    add_author(event, command.member)
    check_may_confirm(event, command.member, body.verification)
    event.places.clear()
    command.session.flush()
    _set_columns(event, body, new=False)
    return save_event(command.session, event)


def _set_columns(event: Event, body: EventBody, *, new: bool) -> None:
    is_stated = not new and body.category != event.category
    for name, value in sent(body, _COLUMNS, new=new).items():
        setattr(event, name, value)
    if is_stated:
        event.category_guessed = False
    # A member writes the exact shape; a trigger makes it coarser where policy demands it.
    event.exact_shape = event.exact_precision_m = None
    event.shape = f"SRID=4326;{shapely.force_2d(shapely.from_geojson(json.dumps(body.geometry))).wkt}"  # type: ignore[assignment] # GeoAlchemy takes text
    event.places = [
        EventPlace(position=position, geonameid=place.geonameid, as_spelled=place.as_spelled)
        for position, place in enumerate(body.places)
    ]


def check_event(body: EventBody, theatre: Theatre) -> None:
    """Checks the fields of an event against the theatre and the clock.

    Raises:
        InvalidBody: a slug is unknown, or the time is impossible.
    """
    errors = list(_field_errors(body, theatre))
    if errors:
        raise InvalidBody(errors)


def _field_errors(body: EventBody, theatre: Theatre) -> Iterator[FieldError]:
    for field, slug, known in (
        ("/category", body.category, theatre.category_slugs),
        ("/actor", body.actor, theatre.belligerent_slugs),
        ("/affected", body.affected, theatre.belligerent_slugs),
    ):
        if slug is not None and slug not in known:
            yield FieldError(
                field, "unknown-slug", Translatable("Must be one of: {slugs}.", slugs=", ".join(sorted(known)))
            )
    if shapely.box(*NULL_ISLAND).intersects(shapely.from_geojson(json.dumps(body.geometry))):
        yield FieldError(
            "/geometry", "null-island", "0, 0 usually means that the place was not known. Enter the place."
        )
    for fault in happened_faults(body.happened_from, body.happened_to, now=dt.datetime.now(dt.UTC)):
        yield FieldError(f"/{fault.field}", fault.code, fault.message)


def _ensure_origin(session: ReadWriteSession, slug: str, settings: Settings) -> None:
    """Inserts our own origin if it is missing; raises InvalidBody if another origin is missing."""
    if slug == DESK:
        name = settings.operator or "The desk of this map"
        statement = insert(Origin).values(
            slug=DESK, name=name, licence=settings.desk_licence, attribution=name, public=True
        )
        session.execute(statement.on_conflict_do_nothing())
    elif session.get(Origin, slug) is None:
        raise InvalidBody(
            [
                FieldError(
                    "/origin", "unknown-slug", "This origin does not exist. Leave it out to use the desk's own origin."
                )
            ]
        )
