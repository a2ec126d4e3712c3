/** Builds columns for tests from readable rows. */

/** @import { EventColumns, EventPart } from "../../../static/js/types.js" */
import { crc32 } from "node:zlib";
import { assemble } from "../../../static/js/data/assemble.js";
import { gridX, gridY } from "../../../static/js/lib/grid.js";
import { SOURCE_CLASSES } from "../../../static/js/state/facets.js";
import { toDay, toIso } from "../../../static/js/time/day.js";

export const CATEGORIES = [
  { slug: "clash", name: "Clash", parent: null, colour: "#a8321d", colour_night: "#ff7a5c" },
  { slug: "strike", name: "Strike", parent: null, colour: "#8a5a00", colour_night: "#e0b04f" },
  { slug: "strike.drone", name: "Drone strike", parent: "strike", colour: "#8a5a00", colour_night: "#e0b04f" },
  { slug: "other", name: "Other", parent: null, colour: "#7b7569", colour_night: "#9a958a" },
];
export const BELLIGERENTS = [
  { slug: "red", name: "Red", adjective: "Red", colour: "#b0203c", colour_night: "#f0718a" },
  { slug: "blue", name: "Blue", adjective: "Blue", colour: "#1d62b0", colour_night: "#6aa9f0" },
];
const VERIFICATIONS = ["reported", "geolocated", "confirmed", "disputed", "refuted"];
const TIME_PRECISIONS = ["minute", "hour", "day", "month", "year"];
export const ORIGINS = [
  { slug: "desk", name: "Our desk" },
  { slug: "archive", name: "The Archive" },
];
const FIRST_DAY = "2022-02-24";

/**
 * @typedef {object} Row
 * @property {string} day
 * @property {number} [days]
 * @property {number} [longitude]
 * @property {number} [latitude]
 * @property {string} [category]
 * @property {string | null} [actor]
 * @property {string | null} [affected]
 * @property {string} [verification]
 * @property {string} [timePrecision]
 * @property {string} [origin]
 * @property {string[]} [sources] the classes of its sources
 * @property {number} [precisionM]
 * @property {number} [flags] bits of `lib/flags.js`
 * @property {import("geojson").Geometry} [geometry] of a line or an area
 */

/**
 * Returns a part as the decoder returns it.
 *
 * @param {Row[]} rows sorted by day
 * @returns {EventPart}
 */
export function partOf(rows) {
  const categories = CATEGORIES.map(({ slug }) => slug);
  const belligerents = BELLIGERENTS.map(({ slug }) => slug);
  const origins = ORIGINS.map(({ slug }) => slug);
  /** @param {string | null | undefined} slug */
  const side = (slug) => (slug ? 1 + belligerents.indexOf(slug) : 0);
  const starts = rows.map(({ day }) => toDay(day));
  const firstDay = starts[0] ?? 0;
  const precisions = [...new Set(rows.flatMap(({ precisionM = -1 }) => (precisionM > 0 ? [precisionM] : [])))];
  return {
    count: rows.length,
    categories,
    belligerents,
    verifications: VERIFICATIONS,
    timePrecisions: TIME_PRECISIONS,
    origins,
    precisions,
    x: Int32Array.from(rows, ({ longitude = 37 }) => gridX(longitude)),
    y: Int32Array.from(rows, ({ latitude = 48 }) => gridY(latitude)),
    firstDay,
    perDay: Array.from(
      { length: (starts.at(-1) ?? firstDay - 1) - firstDay + 1 },
      (_, n) => starts.filter((day) => day === firstDay + n).length,
    ),
    days: rows.some(({ days = 1 }) => days > 1) ? Int32Array.from(rows, ({ days = 1 }) => days) : null,
    category: Uint8Array.from(rows, ({ category = "clash" }) => 1 + categories.indexOf(category)),
    actor: Uint8Array.from(rows, ({ actor }) => side(actor)),
    affected: Uint8Array.from(rows, ({ affected }) => side(affected)),
    verification: Uint8Array.from(rows, ({ verification = "geolocated" }) => 1 + VERIFICATIONS.indexOf(verification)),
    timePrecision: Uint8Array.from(rows, ({ timePrecision = "day" }) => 1 + TIME_PRECISIONS.indexOf(timePrecision)),
    origin: Uint8Array.from(rows, ({ origin = "desk" }) => 1 + origins.indexOf(origin)),
    flags: Uint8Array.from(rows, ({ flags = 0 }) => flags),
    sourceClasses: Uint8Array.from(rows, ({ sources = [] }) =>
      sources.reduce((bits, one) => bits | (1 << SOURCE_CLASSES.indexOf(one)), 0),
    ),
    precision: Uint8Array.from(rows, ({ precisionM = -1 }) => 1 + precisions.indexOf(precisionM)),
    shapes: new Map(rows.flatMap(({ geometry }, row) => (geometry ? [[row, { id: `shape-${row}`, geometry }]] : []))),
  };
}

