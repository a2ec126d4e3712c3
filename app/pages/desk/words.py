"""What the pages of members say by codes: roles, faults, what was done."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from babel.dates import format_datetime, format_skeleton

from app.pages.language import translate

if TYPE_CHECKING:
    from collections.abc import Callable


class DeskWords:
    """The words of one language."""

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
                _("The map can be read. Nothing can be sent in or changed, by strangers or members."),
            ),
            "closed": (_("Closed"), _("A notice is shown, and nothing else. Only administrators can sign in.")),
        }
        self.faults: dict[str, str] = {
            "wrong": _("Name, password or code is not right."),
            "closed": _("The map is closed for the moment: only administrators can sign in."),
            "password": _("The password is not right."),
            "code": _("This code is not right. Codes change every half minute: try the next one."),
            "short": _("The new password needs at least 12 characters."),
            "long": _("The new password is too long."),
            "simple": _("The new password is too easy to guess: it has few different characters, or your name."),
            "differ": _("The two new passwords differ."),
            "same": _("The new password is the old one."),
            "name": _("A name has 2 to 40 letters (a-z), digits, dots, dashes or underscores."),
            "taken": _("There is an account of this name already."),
            "unknown": _("There is no such account."),
            "last-admin": _("It is the last administrator's account. Make another administrator first."),
            "label": _("A token needs a name of at most 60 letters."),
            "many": _("There are as many tokens as an account may have. Revoke one first."),
            "choice": _("Choose one of what is offered."),
        }
        self.done: dict[str, str] = {
            "password": _("The password is changed. Your other sessions have ended."),
            "factor-off": _("The second factor is off."),
            "session": _("The session has ended."),
            "sessions": _("Your other sessions have ended."),
            "token": _("The token is revoked."),
            "role": _("The role is changed."),
            "disabled": _("The account is disabled; its sessions and tokens have ended."),
            "enabled": _("The account is enabled again."),
            "signed-out": _("All sessions of the account have ended."),
            "switched": _("It is switched, and holds everywhere within a second."),
        }
        self.acts: dict[str, str] = {
            "created": _("account made"),
            "role_changed": _("role changed"),
            "disabled": _("account disabled"),
            "enabled": _("account enabled"),
            "password_reset": _("password reset"),
            "password_changed": _("password changed"),
            "second_factor_on": _("second factor on"),
            "second_factor_off": _("second factor off"),
            "recovery_codes_made": _("recovery codes made"),
            "recovery_code_used": _("recovery code used"),
            "token_made": _("token made"),
            "token_revoked": _("token revoked"),
            "signed_out": _("sessions ended"),
            "everyone_signed_out": _("everyone signed out"),
            "switched": _("switch set"),
        }

    def day(self, day: dt.date | None) -> str:
        """Say a day; empty for none."""
        return "" if day is None else format_skeleton("yMMMd", day, locale=self._language)

    def moment(self, moment: dt.datetime) -> str:
        """Say a moment to the minute, in UTC."""
        return format_datetime(moment.astimezone(dt.UTC), "d MMM y, HH:mm", locale=self._language)
