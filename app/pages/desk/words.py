"""Texts of members' pages for codes: roles, errors, and messages after actions."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING, Final

from app.pages.formats import format_day, format_duration, format_moment
from app.pages.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable

_DAYS: Final = re.compile(r"(\d+) days")
_BETWEEN: Final = re.compile(r"( → |, )")


class DeskWords:
    """The texts of one language."""

    def __init__(self, language: str) -> None:
        _: Callable[[str], str] = partial(translate, language)
        self._language = language
        self.roles: dict[str, str] = {
            "contributor": _("Contributor"),
            "analyst": _("Analyst"),
            "editor": _("Editor"),
            "admin": _("Administrator"),
        }
        self.scopes: dict[str, str] = {"read": _("read only"), "write": _("read and write")}
        self.modes: dict[str, tuple[str, str]] = {
            "normal": (_("Normal"), _("Everything works.")),
            "read_only": (
                _("Read-only"),
                _("The map can be read. Nobody can send or change anything."),
            ),
            "closed": (_("Closed"), _("Visitors see only a notice. Only administrators can sign in.")),
        }
        self.errors: dict[str, str] = {
            "wrong": _("Wrong name, password or code."),
            "closed": _("The map is temporarily closed. Only administrators can sign in."),
            "password": _("Wrong password."),
            "code": _("Wrong code. Codes change every 30 seconds: try the next one."),
            "short": _("The new password needs at least 12 characters."),
            "long": _("The new password is too long. Use at most 256 characters."),
            "simple": _("The new password is too easy to guess. Use more different characters and not your name."),
            "differ": _("The two new passwords do not match."),
            "same": _("The new password is the same as the old one. Choose another."),
            "name": _("Invalid name. Use 2 to 40 letters (a-z), digits, dots, dashes or underscores."),
            "taken": _("This name is taken. Choose another."),
            "unknown": _("This account does not exist."),
            "last-admin": _("This is the last administrator. Make someone else an administrator first."),
            "label": _("Enter a name of up to 60 characters for the token."),
            "many": _("You have the maximum number of tokens. Revoke one first."),
            "factor-required": _("Your role requires two-factor authentication. It cannot be turned off."),
            "choice": _("Choose one of the options."),
        }
        self.notices: dict[str, str] = {
            "password": _("Password changed. You are signed out everywhere else."),
            "factor-off": _("Two-factor authentication is off."),
            "session": _("Session ended."),
            "sessions": _("You are signed out everywhere else."),
            "token": _("Token revoked."),
            "role": _("Role changed."),
            "disabled": _("Account disabled. Its sessions and tokens have ended."),
            "enabled": _("Account enabled."),
            "signed-out": _("All sessions of this account have ended."),
            "switched": _("Mode saved. It takes effect everywhere within a second."),
        }
        self.acts: dict[str, str] = {
            "created": _("account created"),
            "role_changed": _("role changed"),
            "disabled": _("account disabled"),
            "enabled": _("account enabled"),
            "password_reset": _("password reset"),
            "password_changed": _("password changed"),
            "second_factor_on": _("two-factor authentication on"),
            "second_factor_off": _("two-factor authentication off"),
            "recovery_codes_made": _("recovery codes created"),
            "recovery_code_used": _("recovery code used"),
            "token_made": _("token created"),
            "token_revoked": _("token revoked"),
            "signed_out": _("sessions ended"),
            "everyone_signed_out": _("everyone signed out"),
            "switched": _("switch set"),
        }

    def detail(self, detail: str) -> str:
        """Returns the details of a change with names instead of codes: roles, scopes and modes."""
        names = self.roles | self.scopes | {mode: name for mode, (name, _) in self.modes.items()}
        return "".join(
            format_duration(self._language, int(days[1])) if (days := _DAYS.fullmatch(part)) else names.get(part, part)
            for part in _BETWEEN.split(detail)
        )

    def day(self, day: dt.date | None) -> str:
        """Formats a day; empty for None."""
        return format_day(self._language, day)

    def moment(self, moment: dt.datetime) -> str:
        """Formats a moment to the minute, in UTC."""
        return format_moment(self._language, moment)
