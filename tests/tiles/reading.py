"""Reads vector tiles with GDAL, like other software."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyogrio.raw
import shapely
from pyogrio.errors import DataSourceError

if TYPE_CHECKING:
    from app.geo.tiles import Tile

_WORLD_M = 20_037_508.342789244


def features_of(content: bytes, tile: Tile, layer: str = "events") -> list[dict[str, Any]]:
    """Reads the features of a tile with GDAL.

    Each feature has its attributes that are not null, and `place`, the (longitude, latitude) of its
    centre in degrees.
    """
    if not content:
        return []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "tile.pbf"
        file.write_bytes(content)
        try:
            meta, _, shapes, columns = pyogrio.raw.read(
                file, layer=layer, X=str(tile.x), Y=str(tile.y), Z=str(tile.z), CLIP="NO"
            )
        except DataSourceError:
            raise AssertionError("GDAL cannot read the tile") from None
    middles = shapely.centroid(shapely.from_wkb(shapes))
    features = []
    for row, middle in enumerate(middles):
        feature = {
            name: _plain(column[row])
            for name, column in zip(meta["fields"], columns, strict=True)
            if name != "mvt_id" and not _is_null(column[row])
        }
        longitude = middle.x / _WORLD_M * 180
        latitude = np.degrees(2 * np.arctan(np.exp(middle.y / _WORLD_M * np.pi)) - np.pi / 2)
        features.append(feature | {"place": (longitude, float(latitude))})
    return features


def texts_of(content: bytes, tile: Tile, layer: str = "events") -> set[str]:
    """Returns all attributes of a tile as text, for tests that search for hidden data."""
    return {
        str(value)
        for feature in features_of(content, tile, layer)
        for name, value in feature.items()
        if name != "place"
    }


def _is_null(value: Any) -> bool:
    return value is None or (isinstance(value, float | np.floating) and bool(np.isnan(value)))


def _plain(value: Any) -> Any:
    value = value.item() if isinstance(value, np.generic) else value
    return int(value) if isinstance(value, float) and value.is_integer() else value
