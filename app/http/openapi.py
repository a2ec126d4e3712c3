"""The description of the API: what FastAPI derives from the routes, with our errors in the place of its own."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app import problems


class GeoJSONResponse(Response):
    """An answer in GeoJSON."""

    media_type = "application/geo+json"


class JSONBytesResponse(Response):
    """An answer in JSON that is bytes already."""

    media_type = "application/json"


class VectorTileResponse(Response):
    """A vector tile (Mapbox Vector Tile 2.1)."""

    media_type = "application/vnd.mapbox-vector-tile"


class BytesResponse(Response):
    """An answer in a form of our own."""

    media_type = "application/octet-stream"


PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details (RFC 9457)",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "Which kind of problem: `/problems/<slug>`"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Words about this request"},
        "parameter": {"type": "string", "description": "The parameter that cannot be used"},
        "errors": {
            "type": "array",
            "description": "The fields that cannot be used",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {
                    "field": {"type": "string", "description": "JSON pointer into the body"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "warnings": {
            "type": "array",
            "description": "What looks mistaken; sent again with these codes in `confirm`, the body is accepted",
            "items": {
                "type": "object",
                "required": ["code", "field", "message"],
                "properties": {
                    "code": {"type": "string"},
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "suggestion": {"description": "What may have been meant"},
                },
            },
        },
    },
}


def operation_id(route: APIRoute) -> str:
    """Name an operation as its function is named."""
    return route.name


def _mend(answer: dict[str, Any]) -> None:
    """Leave the model alone where FastAPI adds that the answer is a text, because it is rendered already."""
    for media in answer.get("content", {}).values():
        schema = media.get("schema", {})
        if "$ref" in schema:
            media["schema"] = {"$ref": schema["$ref"]}


def describe(app: FastAPI) -> dict[str, Any]:
    """Make the OpenAPI description of an application."""
    described = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        license_info=app.license_info,
    )
    schemas = described.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = PROBLEM_SCHEMA
    refusal = {
        "description": "What is wrong, as problem details",
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in described["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            for answer in operation["responses"].values():
                _mend(answer)
            operation["responses"] |= {"4XX": refusal, "5XX": refusal}
            for parameter in operation.get("parameters", ()):
                # Lists travel as text with commas: an empty list is no default of a text.
                if parameter["schema"].get("default") == []:
                    del parameter["schema"]["default"]
    return described


def install(app: FastAPI) -> None:
    """Let the application describe itself this way; the description is made once."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way to extend it
