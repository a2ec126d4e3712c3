/** Builds selections for tests from readable rows. */

import { toDay } from "../../../static/js/time/day.js";

/** @import { Selection } from "../../../static/js/types.js" */

const PRECISIONS = ["minute", "hour", "day", "month", "year"];
const SIDES = ["ru", "ua"];

/**
 * @typedef {object} Row
 * @property {string | number} day
 * @property {number} [days]
 * @property {string} [precision]
 * @property {string} [affected]
 * @property {string} [actor]
 * @property {boolean} [left] whether it passes the filters
 */

/**
 * @param {Row[]} rows
 * @returns {Selection}
 */
export function selectionOf(rows) {
  const number = (/** @type {string | number} */ day) => (typeof day === "number" ? day : toDay(day));
  const sorted = [...rows].sort((a, b) => number(a.day) - number(b.day));
  const count = sorted.length;
  const day = Int32Array.from(sorted, (row) => number(row.day));
  const days = Int32Array.from(sorted, (row) => row.days ?? 1);
  const mask = Uint8Array.from(sorted, (row) => (row.left === false ? 0 : 1));
  return {
    columns: {
      revision: "test",
      count,
      categories: ["clash"],
      belligerents: SIDES,
      verifications: ["reported"],
      timePrecisions: PRECISIONS,
      origins: ["desk"],
      total: count,
      missing: [],
      x: new Int32Array(count),
      y: new Int32Array(count),
      day,
      days,
      category: new Uint8Array(count),
      actor: Int8Array.from(sorted, (row) => SIDES.indexOf(row.actor ?? "")),
      affected: Int8Array.from(sorted, (row) => SIDES.indexOf(row.affected ?? "")),
      verification: new Uint8Array(count),
      timePrecision: Uint8Array.from(sorted, (row) => PRECISIONS.indexOf(row.precision ?? "day")),
      origin: new Uint8Array(count),
      sourceClasses: new Uint8Array(count),
      flags: new Uint8Array(count),
      precisionM: new Int32Array(count).fill(-1),
      shapes: new Map(),
      extent: {
        from: Math.min(...day),
        to: Math.max(...Array.from(day, (first, row) => first + (days[row] ?? 1))),
      },
    },
    mask,
    count: mask.reduce((sum, left) => sum + left, 0),
  };
}

/**
 * Returns a generator of numbers in [0, 1), the same in every run.
 * @param {number} seed
 */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
