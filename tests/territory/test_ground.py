"""Coasts and borders are read from the base map file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.settings import PROJECT_DIRECTORY
from app.territory.ground import read_ground

if TYPE_CHECKING:
    from pathlib import Path

    from app.theatre import Theatre


def test_arcs_are_delta_encoded_and_may_be_reversed(tmp_path: Path, theatre: Theatre) -> None:
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.001, 0.001], "translate": [30, 40]},
        "objects": {
            "land": {"type": "MultiPolygon", "arcs": [[[0, -2]]]},
            "borders": {"type": "MultiLineString", "arcs": [[1]]},
        },
        "arcs": [[[7000, 8000], [100, 0], [0, 100]], [[7100, 8100], [100, 100]], [[0, 0], [1, 1]]],
    }
    file = tmp_path / "ground.json"
    file.write_text(json.dumps(topology))
    ground = read_ground(file, theatre.extent)
    assert ground is not None
    places = np.array([(37.05, 48.0), (37.1, 48.05), (37.15, 48.15), (37.05, 48.05), (30.0, 40.0)])
    assert ground.near(places).tolist() == [True, True, True, False, False]


def test_missing_file_gives_no_coasts(tmp_path: Path, theatre: Theatre) -> None:
    assert read_ground(tmp_path / "ground.json", theatre.extent) is None


def test_generated_file_has_odesa_coast_and_no_border_at_perekop(theatre: Theatre) -> None:
    file = PROJECT_DIRECTORY / "static" / "vendor" / "ground" / "ground.json"
    if not file.is_file():
        pytest.skip("needs the ground under the map: make assets")
    ground = read_ground(file, theatre.extent)
    assert ground is not None
    across = np.column_stack((np.linspace(30.6, 31.0, 400), np.full(400, 46.48)))
    assert ground.near(across).any()
    # Crimea belongs to Ukraine: there is no border between Armiansk and the mainland.
    neck = np.column_stack((np.full(200, 33.69), np.linspace(46.08, 46.22, 200)))
    assert not ground.near(neck).any()
