/**
 * The attributions of tiles, names, ground and library. Attributions are shown as text and links;
 * other markup is shown as text.
 *
 * @import { Config } from "../types.js"
 */
import { element, present } from "./element.js";

/**
 * Shows the credits.
 * @param {HTMLElement} root
 * @param {Pick<Config, "tiles" | "ground">} config
 */
export function showCredits(root, { tiles, ground }) {
  /** Creates a link. @param {string} words @param {string} href */
  const link = (words, href) => element("a", { href, rel: "noopener noreferrer", target: "_blank" }, words);
  const parts = [];
  if (tiles?.attribution) {
    const { attribution, attribution_url: url } = tiles;
    parts.push(url && /^https?:\/\//.test(url) ? link(attribution, url) : attribution, " · ");
  }
  parts.push(link("GeoNames", "https://www.geonames.org/"), " · ");
  if (ground) parts.push(link("Natural Earth", "https://www.naturalearthdata.com/"), " · ");
  parts.push(link("Leaflet", "https://leafletjs.com/"));
  root.replaceChildren(...present(parts));
}
