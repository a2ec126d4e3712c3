"""Turns a file into snapshots: reads it, then checks, repairs and measures its shapes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from app.exchange.territory.areas_geojson import read_areas_geojson
from app.exchange.territory.deepstate import read_deepstate, read_deepstate_daily
from app.exchange.territory.documents import Document, read_document
from app.exchange.territory.drawings import Area, Drawing, FileRefused, Snapshot
from app.exchange.territory.isw import read_isw
from app.exchange.territory.polygons import Measures, Outline, check_axes, check_crossings, repair_shapes
from app.fields.happened import start_faults
from app.geo.ellipsoid import areas_km2
from app.theatre import Theatre

if TYPE_CHECKING:
    from app.theatre import Extent

Reader = Callable[[Document, "Extent", dt.datetime | None], list[Drawing]]

FORMATS: Final[dict[str, Reader]] = {
    "deepstate": read_deepstate,
    "deepstate-daily": read_deepstate_daily,
    "isw": read_isw,
    "areas-geojson": read_areas_geojson,
}

EMPTY_AFTERWARDS: Final = "areas that were nothing once they were valid, dropped"


@dataclass(frozen=True)
class Preparation:
    """The options for reading files.

    Attributes:
        format: one of `FORMATS`.
        theatre: its extent is where areas are expected.
        now: the current time; assessments more than a day later are refused.
        valid_from: the moment from which the areas are valid, instead of the one in the file.
        accept_repairs: accept repairs that change much of the area.
        skip_unknown: skip features that the format's rules cannot read, instead of refusing the
            file.
        measures: computes validity and areas of shapes.
    """

    format: str
    theatre: Theatre
    now: dt.datetime
    valid_from: dt.datetime | None = None
    accept_repairs: bool = False
    skip_unknown: bool = False
    measures: Measures = field(default_factory=Measures)

    def snapshots(self, name: str, content: bytes) -> list[Snapshot]:
        """Reads a file.

        Raises:
            FileRefused: the file cannot be imported.
        """
        extent = self.theatre.extent
        drawings = FORMATS[self.format](read_document(name, content), extent, self.valid_from)
        if not self.skip_unknown:
            _refuse_unknown(drawings)
        if not any(drawing.areas for drawing in drawings):
            raise FileRefused("has no areas")
        booleans = b"true" in content or b"false" in content
        return [self._snapshot(drawing, booleans=booleans) for drawing in drawings]

    def _snapshot(self, drawing: Drawing, *, booleans: bool) -> Snapshot:
        for fault in start_faults(drawing.valid_from, now=self.now, field="valid_from"):
            raise FileRefused(f"is valid from {drawing.valid_from.isoformat(' ', 'minutes')}. {fault.message}")
        outline = Outline(booleans=booleans)
        drawn = [(area, shape) for area in drawing.areas for shape in outline.add(area.number, area.geometry)]
        elsewhere = [(left, shape) for left in drawing.left_out for shape in outline.add(left.number, left.geometry)]
        shapes = outline.shapes()
        inside = shapes[[shape for _, shape in drawn]] if drawn else shapes[:0]
        check_axes(inside, self.theatre.extent)
        repaired, sizes, repairs = repair_shapes(
            inside, [area.number for area, _ in drawn], self.measures, accept=self.accept_repairs
        )
        check_crossings(repaired)
        wkbs, empty = shapely.to_wkb(repaired), shapely.is_empty(repaired)
        notes = drawing.notes + outline.notes
        if empty.any():
            notes[EMPTY_AFTERWARDS] += int(empty.sum())
        areas = tuple(
            Area(area.status, area.since_before, area.label, wkbs[index], float(sizes[index]))
            for index, (area, _) in enumerate(drawn)
            if not empty[index]
        )
        if not areas:
            raise FileRefused("has no areas")
        left_out_km2 = areas_km2(shapes[np.array([shape for _, shape in elsewhere], dtype=int)])
        left_out = tuple(
            (left.name, left.why, float(size)) for (left, _), size in zip(elsewhere, left_out_km2, strict=True)
        )
        return Snapshot(
            drawing.assessor,
            drawing.valid_from,
            drawing.covers,
            areas,
            repairs.shapes,
            repairs.km2,
            left_out,
            Counter(notes),
            tuple(drawing.remarks),
            tuple(map(str, drawing.unknown)),
        )


def _refuse_unknown(drawings: list[Drawing]) -> None:
    """Refuses a file with features that cannot be read.

    Raises:
        FileRefused: names the first such feature, and the option that skips them.
    """
    unknown = [one for drawing in drawings for one in drawing.unknown]
    if not unknown:
        return
    more = len(unknown) - 1
    others = f" ({more} more such feature{'s' if more > 1 else ''})" if more else ""
    raise FileRefused(f"{unknown[0]}{others}. Use --skip-unknown to import the file without such features")
