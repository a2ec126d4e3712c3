/** Formats the time of an event, with the precision it has. Pure; UTC. */
import { dayAt, dayOf, daysTouched, formatDay, formatPeriod, formatRange, formatTime } from "../time/day.js";

/** @import { EventProperties, Translate } from "../types.js" */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Figure spaces, as wide as two digits. */
const FIGURES = "\u2007\u2007";

/**
 * Formats the time of an event and its precision.
 *
 * @param {Pick<EventProperties, "happened_from" | "happened_to" | "time_precision"> &
 *   Partial<Pick<EventProperties, "time_inferred">>} event
 * @param {Translate} t
 * @param {string} language
 * @returns {{ text: string, note: string | null, inferred: string | null }} `note` is the
 *   precision, such as "known to the month"; null: the text includes it
 */
export function whenText(event, t, language) {
  const inferred = event.time_inferred ? t("inferred, not stated by the source") : null;
  return { ...spanText(event, t, language), inferred };
}

/**
 * Returns a placeholder for a time of day that is not loaded: the text of `whenText` after the day,
 * without digits.
 *
 * @param {string} precision
 * @param {Translate} t
 * @returns {string | null} null: no time of day
 */
export function timeToCome(precision, t) {
  const time = `${FIGURES}:${FIGURES}`;
  if (precision === "hour") return t("{day}, {from}–{to} UTC", { day: "", from: time, to: time });
  return precision === "minute" ? t("{day}, {time} UTC", { day: "", time }) : null;
}

/**
 * Returns when an event became known, if at least a day later: when its earliest source was posted.
 *
 * @param {Pick<EventProperties, "happened_to" | "sources">} event
 * @returns {string | null} RFC 3339; null: known at once, or no source has a time
 */
export function knownSince({ happened_to, sources }) {
  const posted = sources.map(({ published_at }) => published_at).filter((moment) => moment !== null);
  const [earliest] = posted.sort((one, other) => Date.parse(one) - Date.parse(other));
  return earliest && Date.parse(earliest) >= Date.parse(happened_to) + DAY_MS ? earliest : null;
}

/**
 * Formats a span of days.
 *
 * @param {Pick<EventProperties, "happened_from" | "happened_to" | "time_precision">} event
 * @param {Translate} t
 * @param {string} language
 * @returns {{ text: string, note: string | null }}
 */
function spanText(event, t, language) {
  const from = Date.parse(event.happened_from);
  const to = Date.parse(event.happened_to);
  const last = to - 1;
  switch (event.time_precision) {
    case "year":
      return { text: formatPeriod(from, last, language, { year: "numeric" }), note: t("known to the year") };
    case "month":
      return {
        text: formatPeriod(from, last, language, { month: "long", year: "numeric" }),
        note: t("known to the month"),
      };
    case "day": {
      const days = daysTouched(event.happened_from, event.happened_to);
      return { text: formatRange(days, language), note: null };
    }
    case "hour":
      return { text: clock(from, to, t, language), note: t("known to the hour") };
    default:
      return { text: clock(from, to - MINUTE_MS, t, language), note: null };
  }
}

/**
 * Formats two moments: "21 July 2025, 14:05–15:30 UTC".
 *
 * @param {number} from milliseconds
 * @param {number} to milliseconds; left out if not after `from` by a minute
 * @param {Translate} t
 * @param {string} language
 */
function clock(from, to, t, language) {
  const fromDay = dayInput(from, language);
  const fromTime = formatTime(from, language);
  if (to <= from) return t("{day}, {time} UTC", { day: fromDay, time: fromTime });
  const toTime = formatTime(to, language);
  // Midnight belongs to the day before: 23:00 to 00:00 is one evening.
  if (dayAt(from) === dayAt(to - 1)) {
    return t("{day}, {from}–{to} UTC", { day: fromDay, from: fromTime, to: toTime });
  }
  return t("{day}, {from} – {to_day}, {to} UTC", {
    day: fromDay,
    from: fromTime,
    to_day: dayInput(to, language),
    to: toTime,
  });
}

/**
 * Formats a moment to the minute: "21 July 2025, 14:05 UTC".
 *
 * @param {string} moment RFC 3339
 * @param {Translate} t
 * @param {string} language
 */
export function momentText(moment, t, language) {
  const ms = Date.parse(moment);
  return clock(ms, ms, t, language);
}

/**
 * Formats the day of a moment: "21 July 2025".
 *
 * @param {number} moment milliseconds
 * @param {string} language
 */
function dayInput(moment, language) {
  return formatDay(dayAt(moment), language);
}

/**
 * Formats the day of a moment: "21 Jul 2025"; null if unknown.
 *
 * @param {string | null | undefined} moment RFC 3339
 * @param {string} language
 * @returns {string | null}
 */
export function dayText(moment, language) {
  return moment ? formatDay(dayOf(moment), language, { month: "short" }) : null;
}
