/**
 * Counts the selected events in the map's view. One pass over the columns marks the visible rows
 * and computes running sums by day, when the filters or the view change. After that a count is one
 * subtraction. The newest events are searched from the end of the window, so only visible rows are
 * read. Pure.
 *
 * @import { Bounds, Day, DayRange, EventColumns, Selection } from "../types.js"
 */
import { dayIndexOf } from "./day-index.js";
import { marksIn } from "./in-box.js";

/**
 * @typedef {object} ViewCounts
 * @property {(window: DayRange) => { inWindow: number, inView: number }} count
 * @property {(window: DayRange) => number[]} rows of the window in view, in the order of the
 *   columns
 * @property {(window: DayRange, wanted: number) => number[][]} newest rows by their first day,
 *   newest day first; whole days until there are `wanted` rows. Rows that began before the window
 *   come last
 */

/** @typedef {ReturnType<typeof sumsByDay>} Sums */

/**
 * Cache: the sums of each selection, and of its latest view.
 * @type {WeakMap<Selection, { passing: Sums, bounds: Bounds | null, counts: ViewCounts }>}
 */
const cache = new WeakMap();

/**
 * Returns the counts of a selection and a view. The result is cached.
 *
 * @param {Selection} selection
 * @param {Bounds | null} bounds degrees; null: everywhere
 * @returns {ViewCounts}
 */
export function viewCountsOf(selection, bounds) {
  const cached = cache.get(selection);
  if (cached && cached.bounds === bounds) return cached.counts;
  const passing = cached?.passing ?? sumsByDay(selection.columns, selection.mask);
  const counts = countView(selection, passing, bounds);
  cache.set(selection, { passing, bounds, counts });
  return counts;
}

/**
 * Counts the selection in a view.
 *
 * @param {Selection} selection
 * @param {Sums} passing
 * @param {Bounds | null} bounds
 * @returns {ViewCounts}
 */
function countView({ columns, mask }, passing, bounds) {
  const { day, extent } = columns;
  const index = dayIndexOf(columns);
  const seen = marksIn(columns, mask, bounds);
  const inside = bounds ? sumsByDay(columns, seen) : passing;

  /**
   * Returns the visible rows that begin in a range.
   *
   * @param {DayRange} range
   * @returns {number[]}
   */
  const rowsStarting = (range) => {
    const rows = [];
    const { from, to } = index.rowsStarting(range);
    for (let row = from; row < to; row++) if (seen[row]) rows.push(row);
    return rows;
  };
  /** Returns the visible rows that last into a window. @param {DayRange} window */
  const rowsLasting = (window) => index.rowsLasting(window).filter((row) => seen[row]);

  return {
    count: (window) => ({ inWindow: passing.count(window), inView: inside.count(window) }),

    rows: (window) => [...rowsLasting(window), ...rowsStarting(window)],

    newest(window, wanted) {
      const found = [];
      let missing = wanted;
      const first = Math.max(window.from, extent.from);
      for (let one = Math.min(window.to, extent.to) - 1; one >= first && missing > 0; one--) {
        if (inside.starting(one) === 0) continue;
        const rows = rowsStarting({ from: one, to: one + 1 });
        found.push(rows);
        missing -= rows.length;
      }
      if (missing <= 0) return found;
      /** @type {Map<Day, number[]>} */
      const before = new Map();
      for (const row of rowsLasting(window)) {
        const begun = at(day, row);
        before.set(begun, [...(before.get(begun) ?? []), row]);
      }
      for (const [, rows] of [...before].toSorted(([one], [other]) => other - one)) {
        if (missing <= 0) break;
        found.push(rows);
        missing -= rows.length;
      }
      return found;
    },
  };
}

/**
 * Computes running sums by day of the rows marked in a mask.
 *
 * @param {EventColumns} columns
 * @param {Uint8Array} marked
 */
function sumsByDay({ day, days, count, extent }, marked) {
  const length = Math.max(0, extent.to - extent.from);
  // `begun[n]` rows began before the n-th day, `over[n]` rows ended by then.
  const [begun, over] = [new Int32Array(length + 1), new Int32Array(length + 1)];
  for (let row = 0; row < count;) {
    const today = at(day, row);
    const next = today - extent.from + 1;
    let starting = 0;
    let longer = 0;
    for (; row < count && day[row] === today; row++) {
      const one = at(marked, row);
      starting += one;
      const lasts = at(days, row);
      if (lasts !== 1) {
        longer += one;
        over[next - 1 + lasts] = at(over, next - 1 + lasts) + one;
      }
    }
    begun[next] = at(begun, next) + starting;
    over[next] = at(over, next) + starting - longer;
  }
  for (let n = 1; n <= length; n++) {
    begun[n] = at(begun, n) + at(begun, n - 1);
    over[n] = at(over, n) + at(over, n - 1);
  }
  /** Returns the array index of a day. @param {Day} one */
  const place = (one) => Math.max(0, Math.min(length, one - extent.from));
  return {
    /** @param {DayRange} window */
    count: ({ from, to }) => (to > from ? at(begun, place(to)) - at(over, place(from)) : 0),
    /** @param {Day} one */
    starting: (one) => at(begun, place(one + 1)) - at(begun, place(one)),
  };
}

/** @param {Int32Array | Uint8Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
