/**
 * Queries on one assessor's history: the assessment of a day and its age, and the status of a
 * place. Pure. `app/territory/ages.py` has the same rules for the API.
 *
 * @import { AreaStatus, Assessor, Comparison, Config, ControlArea, Day, State, Territory } from "../types.js"
 */
import { shownDays } from "../state/shown-days.js";
import { dayAt } from "../time/day.js";
import { BESIDE, edgeRun } from "./line-history.js";

const DAY_MS = 86_400_000;
/** Coordinate units of the wire format in one degree. */
const UNITS_PER_DEGREE = 1e5;

/** An assessment is old on the days that lie more than this number of days after it was last seen. */
export const CURRENT_DAYS = 7;

/** Returns whether an assessment of this age, in days, is old. @param {number} age */
export const isOld = (age) => age > CURRENT_DAYS;

/**
 * Returns the number of days from when areas were last seen to a day.
 *
 * @param {number} lastSeen milliseconds since 1970
 * @param {Day} day
 * @returns {number} 0: seen on this day or later
 */
export const ageInDays = (lastSeen, day) => Math.max(0, day - dayAt(lastSeen));

/**
 * Returns the assessment for the map of a day: the latest one before the end of the day.
 *
 * @param {Pick<Territory, "validFrom">} territory
 * @param {Day} day
 * @returns {number} -1: none yet
 */
