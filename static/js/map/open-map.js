/**
 * The door to the map: everything that needs Leaflet is behind it, so that the page lives on when
 * Leaflet's script did not arrive.
 */
import { leafletIsLoaded } from "./leaflet.js";

/** Leaflet's script did not arrive. */
export class MapUnavailable extends Error {
  /** @override */
  name = "MapUnavailable";
}

/**
 * @param {HTMLElement} root
 * @param {Parameters<typeof import("./map-view.js").createMapView>[1]} options
 * @throws {MapUnavailable}
 */
export async function openMap(root, options) {
  if (!leafletIsLoaded) throw new MapUnavailable("Leaflet's script did not arrive");
  const { createMapView } = await import("./map-view.js");
  return createMapView(root, options);
}
