/** The door to the form's map: without Leaflet's script the form lives on without it. */
import { leafletIsLoaded } from "./leaflet.js";

/**
 * @param {HTMLElement} root
 * @param {Parameters<typeof import("./place-picker.js").createPlacePicker>[1]} options
 * @returns {Promise<import("./place-picker.js").PlacePicker | null>} null: Leaflet's script did not arrive
 */
export async function openPlacePicker(root, options) {
  if (!leafletIsLoaded) return null;
  const { createPlacePicker } = await import("./place-picker.js");
  return createPlacePicker(root, options);
}
