/**
 * The events nearest to a place. The columns say where they lie, the server what they are. Pure.
 */
import { distanceM, middleOf } from "../lib/shape.js";
import { latitudeOf, longitudeOf } from "../lib/grid.js";

/** @import { Bounds, EventColumns, EventFeature, View } from "../types.js" */

const METRES_PER_DEGREE = 111_195;
/** The poles are nobody's theatre, but a division by zero would be. */
const LEAST_COSINE = 0.01;

/**
 * A box around a place that holds at least so many of some rows, the nearest.
 *
 * @param {EventColumns} columns
 * @param {number[]} rows
 * @param {Pick<View, "longitude" | "latitude">} centre
 * @param {number} wanted
 * @returns {Bounds | null} null when there are no more than that: no box is needed
 */
export function boxOfNearest(columns, rows, { longitude, latitude }, wanted) {
  if (rows.length <= wanted) return null;
  const distances = Float64Array.from(rows, (row) => {
    const place = [longitudeOf(columns.x[row] ?? NaN), latitudeOf(columns.y[row] ?? NaN)];
    return distanceM([longitude, latitude], /** @type {[number, number]} */ (place));
  }).sort();
  const north = ((distances[wanted - 1] ?? 0) + 1) / METRES_PER_DEGREE;
  const east = north / Math.max(LEAST_COSINE, Math.cos((latitude * Math.PI) / 180));
  return [longitude - east, latitude - north, longitude + east, latitude + north];
}

/**
 * What two boxes of the same turn of the globe have in common.
 *
 * @param {Bounds} one
 * @param {Bounds | null} other null: everywhere
 * @returns {Bounds}
 */
export function common(one, other) {
  if (!other) return one;
  return [
    Math.max(one[0], other[0]),
    Math.max(one[1], other[1]),
    Math.min(one[2], other[2]),
    Math.min(one[3], other[3]),
  ];
}

/**
 * @param {EventFeature[]} events
 * @param {Pick<View, "longitude" | "latitude">} centre
 * @returns {EventFeature[]} the nearest first, the newer first among equals as they came
 */
export function byDistance(events, centre) {
  return events
    .map((event) => ({ event, distance: eventDistanceM(event, centre) }))
    .sort((one, other) => one.distance - other.distance)
    .map(({ event }) => event);
}

/**
 * Metres from a place to the middle of an event's shape.
 *
 * @param {EventFeature} event
 * @param {Pick<View, "longitude" | "latitude">} centre
 * @returns {number}
 */
export function eventDistanceM(event, { longitude, latitude }) {
  return distanceM([longitude, latitude], middleOf(event.geometry));
}
