/**
 * Builds API parameters from the state.
 *
 * @import { Bounds, DayRange, Filters } from "../types.js"
 */
import { FACETS } from "../state/facets.js";
import { toIso } from "../time/day.js";

/**
 * Parameters by name; several values are comma-separated. Empty values are not sent.
 * @typedef {Record<string, string | number | null | undefined>} Parameters
 */

/**
 * Returns the parameters of an events query.
 *
 * @param {object} query
 * @param {DayRange} [query.window]
 * @param {Filters} [query.filters]
 * @param {Bounds | null} [query.bounds]
 * @returns {Parameters}
 */
export function itemsParameters({ window, filters, bounds }) {
  return {
    datetime: window && `${toIso(window.from)}/${toIso(window.to - 1)}`,
    bbox: bounds && bboxText(bounds),
    ...Object.fromEntries(FACETS.map(({ name }) => [name, filters?.[name].join(",")])),
    q: filters?.q,
  };
}

/**
 * Returns the cursor of the page after a page.
 *
 * @param {{ links: { rel: string, href: string }[] }} page
 * @returns {string | null} null: the last page
 */
export function cursorOf({ links }) {
  const next = links.find(({ rel }) => rel === "next");
  return next ? new URL(next.href, location.href).searchParams.get("cursor") : null;
}

/**
 * Formats a bounding box for the API. West is greater than east if the box crosses the
 * antimeridian. A box wider than the globe becomes the whole globe.
 *
 * @param {Bounds} bounds degrees, longitudes may be outside [-180, 180)
 * @returns {string}
 */
export function bboxText([west, south, east, north]) {
  const round = east - west >= 360;
  const box = round ? [-180, south, 180, north] : [turned(west), south, turned(east), north];
  return box.map((degrees, index) => (index % 2 ? Math.max(-90, Math.min(90, degrees)) : degrees).toFixed(6)).join(",");
}

/**
 * Wraps a longitude.
 *
 * @param {number} longitude may be outside [-180, 180)
 * @returns {number} in [-180, 180)
 */
function turned(longitude) {
  return longitude - 360 * Math.floor((longitude + 180) / 360);
}

/**
 * Appends a query string to a path.
 *
 * @param {string} path
 * @param {Parameters} parameters
 * @returns {string}
 */
export function withQuery(path, parameters) {
  const query = Object.entries(parameters)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(/** @type {string} */ (value))
          .replaceAll("%2C", ",")
          .replaceAll("%2F", "/")}`,
    );
  return query.length ? `${path}?${query.join("&")}` : path;
}
