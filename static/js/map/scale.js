/** The scale bar: a round number of metres, at the latitude of the map's centre. */
import { formatDistance } from "../lib/numbers.js";
import { metresToPixels } from "../lib/mercator.js";

const LONGEST_PX = 90;

/**
 * Returns the longest round distance that fits: one, two or five times a power of ten.
 *
 * @param {number} metres
 */
function roundDistance(metres) {
  const power = 10 ** Math.floor(Math.log10(metres));
  return power * (metres >= 5 * power ? 5 : metres >= 2 * power ? 2 : 1);
}

/**
 * Shows the scale bar.
 *
 * @param {import("leaflet").Map} map
 * @param {HTMLElement} root
 * @param {string} language BCP 47
 */
export function showScale(map, root, language) {
  const update = () => {
    const pixelsPerMetre = metresToPixels(1, map.getCenter().lat, map.getZoom());
    const metres = roundDistance(LONGEST_PX / pixelsPerMetre);
    root.style.width = `${Math.round(metres * pixelsPerMetre)}px`;
    root.textContent = formatDistance(metres, language);
  };
  map.on("moveend", update);
  update();
}
