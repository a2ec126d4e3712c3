/**
 * What a window may become: moved, stretched, brought into a mode. Pure; windows are half-open and
 * hold at least a day.
 *
 * The domain is where a window may go. A window that already reaches out of it (an old link) is
 * left as it is until it is moved.
 */

/** @import { Day, DayRange, Mode } from "../types.js" */

/**
 * @param {DayRange} one
 * @param {DayRange} other
 */
export function sameRange(one, other) {
  return one.from === other.from && one.to === other.to;
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most wins when it is below `least`
 */
function clamp(value, least, most) {
  return Math.min(most, Math.max(least, value));
}

/**
 * The window with its first day moved to another; the last day stays.
 * @param {DayRange} window
 * @param {Day} first
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function withFirst(window, first, domain) {
  return { from: clamp(first, domain.from, window.to - 1), to: window.to };
}

/**
 * The window with its last day moved to another; the first day stays.
 * @param {DayRange} window
 * @param {Day} last inclusive
 * @param {DayRange} domain
 * @returns {DayRange}
 */
export function withLast(window, last, domain) {
  return { from: window.from, to: Math.max(window.from + 1, Math.min(last + 1, domain.to)) };
}

/**
 * The window of the same length that begins on another day, kept within the domain.
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
 * The window some days further on: cumulative windows grow or shrink, the others move.
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {number} days back when negative
 * @param {DayRange} domain
 * @returns {DayRange} the same days when there is no room
 */
export function advanced(mode, window, days, domain) {
  if (mode === "cumulative") return withLast(window, window.to - 1 + days, domain);
  return startingAt(window, window.from + days, domain);
}

/**
 * The window brought to a day: centred on it, or ending with it when cumulative.
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
 * The window that a mode makes of this one; its last day stays, since it is the day whose state the
 * map shows.
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
 * Whether a window is one that the mode could have made.
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {DayRange} domain
 */
export function fitsMode(mode, window, domain) {
  if (mode === "cumulative") return window.from <= domain.from;
  return mode === "window" || window.to - window.from === 1;
}
