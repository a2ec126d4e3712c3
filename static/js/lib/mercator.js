/**
 * Web Mercator projection, distances in pixels, and circles on the globe. Pure. Projection uses the
 * sphere of Web Mercator; distances use the mean sphere of WGS 84 (error half a per cent).
 */

/** Width of the world at zoom 0, in pixels. */
export const TILE_PX = 256;

const MEAN_RADIUS_M = 6_371_008.8;
const radians = Math.PI / 180;

/**
 * Projects a longitude to the range from 0 (180° W) to 1 (180° E).
 *
 * @param {number} longitude degrees
 */
export const mercatorX = (longitude) => longitude / 360 + 0.5;

/**
 * Projects a latitude to the range from 0 (85.05° N) to 1 (85.05° S).
 *
 * @param {number} latitude degrees
 */
export function mercatorY(latitude) {
  const sine = Math.sin(Math.max(-85.0511287798066, Math.min(85.0511287798066, latitude)) * radians);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/**
 * Converts a distance to pixels. Web Mercator stretches with latitude: at 48° a kilometre has half
 * again as many pixels as at the equator.
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
 * Returns the circle around a place as a closed ring: the last position equals the first.
 * Longitudes continue past 180° where the circle crosses the antimeridian.
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
