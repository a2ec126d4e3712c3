/**
 * What the state asks of the API, in the API's parameters.
 *
 * @import { Bounds, DayRange, Filters } from "../types.js"
 */
import { FACETS } from "../state/facets.js";
import { toIso } from "../time/day.js";

/**
 * Parameters by name; several values are comma-separated. Empty ones are not sent.
 * @typedef {Record<string, string | number | null | undefined>} Parameters
 */

/**
 * @param {object} asked
 * @param {DayRange} [asked.window]
 * @param {Filters} [asked.filters]
 * @param {Bounds | null} [asked.bounds]
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
 * A box as the API takes it: west may be greater than east, then it crosses the antimeridian; a box
 * that goes round the whole globe is the whole globe.
 *
 * @param {Bounds} bounds degrees, longitudes of any turn
 * @returns {string}
 */
export function bboxText([west, south, east, north]) {
  const round = east - west >= 360;
  const box = round ? [-180, south, 180, north] : [turned(west), south, turned(east), north];
  return box.map((degrees, index) => (index % 2 ? Math.max(-90, Math.min(90, degrees)) : degrees).toFixed(6)).join(",");
}

/** @param {number} longitude of any turn @returns {number} of this one, [-180, 180) */
function turned(longitude) {
  return longitude - 360 * Math.floor((longitude + 180) / 360);
}

/**
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
