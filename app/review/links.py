"""Sources at the desk. One publication is one row, however its link is spelled."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from app.fields import SOURCE
from app.messages import Translatable
from app.models import Claim, Event, EventSource, Source
from app.problems import Forbidden, NotFound
from app.publication.acting import act_as_member
from app.publication.field_models import sent
from app.publication.states import EDIT_PUBLISHED
from app.review import queries
from app.review.schemas import DeskSource
from app.review.writing import add_author, check_constraints, lock_event, lock_source, save_event
from app.sources.canonical import canonicalise
from app.sources.naming import name_of

if TYPE_CHECKING:
    from app.database.session import ReadWriteSession
    from app.review.command import Command
    from app.review.schemas import DeskEvent, SourceBody, SourceChange

_FACTS: Final = SOURCE.having(editable=True)
# Every analyst may change these fields of a source, even if published events cite it. All other
# fields, and fields that are added later, influence what the public concludes: only editors may
# change them then.
_ANALYST_FIELDS: Final = frozenset({"published_at", "language", "status", "archive_url"})


def find_or_insert_source(session: ReadWriteSession, body: SourceBody) -> uuid.UUID:
    """Returns the id of the source with the link of a body; inserts the source if it is missing.

    Concurrent requests get the same id. Without a link, a new source is inserted. An existing
    source is not changed.
    """
    facts = sent(body, _FACTS, new=True)
    if body.url is None:
        source = Source(id=uuid.uuid4(), **facts)
        session.add(source)
        session.flush()
        return source.id
    link = canonicalise(body.url)
    session.execute(
        insert(Source)
        .values(
            facts
            | {
                "id": uuid.uuid4(),
                "name": body.name or name_of(link),
                "canonical_url": link.url,
                "given_url": body.url,
                "platform": link.platform,
                "publisher": body.publisher or link.publisher,
                "author": body.author or link.author,
            }
        )
        .on_conflict_do_nothing(index_elements=[Source.canonical_url])
    )
    return session.scalars(select(Source.id).where(Source.canonical_url == link.url)).one()


def add_source(command: Command, body: SourceBody) -> DeskEvent:
    """Adds a source to an event; changes the role if the event has the source already."""
    session, event_id = command.session, command.target
    event = lock_event(command, body)
    act_as_member(session, command.member, body.why)
    add_author(event, command.member)
    source_id = find_or_insert_source(session, body)
    last = select(func.coalesce(func.max(EventSource.position), -1) + 1).where(EventSource.event_id == event_id)
    session.execute(
        insert(EventSource)
        .values(event_id=event_id, source_id=source_id, role=body.role, position=last.scalar_subquery())
        .on_conflict_do_update(index_elements=[EventSource.event_id, EventSource.source_id], set_={"role": body.role})
    )
    return save_event(session, event)


def remove_source(command: Command, source_id: uuid.UUID) -> DeskEvent:
    """Removes a source from an event and from the event's claims; the row of the source stays.

    Raises:
        NotFound: the event does not have the source.
    """
    session, event_id = command.session, command.target
    event = lock_event(command, None)
    act_as_member(session, command.member)
    add_author(event, command.member)
    link = session.get(EventSource, (event_id, source_id))
    if link is None:
        raise NotFound("The event has no source with this id.")
    for claim in session.scalars(select(Claim).where(Claim.event_id == event_id, Claim.source_id == source_id)):
        claim.source_id = None
    session.delete(link)
    return save_event(session, event)


def read_source(session: ReadWriteSession, source_id: uuid.UUID) -> DeskSource:
    """Returns a source as members see it.

    Raises:
        NotFound: there is no such source.
    """
    source = session.get(Source, source_id)
    if source is None:
        raise NotFound("There is no source with this id.")
    return DeskSource.model_validate(queries.described_source(source))


def change_source(command: Command, body: SourceChange) -> DeskSource:
    """Replaces the fields of a source, except its link.

    Every analyst may change the fields of `_ANALYST_FIELDS`. If published events cite the source,
    only editors may change the other fields.

    Raises:
        as `lock_source` does.
        Forbidden: only editors may change one of the fields.
    """
    session, source_id = command.session, command.target
    source = lock_source(command, body)
    facts = sent(body, _FACTS)
    if not command.member.role.reaches(EDIT_PUBLISHED):
        changed = [
            name for name, value in facts.items() if name not in _ANALYST_FIELDS and getattr(source, name) != value
        ]
        if changed and _is_cited_by_published(session, source_id):
            raise Forbidden(
                Translatable(
                    "Published events cite this source, so only editors can change “{field}”.",
                    field=Translatable(SOURCE[changed[0]].title),
                )
            )
    act_as_member(session, command.member, body.why)
    for name, value in facts.items():
        setattr(source, name, value)
    check_constraints(session)
    session.refresh(source)
    return DeskSource.model_validate(queries.described_source(source))


def _is_cited_by_published(session: ReadWriteSession, source_id: uuid.UUID) -> bool:
    citing = (
        select(EventSource.event_id)
        .join(Event, Event.id == EventSource.event_id)
        .where(EventSource.source_id == source_id, Event.state == "published")
    )
    return bool(session.scalar(select(citing.exists())))
