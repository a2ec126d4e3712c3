"""Every route with a box or a time refuses the values that `app.parsing` refuses, with the same
message and the parameter's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app.parsing.bbox import parse_bbox
from app.parsing.days import parse_interval

if TYPE_CHECKING:
    from starlette.testclient import TestClient

ADDRESSES = (
    "/api/collections/events/items",
    "/api/collections/control-areas/items",
    "/api/collections/events/columns",
)
PARSERS = {"bbox": parse_bbox, "datetime": parse_interval}


@pytest.mark.parametrize("address", ADDRESSES)
def test_all_routes_refuse_invalid_values_with_the_same_message(client: TestClient, address: str) -> None:
    for parameter, value in (
        ("bbox", "1,2,3"),
        ("bbox", "nan,1,8,2"),
        ("bbox", "1,9,8,2"),
        ("bbox", "1,2,181,4"),
        ("datetime", "soon"),
        ("datetime", "2025-02-30"),
        ("datetime", "2025-07-21/2025-07-20"),
        ("datetime", ".."),
    ):
        with pytest.raises(ValueError, match=r"\.$") as refused:
            PARSERS[parameter](value)
        response = client.get(address, params={parameter: value})
        assert response.status_code == 400, f"{address} {parameter}={value}"
        assert response.json()["parameter"] == parameter
        assert response.json()["detail"] == f"{parameter}: {refused.value}"


@pytest.mark.parametrize("address", ADDRESSES)
def test_box_may_cross_the_antimeridian(client: TestClient, address: str) -> None:
    assert client.get(address, params={"bbox": "179,-90,-179,90"}).status_code == 200
