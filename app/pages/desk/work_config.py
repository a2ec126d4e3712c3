"""What the scripts of the desk's pages are given: the map's ground, the token of the forms, the
words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.pages.language import messages
from app.pages.map_page import theatre_config, tiles_config
from app.pages.templating import page_language

if TYPE_CHECKING:
    from fastapi import Request

    from app.pages.desk.frame import Frame


def work_config(request: Request, frame: Frame) -> dict[str, Any]:
    """Returns what every page with a map of the desk needs."""
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
