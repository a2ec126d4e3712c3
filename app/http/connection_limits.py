"""The limits of a connection, and the responses that end one."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from app.http.headers import FIXED_HEADERS
from app.problem_responses import problem_response
from app.problems import BadRequest, HeadersTooLarge, MethodNotAllowed, RequestTimeout, Unavailable

if TYPE_CHECKING:
    from app.problems import Problem


@dataclass(frozen=True)
class ConnectionLimits:
    """Limits of every connection.

    Attributes:
        connections: open at the same time.
        connections_per_network: of one IPv4 address or IPv6 /64.
        connections_per_neighbour: of one loopback address or trusted proxy.
        head_bytes: of the request line and all header fields of a request.
        framing_bytes: of a body, besides its content: sizes and extensions of chunks.
        silent_seconds: until the first byte of the first request, and after a response.
        head_seconds: from the first byte of a request to the end of its header fields.
        body_seconds: from there to the end of the body.
        stalled_seconds: in which a client must read `progress_bytes` of a waiting response.
        progress_bytes: see above.
        unsent_bytes: of responses that wait for all clients together.
        closing_seconds: until a connection ends that was refused.
        dropped_bytes: that a client may still send in this time.
    """

    connections: int = 2_048
    connections_per_network: int = 256
    connections_per_neighbour: int = 1_024
    head_bytes: int = 64 * 1024
    framing_bytes: int = 64 * 1024
    silent_seconds: float = 15.0
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    stalled_seconds: float = 15.0
    progress_bytes: int = 16 * 1024
    unsent_bytes: int = 64 * 1024 * 1024
    closing_seconds: float = 5.0
    dropped_bytes: int = 1024 * 1024


LIMITS: Final = ConnectionLimits()
# Descriptors for everything but connections: the database, files, workers, the log.
_OTHER_DESCRIPTORS: Final = 256


def allow_open_files(wanted: int) -> int:
    """Raises this process's limit of open files, if it can, and returns how many connections fit.

    Args:
        wanted: connections.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_DESCRIPTORS
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return wanted if soft == resource.RLIM_INFINITY else max(16, min(wanted, soft - _OTHER_DESCRIPTORS))


def _to_bytes(problem: Problem) -> bytes:
    """Returns the bytes of a response that ends its connection."""
    response = problem_response(problem)
    headers = (*response.raw_headers, *FIXED_HEADERS, (b"connection", b"close"))
    fields = b"".join(b"%s: %s\r\n" % field for field in headers)
    phrase = HTTPStatus(problem.status).phrase.encode()
    return b"HTTP/1.1 %d %s\r\n%s\r\n%s" % (problem.status, phrase, fields, bytes(response.body))


TOO_MANY: Final = _to_bytes(Unavailable("Too many connections are open. Close some, or try again in a few seconds."))
HEAD_TOO_LARGE: Final = _to_bytes(
    HeadersTooLarge(f"The request line and header fields may have at most {LIMITS.head_bytes} bytes.")
)
TRAILER: Final = _to_bytes(BadRequest("Fields after the body and chunk extensions are not accepted."))
TOO_SLOW: Final = _to_bytes(RequestTimeout("The request did not arrive in time."))
# The methods that some address knows. The parser of requests does not even know the method that is
# refused, so no address does.
METHODS: Final = ("DELETE", "GET", "HEAD", "POST", "PUT")
UNKNOWN_METHOD: Final = _to_bytes(MethodNotAllowed(headers={"Allow": ", ".join(METHODS)}))
