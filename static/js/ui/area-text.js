/** Formats control areas, their assessors and their moments as text. Pure. */

import { formatCount, formatDuration } from "../lib/numbers.js";
import { dayAt, formatDay, formatMoment } from "../time/day.js";

/** @import { AreaStatus, Assessor, Day, Translate } from "../types.js" */

const DAY_MS = 86_400_000;
/** Areas from this many km² are rounded to whole numbers. */
const ROUND_FROM_KM2 = 100;

/**
 * Returns the names of the statuses.
 *
 * @param {Translate} t
 * @returns {Record<AreaStatus, string>}
 */
export const statusNames = (t) => ({
  occupied: t("Occupied"),
  gray_zone: t("Gray zone"),
  advance: t("Advance, not controlled"),
  claimed: t("Claimed"),
  counteroffensive: t("Counteroffensive"),
  liberated: t("Liberated"),
});

/**
 * Returns the text of a status within a sentence.
 *
 * @param {AreaStatus | null} status
 * @param {Translate} t
 */
export function statusText(status, t) {
  switch (status) {
    case "occupied":
      return t("occupied");
    case "gray_zone":
      return t("in the gray zone");
    case "advance":
      return t("advance, not controlled");
    case "claimed":
      return t("claimed");
    case "counteroffensive":
      return t("counteroffensive");
    case "liberated":
      return t("liberated");
    default:
      return t("outside all drawn areas");
  }
}

/**
 * Formats the moment of an assessment: "19 July 2025, 20:50 UTC". Midnight is formatted as a day
 * only.
 *
 * @param {number} ms since 1970
 * @param {string} language
 * @param {import("../time/day.js").DayStyle} [style]
 */
export function momentText(ms, language, style) {
  return ms % DAY_MS === 0 ? formatDay(dayAt(ms), language, style) : formatMoment(ms, language, style);
}

/**
 * Describes the assessment that the map of a day shows.
 *
 * @param {number | null} validFrom of the assessment, milliseconds since 1970; null: none yet
 * @param {Day} day shown
 * @param {Assessor} assessor
 * @param {Translate} t
 * @param {string} language
 */
export function assessmentText(validFrom, day, { first_valid_from: first }, t, language) {
  if (validFrom === null) {
    return first
      ? t("no assessment yet; the first is from {moment}", { moment: momentText(Date.parse(first), language) })
      : t("no assessment");
  }
  const moment = momentText(validFrom, language);
  const age = day - dayAt(validFrom);
  if (age === 0) return moment;
  return t("{moment} ({age} before the day shown; nothing newer)", { moment, age: formatDuration(age, language) });
}

/**
 * Formats an area without its unit.
 *
 * @param {number} km2
 * @param {string} language
 * @param {{ signed?: boolean }} [how]
 */
export function areaNumber(km2, language, { signed = false } = {}) {
  const size = Math.abs(km2);
  const rounded = size >= ROUND_FROM_KM2 ? Math.round(size) : Math.round(size * 10) / 10;
  const sign = rounded === 0 ? "" : km2 < 0 ? "−" : signed ? "+" : "";
  return `${sign}${formatCount(Math.abs(rounded), language)}`;
}
