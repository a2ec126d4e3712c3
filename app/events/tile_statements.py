"""Vector tiles of events as statements, with their values: one answers a tile, whoever runs it.

Close by, a tile has the events themselves; far away, and wherever there are too many, how many lie in each cell of a
grid. Bounds are computed here, since a function in the statement would keep indexes from being used. Statements are
text: what a stranger sends is in the values alone.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from app.geo.tiles import EXTENT, WORLD_BITS, Tile, enclosing, unit_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.events.schemas import HistogramQuery, TileFilter
    from app.http.parameters import TimeFilter

LAYER: Final = "events"
# More events than these are told as counts; with their ids and attributes they have some 370 kB.
MOST_EVENTS: Final = 5_000
MOST_SHAPES: Final = 500
# Up to this zoom, tiles always count.
COUNTED_ZOOM: Final = 6
# Which cells of the tallies a tile of a zoom has: 16 or 32 on each side; the world has 64.
TALLY_LEVELS: Final = (6, 6, 6, 8, 8, 10, 10)
# Cells on each side of a tile that has too many events.
_CELLS_BITS: Final = 5

# The row of an event that touches more months than are worth a row each.
_LONG: Final = -1
_MIDNIGHT: Final = dt.time()

Values = dict[str, Any]
Statement = tuple[str, Values]


@dataclass
class _Conditions:
    """Conditions on `public_event_point`, and their values."""

    where: list[str] = field(default_factory=list)
    values: Values = field(default_factory=dict)

    def add(self, condition: str, **values: Any) -> None:
        self.where.append(condition)
        self.values |= values

    def sql(self) -> str:
        return " AND ".join(self.where)


def _month(moment: dt.datetime) -> int:
    return 12 * moment.year + moment.month - 1


def _in_months(conditions: _Conditions, time: TimeFilter | None) -> None:
    """Match the rows of the months of a time, of each event just one."""
    first = None if time is None or time.after is None else _month(time.after)
    last = None
    if time is not None and time.before is not None:
        last = _month(time.before if time.before_included else time.before - dt.timedelta(microseconds=1))
    if first is not None and last is not None and last - first <= 240:
        conditions.add("month = ANY (%(months)s)", months=[_LONG, *range(first, last + 1)])
        conditions.add("(starts OR month = %(first_month)s)", first_month=first)
        return
    # Open, or far: the months that there are, which the index tells at once.
    lower = "(SELECT min(month) FROM public_event_point WHERE month > -1)"
    upper = "(SELECT max(month) FROM public_event_point)"
    if first is not None:
        lower, conditions.values["lower_month"] = f"greatest({lower}, %(lower_month)s)", first
    if last is not None:
        upper, conditions.values["upper_month"] = f"least({upper}, %(upper_month)s)", last
    conditions.add(f"month = ANY (ARRAY(SELECT generate_series({lower}, {upper}) UNION ALL SELECT -1))")
    conditions.add("starts" if first is None else f"(starts OR month = (SELECT {lower}))")


def _in_time(conditions: _Conditions, time: TimeFilter | None) -> None:
    """Match events whose half-open range intersects the time asked for; whole days by the days of the index."""
    if time is None:
        return
    if time.after is not None:
        if time.after.time() == _MIDNIGHT:
            conditions.add("day + days > %(after)s", after=time.after.date())
        else:
            conditions.add("happened_to > %(after)s", after=time.after)
    if time.before is not None:
        if time.before_included:
            conditions.add("happened_from <= %(before)s", before=time.before)
        elif time.before.time() == _MIDNIGHT:
            conditions.add("day < %(before)s", before=time.before.date())
        else:
            conditions.add("happened_from < %(before)s", before=time.before)


def _of_kinds(conditions: _Conditions, asked: TileFilter) -> None:
    if asked.category:
        conditions.add(
            "(category = ANY (%(categories)s) OR category LIKE ANY (%(below)s))",
            categories=list(asked.category),
            below=[f"{slug}.%" for slug in asked.category],
        )
    if asked.side:
        conditions.add("(actor = ANY (%(sides)s) OR affected = ANY (%(sides)s))", sides=list(asked.side))
    if asked.verification:
        conditions.add("verification = ANY (%(verifications)s)", verifications=list(asked.verification))


def _of_words_and_place(conditions: _Conditions, asked: TileFilter, *, one_by_one: bool = False) -> None:
    """Match what the points do not hold: words, and the distance from a place.

    Args:
        conditions: to add to.
        asked: the filter.
        one_by_one: look each point's event up, instead of all events first; better where many match.
    """
    inner = []
    for number, word in enumerate(asked.q.split()):
        escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        inner.append(f"words LIKE lower(%(word{number})s)")
        conditions.values[f"word{number}"] = f"%{escaped}%"
    if asked.near is not None:
        boxes = []
        for number, part in enumerate(asked.near.box().parts()):
            names = [f"near_{side}{number}" for side in ("west", "south", "east", "north")]
            boxes.append(f"shape && ST_MakeEnvelope({', '.join(f'%({name})s' for name in names)}, 4326)")
            conditions.values |= dict(zip(names, part, strict=True))
        inner.append(f"({' OR '.join(boxes)})")
        inner.append(
            "ST_DWithin(shape::geography,"
            " ST_SetSRID(ST_MakePoint(%(near_longitude)s, %(near_latitude)s), 4326)::geography, %(near_m)s)"
        )
        conditions.values |= {
            "near_longitude": asked.near.longitude,
            "near_latitude": asked.near.latitude,
            "near_m": asked.near.radius_m,
        }
    if inner and one_by_one:
        # OFFSET 0 keeps it a question for each point, however many events the planner thinks there are.
        conditions.add(
            f"(SELECT {' AND '.join(inner)} FROM public_event e WHERE e.id = p.id OFFSET 0)"  # noqa: S608 - our own words
        )
    elif inner:
        conditions.add(f"id IN (SELECT id FROM public_event WHERE {' AND '.join(inner)})")  # noqa: S608 - our own words


def _in_tile(conditions: _Conditions, tile: Tile) -> None:
    low, high = tile.morton_range()
    conditions.add("morton >= %(low)s AND morton < %(high)s", low=low, high=high)


def events_statement(tile: Tile, asked: TileFilter, *, one_by_one: bool = False) -> Statement:
    """Give the statement of a tile's events: how many it found, and the tile; null: more than fit.

    They are counted before they are encoded: to encode those that do not fit takes two thirds of the time.
    """
    points, shapes = _Conditions(), _Conditions()
    _in_months(points, asked.datetime)
    _in_tile(points, tile)
    for conditions in (points, shapes):
        _in_time(conditions, asked.datetime)
        _of_kinds(conditions, asked)
        _of_words_and_place(conditions, asked, one_by_one=one_by_one)
    known = "category, actor, affected, verification, time_precision, precision_m"
    # The day as a number: as a text it would take a quarter of the whole time.
    read = f"id, {known}, day - '1970-01-01'::date AS day, days"
    values = points.values | {
        "west": tile.west_unit(),
        "north": tile.north_unit(),
        "shift": tile.shift,
        "limit": MOST_EVENTS + 1,
        **dict(zip(("tile_west", "tile_south", "tile_east", "tile_north"), tile.degrees(), strict=True)),
        "z": tile.z,
        "column": tile.x,
        "row": tile.y,
    }
    box = "ST_MakeEnvelope(%(tile_west)s, %(tile_south)s, %(tile_east)s, %(tile_north)s, 4326)"
    shape_where = " AND ".join((f"ST_Intersects(shape, {box})", *shapes.where))
    statement = f"""
        WITH found AS MATERIALIZED (
            (SELECT ST_Point((x - %(west)s) >> %(shift)s, (y - %(north)s) >> %(shift)s) AS place, {read}
            FROM public_event_point p
            WHERE {points.sql()} AND is_point
            LIMIT %(limit)s)
            UNION ALL
            (SELECT ST_AsMVTGeom(
                ST_Transform(shape, 3857), ST_TileEnvelope(%(z)s, %(column)s, %(row)s), {EXTENT}, 64
            ), {read}
            FROM public_event_shape p
            WHERE {shape_where}
            LIMIT {MOST_SHAPES})
        )
        SELECT count, CASE WHEN count <= {MOST_EVENTS} THEN (
            SELECT ST_AsMVT(t.*, '{LAYER}', {EXTENT}, 'place')
            FROM (SELECT place, id::text AS id, {known}, day, days FROM found) t
        ) END
        FROM (SELECT count(*) FROM found) counted
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, values


