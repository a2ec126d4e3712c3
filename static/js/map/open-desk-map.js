/** The door to the desk's map: without Leaflet's script the page lives on without it. */
import { leafletIsLoaded } from "./leaflet.js";

/**
 * @param {HTMLElement} root
 * @param {Parameters<typeof import("./desk-map.js").createDeskMap>[1]} options
 * @returns {Promise<import("./desk-map.js").DeskMap | null>} null: Leaflet's script did not arrive
 */
export async function openDeskMap(root, options) {
  if (!leafletIsLoaded) return null;
  const { createDeskMap } = await import("./desk-map.js");
  return createDeskMap(root, options);
}
