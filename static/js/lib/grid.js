/**
 * Converts between degrees and the integer grid of the event columns. The grid covers Web Mercator
 * with 2^25 steps in each direction: 1.2 m at the equator, 0.8 m at 48°. x runs from 180° W to the
 * east, y from 85.05° N to the south. Pure.
 */
import { mercatorX, mercatorY } from "./mercator.js";

export const STEPS = 2 ** 25;

/** Digits in the API's GeoJSON. Values with more digits are rounded first, as the server does. */
const DIGITS = 1e6;

/** Returns the column of a longitude. @param {number} longitude degrees */
export const gridX = (longitude) => Math.floor(mercatorX(Math.round(longitude * DIGITS) / DIGITS) * STEPS + 0.5);

/** Returns the row of a latitude. @param {number} latitude degrees */
export const gridY = (latitude) => Math.floor(mercatorY(Math.round(latitude * DIGITS) / DIGITS) * STEPS + 0.5);

/** Returns the longitude of a column. @param {number} x @returns {number} degrees */
export const longitudeOf = (x) => (x / STEPS - 0.5) * 360;

/** Returns the latitude of a row. @param {number} y @returns {number} degrees */
export const latitudeOf = (y) =>
  (Math.atan(Math.exp((0.5 - y / STEPS) * 2 * Math.PI)) * 2 - Math.PI / 2) * (180 / Math.PI);
