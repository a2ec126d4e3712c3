/**
 * The days of the time axis: the theatre's days, and the stray events outside them, which must not
 * squeeze the axis. Pure.
 */

import { dayAt, toDay } from "./day.js";

/** @import { Config, Day, DayRange, EventColumns, Selection } from "../types.js" */

/**
 * Returns the theatre's days when the page was made.
 *
 * @param {Pick<Config, "last_day"> & { theatre: Pick<Config["theatre"], "first_day"> }} config
 * @returns {DayRange}
 */
export const configuredDays = ({ theatre, last_day }) => ({ from: toDay(theatre.first_day), to: toDay(last_day) + 1 });

/**
 * Returns the days that the axis shows at most: from the theatre's first day to the last day with
 * data. Later ones than tomorrow are no data of this theatre; today's clock is only asked for them.
 *
 * @param {DayRange} configured from the first day to the newest one when the page was made
 * @param {Pick<EventColumns, "day" | "count">} columns
 * @param {number} nowMs since 1970
 * @returns {DayRange}
 */
export function theatreDays(configured, { day, count }, nowMs) {
  const newest = count > 0 ? (day[count - 1] ?? -Infinity) : -Infinity;
  return { from: configured.from, to: Math.max(configured.to, Math.min(newest + 1, dayAt(nowMs) + 2)) };
}

/** Returns the smallest range that contains two ranges. @param {DayRange} one @param {DayRange} other */
export const around = (one, other) => ({ from: Math.min(one.from, other.from), to: Math.max(one.to, other.to) });

/**
 * The events on one side of the axis.
 * @typedef {object} Strays
 * @property {number} count of those that pass the filters
 * @property {boolean} isComplete false: more may not be loaded
 * @property {Day | null} nearest the nearest day of them beyond the window; null: none
 */

/**
 * Counts the events that lie wholly outside the axis.
 *
 * @param {Selection} selection
 * @param {DayRange} axis
 * @param {DayRange} window if it lies among the strays, the nearest one is looked for beyond it
 * @returns {{ before: Strays, after: Strays }}
 */
export function straysOf({ columns, mask }, axis, window) {
  const { day, days, count, missing } = columns;
  const before = { count: 0, isComplete: true, nearest: /** @type {Day | null} */ (null) };
  const after = { ...before };
  // Rows are sorted by day: strays are the first and the last ones.
  let first = /** @type {Day | null} */ (null);
  for (let row = 0; row < count && (day[row] ?? 0) < axis.from; row++) {
    const last = (day[row] ?? 0) + (days[row] ?? 1) - 1;
    if (!mask[row] || last >= axis.from) continue;
    before.count++;
    first = Math.max(first ?? last, last);
    if (last < window.from) before.nearest = Math.max(before.nearest ?? last, last);
  }
  let end = /** @type {Day | null} */ (null);
  for (let row = count - 1; row >= 0 && (day[row] ?? 0) >= axis.to; row--) {
    if (!mask[row]) continue;
    const start = /** @type {Day} */ (day[row]);
    after.count++;
    end = Math.min(end ?? start, start);
    if (start >= window.to) after.nearest = Math.min(after.nearest ?? start, start);
  }
  before.nearest ??= first; // the window is at the farthest one: begin again at the nearest
  after.nearest ??= end;
  for (const { from, to } of missing) {
    if (from < axis.from) {
      before.isComplete = false;
      before.nearest ??= Math.min(to, axis.from) - 1;
    }
    if (to > axis.to) {
      after.isComplete = false;
      after.nearest ??= Math.max(from, axis.to);
    }
  }
  return { before, after };
}
