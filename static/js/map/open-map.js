/**
 * Loads the map. All modules that need Leaflet are behind this dynamic import, so the page works if
 * Leaflet fails to load.
 */
import { leafletIsLoaded } from "./leaflet.js";

/** Leaflet failed to load. */
export class MapUnavailable extends Error {
  /** @override */
  name = "MapUnavailable";
}

/**
 * Loads and creates the map.
 * @param {HTMLElement} root
 * @param {Parameters<typeof import("./map-view.js").createMapView>[1]} options
 * @throws {MapUnavailable}
 */
export async function openMap(root, options) {
  if (!leafletIsLoaded) throw new MapUnavailable("Leaflet's script did not arrive");
  const { createMapView } = await import("./map-view.js");
  return createMapView(root, options);
}
