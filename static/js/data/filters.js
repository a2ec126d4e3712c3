/**
 * Filters the columns: which rows pass, and how many rows each other choice would leave.
 * `state/facets.js` lists the columns of each facet. The server evaluates `q` and returns only the
 * matching rows.
 *
 * Each facet column has one byte for each row. A test is a lookup table with an entry for each byte
 * value: a word index, bits, or -1 (255) for unknown.
 *
 * @import { Category, EventColumns, Filters } from "../types.js"
 * @import { Facet, FacetOf } from "../state/facets.js"
 */
import { FACETS, byFacet } from "../state/facets.js";

/** Number of byte values. */
const BYTES = 256;
/** The byte of -1. */
const UNKNOWN = 255;

/**
 * For each facet a table with 1 for each byte that passes; null passes every row. A row must pass
 * every facet.
 * @typedef {Record<Facet, Uint8Array | null>} Tests
 */

/** @typedef {Pick<Category, "slug" | "parent">[]} Tree */

/**
 * Expands chosen categories by all their descendants.
 *
 * @param {readonly string[]} chosen
 * @param {Tree} categories
 * @returns {Set<string>}
 */
export function withChildren(chosen, categories) {
  const all = new Set(chosen);
  for (let before = -1; before !== all.size;) {
    before = all.size;
    for (const { slug, parent } of categories) if (parent !== null && all.has(parent)) all.add(slug);
  }
  return all;
}

/**
 * Builds the lookup tables of the filters.
 *
 * @param {EventColumns} columns
 * @param {Filters} filters
 * @param {Tree} categories
 * @returns {Tests}
 */
export function testsOf(columns, filters, categories) {
  return byFacet((facet) => {
    const chosen = filters[facet.name];
    if (chosen.length === 0) return null;
    const included = "tree" in facet ? withChildren(chosen, categories) : new Set(chosen);
    const test = new Uint8Array(BYTES);
    wordsOf(columns, facet).forEach((word, index) => {
      if (!included.has(word)) return;
      if ("bits" in facet)
        for (let byte = 0; byte < BYTES; byte++) test[byte] = byteAt(test, byte) | ((byte >> index) & 1);
      else test[index] = 1;
    });
    return test;
  });
}

/**
 * Returns the words of a facet.
 *
 * @param {EventColumns} columns
 * @param {FacetOf} facet
 * @returns {readonly string[]}
 */
function wordsOf(columns, facet) {
  return "bits" in facet ? facet.bits : columns[facet.words];
}

/**
 * Returns the bytes of a facet's columns. The second is null for a facet with one column.
 * @param {EventColumns} columns
 * @param {FacetOf} facet
 */
function bytesOf(columns, { columns: names }) {
  const [one, other = null] = names;
  /** @param {FacetOf["columns"][number]} name */
  const bytes = (name) => {
    const { buffer, byteOffset, length } = columns[name];
    return new Uint8Array(buffer, byteOffset, length);
  };
  return /** @type {const} */ ([bytes(one), other && bytes(other)]);
}

/**
 * Returns a mask of the rows: 1 if the row passes, else 0.
 *
 * @param {EventColumns} columns
 * @param {Tests} tests
 * @returns {{ mask: Uint8Array, count: number }}
 */
export function maskOf(columns, tests) {
  const mask = new Uint8Array(columns.count).fill(1);
  for (const facet of FACETS) {
    const test = tests[facet.name];
    if (!test) continue;
    const [one, other] = bytesOf(columns, facet);
    if (other) narrowByEither(mask, test, one, other);
    else narrow(mask, test, one);
  }
  return { mask, count: sumOf(mask) };
}

// One loop for each number of columns, over bytes only: a loop with several array types is slower.

/**
 * Clears the mask where a column fails the test.
 *
 * @param {Uint8Array} mask
 * @param {Uint8Array} test
 * @param {Uint8Array} column
 */
function narrow(mask, test, column) {
  for (let row = 0; row < mask.length; row++) mask[row] = byteAt(mask, row) & byteAt(test, byteAt(column, row));
}

/**
 * Clears the mask where both columns fail the test.
 *
 * @param {Uint8Array} mask
 * @param {Uint8Array} test
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function narrowByEither(mask, test, one, other) {
  for (let row = 0; row < mask.length; row++) {
    mask[row] = byteAt(mask, row) & (byteAt(test, byteAt(one, row)) | byteAt(test, byteAt(other, row)));
  }
}

/** Returns the number of rows that pass. @param {Uint8Array} mask */
function sumOf(mask) {
  let sum = 0;
  for (let row = 0; row < mask.length; row++) sum += byteAt(mask, row);
  return sum;
}

/**
 * The counts of a facet.
 * @typedef {object} FacetCounts
 * @property {Map<string, number>} bySlug
 * @property {number} all rows that the other filters leave
 * @property {number} unstated rows of these for which nobody stated a value: what they are is not
 *   known, so a count of 0 says little
 */

/**
 * Counts, for each value of a facet, the rows it would leave with the other filters unchanged. A
 * parent category includes its children. An event between both sides counts for each side, and an
 * event with several source classes counts for each class.
 *
 * @template {Facet} Name
 * @param {EventColumns} columns
 * @param {Tests} tests
 * @param {Iterable<number>} rows
 * @param {Tree} categories
 * @param {readonly Name[]} [names] facets to count; default: all
 * @returns {Record<Name, FacetCounts>}
 */
