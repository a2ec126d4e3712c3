"""Renders every error as RFC 9457 problem details, or as an HTML page for people."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from app.messages import Translate, pydantic_message, translate_message
from app.problems import (
    BadRequest,
    CrossSite,
    FieldError,
    InvalidBody,
    InvalidParameter,
    MethodNotAllowed,
    NotAcceptable,
    NotFound,
    Problem,
    TooLarge,
    Unavailable,
    busy,
    join_errors,
)

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("frontline")

MEDIA_TYPE = "application/problem+json"

TranslateFor = Callable[[Request], Translate]
RenderPage = Callable[[Request, Problem], Response]


BY_STATUS: dict[int, type[Problem]] = {
    kind.status: kind for kind in (BadRequest, CrossSite, NotFound, MethodNotAllowed, NotAcceptable, TooLarge)
}


def from_validation(error: RequestValidationError) -> Problem:
    """Converts a validation error of FastAPI: to 400 for a parameter, to 422 for fields of the
    body.
    """
    found = error.errors()
    for one in found:
        where, *path = one["loc"]
        if where in {"query", "path", "header"}:
            return InvalidParameter(str(path[0]) if path else str(where), pydantic_message(one))
    if any(one["type"] == "json_invalid" for one in found):
        return BadRequest("The body is not valid JSON.")
    return InvalidBody(
        [
            FieldError(
                field="/" + "/".join(str(part) for part in one["loc"][1:]),
                code=one["type"].replace("_", "-"),
                message=pydantic_message(one),
            )
            for one in found
        ]
    )


def from_database(error: Exception) -> Problem:
    """Converts a database error: to 503 if the database is away or busy, to 500 otherwise."""
    if isinstance(error, PoolTimeoutError):
        return busy()
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None)
        if error.connection_invalidated:
            state = None
        if state is not None or error.connection_invalidated or isinstance(error, OperationalError | InterfaceError):
            return from_state(state)
    return Problem()


def from_state(state: str | None) -> Problem:
    """Converts an SQLSTATE; None means that the connection failed."""
    if state == "57014":  # query_canceled: statement timeout
        return Unavailable("The query took too long. Try a smaller area or fewer days.")
    if state in {"55P03", "40P01", "40001"}:  # lock not available, deadlock, serialisation
        return Unavailable(
            "Somebody else is changing the same data. Try again in a few seconds.", retry_after_seconds=1
        )
    if state is None or state[:2] in {"08", "53", "57"}:  # connection, resources, operator intervention
        return Unavailable("The database is not available. Nothing was lost. Try again in a few seconds.")
    return Problem()


def translate_body(body: dict[str, Any], translate: Translate) -> dict[str, Any]:
    """Translates the messages of problem details: title, detail, and those of fields, warnings and
    items.

    Text that people wrote (`current`, `yours`) and values for programs (codes, field names) stay
    unchanged.
    """
    translated = body | {name: translate_message(body[name], translate) for name in ("title", "detail") if name in body}
    for name, message in (("errors", "message"), ("warnings", "message"), ("items", "refusal")):
        if name in body:
            translated[name] = [one | {message: translate_message(one[message], translate)} for one in body[name]]
    if "errors" in translated:
        translated["detail"] = join_errors(FieldError(**one) for one in translated["errors"])
    return translated


def problem_response(problem: Problem, translate: Translate | None = None) -> Response:
    """Renders a problem as problem details, translated with `translate` if given."""
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
    """Tells whether the response should be an HTML page: outside `/api`, and the client accepts
    HTML.
    """
    return not request.scope["path"].startswith("/api") and "text/html" in request.headers.get("accept", "")


def allowed_methods(request: Request) -> list[str]:
    """Returns the methods of all routes that match the path of a request."""
    methods: set[str] = set()
    # As the application got it: a mount changes the scope.
    scope = {**request.scope, "root_path": request.scope.get("app_root_path", "")}
    for context in iter_route_contexts(request.app.routes):
        route = context.original_route
        if route.matches(scope)[0] is not Match.NONE:
            methods.update(getattr(route, "methods", None) or {"GET"})  # a mount has files
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)


class UnexpectedErrors:
    """ASGI middleware that turns unexpected exceptions into a 500 response.

    It runs inside the middleware that adds headers, so that this response has them, too.
    """

    def __init__(self, app: ASGIApp, *, render_page: RenderPage) -> None:
        self._app = app
        self._render_page = render_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        except ClientDisconnect:
            raise
        except Exception:
            if started:
                raise
            log.exception("unexpected error")
            request = Request(scope, receive)
            response = self._render_page(request, Problem()) if wants_page(request) else problem_response(Problem())
            await response(scope, receive, send)


def install(app: FastAPI, *, render_page: RenderPage, translate_for: TranslateFor) -> None:
    """Registers the exception handlers of the application.

    Args:
        app: the application.
        render_page: renders the HTML page of a problem.
        translate_for: returns the function that translates into the language of a request.
    """

    def respond(request: Request, problem: Problem) -> Response:
        return (
            render_page(request, problem) if wants_page(request) else problem_response(problem, translate_for(request))
        )

    async def on_problem(request: Request, error: Exception) -> Response:
        return respond(request, error if isinstance(error, Problem) else Problem())

    async def on_validation(request: Request, error: Exception) -> Response:
        return respond(request, from_validation(error) if isinstance(error, RequestValidationError) else Problem())

    async def on_database(request: Request, error: Exception) -> Response:
        problem = from_database(error)
        log.log(logging.ERROR if problem.status == 500 else logging.WARNING, "database: %s", type(error).__name__)
        if problem.status == 500:
            log.error("unexpected database error", exc_info=error)
        return respond(request, problem)

    async def on_http(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
        kind = BY_STATUS.get(status, Problem)
        if kind is MethodNotAllowed:
            headers["Allow"] = ", ".join(allowed_methods(request))
        return respond(request, kind(headers=headers))

    app.add_exception_handler(Problem, on_problem)
    app.add_exception_handler(RequestValidationError, on_validation)
    app.add_exception_handler(DBAPIError, on_database)
    app.add_exception_handler(PoolTimeoutError, on_database)
    app.add_exception_handler(HTTPException, on_http)
