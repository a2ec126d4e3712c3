/**
 * Which rows of the columns lie in a box of degrees; of a line or an area, whether the box around
 * it touches the other. Pure.
 */
import { STEPS, gridX, gridY } from "../lib/grid.js";
import { boundsOf, overlap } from "../lib/shape.js";
import { dayIndexOf } from "./day-index.js";

/** @import { Bounds, DayRange, EventColumns, Selection } from "../types.js" */

/**
 * A box on the grid.
 * @typedef {{ west: number, north: number, east: number, south: number }} Edges
 */

/** @param {Bounds} box @returns {Edges} */
const edgesOf = ([west, south, east, north]) => turned(gridX(west), gridY(north), gridX(east), gridY(south));

/**
 * The map may have been dragged around the globe: the box's west is brought to this turn, and its
 * east may lie in the next.
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

/** @param {Edges} edges @param {number} x @param {number} y */
function holds({ west, north, east, south }, x, y) {
  const across = x & (STEPS - 1); // 180° E is 180° W
  return y <= south && y >= north && ((across >= west && across <= east) || across + STEPS <= east);
}

/**
 * Whether a row lies in a box.
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
 * Which of the rows that pass lie in a box: 1, else 0.
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
 * The points of a window that pass the filters and lie in a box, in the order of the columns.
 *
 * @param {Selection} selection
 * @param {DayRange} window
 * @param {Edges} edges
 * @returns {number[]}
 */
export function pointsWithin({ columns, mask }, window, edges) {
  const { x, y, shapes } = columns;
  const index = dayIndexOf(columns);
  /** @param {number} row */
  const isThere = (row) => at(mask, row) === 1 && holds(edges, at(x, row), at(y, row)) && !shapes.has(row);
  const rows = index.rowsLasting(window).filter(isThere);
  const { from, to } = index.rowsStarting(window);
  for (let row = from; row < to; row++) if (isThere(row)) rows.push(row);
  return rows;
}

/**
 * The same of a box of degrees, those of the newest day first.
 *
 * @param {Selection} selection
 * @param {DayRange} window
 * @param {Bounds} box
 * @param {number[]} [among] the only ones that may be there, of the same window and filters
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
