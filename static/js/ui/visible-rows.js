/**
 * Which rows of the columns a window and a box leave: the list's counts, without asking the server. Pure.
 */
import { STEPS, gridX, gridY } from "../lib/grid.js";
import { boundsOf, overlap } from "../lib/shape.js";

/** @import { Bounds, Day, DayRange, EventColumns, Selection } from "../types.js" */

/**
 * The rows that pass the filters, by window and by window and box.
 *
 * @param {Selection} selection
 * @param {DayRange} window
 * @param {Bounds | null} box degrees; null: everywhere
 * @returns {{ inWindow: number, inView: number[] }} a count, and rows in the order of the columns
 */
export function visibleRows({ columns, mask }, window, box) {
  const end = firstRowOf(columns.day, window.to);
  /** @type {number[]} */
  const inView = [];
  let inWindow = 0;
  for (let row = 0; row < end; row++) {
    if (!mask[row] || (columns.day[row] ?? 0) + (columns.days[row] ?? 0) <= window.from) continue;
    inWindow++;
    if (inBox(columns, row, box)) inView.push(row);
  }
  return { inWindow, inView };
}

/**
 * Whether a row lies in a box; of a line or an area, whether the box around it touches the other.
 *
 * @param {EventColumns} columns
 * @param {number} row
 * @param {Bounds | null} box null: everywhere
 * @returns {boolean}
 */
export function inBox(columns, row, box) {
  if (!box) return true;
  const shape = columns.shapes.get(row);
  if (shape) return overlap(boundsOf(shape.geometry), box);
  const y = columns.y[row] ?? NaN;
  if (y > gridY(box[1]) || y < gridY(box[3])) return false;
  const x = columns.x[row] ?? NaN;
  const west = gridX(box[0]);
  // The map may have been dragged around the globe: take the turn in which the place is at or east of the box's west.
  return x + Math.ceil((west - x) / STEPS) * STEPS <= gridX(box[2]);
}

/**
 * The first row that begins on a day or later.
 *
 * @param {Int32Array} days sorted
 * @param {Day} day
 * @returns {number}
 */
export function firstRowOf(days, day) {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] ?? NaN) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
