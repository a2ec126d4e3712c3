/**
 * Converts an assessor's history from the wire format to the page's types.
 *
 * @import { AreaStatus, Assessor, ControlArea, Territory } from "../types.js"
 * @import { LineHistory } from "./line-history.js"
 */
import { Lru } from "../lib/lru.js";
import { coveredBy, statusOf } from "./line-history.js";

/** Cached assessments, for dragging back and forth. */
const CACHED_ASSESSMENTS = 64;

/**
 * Wraps a history.
 * @param {Assessor} assessor
 * @param {LineHistory} history
 * @param {readonly string[]} statuses of the manifest
 * @param {readonly { valid_from: string, last_seen_at: string }[]} [observed] the assessments of the
 *   manifest that were seen again, unchanged
 * @returns {Territory}
 */
export function readHistory(assessor, history, statuses, observed = []) {
  const order = [...history.order];
  const validFrom = order.map((number) => history.assessment(number).moment);
  const seenAgain = new Map(observed.map((one) => [Date.parse(one.valid_from), Date.parse(one.last_seen_at)]));
  /** @type {Lru<number, ControlArea[]>} */
  const cache = new Lru(CACHED_ASSESSMENTS);
  /**
   * Returns the index of an assessment in the wire format.
   * @param {number} assessment in chronological order
   * @returns {number} the wire's number
   */
  const numberOf = (assessment) => {
    const number = order[assessment];
    if (number === undefined) throw new RangeError(`there is no assessment ${assessment}`);
    return number;
  };
  return {
    assessor,
    validFrom,
    lastSeen: validFrom.map((moment) => seenAgain.get(moment) ?? moment),
    prepare: (milliseconds) => history.prepare(milliseconds),
    covers: (assessment) => /** @type {AreaStatus[]} */ (coveredBy(history.assessment(numberOf(assessment)), statuses)),
    areas(assessment) {
      let areas = cache.get(assessment);
      if (!areas) {
        areas = history.areas(numberOf(assessment)).map(({ kind, polygons }) => {
          const { status, sinceBefore } = statusOf(kind, statuses);
          return {
            status: /** @type {AreaStatus} */ (status),
            sinceBefore,
            rings: polygons.flat().map(({ places }) => places),
            runs: polygons.flat().map(({ runs }) => runs),
          };
        });
        cache.set(assessment, areas);
      }
      return areas;
    },
  };
}
