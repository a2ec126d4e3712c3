"""The page with the documentation of the API, generated from the OpenAPI description, without
scripts.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from app.pages.templating import render

if TYPE_CHECKING:
    from collections.abc import Iterator

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation."""

    name: str
    where: str
    required: bool
    kind: str
    description: str
    example: str


@dataclass(frozen=True)
class Operation:
    """An operation: a method of a path."""

    id: str
    method: str
    path: str
    description: str
    parameters: list[Parameter]
    body_example: str
    responses: list[tuple[str, str, str]]


@dataclass(frozen=True)
class DocsPage:
    """The context of `docs.html`."""

    version: str
    operations: list[Operation]
    code_spans: Callable[[str], list[tuple[bool, str]]]


def code_spans(words: str) -> list[tuple[bool, str]]:
    """Splits a description at its backticks, for the template.

    Returns:
        Parts in order; true for parts that are code.
    """
    return [(n % 2 == 1, part) for n, part in enumerate(words.split("`")) if part]


def _kind(schema: dict[str, Any]) -> str:
    limits = [f"{word} {schema[key]}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return " ".join([schema.get("format", schema.get("type", "")), *limits])


def _parameters(operation: dict[str, Any]) -> Iterator[Parameter]:
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        examples = schema.get("examples") or ([schema["default"]] if schema.get("default") not in (None, "") else [""])
        yield Parameter(
            name=parameter["name"],
            where=parameter["in"],
            required=parameter.get("required", False),
            kind=_kind(schema),
            description=parameter.get("description") or schema.get("description", ""),
            example=str(examples[0]),
        )


def body_examples(operation: dict[str, Any], description: dict[str, Any]) -> list[Any]:
    """Returns the examples of an operation's body from its schema."""
    schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rpartition("/")[2]
    if name:
        schema = description["components"]["schemas"][name]
    examples: list[Any] = schema.get("examples", [])
    return examples


def _body_example(operation: dict[str, Any], description: dict[str, Any]) -> str:
    for example in body_examples(operation, description):
        return json.dumps(example, indent=2, ensure_ascii=False)
    return ""


def _responses(operation: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for status, response in operation["responses"].items():
        yield status, response.get("description", ""), ", ".join(response.get("content", {}))


def read_operations(description: dict[str, Any]) -> list[Operation]:
    """Reads the operations of an OpenAPI description."""
    return [
        Operation(
            id=operation["operationId"],
            method=method.upper(),
            path=path,
            description=operation.get("description", ""),
            parameters=list(_parameters(operation)),
            body_example=_body_example(operation, description),
            responses=list(_responses(operation)),
        )
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
    ]


@router.get("/api/docs")
def docs_page(request: Request) -> Response:
    """Renders the documentation of the API."""
    description = request.app.openapi()
    context = DocsPage(description["info"]["version"], read_operations(description), code_spans)
    return render(request, "docs.html", context)
