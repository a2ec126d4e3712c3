/** Columns for tests, from rows as a person would write them. */

/** @import { EventColumns } from "../../../static/js/types.js" */
import { decodeColumns } from "../../../static/js/data/event-columns.js";
import { toDay } from "../../../static/js/time/day.js";

export const CATEGORIES = [
  { slug: "clash", name: "Clash", parent: null, colour: "#a8321d", colour_night: "#ff7a5c" },
  { slug: "strike", name: "Strike", parent: null, colour: "#8a5a00", colour_night: "#e0b04f" },
  { slug: "strike.drone", name: "Drone strike", parent: "strike", colour: "#8a5a00", colour_night: "#e0b04f" },
];
export const BELLIGERENTS = [
  { slug: "red", name: "Red", adjective: "Red", colour: "#b0203c", colour_night: "#f0718a" },
  { slug: "blue", name: "Blue", adjective: "Blue", colour: "#1d62b0", colour_night: "#6aa9f0" },
];
const VERIFICATIONS = ["reported", "geolocated", "confirmed", "disputed", "refuted"];
const TIME_PRECISIONS = ["minute", "hour", "day", "month", "year"];
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
 * @property {number} [precisionM]
 * @property {import("geojson").Geometry} [geometry] of a line or an area
 */

/**
 * What the server would answer.
 *
 * @param {Row[]} rows
 * @returns {any}
 */
export function wireOf(rows) {
  const categories = CATEGORIES.map(({ slug }) => slug);
  const belligerents = BELLIGERENTS.map(({ slug }) => slug);
  /** @param {string | null | undefined} slug */
  const side = (slug) => (slug ? belligerents.indexOf(slug) : -1);
  return {
    revision: "r1",
    count: rows.length,
    first_day: FIRST_DAY,
    categories,
    belligerents,
    verifications: VERIFICATIONS,
    time_precisions: TIME_PRECISIONS,
    longitude: rows.map(({ longitude = 37 }) => Math.round(longitude * 1e5)),
    latitude: rows.map(({ latitude = 48 }) => Math.round(latitude * 1e5)),
    day: rows.map(({ day }) => toDay(day) - toDay(FIRST_DAY)),
    days: rows.map(({ days = 1 }) => days),
    category: rows.map(({ category = "clash" }) => categories.indexOf(category)),
    actor: rows.map(({ actor }) => side(actor)),
    affected: rows.map(({ affected }) => side(affected)),
    verification: rows.map(({ verification = "geolocated" }) => VERIFICATIONS.indexOf(verification)),
    time_precision: rows.map(({ timePrecision = "day" }) => TIME_PRECISIONS.indexOf(timePrecision)),
    precision_m: rows.map(({ precisionM = -1 }) => precisionM),
    shapes: rows.flatMap(({ geometry }, row) => (geometry ? [{ row, id: `shape-${row}`, geometry }] : [])),
  };
}

/**
 * @param {Row[]} rows
 * @returns {EventColumns}
 */
export const columnsOf = (rows) => decodeColumns(wireOf(rows));

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
  opening: { from: "2025-07-15", to: "2025-07-21" },
  newest_day: "2025-07-21",
  last_day: "2025-07-21",
  tiles: null,
  ground: null,
  language: "en",
  messages: {},
  synthetic: false,
};

/** Numbers that look random and are the same in every run, from 0 to 1. @param {number} seed */
export function randomFrom(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
