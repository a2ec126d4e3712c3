/**
 * Parts of the events put together: one set of columns sorted by day, in which the events that touch several days stand
 * after the others of their first day. Rows that are alike but for their ids keep the order of their part. Pure.
 *
 * @import { DayRange, EventColumns, EventPart, Shape } from "../types.js"
 */

/** Columns of words, and the list that each points into. */
const WORDS = /** @type {const} */ ([
  ["category", "categories"],
  ["actor", "belligerents"],
  ["affected", "belligerents"],
  ["verification", "verifications"],
  ["timePrecision", "timePrecisions"],
]);

/**
 * @param {EventPart[]} parts
 * @param {object} whole
 * @param {string} whole.revision
 * @param {DayRange | null} [whole.extent] of all events, also of those that are not here; null: of these
 * @param {number} [whole.total] of all events
 * @param {DayRange[]} [whole.missing] days whose events are not all here
 * @returns {EventColumns}
 */
export function assemble(parts, { revision, extent = null, total, missing = [] }) {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const days = extent ?? extentOf(parts);
  const columns = {
    revision,
    count,
    total: total ?? count,
    missing,
    categories: merged(parts, "categories"),
    belligerents: merged(parts, "belligerents"),
    verifications: merged(parts, "verifications"),
    timePrecisions: merged(parts, "timePrecisions"),
    x: new Int32Array(count),
    y: new Int32Array(count),
    day: new Int32Array(count),
    days: new Int32Array(count).fill(1),
    category: new Uint8Array(count),
    actor: new Int8Array(count),
    affected: new Int8Array(count),
    verification: new Uint8Array(count),
    timePrecision: new Uint8Array(count),
    precisionM: new Int32Array(count),
    shapes: /** @type {Map<number, Shape>} */ (new Map()),
    extent: days,
  };
  const sources = parts.map((part) => ({ part, words: translated(part, columns), runs: runsOf(part) }));
  const next = firstRows(sources, days);
  for (const spans of [false, true]) {
    for (const source of sources) {
      for (const run of source.runs) {
        if (run.spans !== spans) continue;
        const n = run.day - days.from;
        const onto = at(next, n);
        next[n] = onto + run.to - run.from;
        copy(source, run, columns, onto);
      }
    }
  }
  return columns;
}

/** @param {EventPart[]} parts @param {"categories" | "belligerents" | "verifications" | "timePrecisions"} name */
function merged(parts, name) {
  return [...new Set(parts.flatMap((part) => part[name]))];
}

/** @param {EventPart[]} parts @returns {DayRange} */
function extentOf(parts) {
  const extent = { from: Infinity, to: -Infinity };
  for (const { day, days, count } of parts) {
    if (count === 0) continue;
    extent.from = Math.min(extent.from, at(day, 0));
    extent.to = Math.max(extent.to, at(day, count - 1) + 1);
    if (days) for (let row = 0; row < count; row++) extent.to = Math.max(extent.to, at(day, row) + at(days, row));
  }
  return extent.from < extent.to ? extent : { from: 0, to: 0 };
}

/** The row at which each day begins. @param {{ runs: Run[] }[]} sources @param {DayRange} extent */
function firstRows(sources, extent) {
  const first = new Int32Array(extent.to - extent.from + 1);
  for (const { runs } of sources) {
    for (const { from, to, day } of runs) {
      const n = day - extent.from + 1;
      first[n] = at(first, n) + to - from;
    }
  }
  for (let n = 1; n < first.length; n++) first[n] = at(first, n) + at(first, n - 1);
  return first;
}

/**
 * A stretch of rows of one day, which all touch several days (`spans`) or all do not.
 * @typedef {{ from: number, to: number, day: number, spans: boolean }} Run
 */

/** @param {EventPart} part @returns {Run[]} */
function runsOf({ day, days, count }) {
  const runs = [];
  for (let from = 0, to = 0; from < count; from = to) {
    const today = at(day, from);
    const spans = days !== null && at(days, from) > 1;
    for (to++; to < count && day[to] === today && (days === null || at(days, to) > 1 === spans);) to++;
    runs.push({ from, to, day: today, spans });
  }
  return runs;
}

/**
 * The columns of words of a part in the words of the whole; most often they are the same.
 *
 * @param {EventPart} part
 * @param {Record<"categories" | "belligerents" | "verifications" | "timePrecisions", string[]>} whole
 */
function translated(part, whole) {
  return WORDS.map(([name, list]) => {
    const index = part[list].map((word) => whole[list].indexOf(word));
    const column = part[name];
    return index.every((to, from) => to === from) ? column : column.map((from) => index[from] ?? -1);
  });
}

/**
 * @param {{ part: EventPart, words: (Uint8Array | Int8Array)[] }} source
 * @param {Run} run
 * @param {EventColumns} columns
 * @param {number} onto
 */
function copy({ part, words }, { from, to }, columns, onto) {
  for (const name of /** @type {const} */ (["x", "y", "day", "precisionM"])) {
    columns[name].set(part[name].subarray(from, to), onto);
  }
  if (part.days) columns.days.set(part.days.subarray(from, to), onto);
  WORDS.forEach(([name], n) => columns[name].set(/** @type {Uint8Array} */ (words[n]).subarray(from, to), onto));
  if (part.shapes.size === 0) return;
  for (const [row, shape] of part.shapes) if (row >= from && row < to) columns.shapes.set(row - from + onto, shape);
}

/** @param {Int32Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
