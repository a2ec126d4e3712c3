/**
 * Counts events by day. One pass over the selection computes running sums. After that each window
 * or bar is one subtraction, whatever the number of events. Pure.
 */

import { unitStart, unitsLater } from "./calendar.js";

/** @import { Day, DayRange, Selection } from "../types.js" */
/** @import { Unit } from "./calendar.js" */

/**
 * Running sums over the days of the data. Index `i` is the start of day `first + i`: `started[i]`
 * events began before it, `ended[i]` events ended by then. Each array therefore has one element
 * more than there are days.
 * @typedef {object} DayCounts
 * @property {Day} first
 * @property {number} length days
 * @property {Int32Array} started events known to the day or finer
 * @property {Int32Array} ended
 * @property {Int32Array[]} sidesStarted events in `started` by affected side, in the order asked for
 * @property {Int32Array} monthStarted events known only to the month
 * @property {Int32Array} monthEnded
 * @property {Int32Array} yearStarted events known only to the year
 * @property {Int32Array} yearEnded
 * @property {DayRange[]} vague periods with events known only to the month or the year
 */

/**
 * Number of events whose range intersects a window.
 * @typedef {object} WindowCount
 * @property {number} exact known to the day or finer
 * @property {number} month known only to the month
 * @property {number} year known only to the year
 */

/**
 * @typedef {{ from: Day, to: Day, count: number, sides: number[] }} Bin events that start in the
 *   bin, and how many of them by affected side; those of no known side are only in `count`
 */

/**
 * Counts the selected rows by day.
 * @param {Selection} selection its columns' `extent` contains every day of every row
 * @param {string[]} sides slugs of the belligerents to count separately, when they are affected
 * @returns {DayCounts}
 */
export function countByDay({ columns, mask }, sides) {
  const { day, days, affected, timePrecision, extent, count } = columns;
  const first = extent.from;
  const length = Math.max(0, extent.to - extent.from);
  const sums = () => new Int32Array(length + 1);
  const [started, ended] = [sums(), sums()];
  const [monthStarted, monthEnded, yearStarted, yearEnded] = [sums(), sums(), sums(), sums()];
  const month = columns.timePrecisions.indexOf("month");
  const year = columns.timePrecisions.indexOf("year");
  // One for each word of the columns, after one for "unknown", which is -1 in the columns.
  const bySide = [sums(), ...columns.belligerents.map(sums)];
  const showing = new Int32Array(bySide.length);

  // First tally. A start counts from the next day, because it is before the start of that day; an
  // end counts at its own day. Rows are sorted by day and most events last one day, so sums stay in
  // local variables until the day changes. The mask is added, because a branch on random values is
  // slower than the addition.
  let row = 0;
  while (row < count) {
    const today = day[row];
    const start = today - first + 1;
    let begun = 0;
    let longer = 0;
    for (; row < count && day[row] === today; row++) {
      const passes = mask[row];
      const precision = timePrecision[row];
      const end = start - 1 + days[row];
      if (precision === month) {
        monthStarted[start] += passes;
        monthEnded[end] += passes;
      } else if (precision === year) {
        yearStarted[start] += passes;
        yearEnded[end] += passes;
      } else {
        begun += passes;
        showing[affected[row] + 1] += passes;
        if (end !== start) {
          longer += passes;
          ended[end] += passes;
        }
      }
    }
    started[start] += begun;
    for (let side = 0; side < bySide.length; side++) {
      bySide[side][start] += showing[side];
      showing[side] = 0;
    }
    ended[start] += begun - longer;
  }
  for (const sum of [started, ended, ...bySide, monthStarted, monthEnded, yearStarted, yearEnded]) {
    let running = 0;
    for (let i = 0; i <= length; i++) sum[i] = running += sum[i];
  }
  const sidesStarted = sides.map((slug) => {
    const word = columns.belligerents.indexOf(slug);
    return (word >= 0 && bySide[word + 1]) || sums();
  });
  const counts = { first, length, started, ended, sidesStarted, monthStarted, monthEnded, yearStarted, yearEnded };
  return { ...counts, vague: vagueStretches(counts) };
}

/**
 * Returns the periods with events known only to the month or the year.
 *
 * @param {Omit<DayCounts, "vague">} counts
 * @returns {DayRange[]}
 */
function vagueStretches({ first, length, monthStarted, monthEnded, yearStarted, yearEnded }) {
  /** @type {DayRange[]} */
  const stretches = [];
  let from = -1;
  for (let i = 0; i <= length; i++) {
    const open = i < length && monthStarted[i + 1] - monthEnded[i] + yearStarted[i + 1] - yearEnded[i] > 0;
    if (open && from < 0) from = i;
    if (!open && from >= 0) {
      stretches.push({ from: first + from, to: first + i });
      from = -1;
    }
  }
  return stretches;
}

/**
 * Returns the array index of a day, clamped to the data.
 *
 * @param {DayCounts} counts
 * @param {Day} day
 */
function indexOf({ first, length }, day) {
  return Math.max(0, Math.min(length, day - first));
}

/**
 * Counts the events whose range intersects a window.
 * @param {DayCounts} counts
 * @param {DayRange} window
 * @returns {WindowCount}
 */
export function countIn(counts, window) {
  const from = indexOf(counts, window.from);
  const to = indexOf(counts, window.to);
  return {
    exact: counts.started[to] - counts.ended[from],
    month: counts.monthStarted[to] - counts.monthEnded[from],
    year: counts.yearStarted[to] - counts.yearEnded[from],
  };
}

/**
 * Returns the smallest unit whose bars are wide enough to distinguish.
 * @param {number} pixelsPerDay
 * @param {number} [narrowest] minimum pixels for a bar and its gap
 * @returns {"day" | "week" | "month"}
 */
export function binUnit(pixelsPerDay, narrowest = 4) {
  if (pixelsPerDay >= narrowest) return "day";
  return pixelsPerDay * 7 >= narrowest ? "week" : "month";
}

/**
 * Returns the non-empty bins that intersect a period.
 * @param {DayCounts} counts
 * @param {{ from: number, to: number }} stretch
 * @param {Unit} unit
 * @returns {Bin[]}
 */
export function binsIn(counts, stretch, unit) {
  /** @type {Bin[]} */
  const bins = [];
  const last = Math.min(Math.ceil(stretch.to), counts.first + counts.length);
  let from = unitStart(unit, Math.max(Math.floor(stretch.from), counts.first));
  while (from < last) {
    const to = unitsLater(unit, from);
    const [a, b] = [indexOf(counts, from), indexOf(counts, to)];
    const count = counts.started[b] - counts.started[a];
    if (count > 0) {
      const sides = counts.sidesStarted.map((started) => started[b] - started[a]);
      bins.push({ from, to, count, sides });
    }
    from = to;
  }
  return bins;
}

/** Minimum count for the full height, so that a single event does not fill the histogram. */
const LEAST_PEAK = 4;

/**
 * Returns the count at the full height of the histogram. The value does not depend on the axis, so
 * bars keep their height while the axis moves. Outliers are ignored; their bars are drawn broken.
 * @param {DayCounts} counts
 * @param {Unit} unit
 * @returns {number}
 */
export function peak(counts, unit) {
  const all = binsIn(counts, { from: counts.first, to: counts.first + counts.length }, unit);
  const sorted = Float64Array.from(all, ({ count }) => count).sort();
  const highest = sorted.at(-1) ?? 0;
  const usual = sorted.at(Math.floor(0.99 * (sorted.length - 1))) ?? 0;
  return Math.max(LEAST_PEAK, highest > 1.5 * usual ? usual : highest);
}
