/** Which days the axis names, and how: as few words as will do. Pure. */

import { unitStart, unitsLater } from "./calendar.js";
import { civil, formatDay, formatMonth } from "./day.js";

/** @import { Day } from "../types.js" */
/** @import { Unit } from "./calendar.js" */

/**
 * @typedef {{ day: Day, text: string, edge: boolean }} AxisLabel `edge`: it stands at the left edge
 *   of the axis, not at its day
 */

/**
 * @type {{ unit: Unit, steps: number, days: number }[]} the rhythms an axis may have, and about how
 *   many days each takes
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

/** The room that "2025" needs, as a share of what "Sept 2025" does. */
const BARE_YEAR = 0.6;

/**
 * The labels of an axis, in order. The first one stands at its left edge and says the month or year
 * that the edge lies in, unless the next would touch it.
 * @param {{ from: number, to: number }} span days
 * @param {number} width pixels
 * @param {string} language BCP 47
 * @param {number} [room] pixels that a label needs
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
  // A label must end before the axis does.
  for (; (span.to - day) * pixelsPerDay >= needed(unit) * 0.8; day = unitsLater(unit, day, steps)) {
    labels.push({ day, text: words(unit, day, language, labels.length === 0), edge: false });
  }
  return labels;
}

/**
 * The last beat of a rhythm at or before a day: quarters begin in January, decades in round years.
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
 * @param {Unit} unit
 * @param {Day} day
 * @param {string} language
 * @param {boolean} first it has to say the year
 */
function words(unit, day, language, first) {
  const { year, month, dayOfMonth } = civil(day);
  const newYear = month === 1 && dayOfMonth <= (unit === "week" ? 7 : 1);
  if (unit === "year") return String(year);
  if (unit === "month") {
    if (newYear) return String(year);
    // Month and year are put side by side: "жовт. 2024", where the language's own form would add a
    // word to the year.
    return first
      ? `${formatMonth(day, language, { month: "short", year: false })} ${year}`
      : formatMonth(day, language, { year: false });
  }
  return formatDay(day, language, { month: "short", year: first || newYear });
}
