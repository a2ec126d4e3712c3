/**
 * Finds the nearest events when the window or the view is empty. Pure.
 *
 * @import { Bounds, Day, DayRange, Selection } from "../types.js"
 */
import { latitudeOf, longitudeOf } from "../lib/grid.js";
import { dayIndexOf, rowsIn } from "./day-index.js";
import { inBox } from "./in-box.js";

/**
 * Returns whether a window has events that pass the filters, and whether any of them lies in a box.
 *
 * @param {Selection} selection
 * @param {DayRange} window
 * @param {Bounds | null} bounds null: everywhere
 * @returns {{ inWindow: boolean, inView: boolean }}
 */
export function anyIn({ columns, mask }, window, bounds) {
  let inWindow = false;
  for (const row of rowsIn(dayIndexOf(columns), window)) {
    if (!mask[row]) continue;
    inWindow = true;
    if (inBox(columns, row, bounds)) return { inWindow, inView: true };
  }
  return { inWindow, inView: false };
}

/**
 * Returns the day with events nearest to an empty window. The earlier day wins a tie.
 *
 * @param {Selection} selection
 * @param {DayRange} window without events
 * @returns {Day | null} null if no event passes the filters
 */
export function nearestDay({ columns, mask }, window) {
  const { day, days, count } = columns;
  const { to: end } = dayIndexOf(columns).rowsStarting(window);
  let earlier = -Infinity;
  for (let row = end - 1; row >= 0; row--) {
    // An earlier start means an earlier end only for events of one day. So all rows are scanned,
    // but only for an empty window.
    if (mask[row]) earlier = Math.max(earlier, (day[row] ?? 0) + (days[row] ?? 1) - 1);
  }
  let later = Infinity;
  for (let row = end; row < count && later === Infinity; row++) if (mask[row]) later = day[row] ?? Infinity;
  if (earlier === -Infinity && later === Infinity) return null;
  return window.from - earlier <= later - (window.to - 1) ? earlier : later;
}

/**
 * Returns a window of the same length whose nearer end is a given day.
 *
 * @param {DayRange} window
 * @param {Day} day outside of it
 * @returns {DayRange}
 */
export function windowAt(window, day) {
  const length = window.to - window.from;
  return day < window.from ? { from: day + 1 - length, to: day + 1 } : { from: day, to: day + length };
}

/**
 * Returns the bounding box of the events of a window that pass the filters.
 *
 * @param {Selection} selection
 * @param {DayRange} window
 * @returns {Bounds | null}
 */
export function boxOf({ columns, mask }, window) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const row of rowsIn(dayIndexOf(columns), window)) {
    if (!mask[row]) continue;
    const [x, y] = [columns.x[row] ?? 0, columns.y[row] ?? 0];
    box[0] = Math.min(box[0] ?? 0, x);
    box[1] = Math.min(box[1] ?? 0, y);
    box[2] = Math.max(box[2] ?? 0, x);
    box[3] = Math.max(box[3] ?? 0, y);
  }
  const [west = 0, north = 0, east = 0, south = 0] = box;
  return west <= east ? [longitudeOf(west), latitudeOf(south), longitudeOf(east), latitudeOf(north)] : null;
}
