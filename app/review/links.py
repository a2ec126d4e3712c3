"""Sources at the desk: one row for each publication, whoever adds it, in whatever spelling of its link."""

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
from app.review.writing import ask_rules, event_to_change, note_author, settle, source_to_change
from app.sources.canonical import canonicalise
from app.sources.naming import name_of

if TYPE_CHECKING:
    from app.access.members import Member
    from app.database.session import ReadWriteSession
    from app.review.schemas import DeskEvent, SourceBody, SourceChange

_FACTS: Final = SOURCE.having(editable=True)
# What any analyst says at once of a source, even where published events rest on it. Everything else about it, and what
# is added to the table later, changes what the public concludes: there editors alone change it.
_FREE: Final = frozenset({"published_at", "language", "status", "archive_url"})


def have_source(session: ReadWriteSession, body: SourceBody) -> uuid.UUID:
    """Return the id of the source of a link, and insert the source unless it exists; requests at once get the same one.

    A source without a link is a new one. An existing source is not changed, whatever the body says of it.
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


def add_source(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, body: SourceBody, if_match: str | None
) -> DeskEvent:
    """Let an event rest on a source; on one that it has already, in the role that is said now."""
    event = event_to_change(session, event_id, if_match, body)
    act_as_member(session, member, body.why)
    note_author(event, member)
    source_id = have_source(session, body)
    last = select(func.coalesce(func.max(EventSource.position), -1) + 1).where(EventSource.event_id == event_id)
    session.execute(
        insert(EventSource)
        .values(event_id=event_id, source_id=source_id, role=body.role, position=last.scalar_subquery())
        .on_conflict_do_update(index_elements=[EventSource.event_id, EventSource.source_id], set_={"role": body.role})
    )
    return settle(session, event)


def remove_source(
    session: ReadWriteSession, member: Member, event_id: uuid.UUID, source_id: uuid.UUID, if_match: str | None
) -> DeskEvent:
    """Let an event rest on a source no more; the source stays, and claims that name it lose it.

    Raises:
        NotFound: the event does not rest on it.
    """
    event = event_to_change(session, event_id, if_match, None)
    act_as_member(session, member)
    note_author(event, member)
    serves = session.get(EventSource, (event_id, source_id))
    if serves is None:
        raise NotFound("The event does not rest on this source.")
    for claim in session.scalars(select(Claim).where(Claim.event_id == event_id, Claim.source_id == source_id)):
        claim.source_id = None
    session.delete(serves)
    return settle(session, event)


def show_source(session: ReadWriteSession, source_id: uuid.UUID) -> DeskSource:
    """Show a source to members.

    Raises:
        NotFound: there is none.
    """
    source = session.get(Source, source_id)
    if source is None:
        raise NotFound("There is no source with this id.")
    return DeskSource.model_validate(queries.described_source(source))


def change_source(
    session: ReadWriteSession, member: Member, source_id: uuid.UUID, body: SourceChange, if_match: str | None
) -> DeskSource:
    """Write the facts of a source anew; its link stays.

    Whether it is live, deleted or hidden, when it was posted, in which language, and where it is archived, any analyst
    may say at once. Where published events rest on the source, its name, whose word it is, its class and the like are
    changed by editors alone.

    Raises:
        as `source_to_change` does.
        Forbidden: that is for editors.
    """
    source = source_to_change(session, source_id, if_match, body)
    facts = sent(body, _FACTS)
    if not member.role.reaches(EDIT_PUBLISHED):
        changed = [name for name, value in facts.items() if name not in _FREE and getattr(source, name) != value]
        if changed and _serves_published(session, source_id):
            raise Forbidden(
                Translatable(
                    "Published events rest on this source: “{field}” is changed by editors.",
                    field=Translatable(SOURCE[changed[0]].title),
                )
            )
    act_as_member(session, member, body.why)
    for name, value in facts.items():
        setattr(source, name, value)
    ask_rules(session)
    session.refresh(source)
    return DeskSource.model_validate(queries.described_source(source))


def _serves_published(session: ReadWriteSession, source_id: uuid.UUID) -> bool:
    serves = (
        select(EventSource.event_id)
        .join(Event, Event.id == EventSource.event_id)
        .where(EventSource.source_id == source_id, Event.state == "published")
    )
    return bool(session.scalar(select(serves.exists())))
