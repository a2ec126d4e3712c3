/** Formats control areas, their assessors and their moments as text. Pure. */

import { isOld } from "../data/assessments.js";
import { formatCount, formatDayCount } from "../lib/numbers.js";
import { dayAt, formatDay, formatEnds, formatMoment } from "../time/day.js";

/** @import { AreaStatus, Assessor, Comparison, Translate } from "../types.js" */
/** @import { Assessed, ChangeBounds } from "../data/assessments.js" */
/** @import { ComparedAreas } from "../data/comparison.js" */

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
      return t("nothing marked here");
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
 * Describes the assessment that the map of a day shows: its moment, until when its areas were seen
 * unchanged, and its age on that day.
 *
 * @param {Assessed | null} assessed null: none yet
 * @param {Assessor} assessor
 * @param {Translate} t
 * @param {string} language
 */
export function assessmentText(assessed, assessor, t, language) {
  if (!assessed) return noAssessmentText(assessor, t, language);
  const { validFrom, lastSeen, age } = assessed;
  const began = momentText(validFrom, language);
  const moment =
    dayAt(lastSeen) > dayAt(validFrom)
      ? t("{moment}, seen unchanged until {day}", { moment: began, day: formatDay(dayAt(lastSeen), language) })
      : began;
  if (age === 0) return moment;
  return t("{moment} ({age} before the day shown; nothing newer)", { moment, age: formatDayCount(age, language) });
}

/**
 * Says that an assessor has no assessment for a day, and when the first one is.
 *
 * @param {Assessor} assessor
 * @param {Translate} t
 * @param {string} language
 */
export function noAssessmentText({ first_valid_from: first }, t, language) {
  return first
    ? t("no assessment yet; the first is from {moment}", { moment: momentText(Date.parse(first), language) })
    : t("no assessment");
}

/**
 * Returns the age of an old assessment: "assessed 3 August 2025, 362 days before".
 *
 * @param {Pick<Assessed, "lastSeen" | "age">} assessed
 * @param {Translate} t
 * @param {string} language
 * @param {import("../time/day.js").DayStyle} [style]
 * @returns {string} empty: it is not old
 */
export function ageText({ lastSeen, age }, t, language, style) {
  if (!isOld(age)) return "";
  return t("assessed {day}, {age} before", {
    day: formatDay(dayAt(lastSeen), language, style),
    age: formatDayCount(age, language),
  });
}

/**
 * Returns since when a place has its status. Between two assessments that lie more than a day apart,
 * the day is not known: "since a day between 2 and 30 March 2023".
 *
 * @param {ChangeBounds} bounds
 * @param {Translate} t
 * @param {string} language
 * @param {Pick<import("../time/day.js").DayStyle, "month">} [style]
 */
export function sinceText({ after, by }, t, language, style) {
  const last = dayAt(by);
  if (after === null) return t("since {day} or earlier", { day: formatDay(last, language, style) });
  const first = dayAt(after);
  if (last - first <= 1) return t("since {day}", { day: formatDay(last, language, style) });
  return t("since a day between {first} and {last}", formatEnds(first, last, language, style));
}

/**
 * Returns the days that a comparison really compares: "26 June → 21 July 2025".
 *
 * @param {Comparison} days
 * @param {Translate} t
 * @param {string} language
 * @param {Pick<import("../time/day.js").DayStyle, "month">} [style]
 */
export function comparedText({ from, to }, t, language, style) {
  if (from === to) return t("Nothing to compare: both days show {day}", { day: formatDay(from, language, style) });
  return t("{first} → {last}", formatEnds(from, to, language, style));
}

/**
 * Returns the days of the areas during a comparison: "Areas: 26 June → 21 July 2025". They may lie far
 * from the days of the events.
 *
 * @param {ComparedAreas | null} areas
 * @param {Translate} t
 * @param {string} language
 * @param {Pick<import("../time/day.js").DayStyle, "month">} [style]
 * @returns {string} empty: no comparison
 */
export function comparedAreasText(areas, t, language, style) {
  if (areas === null) return "";
  if (areas === "loading") return t("Areas: loading …");
  if ("change" in areas) return t("Areas: {days}", { days: comparedText(areas.change, t, language, style) });
  if (areas.alone === null) return t("Areas: no assessment yet");
  return t("Areas: {day}, nothing to compare", { day: formatDay(areas.alone, language, style) });
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
