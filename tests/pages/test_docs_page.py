"""The documentation of the API: contents, and code as code."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient


def test_contents_lead_to_each_operation_and_backticks_are_code(client: TestClient) -> None:
    page = client.get("/api/docs").text
    assert "`" not in page
    assert "<code>If-None-Match</code>" in page
    headings = re.findall(r'<h2 id="([^"]+)"><span class="method">', page)
    assert headings
    assert re.findall(r'<li><a href="#([^"]+)">', page) == headings
