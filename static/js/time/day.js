/**
 * Days as integers (UTC days since 1970-01-01), and their text for readers.
 *
 * Pure: the browser's time zone is never used, so a link means the same day everywhere. Internal
 * ranges are half-open; formatted ranges are inclusive.
 */

/** @import { Day, DayRange } from "../types.js" */

const DAY_MS = 86_400_000;
/** The first and last supported day: 0001-01-01 and 9999-12-31, as in the dates of Python. */
const EARLIEST = -719_162;
const LATEST = 2_932_896;

const ISO_DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const RFC_3339 = /^(\d{4}-\d{2}-\d{2})[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Returns the day of a year, month (1-12) and day of the month, or null if the date does not exist.
 * @param {number} year
 * @param {number} month
 * @param {number} dayOfMonth
 * @returns {Day | null}
 */
export function civilDay(year, month, dayOfMonth) {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, dayOfMonth); // `Date.UTC` reads years below 100 as 19xx
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth;
  return exists && year >= 1 && year <= 9999 ? date.getTime() / DAY_MS : null;
}

/**
 * Returns the year, month (1-12) and day of the month of a day.
 * @param {Day} day
 */
export function civil(day) {
  const date = new Date(day * DAY_MS);
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, dayOfMonth: date.getUTCDate() };
}

/**
 * Parses an ISO date such as "2025-07-21".
 * @param {string} iso
 * @returns {Day}
 * @throws {RangeError} if the format is wrong or the date does not exist (2024-02-30)
 */
export function toDay(iso) {
  const match = ISO_DAY.exec(iso);
  const day = match && civilDay(Number(match[1]), Number(match[2]), Number(match[3]));
  if (day === null) throw new RangeError(`not a day of the calendar (YYYY-MM-DD): ${iso}`);
  return day;
}

/**
 * Formats a day as an ISO date: "2025-07-21".
 * @param {Day} day
 * @returns {string}
 * @throws {RangeError} if the day is not an integer within the years 1 to 9999
 */
export function toIso(day) {
  if (!Number.isInteger(day) || day < EARLIEST || day > LATEST) throw new RangeError(`not a day: ${day}`);
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Returns the UTC day of a moment.
 * @param {number} ms since 1970
 * @returns {Day}
 */
export const dayAt = (ms) => Math.floor(ms / DAY_MS);

/**
 * Returns the UTC day of a moment.
 * @param {string} rfc3339 with an offset
 * @returns {Day}
 * @throws {RangeError}
 */
export function dayOf(rfc3339) {
  const match = RFC_3339.exec(rfc3339);
  const ms = match ? Date.parse(rfc3339) : NaN;
  if (Number.isNaN(ms)) throw new RangeError(`not a moment with an offset (RFC 3339): ${rfc3339}`);
  toDay(/** @type {RegExpExecArray} */ (match)[1] ?? ""); // 2024-02-30T00:00Z would become a day in March
  return dayAt(ms);
}

/**
 * Returns the days that a half-open range of moments intersects. An end at midnight does not
 * include the day that begins then.
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
 * Options for formatting a day. The default is a long month with the year.
 * @typedef {object} DayStyle
 * @property {"long" | "short"} [month]
 * @property {boolean} [year]
 * @property {boolean} [weekday] "Monday 21 July 2025"
 */

/** @type {Map<string, Intl.DateTimeFormat>} */
const formats = new Map();

/**
 * Returns a cached date format.
 *
 * @param {string} language
 * @param {Intl.DateTimeFormatOptions} options
 */
function format(language, options) {
  const key = `${language} ${JSON.stringify(options)}`;
  let formatter = formats.get(key);
  if (!formatter) {
    // English uses the day-first format: 21 July, never 7/21.
    formatter = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...options, timeZone: "UTC" });
    formats.set(key, formatter);
  }
  return formatter;
}

/** @type {WeakMap<Intl.DateTimeFormat, { from: number, last: number, words: string }>} */
const latest = new WeakMap();

/**
 * Formats a range, or returns the last text: while a window moves, several parts of the page say the
 * same days, and `formatRange` is the slowest of all that they do.
 *
 * @param {Intl.DateTimeFormat} formatter
 * @param {number} from ms since 1970
 * @param {number} last
 */
function rangeOnce(formatter, from, last) {
  const known = latest.get(formatter);
  if (known?.from === from && known.last === last) return known.words;
  const words = plain(formatter.formatRange(from, last));
  latest.set(formatter, { from, last, words });
  return words;
}

/** Replaces the narrow and the unbreakable spaces of some ICU versions. @param {string} words */
const plain = (words) => words.replace(/[\u2009\u202f\u00a0]/g, " ");

/**
 * Converts a style to `Intl` options.
 *
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
 * Formats a day: "21 July 2025".
 * @param {Day} day
 * @param {string} language BCP 47
 * @param {DayStyle} [style]
 * @returns {string}
 */
export function formatDay(day, language, style = {}) {
  return plain(format(language, options(style)).format(day * DAY_MS));
}

/**
 * Formats the month of a day: "July 2025", "July".
 * @param {Day} day
 * @param {string} language BCP 47
 * @param {{ month?: "long" | "short", year?: boolean }} [style]
 * @returns {string}
 */
export function formatMonth(day, language, { month = "long", year = true } = {}) {
  return plain(format(language, { month, ...(year && { year: "numeric" }) }).format(day * DAY_MS));
}

/**
 * Formats the weekday of a day: "Mon", "Monday".
 * @param {Day} day
 * @param {string} language BCP 47
 * @param {"long" | "short"} [width]
 * @returns {string}
 */
export function formatWeekday(day, language, width = "short") {
  return format(language, { weekday: width }).format(day * DAY_MS);
}

/**
 * Formats a range, inclusive: "15–21 July 2025", "28 June – 4 July 2025". One day is "21 July
 * 2025".
 * @param {DayRange} range at least one day
 * @param {string} language BCP 47
 * @param {DayStyle} [style]
 * @returns {string}
 */
export function formatRange({ from, to }, language, style = {}) {
  if (to - from <= 1) return formatDay(from, language, style);
  const words = rangeOnce(format(language, options(style)), from * DAY_MS, (to - 1) * DAY_MS);
  // Some ICU versions put spaces around the dash between numbers. This removes them: "15–21".
  return words.replace(/\b(\d{1,2}) – (\d{1,2})\b/, "$1–$2");
}

/**
 * Formats both days of a range for a sentence: "2" and "30 March 2023", "28 June" and "4 July 2025".
 * The first one lacks what the last one says.
 * @param {Day} first
 * @param {Day} last included
 * @param {string} language BCP 47
 * @param {Pick<DayStyle, "month">} [style]
 * @returns {{ first: string, last: string }}
 */
export function formatEnds(first, last, language, { month = "long" } = {}) {
  const [start, end] = [civil(first), civil(last)];
  const isSameYear = start.year === end.year;
  return {
    first:
      isSameYear && start.month === end.month
        ? format(language, { day: "numeric" }).format(first * DAY_MS)
        : formatDay(first, language, { month, year: !isSameYear }),
    last: formatDay(last, language, { month }),
  };
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
  return plain(format(language, parts).formatRange(from, last));
}
