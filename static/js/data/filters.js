/**
 * The filters over columns: which rows pass, and how many would with another choice. The words of `q` are not looked at
 * here: the server answers them, with columns that have only the rows that match.
 *
 * @import { Category, EventColumns, Filters } from "../types.js"
 */

/** @typedef {"category" | "side" | "verification"} Facet */

/**
 * One row passes when all tests do; null lets everything through.
 * @typedef {{ category: Uint8Array | null, side: Uint8Array | null, verification: Uint8Array | null }} Tests
 */

/**
 * The slugs that a choice of categories stands for: a parent includes its children, and theirs.
 *
 * @param {string[]} chosen
 * @param {Pick<Category, "slug" | "parent">[]} categories
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

/** @param {string[]} slugs @param {{ has: (slug: string) => boolean }} chosen */
function marks(slugs, chosen) {
  return Uint8Array.from(slugs, (slug) => Number(chosen.has(slug)));
}

/**
 * @param {EventColumns} columns
 * @param {Filters} filters
 * @param {Pick<Category, "slug" | "parent">[]} categories
 * @returns {Tests}
 */
export function testsOf(columns, filters, categories) {
  return {
    category: filters.category.length ? marks(columns.categories, withChildren(filters.category, categories)) : null,
    side: filters.side.length ? marks(columns.belligerents, new Set(filters.side)) : null,
    verification: filters.verification.length ? marks(columns.verifications, new Set(filters.verification)) : null,
  };
}

/**
 * The rows that pass: 1, else 0.
 *
 * @param {EventColumns} columns
 * @param {Tests} tests
 * @returns {{ mask: Uint8Array, count: number }}
 */
export function maskOf({ category, actor, affected, verification, count: rows }, tests) {
  const mask = new Uint8Array(rows).fill(1);
  /** @param {Uint8Array} column @param {Uint8Array | null} test */
  const narrow = (column, test) => {
    if (test) for (let row = 0; row < rows; row++) mask[row] = at(mask, row) & at(test, at(column, row));
  };
  narrow(category, tests.category);
  narrow(verification, tests.verification);
  const { side } = tests;
  if (side) {
    // An index of -1 (not known) reads past the list: undefined, which is neither side.
    for (let row = 0; row < rows; row++)
      mask[row] = at(mask, row) & ((side[at(actor, row)] ?? 0) | (side[at(affected, row)] ?? 0));
  }
  let count = 0;
  for (let row = 0; row < rows; row++) count += at(mask, row);
  return { mask, count };
}

/**
 * How many of some rows each value of each facet would leave, the other facets as they are. A parent category counts its
 * children; an event between both sides counts for each.
 *
 * @param {EventColumns} columns
 * @param {Tests} tests
 * @param {Iterable<number>} rows
 * @param {Pick<Category, "slug" | "parent">[]} categories
 * @returns {Record<Facet, Map<string, number>>} by slug
 */
export function facetCounts(columns, tests, rows, categories) {
  const category = new Int32Array(columns.categories.length);
  const side = new Int32Array(columns.belligerents.length);
  const verification = new Int32Array(columns.verifications.length);
  for (const row of rows) {
    const ofCategory = at(columns.category, row);
    const actor = at(columns.actor, row);
    const affected = at(columns.affected, row);
    const ofVerification = at(columns.verification, row);
    const passesCategory = !tests.category || tests.category[ofCategory];
    const passesSide = !tests.side || tests.side[actor] || tests.side[affected];
    const passesVerification = !tests.verification || tests.verification[ofVerification];
    if (passesSide && passesVerification) category[ofCategory] = at(category, ofCategory) + 1;
    if (passesCategory && passesSide) verification[ofVerification] = at(verification, ofVerification) + 1;
    if (passesCategory && passesVerification) {
      if (actor >= 0) side[actor] = at(side, actor) + 1;
      if (affected >= 0 && affected !== actor) side[affected] = at(side, affected) + 1;
    }
  }
  return {
    category: withParents(columns.categories, category, categories),
    side: new Map(columns.belligerents.map((slug, index) => [slug, at(side, index)])),
    verification: new Map(columns.verifications.map((slug, index) => [slug, at(verification, index)])),
  };
}

/**
 * @param {string[]} slugs
 * @param {Int32Array} counts
 * @param {Pick<Category, "slug" | "parent">[]} categories
 */
function withParents(slugs, counts, categories) {
  const own = new Map(slugs.map((slug, index) => [slug, at(counts, index)]));
  /** @type {Map<string, number>} */
  const all = new Map();
  for (const { slug } of categories) {
    let sum = 0;
    for (const included of withChildren([slug], categories)) sum += own.get(included) ?? 0;
    all.set(slug, sum);
  }
  return all;
}

/** @param {Int32Array | Uint8Array | Int8Array} column @param {number} row */
function at(column, row) {
  return /** @type {number} */ (column[row]);
}
