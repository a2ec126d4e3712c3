/** Computes the starts of weeks, months and years. Pure. */

import { civil, civilDay } from "./day.js";

/** @import { Day } from "../types.js" */

/** @typedef {"day" | "week" | "month" | "year"} Unit weeks begin on Monday */

/** 1970-01-01, day 0, was a Thursday. */
const THURSDAY = 3;

/**
 * Returns the first day of the unit that contains a day.
 * @param {Unit} unit
 * @param {Day} day
 * @returns {Day}
 */
export function unitStart(unit, day) {
  if (unit === "day") return day;
  if (unit === "week") return day - ((((day + THURSDAY) % 7) + 7) % 7);
  const { year, month } = civil(day);
  return /** @type {Day} */ (civilDay(year, unit === "year" ? 1 : month, 1));
}

/**
 * Returns the first day of the unit that is a number of units later.
 * @param {Unit} unit
 * @param {Day} start first day of its unit
 * @param {number} [steps]
 * @returns {Day}
 */
export function unitsLater(unit, start, steps = 1) {
  if (unit === "day") return start + steps;
  if (unit === "week") return start + 7 * steps;
  const { year, month } = civil(start);
  const months = month - 1 + (unit === "year" ? 12 : 1) * steps;
  const day = civilDay(year + Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1);
  if (day === null) throw new RangeError(`no such ${unit}: ${steps} after day ${start}`);
  return day;
}
