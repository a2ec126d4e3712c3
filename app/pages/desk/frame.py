"""The common part of members' pages: the member, the navigation, the form token, and messages."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from app.access.rights import least_role
from app.accounts import keys
from app.accounts.authentication import signed_in
from app.accounts.services import account_services
from app.pages.desk.words import DeskWords
from app.pages.language import translate
from app.pages.templating import page_language, render

if TYPE_CHECKING:
    from app.access.members import Member


@dataclass(frozen=True)
class Frame:
    """The frame of a member's page.

    Attributes:
        name: of the member.
        role: the name of the role.
        form_token: the token for all forms.
        links: the pages that the member may open, as (path, label).
        notice: a message about the last action, or empty.
        error: an error message, or empty.
    """

    name: str
    role: str
    form_token: str
    links: list[tuple[str, str]]
    notice: str
    error: str


@dataclass(frozen=True)
class Choice:
    """An option of a field."""

    value: str
    words: str
    chosen: bool = False


def desk_words(request: Request) -> DeskWords:
    """Returns the texts in the reader's language."""
    return DeskWords(page_language(request))


def build_frame(request: Request, member: Member, error: str = "") -> Frame:
    """Builds the frame of a page.

    Args:
        request: the request; after a form, its query has the code of the message.
        member: the signed-in member.
        error: the code of the error.
    """
    current = signed_in(request)
    words = desk_words(request)
    _ = partial(translate, page_language(request))
    pages = [
        ("/desk", _("Desk")),
        ("/desk/queue", _("Queue")),
        ("/desk/events", _("Events")),
        ("/desk/numbers", _("Statistics")),
        ("/desk/account", _("Account")),
        ("/desk/sessions", _("Sessions")),
        ("/desk/tokens", _("API tokens")),
        ("/desk/members", _("Members")),
        ("/desk/acts", _("Audit log")),
        ("/desk/switch", _("Incident switch")),
    ]
    return Frame(
        name=member.name,
        role=words.roles[member.role],
        form_token=keys.form_token(account_services(request).secret, current.key),
        links=[] if current.missing else [(path, name) for path, name in pages if _may_open(member, path)],
        notice="" if error else words.notices.get(request.query_params.get("done", ""), ""),
        error=words.errors.get(error, ""),
    )


def _may_open(member: Member, path: str) -> bool:
    least = least_role("GET", path)
    return least is not None and member.role.reaches(least)


def show(request: Request, template: str, context: Any) -> Response:
    """Renders a member's page, with the HTTP status of its error if there is one."""
    return render(request, f"desk/{template}", context, status=422 if context.frame.error else 200)


def go(request: Request, path: str, done: str = "") -> RedirectResponse:
    """Redirects to a page after a form, so that a reload does not send the form again; keeps the
    language.
    """
    parameters = {"done": done} if done else {}
    if "lang" in request.query_params:
        parameters["lang"] = page_language(request)
    return RedirectResponse(f"{path}?{urlencode(parameters)}" if parameters else path, status_code=303)


def set_session_cookie(response: Response, key: str) -> None:
    """Sets the session cookie: for this host and HTTPS only, hidden from scripts, until the browser
    closes.
    """
    response.set_cookie(keys.SESSION_COOKIE, key, path="/", secure=True, httponly=True, samesite="lax")
