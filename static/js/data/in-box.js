/**
 * Finds the rows within a bounding box. A line or an area counts if its bounding box overlaps.
 * Pure.
 */
import { STEPS, gridX, gridY } from "../lib/grid.js";
import { boundsOf, overlap } from "../lib/shape.js";
import { dayIndexOf } from "./day-index.js";

/** @import { Bounds, DayRange, EventColumns, Selection } from "../types.js" */

/**
 * A box on the grid.
 * @typedef {{ west: number, north: number, east: number, south: number }} Edges
 */

/** Converts a box of degrees to the grid. @param {Bounds} box @returns {Edges} */
const edgesOf = ([west, south, east, north]) => turned(gridX(west), gridY(north), gridX(east), gridY(south));

/**
 * Normalises a box of a map that was dragged around the globe: west is wrapped, and east may be
 * beyond 180°.
 *
 * @param {number} west
 * @param {number} north
 * @param {number} east
 * @param {number} south
 * @returns {Edges}
 */
export function turned(west, north, east, south) {
  const turns = Math.floor(west / STEPS) * STEPS;
  return { west: west - turns, north, east: east - turns, south };
}

/**
 * Returns whether a position lies in a box.
 *
 * @param {Edges} edges
 * @param {number} x
 * @param {number} y
 */
function holds({ west, north, east, south }, x, y) {
  const across = x & (STEPS - 1); // 180° E is 180° W
  return y <= south && y >= north && ((across >= west && across <= east) || across + STEPS <= east);
}

/**
 * Returns whether a row lies in a box.
 *
 * @param {EventColumns} columns
 * @param {number} row
 * @param {Bounds | null} box null: everywhere
 * @returns {boolean}
 */
export function inBox({ x, y, shapes }, row, box) {
  if (!box) return true;
  const shape = shapes.get(row);
  return shape ? overlap(boundsOf(shape.geometry), box) : holds(edgesOf(box), x[row] ?? NaN, y[row] ?? NaN);
}

/**
 * Returns a mask of the rows that pass and lie in a box.
 *
 * @param {EventColumns} columns
 * @param {Uint8Array} mask
 * @param {Bounds | null} box null: everywhere
 * @returns {Uint8Array}
 */
export function marksIn({ x, y, shapes, count }, mask, box) {
  if (!box) return mask;
  const marks = new Uint8Array(count);
  const edges = edgesOf(box);
  for (let row = 0; row < count; row++) marks[row] = at(mask, row) & Number(holds(edges, at(x, row), at(y, row)));
  for (const [row, { geometry }] of shapes) marks[row] = overlap(boundsOf(geometry), box) ? at(mask, row) : 0;
  return marks;
}

/**
 * Returns the point events of a window that pass the filters and lie in a box, in column order.
 *
 * @param {Selection} selection
 * @param {DayRange} window
 * @param {Edges} edges
 * @returns {number[]}
 */
export function pointsWithin({ columns, mask }, window, edges) {
  const { x, y, shapes } = columns;
  const index = dayIndexOf(columns);
  /** Returns whether a row passes and is a point in the box. @param {number} row */
  const isThere = (row) => at(mask, row) === 1 && holds(edges, at(x, row), at(y, row)) && !shapes.has(row);
  const rows = index.rowsLasting(window).filter(isThere);
  const { from, to } = index.rowsStarting(window);
  for (let row = from; row < to; row++) if (isThere(row)) rows.push(row);
  return rows;
}

/**
 * Returns the point events of a window in a box of degrees, newest day first.
 *
 * @param {Selection} selection
 * @param {DayRange} window
 * @param {Bounds} box
 * @param {number[]} [among] restricts the search to these rows, of the same window and filters
 * @returns {number[]}
 */
export function pointsIn(selection, window, box, among) {
  const { day, x, y } = selection.columns;
  const edges = edgesOf(box);
  const rows = among?.filter((row) => holds(edges, at(x, row), at(y, row))) ?? pointsWithin(selection, window, edges);
  return rows.sort((one, other) => at(day, other) - at(day, one) || one - other);
}

/** @param {Int32Array | Uint8Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
