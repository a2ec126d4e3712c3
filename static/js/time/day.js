/**
 * Days: UTC days as integers (days since 1970-01-01), and the text that people read for them.
 *
 * Everything here is pure and never asks the browser for its time zone, so that a link means the
 * same day in Kyiv, Honolulu and Auckland. Ranges are half-open inside; the words are inclusive.
 */

/** @import { Day, DayRange } from "../types.js" */

const DAY_MS = 86_400_000;
/**
 * The first and last day that has four digits in its year: 0100-01-01 (`Date.UTC` reads less as
 * 19xx) and 9999-12-31.
 */
const EARLIEST = -683_003;
const LATEST = 2_932_896;

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * The day of a year, month (1-12) and day of the month, or null when the calendar has none such.
 * @param {number} year
 * @param {number} month
 * @param {number} dayOfMonth
 * @returns {Day | null}
 */
export function civilDay(year, month, dayOfMonth) {
  const ms = Date.UTC(year, month - 1, dayOfMonth);
  const date = new Date(ms);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return exists && year >= 100 && year <= 9999 ? ms / DAY_MS : null;
}

/**
 * The year, month (1-12) and day of the month of a day.
 * @param {Day} day
 */
export function civil(day) {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

/**
 * "2025-07-21" as a day.
 * @param {string} iso
 * @returns {Day}
 * @throws {RangeError} when it is not written so, or the calendar has no such day (2024-02-30)
 */
export function toDay(iso) {
  const match = ISO_DAY.exec(iso);
  const day = match && civilDay(Number(match[1]), Number(match[2]), Number(match[3]));
  if (day === null) throw new RangeError(`not a day of the calendar (YYYY-MM-DD): ${iso}`);
  return day;
}

/**
 * A day as "2025-07-21".
 * @param {Day} day
 * @returns {string}
 * @throws {RangeError} when it is not a whole day of the years 100 to 9999
 */
export function toIso(day) {
  if (!Number.isInteger(day) || day < EARLIEST || day > LATEST) throw new RangeError(`not a day: ${day}`);
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The UTC day on which a moment falls.
 * @param {number} ms since 1970
 * @returns {Day}
 */
export const dayAt = (ms) => Math.floor(ms / DAY_MS);

/**
 * The UTC day on which a moment falls.
 * @param {string} rfc3339 with its offset; a moment without one is nobody's
 * @returns {Day}
 * @throws {RangeError}
 */
export function dayOf(rfc3339) {
  const match = RFC_3339.exec(rfc3339);
  const ms = match ? Date.parse(rfc3339) : NaN;
  if (Number.isNaN(ms)) throw new RangeError(`not a moment with an offset (RFC 3339): ${rfc3339}`);
  toDay(/** @type {RegExpExecArray} */ (match)[1] ?? ""); // 2024-02-30T00:00Z would roll over to March
  return dayAt(ms);
}

/**
 * The days that a half-open range of moments touches: an end at midnight does not touch the day it
 * begins.
 * @param {string} from RFC 3339
 * @param {string} to RFC 3339, exclusive
 * @returns {DayRange}
 * @throws {RangeError}
 */
export function daysTouched(from, to) {
  const first = dayOf(from);
  const last = dayOf(to);
  const endsAtMidnight = Date.parse(to) === last * DAY_MS;
  return { from: first, to: Math.max(first + 1, endsAtMidnight ? last : last + 1) };
}

/**
 * How a day is put into words. The year and the long month are the default.
 * @typedef {object} DayStyle
 * @property {"long" | "short"} [month]
 * @property {boolean} [year]
 * @property {boolean} [weekday] "Monday 21 July 2025"
 */

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(language, options) {
  const key = `${language} ${JSON.stringify(options)}`;
  let formatter = formats.get(key);
  if (!formatter) {
    // Plain English puts the day first here, as most of the world does: 21 July, never 7/21.
    formatter = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...options, timeZone: "UTC" });
    formats.set(key, formatter);
  }
  return formatter;
}

/**
 * @param {DayStyle} style
 * @returns {Intl.DateTimeFormatOptions}
 */
function options({ month = "long", year = true, weekday = false }) {
  return {
    day: "numeric",
    month,
    ...(year && { year: "numeric" }),
    ...(weekday && { weekday: month }),
  };
}

/**
 * A day in words: "21 July 2025".
 * @param {Day} day
 * @param {string} language BCP 47
 * @param {DayStyle} [style]
 * @returns {string}
 */
export function formatDay(day, language, style = {}) {
  return format(language, options(style)).format(day * DAY_MS);
}

/**
 * The month of a day in words: "July 2025", "July".
 * @param {Day} day
 * @param {string} language BCP 47
 * @param {{ month?: "long" | "short", year?: boolean }} [style]
 * @returns {string}
 */
export function formatMonth(day, language, { month = "long", year = true } = {}) {
  return format(language, { month, ...(year && { year: "numeric" }) }).format(day * DAY_MS);
}

/**
 * A range in words, inclusive: "15–21 July 2025", "28 June – 4 July 2025"; one day is "21 July
 * 2025".
 * @param {DayRange} range at least one day
 * @param {string} language BCP 47
 * @param {DayStyle} [style]
 * @returns {string}
 */
export function formatRange({ from, to }, language, style = {}) {
  if (to - from <= 1) return formatDay(from, language, style);
  const words = format(language, options(style)).formatRange(from * DAY_MS, (to - 1) * DAY_MS);
  // Some versions of the tables set the dash between numbers in thin spaces, some do not: "15–21"
  // is one number range.
  return words.replace(/[\u2009\u202f]/g, " ").replace(/\b(\d{1,2}) – (\d{1,2})\b/, "$1–$2");
}

/**
 * Formats the time of day of a moment, in UTC: "14:05".
 * @param {number} ms since 1970
 * @param {string} language BCP 47
 * @returns {string}
 */
export function formatTime(ms, language) {
  return format(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(ms);
}

/**
 * Formats a moment to the minute: "21 July 2025, 14:05 UTC".
 * @param {number} ms since 1970
 * @param {string} language BCP 47
 * @param {DayStyle} [style]
 * @returns {string}
 */
export function formatMoment(ms, language, style = {}) {
  return `${formatDay(dayAt(ms), language, style)}, ${formatTime(ms, language)} UTC`;
}

/**
 * Formats a range of months or years, both included: "August – September 2024".
 * @param {number} from milliseconds since 1970
 * @param {number} last milliseconds since 1970
 * @param {string} language BCP 47
 * @param {Intl.DateTimeFormatOptions} parts such as `{ year: "numeric" }`
 * @returns {string}
 */
export function formatPeriod(from, last, language, parts) {
  return format(language, parts).formatRange(from, last);
}
