/** Chooses the labels of the time axis. Pure. */

import { unitStart, unitsLater } from "./calendar.js";
import { civil, formatDay, formatMonth } from "./day.js";

/** @import { Day } from "../types.js" */
/** @import { Unit } from "./calendar.js" */

/**
 * @typedef {{ day: Day, text: string, edge: boolean }} AxisLabel `edge`: the label is at the left
 *   edge of the axis, not at its day
 */

/**
 * @type {{ unit: Unit, steps: number, days: number }[]} the intervals an axis may have, and the
 *   approximate days of each
 */
const RHYTHMS = [
  { unit: "day", steps: 1, days: 1 },
  { unit: "week", steps: 1, days: 7 },
  { unit: "month", steps: 1, days: 30 },
  { unit: "month", steps: 3, days: 91 },
  { unit: "year", steps: 1, days: 365 },
  { unit: "year", steps: 2, days: 730 },
  { unit: "year", steps: 5, days: 1826 },
  { unit: "year", steps: 10, days: 3652 },
  { unit: "year", steps: 50, days: 18262 },
];

/** The width of "2025" as a share of the width of "Sept 2025". */
const BARE_YEAR = 0.6;

/**
 * Returns the labels of an axis, in order. The first label is at the left edge and names the month
 * or year there, unless it would touch the next label.
 * @param {{ from: number, to: number }} span days
 * @param {number} width pixels
 * @param {string} language BCP 47
 * @param {number} [room] pixels for each label
 * @returns {AxisLabel[]}
 */
export function axisLabels(span, width, language, room = 80) {
  const pixelsPerDay = width / (span.to - span.from);
  /** @param {Unit} unit */
  const needed = (unit) => room * (unit === "year" ? BARE_YEAR : 1);
  const { unit, steps } =
    RHYTHMS.find((rhythm) => rhythm.days * pixelsPerDay >= needed(rhythm.unit)) ??
    /** @type {typeof RHYTHMS[0]} */ (RHYTHMS.at(-1));
  /** @type {AxisLabel[]} */
  const labels = [];
  const edge = Math.ceil(span.from);
  let day = rhythmStart(unit, steps, edge);
  if (day < edge) {
    const next = unitsLater(unit, day, steps);
    if ((next - span.from) * pixelsPerDay >= needed(unit) * 1.1) {
      labels.push({ day: edge, text: words(unit, edge, language, true), edge: true });
    }
    day = next;
  }
  // A label must end before the axis ends.
  for (; (span.to - day) * pixelsPerDay >= needed(unit) * 0.8; day = unitsLater(unit, day, steps)) {
    labels.push({ day, text: words(unit, day, language, labels.length === 0), edge: false });
  }
  return labels;
}

/**
 * Returns the start of the interval that contains a day. Quarters begin in January, decades in
 * round years.
 * @param {Unit} unit
 * @param {number} steps
 * @param {Day} day
 */
function rhythmStart(unit, steps, day) {
  const start = unitStart(unit, day);
  if (steps === 1) return start;
  const { year, month } = civil(start);
  return unitsLater(unit, start, -(unit === "year" ? year % steps : (month - 1) % steps));
}

/**
 * Formats the text of a label.
 *
 * @param {Unit} unit
 * @param {Day} day
 * @param {string} language
 * @param {boolean} first the label must include the year
 */
function words(unit, day, language, first) {
  const { year, month, dayOfMonth } = civil(day);
  const newYear = month === 1 && dayOfMonth <= (unit === "week" ? 7 : 1);
  if (unit === "year") return String(year);
  if (unit === "month") {
    if (newYear) return String(year);
    // Month and year are joined here: "жовт. 2024". The language's own format would add a word
    // after the year.
    return first
      ? `${formatMonth(day, language, { month: "short", year: false })} ${year}`
      : formatMonth(day, language, { year: false });
  }
  return formatDay(day, language, { month: "short", year: first || newYear });
}
