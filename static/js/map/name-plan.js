/**
 * Chooses the place names for a zoom level so that none overlap. Pure.
 *
 * The plan depends only on the zoom level, so names do not appear or disappear while the map is
 * dragged.
 */
import { overlaps } from "../lib/free-room.js";
import { TILE_PX, mercatorX, mercatorY } from "../lib/mercator.js";

/** Coordinate units of the wire format in one degree. */
const UNITS_PER_DEGREE = 1e4;

/**
 * The style of a name by the weight of its place, approximately the population.
 * @typedef {object} Rank
 * @property {number} least weight
 * @property {number} zoom the lowest zoom level
 * @property {number} size of the letters, pixels
 * @property {number} boldness
 * @property {number} dot radius, pixels
 */

/** @type {readonly Rank[]} */
export const RANKS = Object.freeze([
  { least: 900_000, zoom: 4, size: 14, boldness: 650, dot: 3 },
  { least: 200_000, zoom: 5, size: 13, boldness: 600, dot: 2.5 },
  { least: 40_000, zoom: 7, size: 13, boldness: 600, dot: 2.25 },
  { least: 8_000, zoom: 9, size: 12, boldness: 400, dot: 2 },
  { least: 1_500, zoom: 10, size: 12, boldness: 400, dot: 1.75 },
  { least: 0, zoom: 11, size: 12, boldness: 400, dot: 1.5 },
]);

/** The least weight of a large city. */
const LARGE = 200_000;

/** Gap between a dot and its name, and margins around a name and around a dot, in pixels. */
export const NAME_GAP = 4;
const ROOM = { x: 5, y: 2 };

/**
 * A name with its position.
 * @typedef {object} PlacedName
 * @property {string} name
 * @property {Rank} rank
 * @property {number} x of the place, as a share of the world
 * @property {number} y
 * @property {number} width of the name, pixels
 * @property {boolean} isLeft whether the name stands left of its dot
 */

/**
 * Creates the plan.
 *
 * @param {any} wire the response of `/api/collections/places/labels`, in descending weight
 * @param {(name: string, rank: Rank) => number} measure returns the width of a name in pixels
 * @returns {(zoom: number) => PlacedName[]}
 */
export function createNamePlan({ longitude, latitude, weight, name }, measure) {
  /** @type {PlacedName[]} width NaN: not measured yet */
  const names = name.map((/** @type {string} */ words, /** @type {number} */ n) => ({
    name: words,
    rank: RANKS.find(({ least }) => weight[n] >= least) ?? RANKS.at(-1),
    x: mercatorX(longitude[n] / UNITS_PER_DEGREE),
    y: mercatorY(latitude[n] / UNITS_PER_DEGREE),
    width: NaN,
    isLeft: false,
  }));
  /** @type {Map<number, PlacedName[]>} */
  const plans = new Map();

  return (zoom) => {
    const whole = Math.floor(zoom);
    let plan = plans.get(whole);
    if (!plan) {
      plan = placed(names, whole, measure);
      plans.set(whole, plan);
    }
    return plan;
  };
}

/**
 * Returns whether an overlay cuts a name, which could then be misread: "o-Frankivsk".
 *
 * @param {PlacedName} placed
 * @param {number} left of its dot, pixels
 * @param {number} top
 * @param {readonly import("../lib/free-room.js").Rectangle[]} covers overlays,
 *   in the same pixels
 */
export function isCut({ rank, width, isLeft }, left, top, covers) {
  const reach = rank.dot + NAME_GAP + width;
  const [from, to] = isLeft ? [left - reach, left + rank.dot] : [left - rank.dot, left + reach];
  const box = { left: from, top: top - rank.size / 2, right: to, bottom: top + rank.size / 2 };
  return covers.some((cover) => overlaps(cover, box));
}

/** Cell size of the grid for the overlap test, in pixels: about the width of a name. */
const CELL_PX = 96;

/**
 * Places the names of a zoom level.
 *
 * @param {PlacedName[]} names in descending weight
 * @param {number} zoom
 * @param {(name: string, rank: Rank) => number} measure
 */
function placed(names, zoom, measure) {
  const worldPx = TILE_PX * 2 ** zoom;
  /** @type {Map<number, [left: number, top: number, right: number, bottom: number][]>} */
  const cells = new Map();
  const across = Math.ceil(worldPx / CELL_PX) + 2;
  /** @type {PlacedName[]} */
  const plan = [];
  for (const one of names) {
    const { rank } = one;
    if (zoom < rank.zoom) continue;
    if (Number.isNaN(one.width)) one.width = measure(one.name, rank);
    // A large city beside a larger one: the larger one's name stands left, where it leaves room.
    const isLeft = rank.least >= LARGE && coversCity(one, names, worldPx);
    const [x, y] = [one.x * worldPx, one.y * worldPx];
    const reach = rank.dot + NAME_GAP + one.width + ROOM.x;
    const box = /** @type {[number, number, number, number]} */ ([
      x - (isLeft ? reach : rank.dot + ROOM.x),
      y - rank.size / 2 - ROOM.y,
      x + (isLeft ? rank.dot + ROOM.x : reach),
      y + rank.size / 2 + ROOM.y,
    ]);
    const touched = [];
    for (let row = Math.floor(box[1] / CELL_PX); row <= Math.floor(box[3] / CELL_PX); row++) {
      for (let column = Math.floor(box[0] / CELL_PX); column <= Math.floor(box[2] / CELL_PX); column++) {
        touched.push(row * across + column);
      }
    }
    const taken = touched.some((cell) =>
      cells
        .get(cell)
        ?.some((other) => other[0] < box[2] && other[2] > box[0] && other[1] < box[3] && other[3] > box[1]),
    );
    if (taken) continue;
    for (const cell of touched) {
      const others = cells.get(cell);
      if (others) others.push(box);
      else cells.set(cell, [box]);
    }
    plan.push(isLeft ? { ...one, isLeft } : one);
  }
  return plan;
}

/**
 * Returns whether a name right of its dot would cover the dot of another large city.
 *
 * @param {PlacedName} one
 * @param {PlacedName[]} names in descending weight
 * @param {number} worldPx
 */
function coversCity(one, names, worldPx) {
  for (const other of names) {
    if (other.rank.least < LARGE) return false;
    const [right, down] = [(other.x - one.x) * worldPx, Math.abs(other.y - one.y) * worldPx];
    if (other !== one && right > 0 && right < one.rank.dot + NAME_GAP + one.width + ROOM.x && down < one.rank.size) {
      return true;
    }
  }
  return false;
}
