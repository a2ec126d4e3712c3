"""The error page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi.responses import RedirectResponse

from app.messages import translate_message
from app.pages.language import translate
from app.pages.templating import page_language, render
from app.problems import OwnPasswordNeeded, SecondFactorNeeded, Unauthenticated

if TYPE_CHECKING:
    from fastapi import Request, Response

    from app.problems import Problem


@dataclass(frozen=True)
class ErrorPage:
    """The context of `error.html`."""

    status: int
    title: str
    detail: str
    request_id: str


def render_problem(request: Request, problem: Problem) -> Response:
    """Renders the HTML page of a problem in the reader's language. If the reader must sign in
    first, redirects to the sign-in page, which leads back; if the sign-in is not complete, to the
    account.
    """
    language = page_language(request)
    is_incomplete = isinstance(problem, OwnPasswordNeeded | SecondFactorNeeded)
    if request.method == "GET" and (is_incomplete or isinstance(problem, Unauthenticated)):
        path = "/desk/account" if is_incomplete else "/sign-in"
        parameters = {} if is_incomplete else {"to": request.scope["path"]}
        if "lang" in request.query_params:
            parameters["lang"] = language
        return RedirectResponse(f"{path}?{urlencode(parameters)}" if parameters else path, status_code=303)
    context = ErrorPage(
        status=problem.status,
        title=translate(language, problem.title),
        detail=translate_message(problem.detail, partial(translate, language)),
        request_id=getattr(request.state, "request_id", ""),
    )
    response = render(request, "error.html", context, status=problem.status)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response
