"""Reads layers of the Institute for the Study of War, as its map services return them: `layer` is
the class.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from app.exchange.territory.documents import Document, day_in_name, text_property
from app.exchange.territory.drawings import AssessorProfile, Drawing, DrawnArea, FileRefused, Unknown
from app.fields.words import _

if TYPE_CHECKING:
    from app.theatre import Extent

ISW: Final = AssessorProfile(
    slug="isw",
    name="Institute for the Study of War",
    definition="Occupied: assessed control of terrain, with what was held before 2022 not told apart. Advance: ground"
    " where the enemy operates or has attacked without controlling it. Claimed: control that one side claims."
    " Counteroffensive: advances that the other side claims.",
    home_page="https://www.understandingwar.org/",
    licence="All rights reserved; passing data on needs the Institute's consent",
    attribution="© Institute for the Study of War and AEI's Critical Threats Project",
    meanings={
        "occupied": _("assessed control of terrain; what was held before 2022 is not told apart"),
        "advance": _("the enemy operates or has attacked there, without controlling it"),
        "claimed": _("one side claims control; not assessed as true"),
        "counteroffensive": _("the other side claims advances; not assessed as true"),
    },
)

_STATUS_OF_LAYER: Final = (
    (re.compile(r"RussiaCoT|ControlOfTerrain"), "occupied"),
    (re.compile(r"AssessedRussianAdvance"), "advance"),
    (re.compile(r"ClaimedRussianTerritory"), "claimed"),
    (re.compile(r"ClaimedUkrainianCounteroffensive"), "counteroffensive"),
)


def read_isw(document: Document, _extent: Extent, valid_from: dt.datetime | None) -> list[Drawing]:
    """Reads the layers of a day, valid from 00:00 UTC of the day in the file's name.

    A layer whose features all lack a geometry is covered and has no area. A missing layer is not
    covered. A feature of another layer is unknown.

    Raises:
        FileRefused: the name contains no day.
    """
    moment = valid_from or day_in_name(document.name)
    if moment is None:
        raise FileRefused("has no date in its name. Rename it, or use --valid-from")
    drawing = Drawing(ISW, moment, ())
    covers: dict[str, None] = {}
    for feature in document.features:
        layer = text_property(feature, "layer")
        status = next((status for words, status in _STATUS_OF_LAYER if words.search(layer)), None)
        if status is None:
            drawing.unknown.append(Unknown(feature.number, f"is of an unknown layer: {layer[:80]!r}"))
            continue
        covers[status] = None
        if feature.geometry is None:
            drawing.notes["features without a geometry"] += 1
        else:
            drawing.areas.append(DrawnArea(feature.number, status, feature.geometry))
    drawing.covers = tuple(covers)
    return [drawing]
