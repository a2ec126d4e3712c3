/**
 * Merges parts of the events into one set of columns, sorted by day. Within a day, events of
 * several days follow the others. Rows that differ only in their ids keep the order of their part.
 * Pure.
 *
 * @import { Day, DayRange, EventColumns, EventPart, Shape, WordList } from "../types.js"
 */
import { BIT_COLUMNS, WORD_COLUMNS } from "./event-columns.js";

/**
 * Merges parts.
 *
 * @param {EventPart[]} parts
 * @param {object} whole
 * @param {string} whole.revision
 * @param {DayRange | null} [whole.extent] of all events, including those not loaded; null: of these
 *   parts
 * @param {number} [whole.total] of all events
 * @param {DayRange[]} [whole.missing] days whose events are not all loaded
 * @returns {EventColumns}
 */
export function assemble(parts, { revision, extent = null, total, missing = [] }) {
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const sources = parts.map((part) => ({ part, runs: runsOf(part) }));
  const days = extent ?? extentOf(sources);
  const columns = {
    revision,
    count,
    total: total ?? count,
    missing,
    ...mergedWords(parts),
    x: new Int32Array(count),
    y: new Int32Array(count),
    day: new Int32Array(count),
    days: new Int32Array(count),
    ...emptyColumns(count),
    precisionM: new Int32Array(count),
    shapes: /** @type {Map<number, Shape>} */ (new Map()),
    extent: days,
  };
  place(sources, days);
  for (const { part, runs } of sources) {
    copy(part.x, columns.x, runs);
    copy(part.y, columns.y, runs);
    if (part.days) copy(part.days, columns.days, runs);
    for (const { from, to, day, onto } of runs) {
      const end = onto + to - from;
      columns.day.fill(day, onto, end);
      if (!part.days) columns.days.fill(1, onto, end);
      if (part.shapes.size === 0) continue;
      for (const [row, shape] of part.shapes) if (row >= from && row < to) columns.shapes.set(row - from + onto, shape);
    }
  }
  for (const { column, words } of WORD_COLUMNS) {
    const { buffer } = columns[column];
    for (const { part, runs } of sources) {
      translate(part[column], codesOf(part[words], columns[words]), new Uint8Array(buffer), runs);
    }
  }
  for (const { column } of BIT_COLUMNS) {
    for (const { part, runs } of sources) translate(part[column], EACH_BYTE, columns[column], runs);
  }
  for (const { part, runs } of sources) {
    measure(part.precision, Int32Array.of(-1, ...part.precisions), columns.precisionM, runs);
  }
  return columns;
}

/**
 * Merges the word lists of the parts.
 *
 * @param {EventPart[]} parts
 * @returns {Record<WordList, string[]>}
 */
function mergedWords(parts) {
  const lists = WORD_COLUMNS.map(({ words }) => [words, [...new Set(parts.flatMap((part) => part[words]))]]);
  return Object.fromEntries(lists);
}

/**
 * Creates empty facet columns.
 *
 * @param {number} count
 * @returns {Pick<EventColumns, import("../types.js").WordColumn | import("../types.js").BitColumn>}
 */
function emptyColumns(count) {
  const columns = [...WORD_COLUMNS, ...BIT_COLUMNS].map((one) => [
    one.column,
    "isNullable" in one && one.isNullable ? new Int8Array(count) : new Uint8Array(count),
  ]);
  return Object.fromEntries(columns);
}

/** Codes of bit columns: each byte maps to itself. */
const EACH_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

/**
 * Returns the days of all parts.
 *
 * @param {{ part: EventPart, runs: Run[] }[]} sources
 * @returns {DayRange}
 */
function extentOf(sources) {
  const extent = { from: Infinity, to: -Infinity };
  for (const { part, runs } of sources) {
    for (const { from, to, day } of runs) {
      extent.from = Math.min(extent.from, day);
      extent.to = Math.max(extent.to, day + 1);
      if (part.days) for (let row = from; row < to; row++) extent.to = Math.max(extent.to, day + at(part.days, row));
    }
  }
  return extent.from < extent.to ? extent : { from: 0, to: 0 };
}

/**
 * A run of rows of one day and its target position. Either all or none of the rows last several
 * days (`spans`).
 * @typedef {{ from: number, to: number, day: Day, spans: boolean, onto: number }} Run
 */

/**
 * Computes the target position of each run: by day, rows of several days last.
 *
 * @param {{ runs: Run[] }[]} sources
 * @param {DayRange} extent
 */
function place(sources, extent) {
  const next = new Int32Array(extent.to - extent.from + 1);
  for (const { runs } of sources) {
    for (const { from, to, day } of runs) {
      const n = day - extent.from + 1;
      next[n] = at(next, n) + to - from;
    }
  }
  for (let n = 1; n < next.length; n++) next[n] = at(next, n) + at(next, n - 1);
  for (const spans of [false, true]) {
    for (const { runs } of sources) {
      for (const run of runs) {
        if (run.spans !== spans) continue;
        const n = run.day - extent.from;
        run.onto = at(next, n);
        next[n] = run.onto + run.to - run.from;
      }
    }
  }
}

/** Splits a part into runs. @param {EventPart} part @returns {Run[]} */
function runsOf({ firstDay, perDay, days }) {
  /** @type {Run[]} */
  const runs = [];
  let from = 0;
  perDay.forEach((rows, n) => {
    for (const end = from + rows; from < end;) {
      const spans = days !== null && at(days, from) > 1;
      let to = days === null ? end : from + 1;
      while (to < end && days !== null && at(days, to) > 1 === spans) to++;
      runs.push({ from, to, day: firstDay + n, spans, onto: 0 });
      from = to;
    }
  });
  return runs;
}

/**
 * Maps each code of a part's column to an index into the merged words; −1 means unknown.
 *
 * @param {string[]} words
 * @param {string[]} whole
 */
function codesOf(words, whole) {
  return Uint8Array.of(-1, ...words.map((word) => whole.indexOf(word)));
}

// One function for each type of array: a function with several types is slower, because the engine
// cannot specialise it.

/**
 * Copies a column of a part into the merged column.
 *
 * @param {Int32Array} column of a part
 * @param {Int32Array} into the merged column
 * @param {Run[]} runs
 */
function copy(column, into, runs) {
  for (const { from, to, onto } of runs) {
    const shift = onto - from;
    for (let row = from; row < to; row++) into[row + shift] = at(column, row);
  }
}

/**
 * Copies a word column of a part into the merged column, translating its codes.
 *
 * @param {Uint8Array} column
 * @param {Uint8Array} codes
 * @param {Uint8Array} into
 * @param {Run[]} runs
 */
function translate(column, codes, into, runs) {
  for (const { from, to, onto } of runs) {
    const shift = onto - from;
    for (let row = from; row < to; row++) {
      into[row + shift] = /** @type {number} */ (codes[/** @type {number} */ (column[row])]);
    }
  }
}

/**
 * Copies a length column of a part into the merged column.
 *
 * @param {Uint8Array} column
 * @param {Int32Array} metres
 * @param {Int32Array} into
 * @param {Run[]} runs
 */
function measure(column, metres, into, runs) {
  for (const { from, to, onto } of runs) {
    const shift = onto - from;
    for (let row = from; row < to; row++) {
      into[row + shift] = /** @type {number} */ (metres[/** @type {number} */ (column[row])]);
    }
  }
}

/** @param {Int32Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
