/**
 * Which rows of the columns a window and a box leave: the list's counts, without asking the server. Pure.
 */
import { dayIndexOf, rowsIn } from "../data/day-index.js";
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
  const isInside = insideOf(columns, box);
  /** @type {number[]} */
  const inView = [];
  let inWindow = 0;
  for (const row of rowsIn(dayIndexOf(columns), window)) {
    if (!mask[row]) continue;
    inWindow++;
    if (isInside(row)) inView.push(row);
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
  return insideOf(columns, box)(row);
}

/** @param {EventColumns} columns @param {Bounds | null} box @returns {(row: number) => boolean} */
function insideOf({ x, y, shapes }, box) {
  if (!box) return () => true;
  const [west, south, east, north] = [gridX(box[0]), gridY(box[1]), gridX(box[2]), gridY(box[3])];
  return (row) => {
    const shape = shapes.get(row);
    if (shape) return overlap(boundsOf(shape.geometry), box);
    const down = y[row] ?? NaN;
    if (down > south || down < north) return false;
    const across = x[row] ?? NaN;
    // The map may have been dragged around the globe: take the turn in which the place is at or east of the box's west.
    return across + Math.ceil((west - across) / STEPS) * STEPS <= east;
  };
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
