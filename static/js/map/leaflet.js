/**
 * Exports Leaflet from the global scope, where a classic script puts it. All modules import Leaflet
 * from here. If that script failed to load, `leafletIsLoaded` is false and `L` must not be used.
 */
export const L = /** @type {typeof import("leaflet")} */ (/** @type {any} */ (window).L);

export const leafletIsLoaded = Boolean(L);
