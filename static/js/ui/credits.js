/**
 * Who made what the map shows: its tiles, its names, its ground, its library. Text and links alone:
 * whatever else an attribution holds is shown as text.
 *
 * @import { Config } from "../types.js"
 */
import { element } from "./element.js";

/**
 * @param {HTMLElement} root
 * @param {Pick<Config, "tiles" | "ground">} config
 */
export function showCredits(root, { tiles, ground }) {
  /** @param {string} words @param {string} href */
  const link = (words, href) => element("a", { href, rel: "noopener noreferrer", target: "_blank" }, words);
  const parts = [];
  if (tiles?.attribution) {
    const { attribution, attribution_url: url } = tiles;
    parts.push(url && /^https?:\/\//.test(url) ? link(attribution, url) : attribution, " · ");
  }
  parts.push(link("GeoNames", "https://www.geonames.org/"), " · ");
  if (ground) parts.push(link("Natural Earth", "https://www.naturalearthdata.com/"), " · ");
  parts.push(link("Leaflet", "https://leafletjs.com/"));
  root.replaceChildren(...parts);
}
