/**
 * A place in the notations that people copy: decimal degrees, degrees-minutes-seconds, the Military
 * Grid. Pure; the words are the same in every language. Latitude comes first here, as people write
 * it; everywhere else it is second.
 */
import { formatMgrs } from "./mgrs.js";

/** Digits after the point: 1e-5 degree is about a metre, finer than any report. */
const DECIMAL_DIGITS = 5;

/**
 * @typedef {object} Notation
 * @property {"decimal" | "dms" | "mgrs"} kind
 * @property {string} text
 */

/**
 * Every notation that the place has, decimal degrees first.
 *
 * @param {number} longitude degrees
 * @param {number} latitude degrees
 * @returns {Notation[]}
 */
export function notations(longitude, latitude) {
  /** @type {Notation[]} */
  const found = [
    { kind: "decimal", text: formatDecimal(longitude, latitude) },
    { kind: "dms", text: formatDms(longitude, latitude) },
  ];
  const grid = formatMgrs(longitude, latitude);
  if (grid) found.push({ kind: "mgrs", text: grid });
  return found;
}

/**
 * "48.24819, 37.12966", latitude first, as map services take it.
 *
 * @param {number} longitude degrees
 * @param {number} latitude degrees
 * @returns {string}
 */
export function formatDecimal(longitude, latitude) {
  return `${fixed(latitude)}, ${fixed(longitude)}`;
}

/**
 * "48°14′53.5″N 37°07′46.8″E"; a tenth of a second is at most three metres.
 *
 * @param {number} longitude degrees
 * @param {number} latitude degrees
 * @returns {string}
 */
export function formatDms(longitude, latitude) {
  return `${sexagesimal(latitude, "N", "S")} ${sexagesimal(longitude, "E", "W")}`;
}

/** @param {number} degrees @returns {string} without a negative zero */
function fixed(degrees) {
  const text = degrees.toFixed(DECIMAL_DIGITS);
  return Number(text) === 0 ? (0).toFixed(DECIMAL_DIGITS) : text;
}

/**
 * Rounds once, in tenths of a second, so that 59.96″ becomes the next minute and never "60.0″".
 *
 * @param {number} degrees
 * @param {string} positive
 * @param {string} negative
 */
function sexagesimal(degrees, positive, negative) {
  const tenths = Math.round(Math.abs(degrees) * 36_000);
  const seconds = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
  const minutes = String(Math.floor(tenths / 600) % 60).padStart(2, "0");
  const hemisphere = degrees < 0 && tenths > 0 ? negative : positive;
  return `${Math.floor(tenths / 36_000)}°${minutes}′${seconds}″${hemisphere}`;
}
