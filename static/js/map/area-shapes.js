/**
 * Control areas as outlines for the map: what to fill, and which edges to stroke. Pure.
 *
 * @import { AreaStatus, ControlArea } from "../types.js"
 * @import { AreaStyle } from "../lib/area-style.js"
 * @import { Outline } from "./outlines.js"
 */
import { boxed } from "./outlines.js";
import { mercatorX, mercatorY } from "../lib/mercator.js";

/**
 * How an area is drawn: by its status; what was held before the theatre's first day is drawn apart.
 */

/**
 * @typedef {object} AreaShapes
 * @property {Map<AreaStyle, { fills: Outline[], edges: Outline[] }>} byStyle `fills` are rings,
 *   `edges` are lines; an edge between two areas of one status is none
 * @property {Outline[]} held the edges of all ground that is held: the front line, coast and border
 *   included
 */

/** Whole units of the wire in one degree. */
const UNITS_PER_DEGREE = 1e5;
/** Longitudes and latitudes of the wire as one number that a script holds exactly. */
const SHIFT_X = 180 * UNITS_PER_DEGREE;
const SHIFT_Y = 90 * UNITS_PER_DEGREE;
const SPAN_Y = 2 ** 25;

/**
 * @type {WeakMap<Int32Array, Outline>} a ring that stays the same from day to day is made ready
 *   once
 */
const outlines = new WeakMap();

/** @param {Int32Array} ring @returns {Outline} */
function outlineOfRing(ring) {
  let outline = outlines.get(ring);
  if (!outline) {
    const path = new Float64Array(ring.length);
    for (let n = 0; n < ring.length; n += 2) {
      path[n] = mercatorX(at(ring, n) / UNITS_PER_DEGREE);
      path[n + 1] = mercatorY(at(ring, n + 1) / UNITS_PER_DEGREE);
    }
    outline = boxed(path);
    outlines.set(ring, outline);
  }
  return outline;
}

/** @param {ControlArea} area @returns {AreaStyle} */
const styleOf = ({ status, sinceBefore }) => (status === "occupied" && sinceBefore ? "held_before" : status);

/**
 * @param {readonly ControlArea[]} areas
 * @returns {AreaShapes}
 */
export function shapesOf(areas) {
  /** @type {AreaShapes["byStyle"]} */
  const byStyle = new Map();
  /** @type {Map<AreaStatus, Int32Array[]>} */
  const rings = new Map();
  for (const area of areas) {
    const style = styleOf(area);
    let shape = byStyle.get(style);
    if (!shape) byStyle.set(style, (shape = { fills: [], edges: [] }));
    for (const ring of area.rings) shape.fills.push(outlineOfRing(ring));
    const known = rings.get(area.status);
    if (known) known.push(...area.rings);
    else rings.set(area.status, [...area.rings]);
  }
  /** @type {Outline[]} */
  let held = [];
  for (const [status, all] of rings) {
    const edges = outerEdges(all);
    // Both kinds of occupied ground have one edge between them and the rest.
    const shape = byStyle.get(status) ?? byStyle.get("held_before");
    if (shape) shape.edges = edges;
    if (status === "occupied") held = edges;
  }
  return { byStyle, held };
}

/** @param {Int32Array} ring @param {number} n */
const keyOf = (ring, n) => (at(ring, n) + SHIFT_X) * SPAN_Y + at(ring, n + 1) + SHIFT_Y;

/** A corner of several rings. */
const SEVERAL = -1;
/** No key of a corner: these are whole numbers from 0 on. */
const FREE = -1;

/**
 * Which ring has a corner. All of them are put in for each new day, tens of thousands: a table of
 * flat columns, in which what is looked for stands at its hash or a few steps on, does that several
 * times as fast as a `Map`.
 *
 * @param {readonly Int32Array[]} rings
 * @returns {(ring: Int32Array, n: number) => number} of a corner of the rings: the index of its
 *   ring, or `SEVERAL`
 */
