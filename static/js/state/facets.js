/**
 * The facets: the properties by which readers filter events, one row each. The page's URL, the API
 * parameters, columns, masks, counts and chips are derived from these rows. `ui/facet-text.js` has
 * their texts.
 *
 * @import { Config, Filters } from "../types.js"
 */

/** From the weakest to the strongest, then disputed and refuted. */
export const VERIFICATIONS = Object.freeze(["reported", "geolocated", "confirmed", "disputed", "refuted"]);

/** Kinds of sources. The columns have one bit for each, the lowest for the first. */
export const SOURCE_CLASSES = Object.freeze(["party", "state_affiliated", "independent", "unknown"]);

/**
 * @typedef {object} FacetRow
 * @property {string} name in `filters`, in the URL and in the API parameters
 * @property {readonly [string] | readonly [string, string]} columns an event matches if one of
 *   these columns has a selected value
 * @property {string} [words] the list that the columns index; if absent, `bits`
 * @property {readonly string[]} [bits] the values, one bit of the column for each: an event may
 *   have several
 * @property {boolean} [nullable] the columns have -1 for unknown
 * @property {string} [unstated] the value of events for which nobody stated one
 * @property {boolean} [tree] a value includes its descendants
 * @property {(config: Config) => readonly string[]} known the values available on this page
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
      unstated: "other",
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
      unstated: "unknown",
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

/** @typedef {(typeof FACETS)[number]} FacetOf the literal types of the rows */

/** @typedef {FacetOf["name"]} Facet */

/** Columns that hold the index of a value; the nullable ones have -1 for unknown. */
/** @typedef {Extract<FacetOf, { words: string }>["columns"][number]} WordColumn */
/** @typedef {Extract<FacetOf, { nullable: true }>["columns"][number]} NullableColumn */
/** @typedef {Extract<FacetOf, { words: string }>["words"]} WordList */

/** Columns that hold a bit for each value. */
/** @typedef {Extract<FacetOf, { bits: readonly string[] }>["columns"][number]} BitColumn */

/**
 * Creates an object with one value for each facet.
 *
 * @template T
 * @param {(facet: FacetOf) => T} make
 * @returns {Record<Facet, T>}
 */
export function byFacet(make) {
  return /** @type {Record<Facet, T>} */ (Object.fromEntries(FACETS.map((facet) => [facet.name, make(facet)])));
}

/** No filter: every event is shown. @type {Readonly<Filters>} */
export const NO_FILTERS = Object.freeze({ ...byFacet(() => []), q: "" });

/** Returns whether any filter is set. @param {Readonly<Filters>} filters */
export function isFiltering(filters) {
  return Object.values(filters).some((value) => value.length > 0);
}