/**
 * Returns a part as a server sends it, with only points of one day each.
 *
 * @param {Row[]} rows sorted by day
 * @returns {Uint8Array}
 */
export function bytesOf(rows) {
  const part = partOf(rows);
  /** @type {[string, Uint8Array][]} */
  const sections = [
    ["per_day", Uint8Array.from(part.perDay)],
    ["x", planesOf(part.x)],
    ["y", planesOf(part.y)],
    ["category", part.category],
    ["actor", part.actor],
    ["affected", part.affected],
    ["verification", part.verification],
    ["time_precision", part.timePrecision],
    ["origin", part.origin],
    ["source_classes", part.sourceClasses],
    ["precision", part.precision],
  ];
  const head = Buffer.from(
    JSON.stringify({
      count: part.count,
      first_day: toIso(part.firstDay),
      categories: part.categories,
      belligerents: part.belligerents,
      verifications: part.verifications,
      time_precisions: part.timePrecisions,
      origins: part.origins,
      source_classes: SOURCE_CLASSES,
      precisions_m: part.precisions,
      sections: sections.map(([name, { length }]) => [name, length]),
    }),
  );
  const start = Buffer.from("FLEC\x01\0\0\0....", "latin1");
  start.writeUInt32LE(head.length, 8);
  const body = Buffer.concat([start, head, ...sections.map(([, bytes]) => bytes)]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(crc32(body));
  return new Uint8Array(Buffer.concat([body, sum]));
}

/**
 * Returns the differences between places: the lowest bytes of all differences, then the next bytes.
 * @param {Int32Array} places
 */
function planesOf(places) {
  const steps = places.map((place, n) => place - (places[n - 1] ?? 0)).map((step) => (step << 1) ^ (step >> 31));
  return Uint8Array.from([0, 8, 16, 24].flatMap((shift) => Array.from(steps, (step) => (step >>> shift) & 255)));
}

/**
 * @param {Row[]} rows
 * @returns {EventColumns}
 */
export const columnsOf = (rows) => assemble([partOf(rows)], { revision: "r1" });

/** @type {import("../../../static/js/types.js").Config} */
export const CONFIG = {
  theatre: {
    name: "Theatre",
    extent: [21, 43, 42, 54],
    first_day: FIRST_DAY,
    view: { longitude: 37.1, latitude: 48.27, zoom: 11 },
    belligerents: BELLIGERENTS,
    categories: CATEGORIES,
  },
  assessors: [],
  origins: ORIGINS,
  fields: {
    event: [],
    source: [
      {
        name: "source_class",
        type: "word",
        title: "Who speaks",
        words: {
          party: "Party to the war",
          state_affiliated: "State-affiliated",
          independent: "Independent",
          unknown: "Not classified",
        },
      },
    ],
  },
  opening: { from: "2025-07-15", to: "2025-07-21" },
  newest_day: "2025-07-21",
  last_day: "2025-07-21",
  tiles: null,
  ground: null,
  language: "en",
  messages: {},
  synthetic: false,
};

/**
 * Returns a generator of pseudo-random numbers from 0 to 1, the same in every run.
 * @param {number} seed
 */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
