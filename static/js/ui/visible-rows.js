/** Where single rows of the columns are: whether in a box, and from which one on a day begins. Pure. */
import { STEPS, gridX, gridY } from "../lib/grid.js";
import { boundsOf, overlap } from "../lib/shape.js";

/** @import { Bounds, Day, EventColumns } from "../types.js" */

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
