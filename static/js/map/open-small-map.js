/** Loads the small maps. The page works without them if Leaflet fails to load. */
import { leafletIsLoaded } from "./leaflet.js";

/**
 * Loads the map of the editors' pages.
 * @param {HTMLElement} root
 * @param {Parameters<typeof import("./desk-map.js").createDeskMap>[1]} options
 * @returns {Promise<import("./desk-map.js").DeskMap | null>} null: Leaflet failed to load
 */
export async function openDeskMap(root, options) {
  if (!leafletIsLoaded) return null;
  const { createDeskMap } = await import("./desk-map.js");
  return createDeskMap(root, options);
}

/**
 * Loads the map for selecting events.
 * @param {HTMLElement} root
 * @param {Parameters<typeof import("./choose-map.js").createChooseMap>[1]} options
 * @returns {Promise<import("./choose-map.js").ChooseMap | null>} null: Leaflet failed to load
 */
export async function openChooseMap(root, options) {
  if (!leafletIsLoaded) return null;
  const { createChooseMap } = await import("./choose-map.js");
  return createChooseMap(root, options);
}

/**
 * Loads the map of the submission form.
 * @param {HTMLElement} root
 * @param {Parameters<typeof import("./place-picker.js").createPlacePicker>[1]} options
 * @returns {Promise<import("./place-picker.js").PlacePicker | null>} null: Leaflet failed to load
 */
export async function openPlacePicker(root, options) {
  if (!leafletIsLoaded) return null;
  const { createPlacePicker } = await import("./place-picker.js");
  return createPlacePicker(root, options);
}
