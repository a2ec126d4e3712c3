"""Receiving what strangers send in: looked over, limited, stored once, answered with a tracking code."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from app.http.rate_limits import DailySalt, RateLimits
from app.http.shared_limits import SharedRateLimits
from app.problems import ConfirmationNeeded, Conflict, FieldError, InvalidBody, TooManyRequests, Unavailable
from app.secret import installation_secret
from app.submissions import queries
from app.submissions.check import look_over
from app.submissions.times import happened_range
from app.submissions.tracking import TrackingCodes

if TYPE_CHECKING:
    from pydantic import BaseModel

    from app.access.members import Member
    from app.database.session import PublicReadSession, ReadWriteSession
    from app.http.shared_limits import SharedLimits
    from app.settings import Settings
    from app.submissions.schemas import FootageSubmission, ProblemReport
    from app.theatre import Theatre

FULL_RETRY_SECONDS: Final = 3600


@dataclass(frozen=True)
class Reception:
    """What one process keeps for receiving: the maker of codes, the counts of each network, the length of the queue."""

    codes: TrackingCodes
    limits: RateLimits | SharedRateLimits
    queue_cap: int


def make_reception(settings: Settings, shared: SharedLimits) -> Reception:
    """Make the reception of one process; the installation's secret is made when there is none.

    Args:
        settings: of this installation.
        shared: the counts of all processes; used when the settings say that there are several.

    Raises:
        SecretError: the secret cannot be written or read.
    """
    minute, hour = settings.submissions_per_minute, settings.submissions_per_hour
    return Reception(
        codes=TrackingCodes(installation_secret(settings.data_dir)),
        limits=SharedRateLimits(shared, per_minute=minute, per_hour=hour)
        if settings.shared_limits
        else RateLimits(DailySalt(settings.data_dir), per_minute=minute, per_hour=hour),
        queue_cap=settings.submission_queue_cap,
    )


def receive_footage(
    reception: Reception,
    public: PublicReadSession,
    writing: ReadWriteSession,
    *,
    body: FootageSubmission,
    theatre: Theatre,
    network: str,
    member: Member | None = None,
) -> str:
    """Store a footage submission that has no faults, and give its tracking code.

    Raises:
        ConfirmationNeeded: something looks mistaken and is not confirmed.
        Conflict: the idempotency key was used for another body.
        TooManyRequests: the network sent too much.
        Unavailable: the queue is full.
    """
    code = _code_for(reception, "footage", body, body.idempotency_key)
    if body.idempotency_key is not None and _is_stored(reception, writing, code):
        return code
    suspicions, _ = look_over(public, body, theatre)
    if any(suspicion.code not in (body.confirm or ()) for suspicion in suspicions):
        raise ConfirmationNeeded(suspicions)
    happened_from, happened_to = happened_range(body.happened_from, body.happened_to, body.time_precision)
    values = {
        "kind": "footage",
        "footage_urls": body.footage_urls,
        "geolocation_url": body.geolocation_url,
        "spot": f"SRID=4326;POINT({body.longitude!r} {body.latitude!r})",
        "precision_m": body.precision_m,
        "happened_from": happened_from,
        "happened_to": happened_to,
        "time_precision": body.time_precision,
        "description": body.description,
        "category": body.category,
        "actor": body.actor,
        "affected": body.affected,
        "sensitivity": sorted(set(body.sensitivity or ())),
        "warnings": [asdict(suspicion) for suspicion in suspicions],
    }
    _store(reception, writing, values, code=code, key=body.idempotency_key, network=network, member=member)
    return code


def receive_problem(
    reception: Reception,
    public: PublicReadSession,
    writing: ReadWriteSession,
    *,
    body: ProblemReport,
    network: str,
    member: Member | None = None,
) -> str:
    """Store a report of a problem with an event, and give its tracking code.

    Raises:
        InvalidBody: the public can see no such event.
        Conflict: the idempotency key was used for another body.
        TooManyRequests: the network sent too much.
        Unavailable: the queue is full.
    """
    code = _code_for(reception, "problem", body, body.idempotency_key)
    if body.idempotency_key is not None and _is_stored(reception, writing, code):
        return code
    known = queries.is_public_event(public, body.event_id)
    public.commit()  # the connection goes back before the write takes another
    if not known:
        raise InvalidBody([FieldError("/event_id", "unknown-event", "There is no event with this id.")])
    values = {
        "kind": "problem",
        "event_id": body.event_id,
        "problem_kind": body.kind,
        "description": body.text,
    }
    _store(reception, writing, values, code=code, key=body.idempotency_key, network=network, member=member)
    return code


def _code_for(reception: Reception, kind: str, body: BaseModel, key: str | None) -> str:
    """Give the tracking code: random, or with a key the one that every retry of this body gets."""
    if key is None:
        return reception.codes.new()
    said = body.model_dump(exclude={"idempotency_key", "confirm"})
    return reception.codes.of_retry(key, f"{kind} {json.dumps(said, sort_keys=True, default=str)}".encode())


def _is_stored(reception: Reception, session: ReadWriteSession, code: str) -> bool:
    return queries.by_tracking_hash(session, reception.codes.code_hash(code)) is not None


def _store(
    reception: Reception,
    session: ReadWriteSession,
    values: dict[str, Any],
    *,
    code: str,
    key: str | None,
    network: str,
    member: Member | None,
) -> None:
    wait_seconds = reception.limits.take(network)
    if wait_seconds:
        raise TooManyRequests(
            "Too much was sent from your network in a short time. Nothing is lost: send it again in a while.",
            retry_after_seconds=wait_seconds,
        )
    if queries.queue_is_full(session, reception.queue_cap):
        raise Unavailable(
            "More is waiting than can be looked at, so nothing more is taken at the moment. Try again later.",
            retry_after_seconds=FULL_RETRY_SECONDS,
        )
    kept = values | {
        "id": uuid.uuid4(),
        "tracking_hash": reception.codes.code_hash(code),
        "submitter_hash": None if member is None else reception.codes.member_hash(member.id),
        "idempotency_hash": None if key is None else reception.codes.key_hash(key),
    }
    if not queries.add(session, kept) and not _is_stored(reception, session, code):
        raise Conflict(
            "This idempotency key was used for something else. Use a new key for each new submission.",
            errors=[asdict(FieldError("/idempotency_key", "used", "This key was used for something else."))],
        )
