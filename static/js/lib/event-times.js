/**
 * Converts the time of an event between form fields, whose end day is inclusive, and the API's
 * half-open range. Pure; all UTC.
 */

const DAY_MS = 86_400_000;
const CLOCKS = ["minute", "hour"];

/**
 * @typedef {{ from_day: string, from_time: string, to_day: string, to_time: string }} TimeFields
 */

/** Returns whether a time precision includes a time of day. @param {string} precision */
export const hasClock = (precision) => CLOCKS.includes(precision);

const CLOCK = /^(\d{1,2})[:.]?(\d{2})(?::(\d{2}))?$/;

/**
 * Returns a time of day as the API has it: "6:05", "0605" and "06.05" are "06:05".
 *
 * @param {string} typed 24 hours
 * @returns {string} what was typed if it is no such time; the API refuses it
 */
export function parseClock(typed) {
  const text = typed.trim();
  const [, hours, minutes, seconds] = CLOCK.exec(text) ?? [];
  if (!hours) return text;
  return [hours.padStart(2, "0"), minutes, seconds].filter(Boolean).join(":");
}

/**
 * Converts form fields to a half-open range.
 *
 * @param {TimeFields} fields
 * @param {string} precision
 * @returns {{ happened_from: string, happened_to: string }} RFC 3339; empty strings where the
 *   fields are empty
 */
export function readTimes({ from_day, from_time, to_day, to_time }, precision) {
  const lastDay = to_day || from_day;
  if (!from_day) return { happened_from: "", happened_to: "" };
  if (!hasClock(precision)) {
    return {
      happened_from: `${from_day}T00:00:00Z`,
      happened_to: written(Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS),
    };
  }
  const from = Date.parse(`${from_day}T${parseClock(from_time) || "00:00"}:00Z`);
  const step = precision === "hour" ? 3_600_000 : 60_000;
  const until = to_time ? Date.parse(`${lastDay}T${parseClock(to_time)}:00Z`) : from + step;
  return { happened_from: written(from), happened_to: written(until) };
}

/**
 * Converts a half-open range to form fields.
 *
 * @param {{ happened_from: string, happened_to: string }} range
 * @param {string} precision
 * @returns {TimeFields}
 */
export function writeTimes({ happened_from, happened_to }, precision) {
  const from = Date.parse(happened_from);
  const to = Date.parse(happened_to);
  if (!hasClock(precision)) {
    return { from_day: day(from), from_time: "", to_day: day(to - 1), to_time: "" };
  }
  return { from_day: day(from), from_time: clock(from), to_day: day(to), to_time: clock(to) };
}

/** @param {number} moment */
const written = (moment) => (Number.isFinite(moment) ? new Date(moment).toISOString().replace(".000Z", "Z") : "");

/** @param {number} moment */
const day = (moment) => new Date(moment).toISOString().slice(0, 10);

/** @param {number} moment */
const clock = (moment) => new Date(moment).toISOString().slice(11, 16);
