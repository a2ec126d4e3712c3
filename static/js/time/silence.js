/**
 * Finds long silences: days on which nothing on the map changes. Playback skips them. Pure.
 */

import { countIn } from "./bins.js";

/** @import { Day, DayRange, Mode } from "../types.js" */
/** @import { DayCounts } from "./bins.js" */

/**
 * What can change on the map.
 * @typedef {object} Happenings
 * @property {DayCounts} counts of the events that pass the filters
 * @property {readonly Day[][]} assessed the days of each shown assessor's assessments, ascending
 * @property {readonly DayRange[]} missing days whose events are not loaded: nothing is known of
 *   them, so they are no silence
 */

/** Shortest silence that is skipped: in days, and in seconds of playing. */
const LEAST_DAYS = 7;
const LEAST_SECONDS = 2;

/**
 * Returns the first day from a given one on that brings something new.
 *
 * @param {Day} from
 * @param {Happenings} happenings
 * @returns {Day | null} null: nothing more
 */
export function nextChange(from, { counts, assessed, missing }) {
  let next = Infinity;
  for (const range of missing) if (range.to > from) next = Math.min(next, Math.max(from, range.from));
  for (const days of assessed) next = Math.min(next, days.find((day) => day >= from) ?? Infinity);
  const until = Math.min(next, counts.first + counts.length);
  const before = begun(counts, from);
  for (let day = Math.max(from, counts.first); day < until; day++) {
    if (begun(counts, day + 1) > before) return day;
  }
  return next === Infinity ? null : next;
}

/** Returns the number of events that began before a day. @param {DayCounts} counts @param {Day} day */
function begun({ first, length, started, monthStarted, yearStarted }, day) {
  const n = Math.max(0, Math.min(length, day - first));
  return (started[n] ?? 0) + (monthStarted[n] ?? 0) + (yearStarted[n] ?? 0);
}

/**
 * Returns the silence that playback skips next.
 *
 * @param {Mode} mode
 * @param {DayRange} window that playback shows
 * @param {Happenings} happenings
 * @param {Day} end of the days, exclusive
 * @param {number} speed days a second
 * @returns {DayRange | null} null: none, or too short
 */
export function silenceAfter(mode, window, happenings, end, speed) {
  if (mode !== "cumulative") {
    const { exact, month, year } = countIn(happenings.counts, window);
    if (exact + month + year > 0) return null; // the events must leave the window first
  }
  const silence = { from: window.to, to: Math.min(end, nextChange(window.to, happenings) ?? end) };
  return silence.to - silence.from >= Math.max(LEAST_DAYS, LEAST_SECONDS * speed) ? silence : null;
}
