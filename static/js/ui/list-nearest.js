/**
 * Finds the events nearest to a place. The columns have the positions, the server the events. Pure.
 */
import { distanceM, middleOf } from "../lib/shape.js";
import { latitudeOf, longitudeOf } from "../lib/grid.js";

/** @import { Bounds, EventColumns, EventFeature, View } from "../types.js" */

const METRES_PER_DEGREE = 111_195;
/** Lower limit of the cosine, to avoid a division by zero at the poles. */
const LEAST_COSINE = 0.01;

/**
 * Returns a box around a place that contains at least the given number of nearest rows.
 *
 * @param {EventColumns} columns
 * @param {number[]} rows
 * @param {Pick<View, "longitude" | "latitude">} centre
 * @param {number} count
 * @returns {Bounds | null} null: there are no more rows than that, so no box is needed
 */
export function boxOfNearest(columns, rows, { longitude, latitude }, count) {
  if (rows.length <= count) return null;
  const distances = Float64Array.from(rows, (row) => {
    const place = [longitudeOf(columns.x[row] ?? NaN), latitudeOf(columns.y[row] ?? NaN)];
    return distanceM([longitude, latitude], /** @type {[number, number]} */ (place));
  }).sort();
  const north = ((distances[count - 1] ?? 0) + 1) / METRES_PER_DEGREE;
  const east = north / Math.max(LEAST_COSINE, Math.cos((latitude * Math.PI) / 180));
  return [longitude - east, latitude - north, longitude + east, latitude + north];
}

/**
 * Returns the intersection of two boxes in the same copy of the world.
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
 * Sorts events by distance.
 *
 * @param {EventFeature[]} events
 * @param {Pick<View, "longitude" | "latitude">} centre
 * @returns {EventFeature[]} nearest first; equal distances keep their order
 */
export function byDistance(events, centre) {
  return events
    .map((event) => ({ event, distance: eventDistanceM(event, centre) }))
    .sort((one, other) => one.distance - other.distance)
    .map(({ event }) => event);
}

/**
 * Returns the distance from a place to the middle of an event's shape, in metres.
 *
 * @param {EventFeature} event
 * @param {Pick<View, "longitude" | "latitude">} centre
 * @returns {number}
 */
export function eventDistanceM(event, { longitude, latitude }) {
  return distanceM([longitude, latitude], middleOf(event.geometry));
}
