"""Reads DeepStateMap's snapshots: full ones with all statuses, and daily files with occupied ground
only.

In a snapshot, only the name ("Статус невідомий /// Unknown status /// geoJSON.status.unknown") and
the fill of a feature tell the status. The name has priority; the fill is used if the name contains
no status. Points among the polygons are units.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

import numpy as np

from app.exchange.territory.documents import Document, Feature, day_in_name, moment_in_name, text_property
from app.exchange.territory.drawings import (
    AssessorProfile,
    Drawing,
    DrawnArea,
    FileRefused,
    LeftOut,
    Remark,
    Unknown,
)
from app.fields.words import _

if TYPE_CHECKING:
    from app.theatre import Extent

_LICENCE: Final = "DeepStateMap.live License Agreement; may not be redistributed without permission"

DEEPSTATE: Final = AssessorProfile(
    slug="deepstate",
    name="DeepState",
    definition="Occupied: ground under the enemy's control. Gray zone: its status is not known, or it is contested."
    " Liberated: taken back since 2022, or taken across the state border by the defender.",
    home_page="https://deepstatemap.live/license-en.html",
    licence=_LICENCE,
    attribution="© DeepState (deepstatemap.live)",
    meanings={
        "occupied": _("under the enemy's control"),
        "gray_zone": _("its status is not known, or it is contested"),
        "liberated": _(
            "taken back since 2022, and also ground across the state border that the defender took, although it had"
            " never been occupied"
        ),
    },
)
DEEPSTATE_DAILY: Final = AssessorProfile(
    slug="deepstate-daily",
    name="DeepState, daily, occupied only",
    definition="Occupied ground alone, with what was held before 2022 not told apart; the file of a day shows the"
    " evening before. Gray zones are not in it.",
    home_page="https://deepstatemap.live/license-en.html",
    licence=_LICENCE,
    attribution="© DeepState (deepstatemap.live), daily files by cyterat/deepstate-map-data",
    meanings={"occupied": _("under the enemy's control on the evening before")},
)

_KEY: Final = re.compile(r"geojson\.([a-z_]+)\.?([a-z_-]*)", re.IGNORECASE)
_BY_KEY: Final = {
    "occupied": "occupied",
    "unknown": "gray_zone",
    "dismissed": "liberated",
    "dismissed_at": "liberated",
}
# The first match in a name decides.
_BY_WORD: Final = (
    (re.compile(r"liberated|taken back|recaptured|звільнен", re.IGNORECASE), "liberated"),
    (re.compile(r"unknown|conten?sted|contensed|невідом|під питанням", re.IGNORECASE), "gray_zone"),
    (re.compile(r"occupied|occupation|окупован|окуповано|захоплено|зайняті ворогом", re.IGNORECASE), "occupied"),
)
_HELD_BEFORE: Final = frozenset({"#880e4f", "#000000"})
_BY_FILL: Final = {
    "#a52714": "occupied",
    "#880e4f": "occupied",
    "#000000": "occupied",
    "#bcaaa4": "gray_zone",
    "#bdbdbd": "gray_zone",
    "#0f9d58": "liberated",
    "#01579b": "liberated",
    "#0288d1": "liberated",
}
# Areas of other wars on the same map, and areas that mutineers held in Russia in June 2023.
_ELSEWHERE_FILLS: Final = frozenset({"#ff5252", "#ce93d8"})
_ELSEWHERE_NAMES: Final = re.compile(r"придністров|transnistria", re.IGNORECASE)

DISAGREE: Final = "areas whose fill has another status than their name; the name counts"


def read_deepstate(document: Document, extent: Extent, valid_from: dt.datetime | None) -> list[Drawing]:
    """Reads a full snapshot. The file name contains the moment (`1753563288.geojson`,
    `…_20250718T200804Z.geojson`).

    A polygon that has neither a known name nor a known fill is unknown.

    Raises:
        FileRefused: the name contains no moment.
    """
    drawing = Drawing(
        DEEPSTATE, _moment(valid_from or moment_in_name(document.name)), ("occupied", "gray_zone", "liberated")
    )
    for feature in document.features:
        if feature.geometry is None:
            drawing.notes["features without a geometry"] += 1
        elif feature.geometry["type"] == "Point":
            drawing.notes["points of units left out"] += 1
        else:
            _add_polygon(feature, feature.geometry, extent, drawing)
    return [drawing]


def read_deepstate_daily(document: Document, extent: Extent, valid_from: dt.datetime | None) -> list[Drawing]:
    """Reads a daily file. It has occupied ground only, valid from 00:00 UTC of the day in its name.

    Raises:
        FileRefused: the name contains no day.
    """
    drawing = Drawing(DEEPSTATE_DAILY, _moment(valid_from or day_in_name(document.name)), ("occupied",))
    for feature in document.features:
        if feature.geometry is None:
            drawing.notes["features without a geometry"] += 1
        else:
            drawing.areas.append(DrawnArea(feature.number, "occupied", feature.geometry))
    return [drawing]


def _moment(moment: dt.datetime | None) -> dt.datetime:
    if moment is None:
        raise FileRefused("has no date and time in its name. Rename it, or use --valid-from")
    return moment


def _add_polygon(feature: Feature, geometry: dict[str, object], extent: Extent, drawing: Drawing) -> None:
    """Adds a polygon to the areas, to those that are left out, or to the unknown ones."""
    name, fill = text_property(feature, "name"), text_property(feature, "fill").lower()
    if fill in _ELSEWHERE_FILLS or _ELSEWHERE_NAMES.search(name):
        drawing.left_out.append(LeftOut(feature.number, parse_label(name), "not of this theatre", geometry))
        return
    if (key := _KEY.search(name)) and key[1].lower() == "territories" and _is_outside(geometry, extent):
        drawing.left_out.append(LeftOut(feature.number, parse_label(name), "wholly outside the theatre", geometry))
        return
    named, coloured = parse_status(name), _BY_FILL.get(fill)
    status = named or coloured
    if status is None:
        drawing.unknown.append(Unknown(feature.number, f"has no known name or fill: {name[:80]!r}, {fill[:20]!r}"))
        return
    if named and coloured and named != coloured:
        drawing.remarks.append(Remark(feature.number, DISAGREE, f"{named} by its name, {coloured} by its fill {fill}"))
    drawing.areas.append(
        DrawnArea(
            feature.number,
            status,
            geometry,
            since_before=status == "occupied" and fill in _HELD_BEFORE,
            label=parse_label(name) or None,
        )
    )


def parse_status(name: str) -> str | None:
    """Returns the status in a name, by its key or else by its words; None if there is none."""
    for group, word in _KEY.findall(name):
        if group.lower() == "status" and word.lower() in _BY_KEY:
            return _BY_KEY[word.lower()]
        if group.lower() == "territories":
            return "occupied"
    return next((status for words, status in _BY_WORD if words.search(name)), None)


def parse_label(name: str) -> str:
    """Returns the readable part of a name, without its key."""
    parts = (" ".join(part.split()) for part in re.split(r"/{2,3}", name))
    return " / ".join(part for part in parts if part and not part.startswith("geoJSON."))[:300]


def _is_outside(geometry: dict[str, object], extent: Extent) -> bool:
    places = np.array([*_places(geometry.get("coordinates") or geometry.get("geometries"))])
    if len(places) == 0:
        return True
    west, south = places.min(axis=0)
    east, north = places.max(axis=0)
    return bool(west > extent.east or east < extent.west or south > extent.north or north < extent.south)


def _places(nested: object) -> list[tuple[float, float]]:
    """Returns all positions of nested coordinates."""
    if isinstance(nested, dict):
        return _places(nested.get("coordinates"))
    if not isinstance(nested, list) or not nested:
        return []
    if isinstance(nested[0], int | float):
        return [(float(nested[0]), float(nested[1]))]
    return [place for part in nested for place in _places(part)]
