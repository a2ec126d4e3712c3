/**
 * The facets: everything that readers filter the events by, one row each. The address, the API's
 * parameters, the columns, the masks, the counts and the chips are made from these rows;
 * `ui/facet-text.js` has what people read of each.
 *
 * @import { Config, Filters } from "../types.js"
 */

/** From the weakest to the strongest, then the doubtful. */
export const VERIFICATIONS = Object.freeze(["reported", "geolocated", "confirmed", "disputed", "refuted"]);

/** Who speaks through a source. The columns have one bit for each, the lowest for the first. */
export const SOURCE_CLASSES = Object.freeze(["party", "state_affiliated", "independent", "unknown"]);

/**
 * @typedef {object} FacetRow
 * @property {string} name in `filters`, in the address and in the API's parameters
 * @property {readonly [string] | readonly [string, string]} columns an event matches when one of
 *   these columns has a chosen word
 * @property {string} [words] the list of words that the columns point into; without it `bits`
 * @property {readonly string[]} [bits] the words, one bit of the column for each: an event may have
 *   several
 * @property {boolean} [nullable] the columns say -1 where nothing is known
 * @property {boolean} [tree] a word includes those below it
 * @property {(config: Config) => readonly string[]} known the words that this page can ask for
 */

/** @param {{ slug: string }[]} list */
const slugs = (list) => list.map(({ slug }) => slug);

/** In the order of the chips. */
export const FACETS = /** @satisfies {readonly FacetRow[]} */ (
  /** @type {const} */ ([
    {
      name: "category",
      columns: ["category"],
      words: "categories",
      tree: true,
      known: (/** @type {Config} */ { theatre }) => slugs(theatre.categories),
    },
    {
      name: "side",
      columns: ["actor", "affected"],
      words: "belligerents",
      nullable: true,
      known: (/** @type {Config} */ { theatre }) => slugs(theatre.belligerents),
    },
    { name: "verification", columns: ["verification"], words: "verifications", known: () => VERIFICATIONS },
    {
      name: "source_class",
      columns: ["sourceClasses"],
      bits: SOURCE_CLASSES,
      known: () => SOURCE_CLASSES,
    },
    {
      name: "origin",
      columns: ["origin"],
      words: "origins",
      known: (/** @type {Config} */ { origins }) => slugs(origins),
    },
  ])
);

/** @typedef {(typeof FACETS)[number]} FacetOf the rows as they stand, for types */

/** @typedef {FacetOf["name"]} Facet */

/**
 * Columns that hold the index of a word; of these the nullable ones say -1 where nothing is known.
 */
/** @typedef {Extract<FacetOf, { words: string }>["columns"][number]} WordColumn */
/** @typedef {Extract<FacetOf, { nullable: true }>["columns"][number]} NullableColumn */
/** @typedef {Extract<FacetOf, { words: string }>["words"]} WordList */

/** Columns that hold a bit for each word. */
/** @typedef {Extract<FacetOf, { bits: readonly string[] }>["columns"][number]} BitColumn */

/**
 * Makes something for each facet.
 *
 * @template T
 * @param {(facet: FacetOf) => T} make
 * @returns {Record<Facet, T>}
 */
export function byFacet(make) {
  return /** @type {Record<Facet, T>} */ (Object.fromEntries(FACETS.map((facet) => [facet.name, make(facet)])));
}

/** Everything is shown. @type {Readonly<Filters>} */
export const NO_FILTERS = Object.freeze({ ...byFacet(() => []), q: "" });

/** @param {Readonly<Filters>} filters */
export function isFiltering(filters) {
  return Object.values(filters).some((value) => value.length > 0);
}