export function facetCounts(columns, tests, rows, categories, names) {
  const list = listed(rows, columns.count);
  const counted = FACETS.filter(({ name }) => !names || names.includes(/** @type {Name} */ (name)));
  return /** @type {Record<Name, FacetCounts>} */ (
    Object.fromEntries(counted.map((facet) => [facet.name, countsOf(facet, columns, tests, list, categories)]))
  );
}

/**
 * Counts the values of one facet.
 *
 * @param {FacetOf} facet
 * @param {EventColumns} columns
 * @param {Tests} tests
 * @param {Int32Array} rows
 * @param {Tree} categories
 * @returns {FacetCounts}
 */
function countsOf(facet, columns, tests, rows, categories) {
  const passing = new Uint8Array(rows.length).fill(1);
  for (const other of FACETS) {
    const test = other === facet ? null : tests[other.name];
    if (test) narrowRows(passing, test, rows, ...bytesOf(columns, other));
  }
  const counts = new Int32Array(BYTES);
  const [one, other] = bytesOf(columns, facet);
  tally(counts, passing, rows, one);
  if (other) tallyBeside(counts, passing, rows, one, other);
  const words = wordsOf(columns, facet);
  const own = "bits" in facet ? ofBits(counts, words.length) : counts;
  const bySlug = new Map(words.map((word, index) => [word, at(own, index)]));
  return {
    bySlug: "tree" in facet ? withParents(bySlug, categories) : bySlug,
    all: sumOf(passing),
    unstated: countSilent(silentBytes(facet, words), passing, rows, one, other),
  };
}

/**
 * Returns a table with 1 for each byte that states nothing.
 *
 * @param {FacetOf} facet
 * @param {readonly string[]} words
 */
function silentBytes(facet, words) {
  const silent = new Uint8Array(BYTES);
  const unstated = "unstated" in facet ? words.indexOf(facet.unstated) : -1;
  if ("bits" in facet) {
    silent[0] = 1;
    if (unstated >= 0) silent[1 << unstated] = 1;
  } else {
    if ("nullable" in facet) silent[UNKNOWN] = 1;
    if (unstated >= 0) silent[unstated] = 1;
  }
  return silent;
}

/**
 * Counts the passing rows whose columns state nothing.
 *
 * @param {Uint8Array} silent by byte
 * @param {Uint8Array} passing
 * @param {Int32Array} rows
 * @param {Uint8Array} one
 * @param {Uint8Array | null} other
 */
function countSilent(silent, passing, rows, one, other) {
  let sum = 0;
  for (let n = 0; n < rows.length; n++) {
    const row = at(rows, n);
    sum += byteAt(passing, n) & byteAt(silent, byteAt(one, row)) & (other ? byteAt(silent, byteAt(other, row)) : 1);
  }
  return sum;
}

/** Copies the rows to an array. @param {Iterable<number>} rows @param {number} most */
function listed(rows, most) {
  const list = new Int32Array(most);
  let length = 0;
  for (const row of rows) list[length++] = row;
  return list.subarray(0, length);
}

/**
 * Clears the passing rows that fail a test.
 *
 * @param {Uint8Array} passing
 * @param {Uint8Array} test
 * @param {Int32Array} rows
 * @param {Uint8Array} one
 * @param {Uint8Array | null} other
 */
function narrowRows(passing, test, rows, one, other) {
  for (let n = 0; n < rows.length; n++) {
    const row = at(rows, n);
    const passes = byteAt(test, byteAt(one, row)) | (other ? byteAt(test, byteAt(other, row)) : 0);
    passing[n] = byteAt(passing, n) & passes;
  }
}

/**
 * Counts the values of a column.
 *
 * @param {Int32Array} counts by byte
 * @param {Uint8Array} passing
 * @param {Int32Array} rows
 * @param {Uint8Array} column
 */
function tally(counts, passing, rows, column) {
  for (let n = 0; n < rows.length; n++) {
    const byte = byteAt(column, at(rows, n));
    counts[byte] = at(counts, byte) + byteAt(passing, n);
  }
}

/**
 * Counts the values of a second column, where they differ from the first.
 *
 * @param {Int32Array} counts by byte
 * @param {Uint8Array} passing
 * @param {Int32Array} rows
 * @param {Uint8Array} one
 * @param {Uint8Array} other
 */
function tallyBeside(counts, passing, rows, one, other) {
  for (let n = 0; n < rows.length; n++) {
    const row = at(rows, n);
    const byte = byteAt(other, row);
    counts[byte] = at(counts, byte) + (byteAt(passing, n) & Number(byte !== byteAt(one, row)));
  }
}

/** Counts each bit. @param {Int32Array} counts by byte @param {number} bits */
function ofBits(counts, bits) {
  return Int32Array.from({ length: bits }, (_, bit) =>
    counts.reduce((sum, count, byte) => sum + ((byte >> bit) & 1) * count, 0),
  );
}

/**
 * Adds the counts of children to their parents.
 *
 * @param {Map<string, number>} own by slug
 * @param {Tree} categories
 */
function withParents(own, categories) {
  /** @type {Map<string, number>} */
  const all = new Map();
  for (const { slug } of categories) {
    let sum = 0;
    for (const included of withChildren([slug], categories)) sum += own.get(included) ?? 0;
    all.set(slug, sum);
  }
  return all;
}

// One function for each type of array: a function with both types is slower, because the engine
// cannot specialise it.

/** @param {Uint8Array} bytes @param {number} n */
function byteAt(bytes, n) {
  return /** @type {number} */ (bytes[n]);
}

/** @param {Int32Array} numbers @param {number} n */
function at(numbers, n) {
  return /** @type {number} */ (numbers[n]);
}
