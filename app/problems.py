"""Every error leaves as RFC 9457 problem details, or as an HTML page for people. Here, and nowhere else.

Code raises a `Problem`; `install` renders it. What went wrong inside is never told to the client.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.messages import Translate, pydantic_message, translate_message

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("frontline")

MEDIA_TYPE = "application/problem+json"

TranslateFor = Callable[[Request], Translate]
RenderPage = Callable[[Request, "Problem"], Response]


@dataclass(frozen=True)
class FieldError:
    """A fault in one field of a body: `field` is a JSON pointer (`/footage_urls/0`), `code` stable, `message` words."""

    field: str
    code: str
    message: str


@dataclass(frozen=True)
class Suspicion:
    """A suspicion about a field, which the sender may confirm by its `code`."""

    code: str
    field: str
    message: str
    suggestion: Any = None


class Problem(Exception):
    """What a client is told when a request fails. Subclasses say the status, the slug of the type and the title."""

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Something went wrong on our side"

    def __init__(self, detail: str = "", *, headers: Mapping[str, str] | None = None, **members: Any) -> None:
        """Say what happened.

        Args:
            detail: words for the person who made the request, about this request.
            headers: headers of the answer.
            members: further members of the problem details.
        """
        super().__init__(detail or self.title)
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members

    def body(self) -> dict[str, Any]:
        """Give the problem details."""
        told = {"type": f"/problems/{self.slug}", "title": self.title, "status": self.status}
        if self.detail:
            told["detail"] = self.detail
        return told | self.members


class InvalidParameter(Problem):
    """A query or path parameter cannot be used."""

    status = 400
    slug = "invalid-parameter"
    title = "A parameter of the address cannot be used"

    def __init__(self, parameter: str, message: str) -> None:
        """Name the parameter and say what it must be."""
        super().__init__(f"{parameter}: {message}", parameter=parameter)


class BadRequest(Problem):
    """The request itself is malformed."""

    status = 400
    slug = "bad-request"
    title = "The request cannot be understood"


class Unauthenticated(Problem):
    """Only members may do this, and nobody is signed in."""

    status = 401
    slug = "unauthenticated"
    title = "Sign in first"


class Forbidden(Problem):
    """The member may not do this."""

    status = 403
    slug = "forbidden"
    title = "You may not do this"


class OwnPasswordNeeded(Forbidden):
    """The member is signed in with a password that somebody else gave."""

    slug = "own-password-needed"
    title = "Choose a password of your own first"


class CrossSite(Problem):
    """A form of another site was sent here."""

    status = 403
    slug = "cross-site"
    title = "The request came from another site"


class NotFound(Problem):
    """There is nothing at this address, as far as the public may know."""

    status = 404
    slug = "not-found"
    title = "There is nothing here"


class MethodNotAllowed(Problem):
    """The address does not answer to this method."""

    status = 405
    slug = "method-not-allowed"
    title = "This address does not answer to that method"


class NotAcceptable(Problem):
    """The answer cannot be given in the form that is asked for."""

    status = 406
    slug = "not-acceptable"
    title = "The answer cannot be given in that form"


class Conflict(Problem):
    """The request does not fit what is there."""

    status = 409
    slug = "conflict"
    title = "The request does not fit what is already there"


class ConfirmationNeeded(Problem):
    """Something looks mistaken; sent again with its codes in `confirm`, the same body is accepted."""

    status = 409
    slug = "confirmation-needed"
    title = "Please look again: something may be mistaken"

    def __init__(self, warnings: list[Suspicion]) -> None:
        """Tell the suspicions, at least one."""
        super().__init__(
            "Check what the warnings name; if all is right, send the same body with their codes in `confirm`.",
            warnings=[asdict(warning) for warning in warnings],
        )
        self.warnings = warnings


class Gone(Problem):
    """It was published here, and was taken back."""

    status = 410
    slug = "gone"
    title = "This was published here and has been withdrawn"


class PreconditionFailed(Problem):
    """Somebody else has changed it meanwhile; both versions are shown."""

    status = 412
    slug = "precondition-failed"
    title = "Somebody else has changed this meanwhile"

    def __init__(self, *, current: Any, yours: Any) -> None:
        """Show what is there now, and what was sent."""
        super().__init__(
            "Look at `current`, put your change into it, and send it with its version.", current=current, yours=yours
        )


class PreconditionRequired(Problem):
    """It must be said which version is changed."""

    status = 428
    slug = "precondition-required"
    title = "Say which version you change"


class TooLarge(Problem):
    """The body is larger than is read."""

    status = 413
    slug = "too-large"
    title = "The body is too large"


class UnsupportedMediaType(Problem):
    """The body is of a type that is not read here."""

    status = 415
    slug = "unsupported-media-type"
    title = "The body is of a type that is not read here"


class InvalidBody(Problem):
    """Fields of the body cannot be used; each is named."""

    status = 422
    slug = "invalid-body"
    title = "Some fields cannot be used"

    def __init__(self, errors: list[FieldError]) -> None:
        """Name each field and its fault."""
        super().__init__(
            "; ".join(f"{error.field}: {error.message}" for error in errors[:5]),
            errors=[asdict(error) for error in errors],
        )
        self.errors = errors


class TooManyRequests(Problem):
    """Too many requests of one kind from one network."""

    status = 429
    slug = "too-many-requests"
    title = "Too many requests"

    def __init__(self, detail: str, *, retry_after_seconds: int) -> None:
        """Say when to try again."""
        super().__init__(detail, headers={"Retry-After": str(max(1, retry_after_seconds))})


class Unavailable(Problem):
    """It cannot be answered now; later it may."""

    status = 503
    slug = "unavailable"
    title = "This cannot be answered at the moment"

    def __init__(self, detail: str, *, retry_after_seconds: int = 5) -> None:
        """Say when to try again."""
        super().__init__(detail, headers={"Retry-After": str(retry_after_seconds)})


class Closed(Unavailable):
    """Whoever runs the map has closed it."""

    slug = "closed"
    title = "This map is closed for the moment"


BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind for kind in (BadRequest, CrossSite, NotFound, MethodNotAllowed, NotAcceptable, TooLarge)
}


def from_validation(error: RequestValidationError) -> Problem:
    """Turn FastAPI's refusal of a request into a problem: of a parameter (400), or of fields of the body (422)."""
    faults = error.errors()
    for fault in faults:
        where, *path = fault["loc"]
        if where in {"query", "path", "header"}:
            return InvalidParameter(str(path[0]) if path else str(where), pydantic_message(fault))
    if any(fault["type"] == "json_invalid" for fault in faults):
        return BadRequest("The body is not valid JSON.")
    return InvalidBody(
        [
            FieldError(
                field="/" + "/".join(str(part) for part in fault["loc"][1:]),
                code=fault["type"].replace("_", "-"),
                message=pydantic_message(fault),
            )
            for fault in faults
        ]
    )


