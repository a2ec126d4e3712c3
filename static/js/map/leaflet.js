/**
 * Leaflet, which a classic script of the page has put into the global scope: the only door to it.
 * When that script did not arrive (its host is away, or its integrity does not hold),
 * `leafletIsLoaded` is false and `L` must not be touched.
 */
export const L = /** @type {typeof import("leaflet")} */ (/** @type {any} */ (window).L);

export const leafletIsLoaded = Boolean(L);
