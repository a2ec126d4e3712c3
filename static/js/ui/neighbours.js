/**
 * Finds the previous and the next event in time, among those that pass the filters and are in view.
 * Pure.
 *
 * The columns have no ids for points. So a row is found first, and its event is requested by place
 * and day. For one position and day, columns and API have the same order: by id, events of several
 * days last. So the third of five rows is the third of five items.
 */
import { dayIndexOf } from "../data/day-index.js";
import { inBox } from "../data/in-box.js";
import { middleOf } from "../lib/shape.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../lib/grid.js";
import { dayOf, daysTouched, toIso } from "../time/day.js";

/** @import { Bounds, Day, EventColumns, EventFeature, Selection } from "../types.js" */

/** Half the side of a box that contains all events of one grid point, in steps. */
const AROUND_STEPS = 0.75;

/**
 * @typedef {{ day: Day, x: number, y: number }} Spot the first day of the event, and its position
 *   on the grid
 */

/**
 * Returns the position and day of an event; null for lines and areas, whose rows have ids.
 *
 * @param {EventFeature} event
 * @returns {Spot | null}
 */
export function spotOf({ geometry, properties }) {
  if (geometry.type !== "Point") return null;
  const [longitude, latitude] = middleOf(geometry);
  return { day: dayOf(properties.happened_from), x: gridX(longitude), y: gridY(latitude) };
}

/**
 * Returns the position and day of a row.
 *
 * @param {EventColumns} columns
 * @param {number} row
 * @returns {Spot}
 */
export function spotOfRow(columns, row) {
  const [day = NaN, x = NaN, y = NaN] = [columns.day[row], columns.x[row], columns.y[row]];
  return { day, x, y };
}

/**
 * Returns the first row that begins on a day or later.
 * @param {EventColumns} columns
 * @param {Day} day
 */
const firstRowOf = (columns, day) => dayIndexOf(columns).rowsStarting({ from: day, to: day }).from;

/**
 * Returns the points at a position that pass the filters, in column order.
 *
 * @param {Selection} selection
 * @param {Spot} spot
 * @returns {number[]}
 */
export function rowsOn({ columns, mask }, spot) {
  const rows = [];
  for (let row = firstRowOf(columns, spot.day); columns.day[row] === spot.day; row++) {
    if (mask[row] && !columns.shapes.has(row) && isSame(spotOfRow(columns, row), spot)) rows.push(row);
  }
  return rows;
}

/**
 * Returns the points at a position among some events, by id.
 *
 * @param {EventFeature[]} events
 * @param {Spot} spot
 * @returns {EventFeature[]}
 */
export function eventsOn(events, spot) {
  return events
    .filter((event) => {
      const its = spotOf(event);
      return its !== null && isSame(its, spot);
    })
    .sort((one, other) => lasts(one) - lasts(other) || (one.id < other.id ? -1 : 1));
}

/** Returns whether an event lasts several days: 1, else 0. @param {EventFeature} event */
function lasts({ properties }) {
  const { from, to } = daysTouched(properties.happened_from, properties.happened_to);
  return Number(to - from > 1);
}

/** Returns whether two positions are equal. @param {Spot} one @param {Spot} other */
function isSame(one, other) {
  return one.day === other.day && one.x === other.x && one.y === other.y;
}

/**
 * Returns the row of an event. For an event that the filters exclude, it is before the first row of
 * its day.
 *
 * @param {Selection} selection
 * @param {EventFeature} event
 * @param {EventFeature[]} sameSpot the server's events at the position, if `rowsOn` finds several
 * @returns {{ row: number, found: boolean }}
 */
export function standing(selection, event, sameSpot) {
  const { columns } = selection;
  for (const [row, { id }] of columns.shapes) if (id === event.id) return { row, found: true };
  const spot = spotOf(event);
  const rows = spot ? rowsOn(selection, spot) : [];
  const rank = spot && rows.length > 1 ? eventsOn(sameSpot, spot).findIndex(({ id }) => id === event.id) : 0;
  const row = rows[Math.max(0, rank)];
  return row === undefined
    ? { row: firstRowOf(columns, dayOf(event.properties.happened_from)), found: false }
    : { row, found: true };
}

/**
 * Returns the next row in time that passes the filters and lies in the box.
 *
 * @param {Selection} selection
 * @param {{ row: number, found: boolean }} from
 * @param {1 | -1} direction later or earlier
 * @param {Bounds | null} box null: everywhere
 * @returns {number | null}
 */
export function nextRow({ columns, mask }, from, direction, box) {
  const first = from.row + (direction === 1 && !from.found ? 0 : direction);
  for (let row = first; row >= 0 && row < columns.count; row += direction) {
    if (mask[row] && inBox(columns, row, box)) return row;
  }
  return null;
}

/**
 * Returns the query for the event of a row.
 *
 * @param {EventColumns} columns
 * @param {number} row
 * @returns {{ ids: string[] } | { bbox: Bounds, datetime: string }}
 */
export function questionFor(columns, row) {
  const shape = columns.shapes.get(row);
  return shape ? { ids: [shape.id] } : questionOn(spotOfRow(columns, row));
}

/**
 * Returns the query for the events at a position.
 *
 * @param {Spot} spot
 * @returns {{ bbox: Bounds, datetime: string }}
 */
export function questionOn({ day, x, y }) {
  const [west, east] = [longitudeOf(x - AROUND_STEPS), longitudeOf(x + AROUND_STEPS)];
  return {
    bbox: [west, latitudeOf(y + AROUND_STEPS), east, latitudeOf(y - AROUND_STEPS)],
    datetime: toIso(day),
  };
}

/**
 * Returns the event of a row from the response.
 *
 * @param {Selection} selection
 * @param {number} row
 * @param {EventFeature[]} found the response to `questionFor`
 * @returns {EventFeature | null} null: the event no longer exists
 */
export function eventOf(selection, row, found) {
  const { columns } = selection;
  const shape = columns.shapes.get(row);
  if (shape) return found.find(({ id }) => id === shape.id) ?? null;
  const spot = spotOfRow(columns, row);
  const here = eventsOn(found, spot);
  return here[rowsOn(selection, spot).indexOf(row)] ?? here[0] ?? null;
}
