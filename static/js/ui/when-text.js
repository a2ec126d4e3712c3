/** When an event happened, in words, as exactly as it is known and no more. Pure; UTC. */
import { dayAt, dayOf, daysTouched, formatDay, formatPeriod, formatRange, formatTime } from "../time/day.js";

/** @import { EventProperties, Translate } from "../types.js" */

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** As wide as two digits. */
const FIGURES = "\u2007\u2007";

/**
 * When it happened, with how exactly that is known.
 *
 * @param {Pick<EventProperties, "happened_from" | "happened_to" | "time_precision"> &
 *   Partial<Pick<EventProperties, "time_inferred">>} event
 * @param {Translate} t
 * @param {string} language
 * @returns {{ text: string, note: string | null, inferred: string | null }} `note` is the
 *   precision, such as "known to the month"; null where the text says it already
 */
export function whenText(event, t, language) {
  const inferred = event.time_inferred ? t("inferred, not stated by the source") : null;
  return { ...spanText(event, t, language), inferred };
}

/**
 * Room for a time of day that is known, but not here: what `whenText` will say after the day,
 * without its digits.
 *
 * @param {string} precision
 * @param {Translate} t
 * @returns {string | null} null: there is none
 */
export function timeToCome(precision, t) {
  const time = `${FIGURES}:${FIGURES}`;
  if (precision === "hour") return t("{day}, {from}–{to} UTC", { day: "", from: time, to: time });
  return precision === "minute" ? t("{day}, {time} UTC", { day: "", time }) : null;
}

/**
 * When an event became known, when that was a day later than it happened or more: when its earliest
 * source was posted.
 *
 * @param {Pick<EventProperties, "happened_to" | "sources">} event
 * @returns {string | null} RFC 3339; null: it was known at once, or no source says when it was
 *   posted
 */
export function knownSince({ happened_to, sources }) {
  const posted = sources.map(({ published_at }) => published_at).filter((moment) => moment !== null);
  const [earliest] = posted.sort((one, other) => Date.parse(one) - Date.parse(other));
  return earliest && Date.parse(earliest) >= Date.parse(happened_to) + DAY_MS ? earliest : null;
}

/**
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
 * Two moments on the clock, "21 July 2025, 14:05–15:30 UTC".
 *
 * @param {number} from milliseconds
 * @param {number} to milliseconds, said as it is; the same minute or an earlier one is not said
 * @param {Translate} t
 * @param {string} language
 */
function clock(from, to, t, language) {
  const fromDay = dayInput(from, language);
  const fromTime = formatTime(from, language);
  if (to <= from) return t("{day}, {time} UTC", { day: fromDay, time: fromTime });
  const toTime = formatTime(to, language);
  // Midnight ends the day before it: 23:00 to 00:00 is one evening.
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

/** @param {number} moment milliseconds @param {string} language */
function dayInput(moment, language) {
  return formatDay(dayAt(moment), language);
}

/**
 * The day a moment lies on, shortly, for a source or a statement: "21 Jul 2025"; null when it is
 * not known.
 *
 * @param {string | null | undefined} moment RFC 3339
 * @param {string} language
 * @returns {string | null}
 */
export function dayText(moment, language) {
  return moment ? formatDay(dayOf(moment), language, { month: "short" }) : null;
}
