"""The errors that a client of the API or a reader of a page gets.

Code raises a subclass of `Problem`; `problem_responses.py` renders it. Clients never see internal
details.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class FieldError:
    """An error in one field of a body: a JSON pointer (`/footage_urls/0`), a stable code, and a
    message.
    """

    field: str
    code: str
    message: str


def join_errors(errors: Iterable[FieldError]) -> str:
    """Returns one message for the first errors of a body."""
    return "; ".join(f"{error.field}: {error.message}" for error in list(errors)[:5])


@dataclass(frozen=True)
class Suspicion:
    """A warning about a field that may be mistaken; the sender can confirm it by its `code`."""

    code: str
    field: str
    message: str
    suggestion: Any = None


class Problem(Exception):
    """The base class. Subclasses set the HTTP status, the slug of the type, and the title."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        """Creates the problem.

        Args:
            detail: a message for the person who made the request, about this request.
            headers: headers of the response.
            members: further members of the problem details.
        """
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def body(self) -> dict[str, Any]:
        """Returns the problem details."""
        details = {"type": f"/problems/{self.slug}", "title": self.title, "status": self.status}
        if self.detail:
            details["detail"] = self.detail
        return details | self.members


class InvalidParameter(Problem):
    """A query or path parameter is invalid."""

    status = 400
    slug = "invalid-parameter"
    title = "Invalid parameter in the address"

    def __init__(self, parameter: str, message: str) -> None:
        """Creates the problem for a parameter, with a message that says what it must be."""
        super().__init__(f"{parameter}: {message}", parameter=parameter)


class BadRequest(Problem):
    """The request itself is malformed."""

    status = 400
    slug = "bad-request"
    title = "Malformed request"


class Unauthenticated(Problem):
    """Only members may do this, and the client is not signed in."""

    status = 401
    slug = "unauthenticated"
    title = "Sign in first"


class Forbidden(Problem):
    """The member may not do this."""

    status = 403
    slug = "forbidden"
    title = "You may not do this"


class OwnPasswordNeeded(Forbidden):
    """The member is signed in with a temporary password."""

    slug = "own-password-needed"
    title = "Choose your own password first"


class SecondFactorNeeded(Forbidden):
    """The role of the member requires a second factor, and the member has none."""

    slug = "second-factor-needed"
    title = "Set up two-factor authentication first"


class CrossSite(Problem):
    """Another site sent a form to this one."""

    status = 403
    slug = "cross-site"
    title = "The request came from another site"


class NotFound(Problem):
    """Nothing public is at this address."""

    status = 404
    slug = "not-found"
    title = "Page not found"


class MethodNotAllowed(Problem):
    """The address does not support this HTTP method."""

    status = 405
    slug = "method-not-allowed"
    title = "This address does not support that method"


class NotAcceptable(Problem):
    """The response is not available in the requested media type."""

    status = 406
    slug = "not-acceptable"
    title = "Not available in that format"


class Conflict(Problem):
    """The request conflicts with the current state."""

    status = 409
    slug = "conflict"
    title = "This is not possible in the current state"


class ConfirmationNeeded(Problem):
    """Something may be mistaken. The same body is accepted with the codes of the warnings in
    `confirm`.
    """

    status = 409
    slug = "confirmation-needed"
    title = "Check before sending"

    def __init__(self, warnings: list[Suspicion]) -> None:
        """Creates the problem for one or more warnings."""
        super().__init__(
            "Check the fields in the warnings. If they are right, send the same body with the codes in `confirm`.",
            warnings=[asdict(warning) for warning in warnings],
        )
        self.warnings = warnings


class Gone(Problem):
    """The page was published and has been withdrawn."""

    status = 410
    slug = "gone"
    title = "This has been withdrawn"


class PreconditionFailed(Problem):
    """Somebody else has changed the item; the response has both versions."""

    status = 412
    slug = "precondition-failed"
    title = "Somebody else has changed this"

    def __init__(self, *, current: Any, yours: Any) -> None:
        """Creates the problem with the current version and the version that was sent."""
        super().__init__(
            "Compare with `current`, apply your change to it, and send it with its version.",
            current=current,
            yours=yours,
        )


class PreconditionRequired(Problem):
    """The request must name the version that it changes."""

    status = 428
    slug = "precondition-required"
    title = "The version to change is missing"


class RequestTimeout(Problem):
    """The request did not arrive in time."""

    status = 408
    slug = "request-timeout"
    title = "The request took too long to arrive"


class UrlTooLong(Problem):
    """The URL is too long."""

    status = 414
    slug = "url-too-long"
    title = "The address is too long"


class HeadersTooLarge(Problem):
    """The header fields are too large."""

    status = 431
    slug = "headers-too-large"
    title = "The header fields are too large"


class TooLarge(Problem):
    """The body is too large."""

    status = 413
    slug = "too-large"
    title = "The body is too large"


class InvalidBody(Problem):
    """Fields of the body are invalid; the response names each."""

    status = 422
    slug = "invalid-body"
    title = "Some fields are invalid"

    def __init__(self, errors: list[FieldError]) -> None:
        """Creates the problem for the errors of fields."""
        super().__init__(join_errors(errors), errors=[asdict(error) for error in errors])
        self.errors = errors


class TooManyRequests(Problem):
    """One network has sent too many requests of one kind."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        """Creates the problem, with the number of seconds after which to try again."""
        super().__init__(detail, headers={"Retry-After": str(max(1, retry_after_seconds))})


class Unavailable(Problem):
    """The request cannot be answered now; a later request may succeed."""

    status = 503
    slug = "unavailable"
    title = "Temporarily unavailable"

    def __init__(self, detail: str, *, retry_after_seconds: int = 5) -> None:
        """Creates the problem, with the number of seconds after which to try again."""
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})


def busy(*, retry_after_seconds: int = 1) -> Unavailable:
    """Returns the problem of a request for which there is no place now."""
    return Unavailable("The server is busy. Try again in a few seconds.", retry_after_seconds=retry_after_seconds)


class Closed(Unavailable):
    """The operator has closed the map."""

    slug = "closed"
    title = "This map is temporarily closed"
