"""The configuration of the scripts on the desk's pages: background map, form token and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.pages.language import messages
from app.pages.map_page import theatre_config, tiles_config
from app.pages.templating import page_language

if TYPE_CHECKING:
    from fastapi import Request

    from app.pages.desk.frame import Frame


def work_config(request: Request, frame: Frame) -> dict[str, Any]:
    """Returns the configuration that all pages of the desk with a map need."""
    state = request.app.state
    language = page_language(request)
    return {
        "language": language,
        "messages": messages(language),
        "theatre": theatre_config(state.theatre, language),
        "tiles": tiles_config(state.theatre, state.settings),
        "ground": state.ground_url,
        "form_token": frame.form_token,
        "me": frame.name,
    }