def counts_statement(tile: Tile, asked: TileFilter) -> Statement:
    """Give the statement of a tile's counts by cell, which tells how many cells there are, and the tile."""
    facets = facets_of(asked)
    level = TALLY_LEVELS[tile.z] if tile.z <= COUNTED_ZOOM else tile.z + _CELLS_BITS
    if tile.z > COUNTED_ZOOM or facets is None or not whole_days(asked.datetime):
        counted, values = _counted_points(tile, asked, level, "is_point IS NOT NULL")
    else:
        counted, values = _tallied(tile, asked, level, facets)
    wide = level - tile.z
    step = EXTENT >> wide
    statement = f"""
        SELECT count(*), ST_AsMVT(t.*, '{LAYER}', {EXTENT}, 'place') FROM (
            SELECT
                ST_Point((x - %(first_x)s) * {step} + {step // 2}, (y - %(first_y)s) * {step} + {step // 2}) AS place,
                sum(n)::integer AS count
            FROM ({counted}) counted
            GROUP BY x, y
            HAVING sum(n) > 0
        ) t
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, values | {"first_x": tile.x << wide, "first_y": tile.y << wide}


def sampled_statement(tile: Tile, asked: TileFilter) -> Statement:
    """Give the statement of a tile's counts by cell as a sample tells them; its cells are marked with `about`.

    `frontline.sample_rows` of the session says how many points are read.
    """
    level = TALLY_LEVELS[tile.z] if tile.z <= COUNTED_ZOOM else tile.z + _CELLS_BITS
    conditions = _Conditions(["starts"])
    _in_tile(conditions, tile)
    _in_time(conditions, asked.datetime)
    _of_kinds(conditions, asked)
    _of_words_and_place(conditions, asked, one_by_one=True)
    wide = level - tile.z
    step = EXTENT >> wide
    shift = WORLD_BITS - level
    statement = f"""
        SELECT count(*), ST_AsMVT(t.*, '{LAYER}', {EXTENT}, 'place') FROM (
            SELECT
                ST_Point((x - %(first_x)s) * {step} + {step // 2}, (y - %(first_y)s) * {step} + {step // 2}) AS place,
                greatest(round(n * 100 / (SELECT sample_percent())), 1)::integer AS count, true AS about
            FROM (
                SELECT x >> {shift} AS x, y >> {shift} AS y, count(*) AS n FROM public_event_point_sample p
                WHERE {conditions.sql()} GROUP BY 1, 2
            ) counted
        ) t
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, conditions.values | {"first_x": tile.x << wide, "first_y": tile.y << wide}


def _in_boxes(boxes: Sequence[tuple[float, float, float, float]]) -> Statement:
    """Give the condition that a point lies in one of some boxes, and its values.

    Args:
        boxes: each west, south, east, north in degrees.
    """
    parts: list[str] = []
    values: Values = {}
    for number, (west, south, east, north) in enumerate(boxes):
        corners = (*unit_of(west, north), *unit_of(east, south))
        names = [f"box{number}_{name}" for name in ("left", "top", "right", "bottom", "low", "high")]
        values |= dict(zip(names, (*corners, *enclosing(*corners).morton_range()), strict=True))
        left, top, right, bottom, low, high = (f"%({name})s" for name in names)
        parts.append(
            f"(x >= {left} AND x <= {right} AND y >= {top} AND y <= {bottom} AND morton >= {low} AND morton < {high})"
        )
    return f"({' OR '.join(parts)})", values


def starts_statement(asked: HistogramQuery) -> Statement:
    """Give the statement that counts by what they are known to, and first day; for what the tallies cannot tell."""
    conditions = _Conditions(["starts"])
    _in_time(conditions, asked.datetime)
    _of_kinds(conditions, asked)
    _of_words_and_place(conditions, asked)
    if asked.bbox is not None:
        _in_months(conditions, asked.datetime)  # for the index, in which Morton numbers follow months
        condition, values = _in_boxes(asked.bbox.parts())
        conditions.add(condition, **values)
    first, last = tallied_days(asked.datetime)
    conditions.add("day >= %(first_day)s AND day <= %(last_day)s", first_day=first, last_day=last)
    statement = f"""
        SELECT CASE WHEN time_precision IN ('month', 'year') THEN time_precision ELSE 'day' END AS span, day, count(*)
        FROM public_event_point
        WHERE {conditions.sql()}
        GROUP BY 1, 2
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, conditions.values


def _counted_points(tile: Tile, asked: TileFilter, level: int, which: str) -> Statement:
    conditions = _Conditions()
    _in_months(conditions, asked.datetime)
    _in_tile(conditions, tile)
    _in_time(conditions, asked.datetime)
    _of_kinds(conditions, asked)
    _of_words_and_place(conditions, asked)
    shift = WORLD_BITS - level
    statement = (
        f"SELECT x >> {shift} AS x, y >> {shift} AS y, count(*) AS n FROM public_event_point"  # noqa: S608 - our own words
        f" WHERE {conditions.sql()} AND {which} GROUP BY 1, 2"
    )
    return statement, conditions.values


def facets_of(asked: TileFilter) -> list[str] | None:
    """Give the facets of the tallies that add up to what a filter asks for; None: they cannot tell.

    An event has one level of verification and one category, which counts for those above it too, but two sides.
    """
    if asked.q or asked.near is not None:
        return None
    given = [one for one in (asked.category, asked.side, asked.verification) if one]
    if len(given) > 1 or len(asked.side) > 1:
        return None
    categories = [slug for slug in asked.category if not any(slug.startswith(f"{other}.") for other in asked.category)]
    facets = [
        *(f"category:{slug}" for slug in dict.fromkeys(categories)),
        *(f"side:{slug}" for slug in asked.side),
        *(f"verification:{slug}" for slug in dict.fromkeys(asked.verification)),
    ]
    return facets or [""]


def whole_days(time: TimeFilter | None) -> bool:
    """Tell whether a time begins and ends at midnight, or is open there."""
    if time is None:
        return True
    ends = [end for end in (time.after, time.before) if end is not None]
    return not time.before_included and all(end.time() == _MIDNIGHT for end in ends)


def tallied_days(time: TimeFilter | None) -> tuple[dt.date, dt.date]:
    """Give the first and the last day that a time touches."""
    first = dt.date.min if time is None or time.after is None else time.after.date()
    last = dt.date.max
    if time is not None and time.before is not None:
        last = (time.before if time.before_included else time.before - dt.timedelta(microseconds=1)).date()
    return first, last


def _tallied(tile: Tile, asked: TileFilter, level: int, facets: list[str]) -> Statement:
    """Count by the tallies, by what they do not hold yet, and by the events that they never hold."""
    longer, values = _counted_points(tile, asked, level, "NOT tallied")
    first, last = tallied_days(asked.datetime)
    low, high = tile.morton_range(level)
    low_noted, high_noted = tile.morton_range(10)
    kinds = _Conditions()
    _of_kinds(kinds, asked)
    down = 10 - level
    statement = f"""
        SELECT x, y, CASE WHEN year > %(first_year)s AND year < %(last_year)s THEN total ELSE (
            SELECT coalesce(sum(n), 0) FROM unnest(days[
                CASE WHEN year = %(first_year)s THEN %(first_doy)s ELSE 1 END
                : CASE WHEN year = %(last_year)s THEN %(last_doy)s ELSE 366 END
            ]) AS d (n)
        ) END AS n
        FROM public_event_tally
        WHERE level = {level} AND cell >= %(low_cell)s AND cell < %(high_cell)s
            AND facet = ANY (%(facets)s)
            AND year >= %(first_year)s AND year <= %(last_year)s
        UNION ALL
        SELECT x >> {down}, y >> {down}, change
        FROM public_event_tally_change
        WHERE cell >= %(low_noted)s AND cell < %(high_noted)s AND day >= %(first_day)s AND day <= %(last_day)s
            AND span = 'day'{"".join(f" AND {condition}" for condition in kinds.where)}
        UNION ALL
        {longer}
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, values | kinds.values | {
        "low_cell": low,
        "high_cell": high,
        "low_noted": low_noted,
        "high_noted": high_noted,
        "facets": facets,
        "first_day": first,
        "last_day": last,
        "first_year": first.year,
        "last_year": last.year,
        "first_doy": first.timetuple().tm_yday,
        "last_doy": last.timetuple().tm_yday,
    }