def from_database(error: Exception) -> Problem:
    """Turn a failure of the database into a problem: away or busy is 503, anything else is ours."""
    if isinstance(error, PoolTimeoutError):
        return Unavailable("Every connection to the database is busy. Try again in a moment.", retry_after_seconds=1)
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        if error.connection_invalidated:
            state = None
        if state is not None or error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
            return from_state(state)
    return Problem()


def from_state(state: str | None) -> Problem:
    """Turn the SQLSTATE of a failure into a problem; None: the database did not answer at all."""
    if state == "57014":  # query_canceled: the statement ran into its time limit
        return Unavailable("The question took too long to answer. Ask for less: a smaller area or fewer days.")
    if state in {"55P03", "40P01", "40001"}:  # lock not available, deadlock, serialisation
        return Unavailable("Somebody else is changing the same thing. Try again in a moment.", retry_after_seconds=1)
    if state is None or state[:2] in {"08", "53", "57"}:  # connection, resources, operator intervention
        return Unavailable("The database does not answer. Nothing is lost; try again in a moment.")
    return Problem()


def translate_body(body: dict[str, Any], translate: Translate) -> dict[str, Any]:
    """Translate the words of problem details in a language: what is wrong, and of each field, warning or item why.

    What people wrote (`current`, `yours`) and what programs read (codes, fields) stays.
    """
    told = body | {name: translate_message(body[name], translate) for name in ("title", "detail") if name in body}
    for name, words in (("errors", "message"), ("warnings", "message"), ("items", "refusal")):
        if name in body:
            told[name] = [one | {words: translate_message(one[words], translate)} for one in body[name]]
    if "errors" in told:
        told["detail"] = "; ".join(f"{one['field']}: {one['message']}" for one in told["errors"][:5])
    return told


def answer_json(problem: Problem, translate: Translate | None = None) -> Response:
    """Render a problem as problem details, in the language that `translate` gives; English without it."""
    body = problem.body() if translate is None else translate_body(problem.body(), translate)
    return Response(
        json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"),
        status_code=problem.status,
        headers=problem.headers
        | {"Cache-Control": "no-store"}
        | ({} if translate is None else {"Vary": "Accept-Language"}),
        media_type=MEDIA_TYPE,
    )


def wants_page(request: Request) -> bool:
    """Tell whether a person asks: outside `/api`, with a browser's `Accept`."""
    return not request.url.path.startswith("/api") and "text/html" in request.headers.get("accept", "")


class LastResort:
    """Answers what nobody expected, inside the layers that put headers on every answer."""

    def __init__(self, app: ASGIApp, *, render_page: RenderPage) -> None:
        self._app = app
        self._render_page = render_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_noting(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_noting)
        except ClientDisconnect:
            raise
        except Exception:
            if started:
                raise
            log.exception("unexpected error")
            request = Request(scope, receive)
            response = self._render_page(request, Problem()) if wants_page(request) else answer_json(Problem())
            await response(scope, receive, send)


def install(app: FastAPI, *, render_page: RenderPage, translate_for: TranslateFor) -> None:
    """Make every error of the application leave as a problem.

    Args:
        app: the application.
        render_page: gives the HTML page of a problem, for people.
        translate_for: gives what says English words in the language that a request asks for.
    """

    def answer(request: Request, problem: Problem) -> Response:
        return render_page(request, problem) if wants_page(request) else answer_json(problem, translate_for(request))

    async def on_problem(request: Request, error: Exception) -> Response:
        return answer(request, error if isinstance(error, Problem) else Problem())

    async def on_validation(request: Request, error: Exception) -> Response:
        return answer(request, from_validation(error) if isinstance(error, RequestValidationError) else Problem())

    async def on_database(request: Request, error: Exception) -> Response:
        problem = from_database(error)
        log.log(logging.ERROR if problem.status == 500 else logging.WARNING, "database: %s", type(error).__name__)
        if problem.status == 500:
            log.error("unexpected database error", exc_info=error)
        return answer(request, problem)

    async def on_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        kind = BY_STATUS.get(status, Problem)
        return answer(request, kind(headers=headers))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(DBAPIError, on_database)
    app.add_exception_handler(PoolTimeoutError, on_database)
    app.add_exception_handler(HTTPException, on_http)
