"""Renders a filter of events as SQL text on the points and shapes of the map, and on pending tally
changes.

Conditions on columns of `public_event_point` and `public_event_shape` are rendered directly; they
need only the index of the points. Other conditions are looked up in the public views, as
`on_view.py` renders them. Values are bound as `%(name)s`; the SQL text contains no input.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeGuard, assert_never

from sqlalchemy import ColumnElement, and_, literal_column, select
from sqlalchemy.dialects import postgresql

from app.events.filters.conditions import (
    AnyOf,
    Below,
    Condition,
    During,
    NamesPlace,
    Near,
    OfSource,
    Touches,
    Words,
)
from app.events.filters.on_view import PUBLIC, sql_conditions
from app.geo.tiles import enclosing, unit_of
from app.models.public import public_event

if TYPE_CHECKING:
    from app.parsing.bbox import BoundingBox
    from app.parsing.days import TimeFilter

# Columns of events that points, shapes and pending tally changes also have.
HELD: Final = frozenset(("category", "actor", "affected", "verification", "origin"))
# The selected rows: in `public_event_point`, events that are points (`points`) or lines and areas,
# each at a point on its shape (`outlines`); or the exact shapes in `public_event_shape`.
Rows = Literal["points", "outlines", "shapes"]

# The kinds of conditions for which points have the columns.
Held = Below | AnyOf | During | Touches

Values = dict[str, Any]
Statement = tuple[str, Values]

_MIDNIGHT: Final = dt.time()
_DIALECT: Final = postgresql.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call] # SQLAlchemy has no type for it


@dataclass
class PointConditions:
    """SQL conditions and their values."""

    where: list[str] = field(default_factory=list)
    values: Values = field(default_factory=dict)

    def add(self, condition: str, **values: Any) -> None:
        """Adds a condition with its values."""
        self.where.append(condition)
        self.values |= values

    def add_all(self, conditions: Sequence[Condition], rows: Rows, *, one_by_one: bool = False) -> None:
        """Adds the conditions of a filter.

        Args:
            conditions: of the filter.
            rows: which rows are selected; the table has the alias `p`.
            one_by_one: look up the event of each row instead of all matching events first. This is
                faster if many events match.
        """
        for condition in conditions:
            if is_on_points(condition):
                self._add_on_points(condition, rows)
        self._look_up([condition for condition in conditions if not is_on_points(condition)], one_by_one=one_by_one)

    def add_kinds(self, conditions: Iterable[Condition]) -> None:
        """Adds the conditions on the kind of an event, for pending tally changes."""
        for condition in conditions:
            if isinstance(condition, Below | AnyOf) and is_on_points(condition):
                self._add_on_points(condition, "points")

    def sql(self) -> str:
        """Returns all conditions, joined by AND."""
        return " AND ".join(self.where)

    def _add_on_points(self, condition: Held, rows: Rows) -> None:
        match condition:
            case Below(column, slugs):
                self.add(
                    f"({column} = ANY (%({column}_slugs)s) OR {column} LIKE ANY (%({column}_children)s))",
                    **{f"{column}_slugs": list(slugs), f"{column}_children": condition.child_patterns},
                )
            case AnyOf(columns, values):
                name = f"{'_'.join(columns)}_values"
                self.add(
                    f"({' OR '.join(f'{column} = ANY (%({name})s)' for column in columns)})", **{name: list(values)}
                )
            case During(time):
                self._add_time(time)
            case Touches(box):
                self._add_box(box, rows)
            case _:
                assert_never(condition)

    def _add_time(self, time: TimeFilter) -> None:
        """Adds a condition for overlap with a time range; whole days use the days in the index."""
        if time.after is not None:
            if time.after.time() == _MIDNIGHT:
                self.add("day + days > %(after)s", after=time.after.date())
            else:
                self.add("happened_to > %(after)s", after=time.after)
        if time.before is not None:
            if time.before_included:
                self.add("happened_from <= %(before)s", before=time.before)
            elif time.before.time() == _MIDNIGHT:
                self.add("day < %(before)s", before=time.before.date())
            else:
                self.add("happened_from < %(before)s", before=time.before)

    def _add_box(self, box: BoundingBox, rows: Rows) -> None:
        match rows:
            case "points":
                self._add_boxes_in_units(box)
            case "outlines":
                touching = self._box_condition(box)
                self.add(f"id IN (SELECT id FROM public_event_shape WHERE {touching})")  # noqa: S608 - our own words
            case "shapes":
                self.add(self._box_condition(box))
            case _:
                assert_never(rows)

    def _add_boxes_in_units(self, box: BoundingBox) -> None:
        """Adds conditions for points in a box: by map units, and by Morton number for the index."""
        parts: list[str] = []
        for number, (west, south, east, north) in enumerate(box.parts()):
            corners = (*unit_of(west, north), *unit_of(east, south))
            names = [f"box{number}_{name}" for name in ("left", "top", "right", "bottom", "low", "high")]
            self.values |= dict(zip(names, (*corners, *enclosing(*corners).morton_range()), strict=True))
            left, top, right, bottom, low, high = (f"%({name})s" for name in names)
            inside = f"x >= {left} AND x <= {right} AND y >= {top} AND y <= {bottom}"
            parts.append(f"({inside} AND morton >= {low} AND morton < {high})")
        self.add(f"({' OR '.join(parts)})")

    def _box_condition(self, box: BoundingBox) -> str:
        parts: list[str] = []
        for number, corners in enumerate(box.parts()):
            names = [f"box{number}_{side}" for side in ("west", "south", "east", "north")]
            self.values |= dict(zip(names, corners, strict=True))
            corners_given = ", ".join(f"%({name})s" for name in names)
            # ST_Envelope: a box without area becomes a line or a point, as in `on_view.py`.
            parts.append(f"ST_Intersects(shape, ST_Envelope(ST_MakeEnvelope({corners_given}, 4326)))")
        return f"({' OR '.join(parts)})"

    def _look_up(self, conditions: Sequence[Condition], *, one_by_one: bool) -> None:
        """Returns a condition on columns that only the public views have."""
        if not conditions:
            return
        of_row: ColumnElement[Any] = literal_column("p.id")
        if one_by_one:
            # OFFSET 0 keeps it a subquery for each row, however many events the planner thinks
            # there are.
            matches = select(and_(*sql_conditions(conditions))).where(public_event.c.id == of_row)
            wanted: ColumnElement[Any] = matches.offset(literal_column("0")).scalar_subquery()
        else:
            # Conditions on sources and places need no lookup of the event: their views contain only
            # public events.
            by_id = [condition for condition in conditions if isinstance(condition, OfSource | NamesPlace)]
            parts = sql_conditions(by_id, replace(PUBLIC, event={"id": of_row}))
            if rest := [condition for condition in conditions if condition not in by_id]:
                parts.append(of_row.in_(select(public_event.c.id).where(*sql_conditions(rest))))
            wanted = and_(*parts)
        compiled = wanted.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        self.add(f"({compiled})", **compiled.params)


def is_on_points(condition: Condition) -> TypeGuard[Held]:
    """Checks whether the points have the columns of a condition; otherwise it is looked up in the
    views.
    """
    match condition:
        case Below(column):
            return column in HELD
        case AnyOf(columns):
            return HELD.issuperset(columns)
        case During() | Touches():
            return True
        case OfSource() | Words() | Near() | NamesPlace():
            return False
        case _:
            assert_never(condition)
