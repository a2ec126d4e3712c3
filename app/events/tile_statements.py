"""Builds the SQL statements of vector tiles of events, with their values.

At high zooms, a tile contains the events themselves; at low zooms, and where there are too many
events, it contains counts by grid cell. Bounds are computed here, because a function in the
statement would prevent the use of indexes. The SQL text contains no input; values are bound.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from app.events.filters import conditions_of
from app.events.filters.conditions import Touches
from app.events.filters.facets import facets_of, time_of, touched_days
from app.events.filters.on_points import PointConditions, Rows, Statement
from app.geo.tiles import EXTENT, WORLD_BITS, Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.events.filters import Condition, EventFilter
    from app.parsing.days import TimeFilter

LAYER: Final = "events"
# A tile with more events has counts instead. With ids and attributes, this many take about 370 kB.
MAX_EVENTS: Final = 5_000
MAX_SHAPES: Final = 500
# Up to this zoom, tiles always have counts.
COUNTED_ZOOM: Final = 6
# The level of the tally cells in a tile of each zoom: 16 or 32 cells on each side; the world has
# 64.
TALLY_LEVELS: Final = (6, 6, 6, 8, 8, 10, 10)
# Cells on each side of a tile that has too many events.
_CELLS_BITS: Final = 5

# The month of the single row of an event that lasts very many months.
_LONG: Final = -1

# The rows of lines and areas, and those of points, in `public_event_point`.
_WHICH: Final[dict[Rows, str]] = {"points": "is_point", "outlines": "NOT is_point"}


def _month(moment: dt.datetime) -> int:
    return 12 * moment.year + moment.month - 1


def _in_months(conditions: PointConditions, time: TimeFilter | None) -> None:
    """Adds conditions for the months of a time range that match exactly one row of each event."""
    first = None if time is None or time.after is None else _month(time.after)
    last = None
    if time is not None and time.before is not None:
        last = _month(time.before if time.before_included else time.before - dt.timedelta(microseconds=1))
    if first is not None and last is not None and last - first <= 240:
        conditions.add("month = ANY (%(months)s)", months=[_LONG, *range(first, last + 1)])
        conditions.add("(starts OR month = %(first_month)s)", first_month=first)
        return
    # An open or long range: the existing months, which the index returns at once.
    lower = "(SELECT min(month) FROM public_event_point WHERE month > -1)"
    upper = "(SELECT max(month) FROM public_event_point)"
    if first is not None:
        lower, conditions.values["lower_month"] = f"greatest({lower}, %(lower_month)s)", first
    if last is not None:
        upper, conditions.values["upper_month"] = f"least({upper}, %(upper_month)s)", last
    conditions.add(f"month = ANY (ARRAY(SELECT generate_series({lower}, {upper}) UNION ALL SELECT -1))")
    conditions.add("starts" if first is None else f"(starts OR month = (SELECT {lower}))")


def _in_tile(conditions: PointConditions, tile: Tile) -> None:
    low, high = tile.morton_range()
    conditions.add("morton >= %(low)s AND morton < %(high)s", low=low, high=high)


def events_statement(tile: Tile, event_filter: EventFilter, *, one_by_one: bool = False) -> Statement:
    """Returns the statement for the events of a tile: their number, and the tile; null if they are
    too many.

    They are counted before they are encoded: encoding those that do not fit takes two thirds of the
    time.
    """
    wanted = conditions_of(event_filter)
    points, shapes = PointConditions(), PointConditions()
    _in_months(points, time_of(wanted))
    _in_tile(points, tile)
    points.add_all(wanted, "points", one_by_one=one_by_one)
    shapes.add_all(wanted, "shapes", one_by_one=one_by_one)
    known = "category, actor, affected, verification, time_precision, precision_m"
    # The day as a number: formatting it as text would take a quarter of the time.
    read = f"id, {known}, day - '1970-01-01'::date AS day, days"
    values = (
        points.values
        | shapes.values
        | {
            "west": tile.west_unit(),
            "north": tile.north_unit(),
            "shift": tile.shift,
            "limit": MAX_EVENTS + 1,
            **dict(zip(("tile_west", "tile_south", "tile_east", "tile_north"), tile.degrees(), strict=True)),
            "z": tile.z,
            "column": tile.x,
            "row": tile.y,
        }
    )
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
            LIMIT {MAX_SHAPES})
        )
        SELECT count, CASE WHEN count <= {MAX_EVENTS} THEN (
            SELECT ST_AsMVT(t.*, '{LAYER}', {EXTENT}, 'place')
            FROM (SELECT place, id::text AS id, {known}, day, days FROM found) t
        ) END
        FROM (SELECT count(*) FROM found) counted
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, values


def counts_statement(tile: Tile, event_filter: EventFilter) -> Statement:
    """Returns the statement for the counts of a tile by cell: the number of cells, and the tile."""
    wanted = conditions_of(event_filter)
    facets = facets_of(wanted)
    level = TALLY_LEVELS[tile.z] if tile.z <= COUNTED_ZOOM else tile.z + _CELLS_BITS
    if tile.z > COUNTED_ZOOM or facets is None:
        counted, values = _count_points(tile, wanted, level)
    else:
        counted, values = _add_up_tallies(tile, wanted, level, facets)
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


def sampled_statement(tile: Tile, event_filter: EventFilter) -> Statement:
    """Returns the statement for estimated counts of a tile by cell; its cells are marked with
    `about`.

    `frontline.sample_rows` of the session says how many points are read.
    """
    level = TALLY_LEVELS[tile.z] if tile.z <= COUNTED_ZOOM else tile.z + _CELLS_BITS
    common = PointConditions(["starts"])
    _in_tile(common, tile)
    found, values = _select_points(
        "public_event_point_sample", "x, y", common, conditions_of(event_filter), one_by_one=True
    )
    wide = level - tile.z
    step = EXTENT >> wide
    shift = WORLD_BITS - level
    statement = f"""
        SELECT count(*), ST_AsMVT(t.*, '{LAYER}', {EXTENT}, 'place') FROM (
            SELECT
                ST_Point((x - %(first_x)s) * {step} + {step // 2}, (y - %(first_y)s) * {step} + {step // 2}) AS place,
                greatest(round(n * 100 / (SELECT sample_percent())), 1)::integer AS count, true AS about
            FROM (SELECT x >> {shift} AS x, y >> {shift} AS y, count(*) AS n FROM ({found}) f GROUP BY 1, 2) counted
        ) t
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, values | {"first_x": tile.x << wide, "first_y": tile.y << wide}


def _select_points(
    table: str, columns: str, common: PointConditions, wanted: Sequence[Condition], *, one_by_one: bool = False
) -> Statement:
    """Returns the statement that selects columns of matching points.

    With a box, points are found by their position in the index, and lines and areas by their shape.

    Args:
        table: `public_event_point`, or a sample of it.
        columns: to select.
        common: conditions besides those of the filter.
        wanted: the conditions of the filter.
        one_by_one: see `PointConditions.add_all`.
    """
    with_box = any(isinstance(condition, Touches) for condition in wanted)
    parts: list[str] = []
    values = dict(common.values)
    for rows, which in _WHICH.items():
        if rows != "points" and not with_box:
            continue  # without a box, one query finds all of them
        conditions = PointConditions([*common.where, which] if with_box else [*common.where])
        conditions.add_all(wanted, rows, one_by_one=one_by_one)
        parts.append(f"SELECT {columns} FROM {table} p WHERE {conditions.sql()}")  # noqa: S608 - our own words
        values |= conditions.values
    return " UNION ALL ".join(parts), values


def starts_statement(event_filter: EventFilter) -> Statement:
    """Returns the statement that counts by precision and first day, for filters that the tallies
    lack.
    """
    wanted = conditions_of(event_filter)
    time = time_of(wanted)
    common = PointConditions(["starts"])
    if any(isinstance(condition, Touches) for condition in wanted):
        _in_months(common, time)  # for the index, in which Morton numbers follow months
    first, last = touched_days(time)
    common.add("day >= %(first_day)s AND day <= %(last_day)s", first_day=first, last_day=last)
    found, values = _select_points("public_event_point", "time_precision, day", common, wanted)
    statement = f"""
        SELECT CASE WHEN time_precision IN ('month', 'year') THEN time_precision ELSE 'day' END AS span, day, count(*)
        FROM ({found}) f
        GROUP BY 1, 2
    """  # noqa: S608 - put together of our own words; values are bound
    return statement, values


def changes_statement(event_filter: EventFilter) -> Statement:
    """Returns the statement that counts pending tally changes by span and first day."""
    wanted = conditions_of(event_filter)
    first, last = touched_days(time_of(wanted))
    conditions = PointConditions()
    conditions.add("day >= %(first_day)s AND day <= %(last_day)s", first_day=first, last_day=last)
    conditions.add_kinds(wanted)
    statement = (
        "SELECT span, day, sum(change) FROM public_event_tally_change"  # noqa: S608 - our own words
        f" WHERE {conditions.sql()} GROUP BY 1, 2"
    )
    return statement, conditions.values


def _count_points(tile: Tile, wanted: Sequence[Condition], level: int, which: str = "") -> Statement:
    """Returns the statement that counts matching points by cell; `which` is a further condition."""
    common = PointConditions([which] if which else [])
    _in_months(common, time_of(wanted))
    _in_tile(common, tile)
    found, values = _select_points("public_event_point", "x, y", common, wanted)
    shift = WORLD_BITS - level
    statement = f"SELECT x >> {shift} AS x, y >> {shift} AS y, count(*) AS n FROM ({found}) f GROUP BY 1, 2"  # noqa: S608 - our own words
    return statement, values


def _add_up_tallies(tile: Tile, wanted: Sequence[Condition], level: int, facets: list[str]) -> Statement:
    """Returns the statement that adds up tallies, pending changes, and events that tallies
    exclude.
    """
    longer, values = _count_points(tile, wanted, level, "NOT tallied")
    first, last = touched_days(time_of(wanted))
    low, high = tile.morton_range(level)
    low_noted, high_noted = tile.morton_range(10)
    kinds = PointConditions()
    kinds.add_kinds(wanted)
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
