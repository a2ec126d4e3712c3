/**
 * What of the selection lies in the map's view. One pass over the columns when the filters or the view change marks the rows
 * and sums them up by day; after that a window is counted by subtracting, and its newest events are found from its end
 * backwards, so that a window that moves goes over no row that it does not show. Pure.
 *
 * @import { Bounds, Day, DayRange, EventColumns, Selection } from "../types.js"
 */
import { STEPS, gridX, gridY } from "../lib/grid.js";
import { boundsOf, overlap } from "../lib/shape.js";
import { dayIndexOf } from "./day-index.js";

/**
 * @typedef {object} ViewCounts
 * @property {(window: DayRange) => { inWindow: number, inView: number }} count
 * @property {(window: DayRange) => number[]} rows of the window in view, in the order of the columns
 * @property {(window: DayRange, wanted: number) => number[][]} newest rows by the day on which they begin, the newest day
 *   first; so many whole days as it takes to have `wanted` rows. Those that began before the window come last
 */

/** @typedef {ReturnType<typeof sumsByDay>} Sums */

/** Of each selection its sums, and those of the view that was asked about last. @type {WeakMap<Selection, { passing: Sums, bounds: Bounds | null, counts: ViewCounts }>} */
const made = new WeakMap();

/**
 * The counts of a selection and a view; made once, whoever asks.
 *
 * @param {Selection} selection
 * @param {Bounds | null} bounds degrees; null: everywhere
 * @returns {ViewCounts}
 */
export function viewCountsOf(selection, bounds) {
  const known = made.get(selection);
  if (known && known.bounds === bounds) return known.counts;
  const passing = known?.passing ?? sumsByDay(selection.columns, selection.mask);
  const counts = countView(selection, passing, bounds);
  made.set(selection, { passing, bounds, counts });
  return counts;
}

/** @param {Selection} selection @param {Sums} passing @param {Bounds | null} bounds @returns {ViewCounts} */
function countView({ columns, mask }, passing, bounds) {
  const { day, extent } = columns;
  const index = dayIndexOf(columns);
  const seen = marksOf(columns, mask, bounds);
  const inside = bounds ? sumsByDay(columns, seen) : passing;

  /** @param {DayRange} range @returns {number[]} rows in view that begin in it */
  const rowsStarting = (range) => {
    const rows = [];
    const { from, to } = index.rowsStarting(range);
    for (let row = from; row < to; row++) if (seen[row]) rows.push(row);
    return rows;
  };
  /** @param {DayRange} window */
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
 * Running sums by day of the rows that a column of 0 and 1 marks.
 *
 * @param {EventColumns} columns
 * @param {Uint8Array} marked
 */
function sumsByDay({ day, days, count, extent }, marked) {
  const length = Math.max(0, extent.to - extent.from);
  // `begun[n]` of them began before the n-th day, `over[n]` were over by then.
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
  /** @param {Day} one */
  const place = (one) => Math.max(0, Math.min(length, one - extent.from));
  return {
    /** @param {DayRange} window */
    count: ({ from, to }) => (to > from ? at(begun, place(to)) - at(over, place(from)) : 0),
    /** @param {Day} one */
    starting: (one) => at(begun, place(one + 1)) - at(begun, place(one)),
  };
}

/**
 * Which of the rows that pass lie in a box: 1, else 0. Of a line or an area, whether the box around it touches the other.
 *
 * @param {EventColumns} columns
 * @param {Uint8Array} mask
 * @param {Bounds | null} box
 * @returns {Uint8Array}
 */
function marksOf({ x, y, shapes, count }, mask, box) {
  if (!box) return mask;
  const marks = new Uint8Array(count);
  const [south, north] = [gridY(box[1]), gridY(box[3])];
  // The map may have been dragged around the globe: its west is brought to this turn, and its east may lie in the next.
  const turns = Math.floor(gridX(box[0]) / STEPS) * STEPS;
  const [west, east] = [gridX(box[0]) - turns, gridX(box[2]) - turns];
  for (let row = 0; row < count; row++) {
    const down = at(y, row);
    const across = at(x, row) & (STEPS - 1); // 180° E is 180° W
    const isInside = down <= south && down >= north && ((across >= west && across <= east) || across + STEPS <= east);
    marks[row] = at(mask, row) & Number(isInside);
  }
  for (const [row, { geometry }] of shapes) marks[row] = overlap(boundsOf(geometry), box) ? at(mask, row) : 0;
  return marks;
}

/** @param {Int32Array | Uint8Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
