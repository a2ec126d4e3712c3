"""The land of the theatre's countries is read from a file of the repository."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import shapely

from app.errors import UserError
from app.geo.front_line import front_line
from app.geo.ground import read_ground
from app.theatre import Ground as GroundOptions

if TYPE_CHECKING:
    from pathlib import Path

    from app.theatre import Theatre

# A square of land of two countries, west and east, which share an arc.
TOPOLOGY: dict[str, Any] = {
    "type": "Topology",
    "transform": {"scale": [0.001, 0.001], "translate": [30, 40]},
    "objects": {
        "land": {"type": "MultiPolygon", "arcs": [[[0, 1]]]},
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "MultiPolygon", "properties": {"name": "West"}, "arcs": [[[2, 1]]]},
                {"type": "MultiPolygon", "properties": {"name": "East"}, "arcs": [[[0, -3]]]},
            ],
        },
    },
    "arcs": [
        [[6000, 8000], [1000, 0], [0, 1000], [-1000, 0]],
        [[6000, 9000], [-1000, 0], [0, -1000], [1000, 0]],
        [[6000, 8000], [0, 1000]],
    ],
}


def front_km(ground: object, *box: float) -> float:
    return front_line([shapely.box(*box)], [], ground).length_km  # type: ignore[arg-type] # a Ground


def test_front_ends_at_the_outer_border_of_the_countries(tmp_path: Path, theatre: Theatre) -> None:
    file = tmp_path / "ground.json"
    file.write_text(json.dumps(TOPOLOGY))
    held = (36.0, 48.3, 36.5, 48.6)
    around = front_km(None, *held)
    both = read_ground(theatre.extent, GroundOptions(countries=("West", "East")), file)
    assert front_km(both, *held) == pytest.approx(around, abs=0.01)
    east = read_ground(theatre.extent, GroundOptions(countries=("East",)), file)
    assert front_km(east, *held) == pytest.approx(around - 33.4, abs=0.1)
    # Without countries, only the coast ends the front.
    assert front_km(read_ground(theatre.extent, GroundOptions(), file), *held) == pytest.approx(around, abs=0.01)
    with pytest.raises(UserError, match="no country 'North', but West, East"):
        read_ground(theatre.extent, GroundOptions(countries=("North",)), file)


def test_missing_file_gives_no_ground(tmp_path: Path, theatre: Theatre) -> None:
    assert read_ground(theatre.extent, theatre.ground, tmp_path / "ground.json") is None


def test_ground_of_the_repository_knows_coast_border_and_lagoon(theatre: Theatre) -> None:
    ground = read_ground(theatre.extent, theatre.ground)
    assert ground is not None
    south = [(32.2, 44.3), (36.8, 44.3), (36.8, 45.6), (35.5, 45.9), (38.3, 46.9)]
    north = [(38.3, 47.6), (36, 47.3), (33, 46.7), (32.2, 46)]
    crimea_and_south = shapely.Polygon([*south, *north])
    line = front_line([crimea_and_south], [], ground)
    # Only the edge on the mainland in the north is front: from the Dnipro to the Russian border.
    assert line.line.bounds[1] > 45.9
    assert line.length_km == pytest.approx(98 + 238 + 176, abs=8)
