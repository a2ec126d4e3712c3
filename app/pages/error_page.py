"""The page that tells a person what went wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.pages.language import translate
from app.pages.templating import page_language, render

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
    """Render a problem for a person, in their language."""
    language = page_language(request)
    context = ErrorPage(
        status=problem.status,
        title=translate(language, problem.title),
        detail=translate(language, problem.detail),
        request_id=getattr(request.state, "request_id", ""),
    )
    response = render(request, "error.html", context, status=problem.status)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response
