/**
 * Changes a time window: moves it, resizes it, adapts it to a mode. Pure; windows are half-open and
 * contain at least one day.
 *
 * The domain limits a window. A window that exceeds the domain (from an old link) stays unchanged
 * until it is moved.
 */

/** @import { Day, DayRange, Mode } from "../types.js" */

/**
 * Returns whether two ranges are equal.
 *
 * @param {DayRange} one
 * @param {DayRange} other
 */
export function sameRange(one, other) {
  return one.from === other.from && one.to === other.to;
}

/**
 * Clamps a value.
 *
 * @param {number} value
 * @param {number} least
 * @param {number} most takes precedence when it is below `least`
 */
function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

/**
 * Returns the window with another first day. The last day stays.
 * @param {DayRange} window
 * @param {Day} first
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function withFirst(window, first, domain) {
  return { from: clamp(first, domain.from, window.to - 1), to: window.to };
}

/**
 * Returns the window with another last day. The first day stays.
 * @param {DayRange} window
 * @param {Day} last inclusive
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function withLast(window, last, domain) {
  return { from: window.from, to: Math.max(window.from + 1, Math.min(last + 1, domain.to)) };
}

/**
 * Returns the window moved to another first day, within the domain. The length stays.
 * @param {DayRange} window
 * @param {Day} first
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function startingAt(window, first, domain) {
  const length = window.to - window.from;
  const from = Math.max(domain.from, Math.min(first, domain.to - length));
  return { from, to: from + length };
}

/**
 * Returns the window some days later. Cumulative windows grow or shrink, others move.
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {number} days negative for earlier
 * @param {DayRange} domain
 * @returns {DayRange} the same days if the domain allows no movement
 */
export function advanced(mode, window, days, domain) {
  if (mode === "cumulative") return withLast(window, window.to - 1 + days, domain);
  return startingAt(window, window.from + days, domain);
}

/**
 * Returns the window moved to a day: centred on it, or ending with it when cumulative.
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {Day} day
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function broughtTo(mode, window, day, domain) {
  if (mode === "cumulative") return withLast(window, day, domain);
  return startingAt(window, day - Math.floor((window.to - window.from - 1) / 2), domain);
}

/**
 * Returns the window moved so that it ends with a day.
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {Day} last inclusive
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function endingWith(mode, window, last, domain) {
  if (mode === "cumulative") return withLast(window, last, domain);
  return startingAt(window, last + 1 - (window.to - window.from), domain);
}

/**
 * Returns the window adapted to a mode. The last day stays, because the map shows the state of that
 * day.
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {number} length days of a window when the mode is "window"
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function inMode(mode, window, length, domain) {
  if (mode === "cumulative") return { from: Math.min(domain.from, window.to - 1), to: window.to };
  const days = mode === "day" ? 1 : length;
  return { from: Math.min(window.to - 1, Math.max(domain.from, window.to - days)), to: window.to };
}

/**
 * Returns whether a window is valid in a mode.
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {DayRange} domain
 */
export function fitsMode(mode, window, domain) {
  if (mode === "cumulative") return window.from <= domain.from;
  return mode === "window" || window.to - window.from === 1;
}