export function assessmentOn({ validFrom }, day) {
  const end = (day + 1) * DAY_MS;
  let [low, high] = [0, validFrom.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (/** @type {number} */ (validFrom[middle]) < end) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The assessment that the map of a day shows.
 * @typedef {object} Assessed
 * @property {number} assessment its index
 * @property {number} validFrom milliseconds since 1970
 * @property {number} lastSeen when its areas were last seen, unchanged; milliseconds since 1970
 * @property {number} age on that day, in days
 */

/**
 * Returns the assessment for the map of a day, with its age.
 *
 * @param {Pick<Territory, "validFrom" | "lastSeen">} territory
 * @param {Day} day
 * @returns {Assessed | null} null: none yet
 */
export function assessedOn(territory, day) {
  const assessment = assessmentOn(territory, day);
  if (assessment < 0) return null;
  const validFrom = /** @type {number} */ (territory.validFrom[assessment]);
  const lastSeen = territory.lastSeen[assessment] ?? validFrom;
  return { assessment, validFrom, lastSeen, age: ageInDays(lastSeen, day) };
}

/**
 * Returns the days whose ground a comparison really compares: the chosen days, or the earlier days
 * on which the areas were last seen. Equal days: nothing can be compared.
 *
 * @param {Pick<Territory, "validFrom" | "lastSeen">} territory
 * @param {Comparison} compare
 * @returns {Comparison | null} null: no assessment yet on the earlier day
 */
export function comparedDays(territory, { from, to }) {
  const [earlier, later] = [assessedOn(territory, from), assessedOn(territory, to)];
  return earlier && later && { from: from - earlier.age, to: to - later.age };
}

/**
 * Returns the chosen assessors: the first for the areas, the second for the line over them.
 *
 * @param {Pick<State, "assessors">} state
 * @param {Pick<Config, "assessors">} config
 * @returns {{ first: Assessor | null, second: Assessor | null }}
 */
export function chosenAssessors({ assessors }, config) {
  const named = assessors.flatMap((slug) => config.assessors.find((one) => one.slug === slug) ?? []);
  return { first: named[0] ?? config.assessors[0] ?? null, second: named[1] ?? null };
}

/**
 * Returns the day whose areas are shown: the last day of the window, or the later day of a
 * comparison.
 *
 * @param {Pick<State, "shown" | "window" | "compare">} state
 * @returns {Day}
 */
export const areasDay = (state) => (state.compare ? state.compare.to : shownDays(state).to - 1);

/**
 * Returns the assessment whose areas are shown. In a comparison it is never old: texts then name the
 * day on which the areas were last seen.
 *
 * @param {Pick<Territory, "validFrom" | "lastSeen">} territory
 * @param {Pick<State, "shown" | "window" | "compare">} state
 * @returns {Assessed | null} null: none yet
 */
export function assessedNow(territory, state) {
  const assessed = assessedOn(territory, areasDay(state));
  return assessed && state.compare ? { ...assessed, age: 0 } : assessed;
}

/**
 * Returns whether a place lies in a ring.
 *
 * @param {Int32Array} ring longitude, latitude … in 1e-5 degrees
 * @param {number} x of the place, in the same units
 * @param {number} y
 */
export function isInRing(ring, x, y) {
  let inside = false;
  let [fromX, fromY] = [ring[ring.length - 2] ?? 0, ring[ring.length - 1] ?? 0];
  for (let n = 0; n < ring.length; n += 2) {
    const [toX, toY] = [ring[n] ?? 0, ring[n + 1] ?? 0];
    if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) inside = !inside;
    [fromX, fromY] = [toX, toY];
  }
  return inside;
}

/**
 * Returns whether some edges of held ground are no front line: coast, outer border and seams, which
 * the map draws thinly.
 *
 * @param {readonly ControlArea[]} areas
 */
export function hasEdgesBeside(areas) {
  return areas.some(
    ({ status, runs }) => status === "occupied" && runs.some((run) => run?.some((one) => edgeRun(one).kind === BESIDE)),
  );
}

/**
 * Statuses in order of precedence, for places in several areas.
 * @type {readonly AreaStatus[]}
 */
const STRONGEST_FIRST = ["occupied", "gray_zone", "advance", "counteroffensive", "liberated", "claimed"];

/**
 * Returns the status of a place in each assessment. A ring that is unchanged between days is tested
 * once.
 *
 * @param {Pick<Territory, "areas">} territory
 * @param {number} longitude degrees
 * @param {number} latitude
 * @returns {(assessment: number) => AreaStatus | null} null: in no area
 */
export function statusesAt(territory, longitude, latitude) {
  const [x, y] = [longitude * UNITS_PER_DEGREE, latitude * UNITS_PER_DEGREE];
  /** @type {Map<Int32Array, boolean>} */
  const answers = new Map();
  /** Returns whether the place lies in a ring. @param {Int32Array} ring */
  const isIn = (ring) => {
    let answer = answers.get(ring);
    if (answer === undefined) answers.set(ring, (answer = isInRing(ring, x, y)));
    return answer;
  };
  /**
   * Returns whether an area contains the place. A hole excludes it again.
   * @param {ControlArea} area
   */
  const holds = ({ rings }) => rings.filter(isIn).length % 2 === 1;
  return (assessment) => {
    const found = new Set(
      territory
        .areas(assessment)
        .filter(holds)
        .map(({ status }) => status),
    );
    return STRONGEST_FIRST.find((status) => found.has(status)) ?? null;
  };
}

/**
 * The bounds of a change: after `after` and not later than `by`, in milliseconds since 1970. No
 * `after`: the first assessment showed the same.
 * @typedef {{ after: number | null, by: number }} ChangeBounds
 */

/**
 * Returns an assessor's status of a place on a day, and the bounds of the change to it. Assessments
 * that do not cover the status say nothing about it.
 *
 * @param {Territory} territory
 * @param {number} longitude degrees
 * @param {number} latitude
 * @param {Day} day
 * @param {ReturnType<typeof statusesAt>} [statusIn] statuses of the place, to reuse them for many
 *   days
 * @returns {(Assessed & { status: AreaStatus | null, since: ChangeBounds }) | null} null: no
 *   assessment yet
 */
export function lineThen(territory, longitude, latitude, day, statusIn = statusesAt(territory, longitude, latitude)) {
  const assessed = assessedOn(territory, day);
  if (!assessed) return null;
  const status = statusIn(assessed.assessment);
  let earliest = assessed.assessment;
  let before = earliest - 1;
  for (; before >= 0; before--) {
    if (statusIn(before) === status) earliest = before;
    else if (status === null || territory.covers(before).includes(status)) break;
  }
  const after = before < 0 ? null : /** @type {number} */ (territory.lastSeen[before]);
  return { ...assessed, status, since: { after, by: /** @type {number} */ (territory.validFrom[earliest]) } };
}
