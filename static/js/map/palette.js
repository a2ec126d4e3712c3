/**
 * Which colour a mark has: by the side that is shown, the actor, the category or the verification.
 *
 * @import { ColourBy, EventColumns } from "../types.js"
 */
import { colourProperty } from "../lib/colours.js";

/**
 * The colours of a choice, and which of them a row has.
 * @typedef {object} Palette
 * @property {string[]} colours
 * @property {(row: number) => number} of an index into `colours`
 * @property {string} ink
 * @property {string} paper
 * @property {string} quiet
 */

/**
 * @param {EventColumns} columns
 * @param {ColourBy} by
 * @param {(property: string) => string} read the value of a custom property
 * @returns {Palette}
 */
export function createPalette(columns, by, read) {
  const unknown = read("--side-unknown") || "#777777";
  /** @param {string[]} slugs */
  const coloursOf = (slugs) => slugs.map((slug) => read(colourProperty(by, slug)) || unknown);
  const common = { ink: read("--ink"), paper: read("--paper"), quiet: read("--quiet") };
  const { actor, affected, category, verification } = columns;
  switch (by) {
    case "category":
      return { ...common, colours: coloursOf(columns.categories), of: (row) => category[row] ?? 0 };
    case "verification":
      return { ...common, colours: coloursOf(columns.verifications), of: (row) => verification[row] ?? 0 };
    case "actor":
      // Not known is -1: the neutral colour stands first.
      return { ...common, colours: [unknown, ...coloursOf(columns.belligerents)], of: (row) => (actor[row] ?? -1) + 1 };
    case "side":
      return {
        ...common,
        colours: [unknown, ...coloursOf(columns.belligerents)],
        of(row) {
          const shown = affected[row] ?? -1;
          return (shown >= 0 ? shown : (actor[row] ?? -1)) + 1;
        },
      };
  }
}
