/** Splits the curve of an area over time into what was assessed, and the gaps between. Pure. */

import { isOld } from "./assessments.js";

/**
 * A value of the curve. All numbers are days, with fractions.
 * @typedef {{ day: number, seenDay: number, km2: number }} CurvePoint `day`: when the assessment
 *   begins; `seenDay`: when its areas were last seen
 */

/**
 * A level part of the curve. `gap`: nothing newer was assessed until the value was old.
 * @typedef {{ from: number, to: number, km2: number, gap: boolean }} CurveStep
 */

/**
 * Returns the level parts of the curve in a period. A value that is replaced before it is old is
 * one part. Otherwise it ends with the day on which the areas were last seen, and a gap follows.
 *
 * @param {readonly CurvePoint[]} points in chronological order
 * @param {{ from: number, to: number }} span days
 * @param {number} until the end of the data, exclusive
 * @returns {{ steps: CurveStep[], least: number, most: number }} the least and the most of the
 *   values in the period
 */
export function curveSteps(points, span, until) {
  /** @type {CurveStep[]} */
  const steps = [];
  let [least, most] = [Infinity, -Infinity];
  /** @param {number} from @param {number} to @param {number} km2 @param {boolean} gap */
  const add = (from, to, km2, gap) => {
    [from, to] = [Math.max(from, span.from), Math.min(to, span.to)];
    if (to <= from) return;
    steps.push({ from, to, km2, gap });
    least = Math.min(least, km2);
    most = Math.max(most, km2);
  };
  for (const [n, { day, seenDay, km2 }] of points.entries()) {
    const next = points[n + 1]?.day ?? until;
    const oldestDay = Math.floor(next) - 1;
    const assessed = isOld(oldestDay - Math.floor(seenDay)) ? Math.floor(seenDay) + 1 : next;
    add(day, assessed, km2, false);
    add(assessed, next, km2, true);
  }
  return { steps, least, most };
}
