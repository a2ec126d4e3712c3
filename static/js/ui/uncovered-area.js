/** Computes the part of the map without overlays, and the view that moves a place into it. Pure. */

/** @import { Bounds, View } from "../types.js" */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Rectangle pixels */

/** An overlay wider than this share of the map is at the top or bottom; others are at a side. */
const BROAD = 0.6;

/**
 * Returns the rectangle that the overlays leave free.
 *
 * @param {Rectangle} map
 * @param {Rectangle[]} over
 * @returns {Rectangle}
 */
export function freeRoom(map, over) {
  const { left, top, right, bottom } = map; // one by one, because a DOMRect has no own properties to spread
  const free = { left, top, right, bottom };
  for (const cover of over) {
    const apart =
      cover.right <= map.left || cover.left >= map.right || cover.bottom <= map.top || cover.top >= map.bottom;
    if (apart || cover.right <= cover.left || cover.bottom <= cover.top) continue;
    const broad = cover.right - cover.left > BROAD * (map.right - map.left);
    if (broad) {
      if (cover.top + cover.bottom > map.top + map.bottom) free.bottom = Math.min(free.bottom, cover.top);
      else free.top = Math.max(free.top, cover.bottom);
    } else if (cover.left + cover.right > map.left + map.right) free.right = Math.min(free.right, cover.left);
    else free.left = Math.max(free.left, cover.right);
  }
  return free.right > free.left && free.bottom > free.top ? free : map;
}

/**
 * Returns the view that moves a place into the free rectangle, or null if the place is already
 * there.
 *
 * @param {{ longitude: number, latitude: number }} place
 * @param {View} view
 * @param {Bounds} bounds of the map
 * @param {Rectangle} map
 * @param {Rectangle} free
 * @returns {View | null}
 */
export function viewWith(place, view, bounds, map, free) {
  const [west, south, east, north] = bounds;
  // Uses the copy of the world nearest to the centre, if the map was dragged around the globe.
  const middle = (west + east) / 2;
  const longitude = place.longitude + Math.round((middle - place.longitude) / 360) * 360;
  const across = (longitude - west) / (east - west);
  const down = (mercator(north) - mercator(place.latitude)) / (mercator(north) - mercator(south));
  const x = map.left + across * (map.right - map.left);
  const y = map.top + down * (map.bottom - map.top);
  if (x >= free.left && x <= free.right && y >= free.top && y <= free.bottom) return null;
  const aside = (free.left + free.right - map.left - map.right) / 2 / (map.right - map.left);
  const below = (free.top + free.bottom - map.top - map.bottom) / 2 / (map.bottom - map.top);
  return {
    zoom: view.zoom,
    longitude: longitude - aside * (east - west),
    latitude: unmercator(mercator(place.latitude) + below * (mercator(north) - mercator(south))),
  };
}

/**
 * Projects a latitude.
 *
 * @param {number} latitude degrees
 * @returns {number} in Mercator projection
 */
function mercator(latitude) {
  return Math.asinh(Math.tan((latitude * Math.PI) / 180));
}

/** Returns the latitude of a projected value. @param {number} y @returns {number} degrees */
function unmercator(y) {
  return (Math.atan(Math.sinh(y)) * 180) / Math.PI;
}
