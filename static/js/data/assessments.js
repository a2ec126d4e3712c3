/**
 * Queries on one assessor's history: the assessment of a day, and the status of a place. Pure.
 *
 * @import { AreaStatus, Assessor, Config, ControlArea, Day, State, Territory } from "../types.js"
 */

const DAY_MS = 86_400_000;
/** Coordinate units of the wire format in one degree. */
const UNITS_PER_DEGREE = 1e5;

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
export const areasDay = ({ shown, window, compare }) => (compare ? compare.to : (shown ?? window).to - 1);

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
 * Returns an assessor's status of a place on a day, and since when it is unchanged.
 *
 * @param {Territory} territory
 * @param {number} longitude degrees
 * @param {number} latitude
 * @param {Day} day
 * @param {ReturnType<typeof statusesAt>} [statusIn] statuses of the place, to reuse them for many
 *   days
 * @returns {{ status: AreaStatus | null, since: number | null, validFrom: number } | null} `since`:
 *   milliseconds since 1970; null: since the first assessment; null for all: no assessment yet
 */
export function lineThen(territory, longitude, latitude, day, statusIn = statusesAt(territory, longitude, latitude)) {
  const assessment = assessmentOn(territory, day);
  if (assessment < 0) return null;
  const status = statusIn(assessment);
  let first = assessment;
  while (first > 0 && statusIn(first - 1) === status) first--;
  const moment = (/** @type {number} */ n) => /** @type {number} */ (territory.validFrom[n]);
  return { status, since: first > 0 ? moment(first) : null, validFrom: moment(assessment) };
}