function ownersOfCorners(rings) {
  const corners = rings.reduce((sum, ring) => sum + ring.length / 2, 0);
  const size = 2 ** Math.ceil(Math.log2(2 * corners + 1));
  const keys = new Float64Array(size).fill(FREE);
  const owners = new Int32Array(size);
  /** @param {Int32Array} ring @param {number} n */
  const placeOf = (ring, n) => {
    const key = keyOf(ring, n);
    let place = (Math.imul(at(ring, n), 0x9e3779b1) ^ Math.imul(at(ring, n + 1), 0x85ebca6b)) >>> 0;
    place = (place ^ (place >>> 15)) & (size - 1);
    while (keys[place] !== key && keys[place] !== FREE) place = (place + 1) & (size - 1);
    return place;
  };
  rings.forEach((ring, index) => {
    for (let n = 0; n < ring.length; n += 2) {
      const place = placeOf(ring, n);
      if (keys[place] === FREE) {
        keys[place] = keyOf(ring, n);
        owners[place] = index;
      } else if (owners[place] !== index) owners[place] = SEVERAL;
    }
  });
  return (ring, n) => at(owners, placeOf(ring, n));
}

/** @type {WeakMap<Int32Array, Outline>} rings as closed lines */
const closedLines = new WeakMap();

/** @param {Int32Array} ring */
function closedLine(ring) {
  let line = closedLines.get(ring);
  if (!line) {
    const { path, box } = outlineOfRing(ring);
    line = { path: Float64Array.of(...path, path[0] ?? 0, path[1] ?? 0), box };
    closedLines.set(ring, line);
  }
  return line;
}

/**
 * The edges of all rings together: a step that two rings share lies inside, and is none.
 *
 * @param {readonly Int32Array[]} rings
 * @returns {Outline[]} lines
 */
export function outerEdges(rings) {
  const owner = ownersOfCorners(rings);
  /**
   * @type {Map<string, number>} how many rings have a step between two corners that several have
   */
  const steps = new Map();
  /**
   * @param {Int32Array} ring
   * @param {number} n
   * @returns {string | null} null: no other ring can have it
   */
  const stepAt = (ring, n) => {
    const next = (n + 2) % ring.length;
    if (owner(ring, n) !== SEVERAL || owner(ring, next) !== SEVERAL) return null;
    const [from, to] = [keyOf(ring, n), keyOf(ring, next)];
    return from < to ? `${from} ${to}` : `${to} ${from}`;
  };
  /** @type {Set<Int32Array>} */
  const touching = new Set();
  for (const ring of rings) {
    for (let n = 0; n < ring.length; n += 2) {
      const step = stepAt(ring, n);
      if (step === null) continue;
      touching.add(ring);
      steps.set(step, (steps.get(step) ?? 0) + 1);
    }
  }
  return rings.flatMap((ring) =>
    touching.has(ring) ? openLines(ring, (n) => (steps.get(stepAt(ring, n) ?? "") ?? 0) > 1) : [closedLine(ring)],
  );
}

/**
 * What is left of a ring as lines.
 *
 * @param {Int32Array} ring
 * @param {(n: number) => boolean} isInside whether the step that begins at a corner is left out
 * @returns {Outline[]}
 */
function openLines(ring, isInside) {
  const { path } = outlineOfRing(ring);
  // Begun behind a step that is left out, so that no line is broken where the ring happens to
  // begin.
  let start = 0;
  while (start < ring.length && !isInside(start)) start += 2;
  if (start === ring.length) return [closedLine(ring)];
  const lines = [];
  /** @type {number[]} */
  let line = [];
  for (let step = 0; step < ring.length; step += 2) {
    const n = (start + 2 + step) % ring.length;
    if (line.length || !isInside(n)) line.push(at(path, n), at(path, n + 1));
    if (isInside(n)) {
      if (line.length > 2) lines.push(boxed(Float64Array.from(line)));
      line = [];
    }
  }
  return lines;
}

/** @param {ArrayLike<number>} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
