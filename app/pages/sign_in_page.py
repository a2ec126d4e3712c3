"""The sign-in page: one form, with the same response to every wrong attempt."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from app.access.modes import Mode
from app.access.switch import read_mode
from app.accounts import keys
from app.accounts.passwords import LONGEST
from app.accounts.services import account_services
from app.accounts.sign_in import Attempt, ClosedForMembers, Opened, WrongSignIn, sign_in
from app.http.client import client_network
from app.http.transport import is_secure
from app.pages.desk.frame import go, set_session_cookie
from app.pages.desk.words import DeskWords
from app.pages.language import translate
from app.pages.templating import page_language, render
from app.problems import Forbidden, Problem, TooManyRequests, Unavailable

router = APIRouter(include_in_schema=False)

# How long a browser counts as known: long enough for members who sign in every week.
KNOWN_SECONDS: Final = 30 * 86_400
_DESK_PATH: Final = re.compile(r"/desk(?:/[A-Za-z0-9_-]+){0,4}")


@dataclass(frozen=True)
class SignInPage:
    """The context of `sign-in.html`; `safe`: whether a password may be sent over this
    connection.
    """

    safe: bool
    name: str
    return_path: str
    error: str


def _desk_path(text: str) -> str:
    """Returns the requested path if it is a page of the desk, else an empty text."""
    return text if _DESK_PATH.fullmatch(text) else ""


def _show(request: Request, *, name: str = "", return_path: str = "", error: str = "", status: int = 200) -> Response:
    response = render(request, "sign-in.html", SignInPage(is_secure(request), name, return_path, error), status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


@router.get("/sign-in")
def sign_in_page(request: Request, to: str = "") -> Response:
    """Renders the form for name, password and code."""
    return _show(request, return_path=_desk_path(to))


@router.post("/sign-in")
def sign_in_with(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    code: Annotated[str, Form()] = "",
    to: Annotated[str, Form()] = "",
) -> Response:
    """Starts a session, or renders the form with an error."""
    if not is_secure(request):
        raise Forbidden("This connection is not secure. Sign in over HTTPS, or on the computer that runs the map.")
    attempt = Attempt(
        name=name,
        password=password,
        code=code,
        network=client_network(request),
        known_mark=request.cookies.get(keys.KNOWN_COOKIE, ""),
        old_key=request.cookies.get(keys.SESSION_COOKIE, ""),
    )
    words, entered_name, return_path = DeskWords(page_language(request)), name[:LONGEST], _desk_path(to)
    try:
        opened = sign_in(account_services(request), attempt, admins_only=lambda: _mode(request) is Mode.CLOSED)
    except WrongSignIn:
        return _show(request, name=entered_name, return_path=return_path, error=words.errors["wrong"], status=401)
    except ClosedForMembers:
        return _show(request, name=entered_name, return_path=return_path, error=words.errors["closed"], status=503)
    except (TooManyRequests, Unavailable) as problem:
        return _show_problem(request, problem, entered_name, return_path)
    return _redirect_signed_in(request, opened, return_path)


def _mode(request: Request) -> Mode:
    with account_services(request).sessions.writing() as session:
        return read_mode(session)


def _show_problem(request: Request, problem: Problem, name: str, return_path: str) -> Response:
    error = translate(page_language(request), problem.detail)
    response = _show(request, name=name, return_path=return_path, error=error, status=problem.status)
    response.headers.update(problem.headers)
    return response


def _redirect_signed_in(request: Request, opened: Opened, return_path: str) -> RedirectResponse:
    closed = _mode(request) is Mode.CLOSED
    response = go(
        request, "/desk/account" if opened.temporary else "/desk/switch" if closed else return_path or "/desk"
    )
    set_session_cookie(response, opened.key)
    response.set_cookie(
        keys.KNOWN_COOKIE,
        opened.known_mark,
        max_age=KNOWN_SECONDS,
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    response.headers["Cache-Control"] = "no-store"
    return response
