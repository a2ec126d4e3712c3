/**
 * The wire format of the events, and the only module that knows it: JSON with one list for each property (a column),
 * sorted by day. What does not hold together is refused whole, with the column and the row: a map with a few events in
 * the wrong place is worse than one that says it cannot be read.
 *
 * @import { EventColumns, Shape } from "../types.js"
 */
import { toDay } from "../time/day.js";

/** Whole units of the wire in one degree. */
const UNITS_PER_DEGREE = 1e5;

/** The columns do not hold together; the message says where. */
export class BrokenColumns extends Error {
  /** @override */
  name = "BrokenColumns";
}

/** @param {boolean} holds @param {string} otherwise @returns {asserts holds} */
function must(holds, otherwise) {
  if (!holds) throw new BrokenColumns(otherwise);
}

/** So many words fit the indices of a `Uint8Array`, and of an `Int8Array` in which -1 is "not known". */
const MOST_WORDS = 256;
const MOST_SIDES = 128;

/** @param {any} wire @param {string} name @param {number} [most] @returns {string[]} */
function words(wire, name, most = MOST_WORDS) {
  const list = wire[name];
  must(Array.isArray(list) && list.every((word) => typeof word === "string"), `${name}: must be a list of words`);
  must(list.length <= most, `${name}: has more than ${most} words`);
  return list;
}

/**
 * A column of whole numbers in a range.
 *
 * @template {Int8Array | Uint8Array | Int32Array | Float64Array} Kind
 * @param {any} wire
 * @param {string} name
 * @param {new (length: number) => Kind} Kind
 * @param {number} least
 * @param {number} most
 * @param {number} [units] in one of what the column then holds
 * @returns {Kind}
 */
function numbers(wire, name, Kind, least, most, units = 1) {
  const list = wire[name];
  must(Array.isArray(list), `${name}: is missing`);
  must(list.length === wire.count, `${name}: has ${list.length} rows, not ${wire.count}`);
  const column = new Kind(list.length);
  for (let row = 0; row < list.length; row++) {
    const value = list[row];
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new BrokenColumns(
        `${name}, row ${row}: ${JSON.stringify(value)} is not a whole number from ${least} to ${most}`,
      );
    }
    column[row] = value / units;
  }
  return column;
}

const SHAPES = new Set([
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "MultiPoint",
  "GeometryCollection",
]);

/** @param {any} wire @returns {Map<number, Shape>} */
function shapes(wire) {
  must(Array.isArray(wire.shapes), "shapes: is missing");
  const found = new Map();
  for (const [index, shape] of wire.shapes.entries()) {
    const { row, id, geometry } = Object(shape);
    must(Number.isInteger(row) && row >= 0 && row < wire.count, `shapes, ${index}: no row ${row}`);
    must(typeof id === "string", `shapes, ${index}: has no id`);
    must(SHAPES.has(geometry?.type), `shapes, ${index}: ${geometry?.type} is no shape`);
    found.set(row, { id, geometry });
  }
  return found;
}

/**
 * Reads the answer of `/api/collections/events/columns`.
 *
 * @param {any} wire parsed JSON
 * @returns {EventColumns}
 * @throws {BrokenColumns}
 */
export function decodeColumns(wire) {
  must(wire !== null && typeof wire === "object", "the columns are no object");
  must(Number.isInteger(wire.count) && wire.count >= 0, `count: ${wire.count}`);
  must(typeof wire.revision === "string", "revision: is missing");

  /** @type {number} */
  let firstDay;
  try {
    firstDay = toDay(String(wire.first_day));
  } catch {
    throw new BrokenColumns(`first_day: ${wire.first_day}`);
  }

  const categories = words(wire, "categories");
  const belligerents = words(wire, "belligerents", MOST_SIDES);
  const verifications = words(wire, "verifications");
  const timePrecisions = words(wire, "time_precisions");

  const day = numbers(wire, "day", Int32Array, -3_000_000, 3_000_000);
  const days = numbers(wire, "days", Int32Array, 1, 3_000_000);
  const extent = { from: Infinity, to: -Infinity };
  for (let row = 0; row < day.length; row++) {
    const first = /** @type {number} */ (day[row]);
    must(
      row === 0 || first >= /** @type {number} */ (wire.day[row - 1]),
      `day, row ${row}: is before the row above it`,
    );
    day[row] = first + firstDay;
    extent.from = Math.min(extent.from, first + firstDay);
    extent.to = Math.max(extent.to, first + firstDay + /** @type {number} */ (days[row]));
  }

  return {
    revision: wire.revision,
    count: wire.count,
    categories,
    belligerents,
    verifications,
    timePrecisions,
    longitude: numbers(
      wire,
      "longitude",
      Float64Array,
      -180 * UNITS_PER_DEGREE,
      180 * UNITS_PER_DEGREE,
      UNITS_PER_DEGREE,
    ),
    latitude: numbers(wire, "latitude", Float64Array, -90 * UNITS_PER_DEGREE, 90 * UNITS_PER_DEGREE, UNITS_PER_DEGREE),
    day,
    days,
    category: numbers(wire, "category", Uint8Array, 0, categories.length - 1),
    actor: numbers(wire, "actor", Int8Array, -1, belligerents.length - 1),
    affected: numbers(wire, "affected", Int8Array, -1, belligerents.length - 1),
    verification: numbers(wire, "verification", Uint8Array, 0, verifications.length - 1),
    timePrecision: numbers(wire, "time_precision", Uint8Array, 0, timePrecisions.length - 1),
    precisionM: numbers(wire, "precision_m", Int32Array, -1, 100_000_000),
    shapes: shapes(wire),
    extent: wire.count > 0 ? extent : { from: firstDay, to: firstDay },
  };
}
