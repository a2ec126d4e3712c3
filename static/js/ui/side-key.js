/** The key to the colours of the histogram. */
import { colourProperty } from "../lib/colours.js";
import { element } from "./element.js";

/** @import { Belligerent, Translate } from "../types.js" */

/**
 * Creates the key.
 * @param {Belligerent[]} sides
 * @param {Translate} t
 */
export function sideKey(sides, t) {
  const entries = [...sides, { slug: null, name: t("Unknown or both") }].map(({ slug, name }) => {
    const swatch = element("span", { class: "dock-swatch", "aria-hidden": "true" });
    swatch.style.setProperty("--swatch", `var(${colourProperty("side", slug)})`);
    return element("span", { class: "dock-key-entry" }, swatch, name);
  });
  return element("p", { class: "dock-key" }, element("span", {}, t("Affected side")), ...entries);
}
