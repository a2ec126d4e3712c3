/**
 * Index of the rows by day. Rows are sorted by day, so the rows that start in a window are
 * contiguous. The few rows that started earlier and last into the window are in a separate list.
 *
 * @import { Day, DayRange, EventColumns } from "../types.js"
 */

/**
 * @typedef {object} DayIndex
 * @property {(range: DayRange) => { from: number, to: number }} rowsStarting the first and last row
 *   that start in a range, half-open
 * @property {(range: DayRange) => number[]} rowsLasting the rows that started before a range and
 *   last into it, by day
 */

/** @type {WeakMap<EventColumns, DayIndex>} */
const indexes = new WeakMap();

/**
 * Returns the index of an edition of the events. The index is cached.
 *
 * @param {EventColumns} columns
 * @returns {DayIndex}
 */
export function dayIndexOf(columns) {
  let index = indexes.get(columns);
  if (!index) indexes.set(columns, (index = indexDays(columns)));
  return index;
}

/**
 * Yields all rows of a window: first those that last into it, then those that start in it.
 *
 * @param {DayIndex} index
 * @param {DayRange} range
 * @returns {Generator<number>}
 */
export function* rowsIn(index, range) {
  yield* index.rowsLasting(range);
  const { from, to } = index.rowsStarting(range);
  for (let row = from; row < to; row++) yield row;
}

/**
 * Builds the index.
 *
 * @param {EventColumns} columns
 * @returns {DayIndex}
 */
function indexDays({ day, days, count, extent }) {
  const length = Math.max(0, extent.to - extent.from);
  // first[n] is the first row of the n-th day. One extra element closes the last day.
  const first = new Int32Array(length + 1).fill(count);
  /** @type {number[]} */
  const long = [];
  for (let row = count - 1; row >= 0; row--) {
    first[at(day, row) - extent.from] = row;
    if (at(days, row) > 1) long.push(row);
  }
  for (let n = length - 1; n >= 0; n--) first[n] = Math.min(at(first, n), at(first, n + 1));
  long.reverse();

  /** @param {Day} of */
  const firstOf = (of) => at(first, Math.max(0, Math.min(length, of - extent.from)));

  return {
    rowsStarting: ({ from, to }) => ({ from: firstOf(from), to: Math.max(firstOf(from), firstOf(to)) }),

    rowsLasting({ from, to }) {
      if (to <= from) return [];
      const before = firstOf(from);
      const rows = [];
      for (const row of long) {
        if (row >= before) break;
        if (at(day, row) + at(days, row) > from) rows.push(row);
      }
      return rows;
    },
  };
}

/** @param {Int32Array} column @param {number} row */
function at(column, row) {
  return /** @type {number} */ (column[row]);
}
