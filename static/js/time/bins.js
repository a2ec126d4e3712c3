/**
 * How many events there are when. One pass over the selection makes running sums by day; after that
 * a window is counted, and a bar drawn, by subtracting two numbers, however many events there are.
 * Pure.
 */

import { unitStart, unitsLater } from "./calendar.js";

/** @import { Day, DayRange, Selection } from "../types.js" */
/** @import { Unit } from "./calendar.js" */

/**
 * Running sums over the days of the data. Index `i` stands for the beginning of the day `first +
 * i`, so each array is one longer than there are days: `started[i]` events began before it,
 * `ended[i]` were over by then.
 * @typedef {object} DayCounts
 * @property {Day} first
 * @property {number} length days
 * @property {Int32Array} started events known to the day or finer
 * @property {Int32Array} ended
 * @property {Int32Array} sideStarted those of `started` that show the side
 * @property {Int32Array} monthStarted events known only to the month
 * @property {Int32Array} monthEnded
 * @property {Int32Array} yearStarted events known only to the year
 * @property {Int32Array} yearEnded
 * @property {DayRange[]} vague the stretches of days that events known only to the month or the
 *   year may have happened in
 */

/**
 * Events in a window: those whose range intersects it.
 * @typedef {object} WindowCount
 * @property {number} exact known to the day or finer
 * @property {number} month known only to the month
 * @property {number} year known only to the year
 */

/**
 * @typedef {{ from: Day, to: Day, count: number, side: number }} Bin events that start in it, and
 *   how many show the side
 */

/**
 * Counts the rows that the filters leave.
 * @param {Selection} selection its columns' `extent` holds every day that a row touches
 * @param {string} side slug of the belligerent to count apart: the one shown (affected, else actor)
 * @returns {DayCounts}
 */
export function countByDay({ columns, mask }, side) {
  const { day, days, affected, actor, timePrecision, extent, count } = columns;
  const first = extent.from;
  const length = Math.max(0, extent.to - extent.from);
  const sums = () => new Int32Array(length + 1);
  const [started, ended, sideStarted] = [sums(), sums(), sums()];
  const [monthStarted, monthEnded, yearStarted, yearEnded] = [sums(), sums(), sums(), sums()];
  const month = columns.timePrecisions.indexOf("month");
  const year = columns.timePrecisions.indexOf("year");
  const known = columns.belligerents.indexOf(side);
  const shown = known === -1 ? -2 : known; // -1 stands for "Unknown" in the columns

  // Tallies first: a start is counted at the day after it (it is before that day's beginning), an
  // end at its own. Nearly all events last a day and rows come sorted by day, so these are summed
  // in registers until the day changes. The mask is added rather than asked: which rows pass is as
  // good as random, and a branch on it costs more than the sum.
  let row = 0;
  while (row < count) {
    const today = day[row];
    const start = today - first + 1;
    let begun = 0;
    let showing = 0;
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
        const whose = affected[row] === -1 ? actor[row] : affected[row];
        begun += passes;
        showing += whose === shown ? passes : 0;
        if (end !== start) {
          longer += passes;
          ended[end] += passes;
        }
      }
    }
    started[start] += begun;
    sideStarted[start] += showing;
    ended[start] += begun - longer;
  }
  for (const sum of [started, ended, sideStarted, monthStarted, monthEnded, yearStarted, yearEnded]) {
    let running = 0;
    for (let i = 0; i <= length; i++) sum[i] = running += sum[i];
  }
  const counts = { first, length, started, ended, sideStarted, monthStarted, monthEnded, yearStarted, yearEnded };
  return { ...counts, vague: vagueStretches(counts) };
}

/**
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
 * @param {DayCounts} counts
 * @param {Day} day
 */
function indexOf({ first, length }, day) {
  return Math.max(0, Math.min(length, day - first));
}

/**
 * The events whose range intersects a window.
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
 * The unit whose bars are wide enough to be told apart.
 * @param {number} pixelsPerDay
 * @param {number} [narrowest] pixels that a bar and its gap need
 * @returns {"day" | "week" | "month"}
 */
export function binUnit(pixelsPerDay, narrowest = 4) {
  if (pixelsPerDay >= narrowest) return "day";
  return pixelsPerDay * 7 >= narrowest ? "week" : "month";
}

/**
 * The bins that touch a stretch of days and hold events.
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
    if (count > 0) bins.push({ from, to, count, side: counts.sideStarted[b] - counts.sideStarted[a] });
    from = to;
  }
  return bins;
}

/** The least count that fills the height, so that a single event does not look like a storm. */
const LEAST_PEAK = 4;

/**
 * The count that fills the height of the histogram: the same wherever the axis is, so that bars do
 * not change their height as it moves. A few days far above all others do not press the rest down;
 * their bars are drawn broken.
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
