"""Receives submissions: checks them, limits them, stores each once, and returns a tracking code."""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from app.http.rate_limits import RateLimits
from app.http.shared_limits import SharedRateLimits
from app.problems import ConfirmationNeeded, Conflict, FieldError, InvalidBody, TooManyRequests, Unavailable
from app.secret import installation_secret
from app.submissions import queries
from app.submissions.check import find_warnings
from app.submissions.same_footage import canonical_links, insert_links, join_waiting_item
from app.submissions.times import happened_range
from app.submissions.tracking import TrackingCodes

if TYPE_CHECKING:
    from pydantic import BaseModel

    from app.access.members import Member
    from app.database.session import PublicReadSession, ReadWriteSession
    from app.http.daily_salt import DailySalt
    from app.http.shared_limits import SharedLimits
    from app.settings import Settings
    from app.submissions.schemas import FootageSubmission, ProblemReport
    from app.theatre import Theatre

FULL_RETRY_SECONDS: Final = 3600


@dataclass(frozen=True)
class SubmissionServices:
    """The services for submissions in one process: tracking codes, rate limits, and the limit of
    the queue.
    """

    codes: TrackingCodes
    limits: RateLimits | SharedRateLimits
    queue_cap: int


def make_submission_services(settings: Settings, shared: SharedLimits, salt: DailySalt) -> SubmissionServices:
    """Creates the services of one process, and the installation's secret if there is none.

    Args:
        settings: the settings of this installation.
        shared: the rate limits of all processes, used if `shared_limits` is set.
        salt: of the rate limits of this process.

    Raises:
        SecretError: the secret cannot be written or read.
    """
    minute, hour = settings.submissions_per_minute, settings.submissions_per_hour
    return SubmissionServices(
        codes=TrackingCodes(installation_secret(settings.data_dir)),
        limits=SharedRateLimits(shared, per_minute=minute, per_hour=hour)
        if settings.shared_limits
        else RateLimits(salt, per_minute=minute, per_hour=hour),
        queue_cap=settings.submission_queue_cap,
    )


def receive_footage(
    services: SubmissionServices,
    public: PublicReadSession,
    writing: ReadWriteSession,
    *,
    body: FootageSubmission,
    theatre: Theatre,
    network: str,
    member: Member | None = None,
) -> str:
    """Stores a valid footage submission and returns its tracking code.

    Raises:
        ConfirmationNeeded: there are warnings that the sender has not confirmed.
        Conflict: the idempotency key was used for another body.
        TooManyRequests: the network has sent too much.
        Unavailable: the queue is full.
    """
    code = _code_for(services, "footage", body, body.idempotency_key)
    if body.idempotency_key is not None and _is_stored(services, writing, code):
        return code
    suspicions, _ = find_warnings(public, body, theatre)
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
    _store(services, writing, values, code=code, key=body.idempotency_key, network=network, member=member)
    return code


def receive_problem(
    services: SubmissionServices,
    public: PublicReadSession,
    writing: ReadWriteSession,
    *,
    body: ProblemReport,
    network: str,
    member: Member | None = None,
) -> str:
    """Stores a problem report and returns its tracking code.

    Raises:
        InvalidBody: there is no such public event.
        Conflict: the idempotency key was used for another body.
        TooManyRequests: the network has sent too much.
        Unavailable: the queue is full.
    """
    code = _code_for(services, "problem", body, body.idempotency_key)
    if body.idempotency_key is not None and _is_stored(services, writing, code):
        return code
    known = queries.is_public_event(public, body.event_id)
    public.commit()  # returns the connection to the pool before the write takes another
    if not known:
        raise InvalidBody([FieldError("/event_id", "unknown-event", "There is no event with this id.")])
    values = {
        "kind": "problem",
        "event_id": body.event_id,
        "problem_kind": body.kind,
        "description": body.text,
    }
    _store(services, writing, values, code=code, key=body.idempotency_key, network=network, member=member)
    return code


def _code_for(services: SubmissionServices, kind: str, body: BaseModel, key: str | None) -> str:
    """Returns a random tracking code, or with a key the code of all retries of this body."""
    if key is None:
        return services.codes.new()
    content = body.model_dump(exclude={"idempotency_key", "confirm"})
    return services.codes.of_retry(key, f"{kind} {json.dumps(content, sort_keys=True, default=str)}".encode())


def _is_stored(services: SubmissionServices, session: ReadWriteSession, code: str) -> bool:
    return queries.by_tracking_hash(session, services.codes.code_hash(code)) is not None


def _store(
    services: SubmissionServices,
    session: ReadWriteSession,
    values: dict[str, Any],
    *,
    code: str,
    key: str | None,
    network: str,
    member: Member | None,
) -> None:
    wait_seconds = services.limits.take(network)
    if wait_seconds:
        raise TooManyRequests(
            "Too much was sent from your network in a short time. Wait a few minutes, then send it again.",
            retry_after_seconds=wait_seconds,
        )
    if queries.queue_is_full(session, services.queue_cap):
        raise Unavailable(
            "Too many submissions are waiting for review. Try again later.",
            retry_after_seconds=FULL_RETRY_SECONDS,
        )
    row = values | {
        "id": uuid.uuid4(),
        "tracking_hash": services.codes.code_hash(code),
        "submitter_hash": None if member is None else services.codes.member_hash(member.id),
        "idempotency_hash": None if key is None else services.codes.key_hash(key),
    }
    links = canonical_links(row.get("footage_urls", ()))
    if links:
        join_waiting_item(session, links, row)
    if queries.add(session, row):
        insert_links(session, row["id"], links)
    elif not _is_stored(services, session, code):
        raise Conflict(
            "This idempotency key was used for another submission. Use a new key for each submission.",
            errors=[asdict(FieldError("/idempotency_key", "used", "This key was used for another submission."))],
        )
