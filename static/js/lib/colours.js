/**
 * Reads and mixes the colours of the page.
 *
 * @import { ColourBy } from "../types.js"
 */

/**
 * Returns the current value of a CSS custom property of the page.
 *
 * @param {string} name
 */
export function customProperty(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/**
 * Returns the name of the custom property that holds the colour of a value. tokens.css and theme.js
 * set these properties.
 *
 * @param {ColourBy} by "side" and "actor" have the same colours
 * @param {string | null} slug null: unknown
 */
export function colourProperty(by, slug) {
  if (slug === null) return "--side-unknown";
  const kind = by === "category" || by === "verification" ? by : "side";
  return `--${kind}-${slug.replaceAll(".", "-")}`;
}

/**
 * Mixes two colours.
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
