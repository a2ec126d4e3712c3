/**
 * The filters over columns: which rows pass, and how many would with another choice.
 * `state/facets.js` says which columns a facet looks at. The words of `q` are not looked at here:
 * the server answers them, with columns that have only the rows that match.
 *
 * Every column of a facet has one byte a row, so that a test is a table with an entry for each
 * byte, whether the bytes are indices of words, bits, or -1 (255) for what is not known.
 *
 * @import { Category, EventColumns, Filters } from "../types.js"
 * @import { Facet, FacetOf } from "../state/facets.js"
 */
import { FACETS, byFacet } from "../state/facets.js";

/** Values of a byte. */
const BYTES = 256;

/**
 * For each facet 1 for every byte that passes; null lets everything through. A row passes when it
 * passes every facet.
 * @typedef {Record<Facet, Uint8Array | null>} Tests
 */

/** @typedef {Pick<Category, "slug" | "parent">[]} Tree */

/**
 * The slugs that a choice of categories stands for: a parent includes its children, and theirs.
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

/** @param {EventColumns} columns @param {FacetOf} facet @returns {readonly string[]} */
function wordsOf(columns, facet) {
  return "bits" in facet ? facet.bits : columns[facet.words];
}

/**
 * The bytes of a facet's columns; of a facet with one column the second is null.
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
 * The rows that pass: 1, else 0.
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

// One loop for each number of columns, over bytes alone: a loop that reads several kinds of column
// reads each more slowly.

/** @param {Uint8Array} mask @param {Uint8Array} test @param {Uint8Array} column */
function narrow(mask, test, column) {
  for (let row = 0; row < mask.length; row++) mask[row] = byteAt(mask, row) & byteAt(test, byteAt(column, row));
}

/**
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

/** @param {Uint8Array} mask */
function sumOf(mask) {
  let sum = 0;
  for (let row = 0; row < mask.length; row++) sum += byteAt(mask, row);
  return sum;
}

/**
 * How many of some rows each value of a facet would leave, the other facets as they are. A parent
 * category counts its children; an event between both sides counts for each, and so does one with
 * sources of several classes.
 *
 * @template {Facet} Name
 * @param {EventColumns} columns
 * @param {Tests} tests
 * @param {Iterable<number>} rows
 * @param {Tree} categories
 * @param {readonly Name[]} [names] of the facets that are counted; without it all
 * @returns {Record<Name, Map<string, number>>} by slug
 */
export function facetCounts(columns, tests, rows, categories, names) {
  const list = listed(rows, columns.count);
  const counted = FACETS.filter(({ name }) => !names || names.includes(/** @type {Name} */ (name)));
  return /** @type {Record<Name, Map<string, number>>} */ (
    Object.fromEntries(counted.map((facet) => [facet.name, countsOf(facet, columns, tests, list, categories)]))
  );
}

/**
 * @param {FacetOf} facet
 * @param {EventColumns} columns
 * @param {Tests} tests
 * @param {Int32Array} rows
 * @param {Tree} categories
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
  const all = new Map(words.map((word, index) => [word, at(own, index)]));
  return "tree" in facet ? withParents(all, categories) : all;
}

/** @param {Iterable<number>} rows @param {number} most */
function listed(rows, most) {
  const list = new Int32Array(most);
  let length = 0;
  for (const row of rows) list[length++] = row;
  return list.subarray(0, length);
}

/**
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
 * Counts a second column, where it says something else than the first.
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

/** @param {Int32Array} counts by byte @param {number} bits */
function ofBits(counts, bits) {
  return Int32Array.from({ length: bits }, (_, bit) =>
    counts.reduce((sum, count, byte) => sum + ((byte >> bit) & 1) * count, 0),
  );
}

/** @param {Map<string, number>} own by slug @param {Tree} categories */
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

// One for each kind of column: what reads both kinds reads each more slowly.

/** @param {Uint8Array} bytes @param {number} n */
function byteAt(bytes, n) {
  return /** @type {number} */ (bytes[n]);
}

/** @param {Int32Array} numbers @param {number} n */
function at(numbers, n) {
  return /** @type {number} */ (numbers[n]);
}
