"""Renders templates: Jinja with autoescape, translations, and the names that every template has."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fastapi.templating import Jinja2Templates
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.pages import language as lang
from app.pages.formats import format_moment, format_number, format_percent
from app.pages.isolation import Isolation
from app.pages.source_language import foreign_attribute
from app.settings import PROJECT_DIRECTORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import Request, Response

    from app.pages.assets import Bundles, Leaflet
    from app.theatre import Theatre


def make_templates(static_url: str, leaflet: Leaflet, geoman: Leaflet, bundles: Bundles) -> Jinja2Templates:
    """Builds the renderer of one application.

    Args:
        static_url: the base URL of static files.
        leaflet: the URLs of Leaflet.
        geoman: the URLs of the drawing tool for members.
        bundles: the scripts and style sheets of pages.
    """
    environment = Environment(
        loader=FileSystemLoader(PROJECT_DIRECTORY / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", Isolation],
    )
    environment.globals |= {"static": static_url, "leaflet": leaflet, "geoman": geoman}
    environment.globals["bundled"] = bundles.url
    return Jinja2Templates(env=environment)


def translate_for(request: Request) -> Callable[[str], str]:
    """Returns a function that translates English texts to the language of a request."""
    return partial(lang.translate, page_language(request))


def page_language(request: Request) -> str:
    """Returns the language of a page."""
    theatre: Theatre = request.app.state.theatre
    return lang.negotiate_language(request, theatre.languages)


def _language_links(request: Request) -> list[dict[str, str]]:
    theatre: Theatre = request.app.state.theatre
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "lang"]
    return [
        {
            "code": code,
            "name": lang.language_name(code),
            "url": f"{request.scope['path']}?{urlencode([*parameters, ('lang', code)])}",
        }
        for code in theatre.languages
    ]


def render(request: Request, template: str, context: Any, *, status: int = 200) -> Response:
    """Renders a page in the reader's language.

    Args:
        request: the request.
        template: the file's name in `templates/`.
        context: a dataclass; its fields are the template's names.
        status: the HTTP status.
    """
    language = page_language(request)
    templates: Jinja2Templates = request.app.state.templates
    values = {field.name: getattr(context, field.name) for field in dataclasses.fields(context)}
    translate = partial(lang.translate, language)
    return templates.TemplateResponse(
        request,
        template,
        {
            "language": language,
            "languages": _language_links(request),
            "current_path": request.scope["path"],
            "csp_nonce": request.state.csp_nonce,
            "_": translate,
            "gettext": translate,
            "ngettext": partial(lang.translate_plural, language),
            "moment": partial(format_moment, language),
            "number": partial(format_number, language),
            "percent": partial(format_percent, language),
            "foreign": partial(foreign_attribute, language),
            **values,
        },
        status_code=status,
        headers={"Vary": "Accept-Language", "Content-Language": language},
    )
