/**
 * Which colour a mark has: by the side that is shown, the actor, the category or the verification.
 *
 * @import { ColourBy, EventColumns } from "../types.js"
 */

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
 * The value of a custom property of the page, as it is now.
 *
 * @param {string} name
 */
export function property(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * The custom property that holds the colour of a value; tokens.css and theme.js set them.
 *
 * @param {ColourBy} by
 * @param {string | null} slug null: not known
 */
export function colourProperty(by, slug) {
  if (slug === null) return "--side-unknown";
  const kind = by === "category" || by === "verification" ? by : "side";
  return `--${kind}-${slug.replaceAll(".", "-")}`;
}

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

/**
 * A colour on its way to another.
 *
 * @param {string} from "#rrggbb"
 * @param {string} to "#rrggbb"
 * @param {number} share 0 is `from`, 1 is `to`
 * @returns {string} "#rrggbb"
 */
export function mix(from, to, share) {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((colour) => parseInt(colour.slice(at, at + 2), 16));
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share)
      .toString(16)
      .padStart(2, "0");
  });
  return `#${channels.join("")}`;
}
