/**
 * Places as whole numbers: the grid over Web Mercator that the event columns have. The world has
 * 2^25 steps in each direction: 1.2 m on the equator, 0.8 m at 48°. x runs from 180° W to the east,
 * y from 85.05° N to the south. Pure.
 */
import { mercatorX, mercatorY } from "./mercator.js";

export const STEPS = 2 ** 25;

/**
 * The API's GeoJSON has so many digits of a degree; what has more is rounded first, as the server
 * does.
 */
const DIGITS = 1e6;

/** @param {number} longitude degrees */
export const gridX = (longitude) => Math.floor(mercatorX(Math.round(longitude * DIGITS) / DIGITS) * STEPS + 0.5);

/** @param {number} latitude degrees */
export const gridY = (latitude) => Math.floor(mercatorY(Math.round(latitude * DIGITS) / DIGITS) * STEPS + 0.5);

/** @param {number} x @returns {number} degrees */
export const longitudeOf = (x) => (x / STEPS - 0.5) * 360;

/** @param {number} y @returns {number} degrees */
export const latitudeOf = (y) =>
  (Math.atan(Math.exp((0.5 - y / STEPS) * 2 * Math.PI)) * 2 - Math.PI / 2) * (180 / Math.PI);
