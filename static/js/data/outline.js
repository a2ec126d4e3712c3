/**
 * What the columns say of an event, before the server has answered: its kind, days, place and
 * sides, but neither title nor id. Pure.
 *
 * @import { Geometry } from "geojson"
 * @import { EventColumns, EventFeature, EventProperties } from "../types.js"
 */
import { gridX, gridY, latitudeOf, longitudeOf } from "../lib/grid.js";
import { middleOf } from "../lib/shape.js";
import { dayOf, daysTouched, toIso } from "../time/day.js";

const TIMED = new Set(["minute", "hour"]);

/**
 * As much of an event as is known; of the time no more than its days.
 * @typedef {object} Outline
 * @property {[longitude: number, latitude: number]} place
 * @property {Geometry} geometry of a point as exactly as the columns have it
 * @property {string} timePrecision as it is: "minute" and "hour" say that there is a time of day,
 *   which is not here
 * @property {Pick<EventProperties, "category" | "actor" | "affected" | "verification" |
 *   "precision_m" | "happened_from" | "happened_to" | "time_precision">} properties
 */

/**
 * @param {EventColumns} columns
 * @param {number} row
 * @returns {Outline}
 */
export function outlineOf(columns, row) {
  const from = columns.day[row] ?? 0;
  const metres = columns.precisionM[row] ?? -1;
  const precision = columns.timePrecisions[columns.timePrecision[row] ?? -1] ?? "";
  /** @type {Outline["place"]} */
  const place = [longitudeOf(columns.x[row] ?? NaN), latitudeOf(columns.y[row] ?? NaN)];
  return {
    place,
    geometry: columns.shapes.get(row)?.geometry ?? { type: "Point", coordinates: place },
    timePrecision: precision,
    properties: {
      category: columns.categories[columns.category[row] ?? -1] ?? "",
      actor: columns.belligerents[columns.actor[row] ?? -1] ?? null,
      affected: columns.belligerents[columns.affected[row] ?? -1] ?? null,
      verification: columns.verifications[columns.verification[row] ?? -1] ?? "",
      precision_m: metres < 0 ? null : metres,
      happened_from: `${toIso(from)}T00:00:00Z`,
      happened_to: `${toIso(from + (columns.days[row] ?? 1))}T00:00:00Z`,
      time_precision: precision === "month" || precision === "year" ? precision : "day",
    },
  };
}

/**
 * The events of some rows: those that are known already, in the order in which they are known, then
 * the outlines of the others, those with a time of day first, as the newest are.
 *
 * @param {EventColumns} columns
 * @param {number[]} rows
 * @param {Iterable<EventFeature>} known
 * @param {number} [most] of each
 * @returns {(EventFeature | Outline)[]}
 */
export function asKnown(columns, rows, known, most = Infinity) {
  /** @type {Map<string, number[]>} */
  const unknown = new Map();
  for (const row of rows) {
    const likeness = likenessOfRow(columns, row);
    const alike = unknown.get(likeness);
    if (alike) alike.push(row);
    else unknown.set(likeness, [row]);
  }
  const events = [...known].filter((event) => unknown.get(likenessOf(event))?.pop() !== undefined);
  /** @param {number} row */
  const isTimed = (row) => TIMED.has(columns.timePrecisions[columns.timePrecision[row] ?? -1] ?? "");
  const rest = [...unknown.values()]
    .flat()
    .sort((one, other) => Number(isTimed(other)) - Number(isTimed(one)) || one - other);
  return [...events, ...rest.slice(0, most).map((row) => outlineOf(columns, row))];
}

/**
 * Events of a page, those that began in the same moment in the order that the columns have: the
 * server's is as good as none, and what stood in the list as an outline stays where it was.
 *
 * @param {EventFeature[]} events newest first
 * @returns {EventFeature[]}
 */
export function inOrderOfColumns(events) {
  const placed = events.map((event) => {
    const { happened_from: from, happened_to: to } = event.properties;
    const days = daysTouched(from, to);
    const [longitude, latitude] = middleOf(event.geometry);
    const lasts = days.to - days.from > 1;
    return { event, moment: Date.parse(from), lasts, x: gridX(longitude), y: gridY(latitude) };
  });
  return placed
    .sort(
      (one, other) =>
        other.moment - one.moment ||
        Number(one.lasts) - Number(other.lasts) ||
        byMorton(one, other) ||
        (one.event.id < other.event.id ? -1 : 1),
    )
    .map(({ event }) => event);
}

/**
 * The event of a row among some; of several that are alike, the first. The columns have ids of
 * lines and areas alone.
 *
 * @param {EventColumns} columns
 * @param {number} row
 * @param {EventFeature[]} events
 * @returns {EventFeature | undefined}
 */
export function eventLike(columns, row, events) {
  const likeness = likenessOfRow(columns, row);
  return events.find((event) => likenessOf(event) === likeness);
}

/**
 * Which of two places comes first by their Morton codes, in which x has the lower of each two bits.
 *
 * @param {{ x: number, y: number }} one
 * @param {{ x: number, y: number }} other
 */
function byMorton(one, other) {
  const [x, y] = [one.x ^ other.x, one.y ^ other.y];
  // The highest bit in which they differ decides; y's is the higher of two of the same rank.
  return Math.clz32(y) <= Math.clz32(x) ? one.y - other.y : one.x - other.x;
}

/**
 * What an event and its row have in common; a line or an area has its id.
 * @param {EventFeature} event
 */
function likenessOf({ id, geometry, properties }) {
  if (geometry.type !== "Point") return id;
  const [longitude = NaN, latitude = NaN] = geometry.coordinates;
  const { category, actor, affected, verification } = properties;
  const day = dayOf(properties.happened_from);
  return [day, gridX(longitude), gridY(latitude), category, actor, affected, verification].join(" ");
}

/** @param {EventColumns} columns @param {number} row */
function likenessOfRow(columns, row) {
  const shape = columns.shapes.get(row);
  if (shape) return shape.id;
  const { categories, belligerents, verifications } = columns;
  return [
    columns.day[row],
    columns.x[row],
    columns.y[row],
    categories[columns.category[row] ?? -1],
    belligerents[columns.actor[row] ?? -1],
    belligerents[columns.affected[row] ?? -1],
    verifications[columns.verification[row] ?? -1],
  ].join(" ");
}
