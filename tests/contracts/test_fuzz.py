"""Thousands of requests generated from the OpenAPI description: none causes a server error, and
every response matches the description.
"""

from __future__ import annotations

import uuid
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from app.access.members import Member
from app.access.roles import Role
from app.database.engines import make_engines
from app.database.session import Sessions
from app.main import create_app
from tests.conftest import make_settings
from tests.sampling import IS_LONG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from schemathesis.specs.openapi.schemas import OpenApiSchema

    from app.database.engines import DatabaseUrls
    from app.theatre import Theatre

pytestmark = pytest.mark.hypothesis  # so that `make long` also runs it, with more examples

# The number of requests for each operation and each mode: valid requests and invalid requests.
# `make test` sends fewer than it tries of other generated cases, because each takes milliseconds.
EXAMPLES = settings().max_examples if IS_LONG else 6
# The desk has many similar operations.
EXAMPLES_AT_DESK = max(EXAMPLES // 12, 2)
# The operations are divided among this many tests, so that test workers share them.
SHARES = 4
LEAST = 5_000 * EXAMPLES / 108


@pytest.fixture(scope="module")
def schema(
    demo_database: DatabaseUrls, theatre: Theatre, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[OpenApiSchema]:
    """The OpenAPI schema of an application over the demo, without rate limits."""
    directory: Path = tmp_path_factory.mktemp("fuzz")
    limits = {"submissions_per_minute": 10_000, "submissions_per_hour": 100_000, "allowed_hosts": ("*",)}
    chosen = make_settings(directory, **limits)
    engines = make_engines(demo_database, chosen)
    app = create_app(chosen, theatre, Sessions(engines))
    app.state.authenticate = lambda _: Member(uuid.uuid4(), "Somebody", Role.EDITOR)
    yield schemathesis.openapi.from_asgi("/api/openapi.json", app)
    shutdown_lifespans()  # otherwise the application, without its database, lives as long as the process
    engines.dispose()


@pytest.mark.parametrize("share", range(SHARES))
def test_no_request_causes_a_server_error(
    schema: OpenApiSchema, share: int, record_property: Callable[[str, int], None]
) -> None:
    tried = 0
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    for operation, mode in [*product(operations, GenerationMode)][share::SHARES]:
        if mode is GenerationMode.NEGATIVE and not [*operation.iter_parameters(), *operation.body]:
            continue  # no parameter can be invalid

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES_AT_DESK if operation.path.startswith("/api/desk/") else EXAMPLES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        def try_one(case: schemathesis.Case[Any]) -> None:
            nonlocal tried
            tried += 1
            case.call_and_validate(checks=[not_a_server_error, content_type_conformance, response_schema_conformance])

        try:
            try_one()
        except Unsatisfiable:  # an operation without parameters has no invalid request
            assert mode is GenerationMode.NEGATIVE
    record_property("cases", tried)
    assert tried >= LEAST / SHARES
