/**
 * Outlines: what the columns have of an event before the full event is loaded. An outline has the
 * category, days, place and sides, but no title and no id. Pure.
 *
 * @import { Geometry } from "geojson"
 * @import { EventColumns, EventFeature, EventProperties } from "../types.js"
 */
import { CATEGORY_GUESSED, PLACE_DOUBTFUL } from "../lib/flags.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../lib/grid.js";
import { middleOf } from "../lib/shape.js";
import { dayOf, daysTouched, toIso } from "../time/day.js";

const TIMED = new Set(["minute", "hour"]);

/**
 * An incomplete event; its time has only the days.
 * @typedef {object} Outline
 * @property {[longitude: number, latitude: number]} place
 * @property {Geometry} geometry of a point, at the precision of the columns
 * @property {string} timePrecision of the full event: "minute" and "hour" mean that the full event
 *   has a time of day
 * @property {Pick<EventProperties, "category" | "actor" | "affected" | "verification" |
 *   "precision_m" | "happened_from" | "happened_to" | "time_precision" | "category_guessed"> & { doubt: object | null }}
 *   properties
 */

/**
 * Returns the outline of a row.
 *
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
      category_guessed: ((columns.flags[row] ?? 0) & CATEGORY_GUESSED) !== 0,
      doubt: (columns.flags[row] ?? 0) & PLACE_DOUBTFUL ? {} : null,
    },
  };
}

/**
 * Returns the events of some rows: first the loaded events, in their given order, then outlines of
 * the others. Outlines with a time of day come first, because they are newer.
 *
 * @param {EventColumns} columns
 * @param {number[]} rows
 * @param {Iterable<EventFeature>} loaded
 * @param {number} [most] maximum of each
 * @returns {(EventFeature | Outline)[]}
 */
export function asKnown(columns, rows, loaded, most = Infinity) {
  /** @type {Map<string, number[]>} */
  const unknown = new Map();
  for (const row of rows) {
    const likeness = likenessOfRow(columns, row);
    const alike = unknown.get(likeness);
    if (alike) alike.push(row);
    else unknown.set(likeness, [row]);
  }
  const events = [...loaded].filter((event) => unknown.get(likenessOf(event))?.pop() !== undefined);
  /** Returns whether a row has a time of day. @param {number} row */
  const isTimed = (row) => TIMED.has(columns.timePrecisions[columns.timePrecision[row] ?? -1] ?? "");
  const rest = [...unknown.values()]
    .flat()
    .sort((one, other) => Number(isTimed(other)) - Number(isTimed(one)) || one - other);
  return [...events, ...rest.slice(0, most).map((row) => outlineOf(columns, row))];
}

/**
 * Sorts events of the same moment in column order. The server's order is arbitrary there, and
 * outlines keep their position when the events arrive.
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
 * Returns the event of a row; the first one if several are alike. The columns have ids only for
 * lines and areas.
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
 * Compares two places by Morton code; x has the lower bit of each pair.
 *
 * @param {{ x: number, y: number }} one
 * @param {{ x: number, y: number }} other
 */
function byMorton(one, other) {
  const [x, y] = [one.x ^ other.x, one.y ^ other.y];
  // The highest differing bit decides. In the same rank the bit of y is higher.
  return Math.clz32(y) <= Math.clz32(x) ? one.y - other.y : one.x - other.x;
}

/**
 * Returns a key from the properties that an event and its row share. A line or an area has its id.
 * @param {EventFeature} event
 */
function likenessOf({ id, geometry, properties }) {
  if (geometry.type !== "Point") return id;
  const [longitude = NaN, latitude = NaN] = geometry.coordinates;
  const { category, actor, affected, verification } = properties;
  const day = dayOf(properties.happened_from);
  return [day, gridX(longitude), gridY(latitude), category, actor, affected, verification].join(" ");
}

/** Returns the same key for a row. @param {EventColumns} columns @param {number} row */
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
