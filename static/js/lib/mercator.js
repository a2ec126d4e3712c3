/**
 * Places and distances on the map: the projection, metres in pixels, and discs on the globe. Pure.
 * The globe is the sphere of Web Mercator for projecting, and WGS 84's mean sphere for distances
 * (half a per cent).
 */

/** Pixels of the whole world at zoom 0. */
export const TILE_PX = 256;

const MEAN_RADIUS_M = 6_371_008.8;
const radians = Math.PI / 180;

/**
 * Where a longitude lies in the world, from 0 (180° W) to 1 (180° E).
 *
 * @param {number} longitude degrees
 */
export const mercatorX = (longitude) => longitude / 360 + 0.5;

/**
 * Where a latitude lies in the world, from 0 (85.05° N) to 1 (85.05° S).
 *
 * @param {number} latitude degrees
 */
export function mercatorY(latitude) {
  const sine = Math.sin(Math.max(-85.0511287798066, Math.min(85.0511287798066, latitude)) * radians);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/**
 * How many pixels a distance is. Web Mercator stretches with the latitude: at 48° a kilometre has
 * half again as many pixels as on the equator.
 *
 * @param {number} metres
 * @param {number} latitude degrees
 * @param {number} zoom
 */
export function metresToPixels(metres, latitude, zoom) {
  const circumferenceM = 2 * Math.PI * MEAN_RADIUS_M * Math.cos(latitude * radians);
  return (metres / circumferenceM) * TILE_PX * 2 ** zoom;
}

/**
 * The edge of everything within a distance of a place: a closed ring, first position last again.
 * Longitudes run on past 180° where the disc crosses it, so that the ring never jumps round the
 * world.
 *
 * @param {number} longitude degrees
 * @param {number} latitude degrees
 * @param {number} radiusM metres
 * @param {number} [corners]
 * @returns {[longitude: number, latitude: number][]}
 */
export function discRing(longitude, latitude, radiusM, corners = 72) {
  const angle = radiusM / MEAN_RADIUS_M;
  const phi = latitude * radians;
  /** @type {[number, number][]} */
  const ring = [];
  for (let corner = 0; corner < corners; corner++) {
    const bearing = (corner / corners) * 2 * Math.PI;
    const there = Math.asin(Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(bearing));
    const east = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(phi),
      Math.cos(angle) - Math.sin(phi) * Math.sin(there),
    );
    ring.push([longitude + east / radians, there / radians]);
  }
  const [first] = ring;
  if (first) ring.push(first);
  return ring;
}
