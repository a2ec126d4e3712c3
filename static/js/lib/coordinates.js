/**
 * Formats coordinates in three notations: decimal degrees, degrees-minutes-seconds and MGRS. Pure;
 * the output is the same in every language. The output has the latitude first; the parameters have
 * it second.
 */
import { formatMgrs } from "./mgrs.js";

/** Decimal digits: 1e-5 degree is about one metre. */
const DECIMAL_DIGITS = 5;

/**
 * @typedef {object} Notation
 * @property {"decimal" | "dms" | "mgrs"} kind
 * @property {string} text
 */

/**
 * Returns a place in every notation available there, decimal degrees first.
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
 * Formats decimal degrees, latitude first, as map services expect: "48.24819, 37.12966".
 *
 * @param {number} longitude degrees
 * @param {number} latitude degrees
 * @returns {string}
 */
export function formatDecimal(longitude, latitude) {
  return `${fixed(latitude)}, ${fixed(longitude)}`;
}

/**
 * Formats degrees, minutes and seconds: "48°14′53.5″N 37°07′46.8″E". A tenth of a second is at most
 * three metres.
 *
 * @param {number} longitude degrees
 * @param {number} latitude degrees
 * @returns {string}
 */
export function formatDms(longitude, latitude) {
  return `${sexagesimal(latitude, "N", "S")} ${sexagesimal(longitude, "E", "W")}`;
}

/**
 * Formats degrees with a fixed number of digits.
 *
 * @param {number} degrees
 * @returns {string} without a negative zero
 */
function fixed(degrees) {
  const text = degrees.toFixed(DECIMAL_DIGITS);
  return Number(text) === 0 ? (0).toFixed(DECIMAL_DIGITS) : text;
}

/**
 * Formats one coordinate. The value is rounded once, in tenths of a second, so that 59.96″ becomes
 * the next minute and never "60.0″".
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
