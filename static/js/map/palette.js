/**
 * Chooses the colours of marks: by affected side, actor, category or verification.
 *
 * @import { ColourBy, EventColumns } from "../types.js"
 */
import { colourProperty } from "../lib/colours.js";

/**
 * The colours, and the colour of each row.
 * @typedef {object} Palette
 * @property {string[]} colours
 * @property {(row: number) => number} of returns the index into `colours`
 * @property {string} ink
 * @property {string} paper
 * @property {string} quiet
 */

/**
 * Creates the palette.
 * @param {EventColumns} columns
 * @param {ColourBy} by
 * @param {(property: string) => string} read returns the value of a custom property
 * @returns {Palette}
 */
export function createPalette(columns, by, read) {
  const unknown = read("--side-unknown") || "#777777";
  /** Returns the colours of slugs. @param {string[]} slugs */
  const coloursOf = (slugs) => slugs.map((slug) => read(colourProperty(by, slug)) || unknown);
  const common = { ink: read("--ink"), paper: read("--paper"), quiet: read("--quiet") };
  const { actor, affected, category, verification } = columns;
  switch (by) {
    case "category":
      return { ...common, colours: coloursOf(columns.categories), of: (row) => category[row] ?? 0 };
    case "verification":
      return { ...common, colours: coloursOf(columns.verifications), of: (row) => verification[row] ?? 0 };
    case "actor":
      // Unknown is -1, so the neutral colour comes first.
      return { ...common, colours: [unknown, ...coloursOf(columns.belligerents)], of: (row) => (actor[row] ?? -1) + 1 };
    case "side":
      return {
        ...common,
        colours: [unknown, ...coloursOf(columns.belligerents)],
        of: (row) => (affected[row] ?? -1) + 1,
      };
  }
}
