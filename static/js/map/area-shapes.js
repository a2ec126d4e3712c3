/**
 * Converts control areas to outlines for the map: rings to fill and edges to stroke. Pure.
 *
 * @import { AreaStatus, ControlArea } from "../types.js"
 * @import { AreaStyle } from "../lib/area-style.js"
 * @import { Outline } from "./outlines.js"
 */
import { BESIDE, FRONT, edgeRun } from "../data/line-history.js";
import { boxed } from "./outlines.js";
import { mercatorX, mercatorY } from "../lib/mercator.js";

/**
 * The style of an area: its status, or "held_before" if it was held before the theatre's first day.
 */

/**
 * @typedef {object} AreaShapes
 * @property {Map<AreaStyle, { fills: Outline[], edges: Outline[] }>} byStyle `fills` are rings,
 *   `edges` are lines; edges between two areas of the same status are left out
 * @property {Outline[]} front the front line: lines where held ground meets other ground
 * @property {Outline[]} beside the other edges of held ground: coast, outer border, and seams
 */

/** Coordinate units of the wire format in one degree. */
const UNITS_PER_DEGREE = 1e5;
/** Offsets to combine a longitude and a latitude in one integer without loss. */
const SHIFT_X = 180 * UNITS_PER_DEGREE;
const SHIFT_Y = 90 * UNITS_PER_DEGREE;
const SPAN_Y = 2 ** 25;

/** @type {WeakMap<Int32Array, Outline>} cache, because rings are shared between days */
const outlines = new WeakMap();

/**
 * Returns the outline of a ring. Outlines are cached.
 *
 * @param {Int32Array} ring
 * @returns {Outline}
 */
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

/** Returns the style of an area. @param {ControlArea} area @returns {AreaStyle} */
const styleOf = ({ status, sinceBefore }) => (status === "occupied" && sinceBefore ? "held_before" : status);

/**
 * Converts areas to shapes.
 *
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
    const sameStatus = rings.get(area.status);
    if (sameStatus) sameStatus.push(...area.rings);
    else rings.set(area.status, [...area.rings]);
  }
  for (const [status, all] of rings) {
    const shape = byStyle.get(status);
    if (shape && status !== "occupied") shape.edges = outerEdges(all);
  }
  return { byStyle, ...edgesOfHeld(areas.filter(({ status }) => status === "occupied")) };
}

/**
 * Returns the lines around held areas. The server says which edges are the front line.
 *
 * @param {readonly ControlArea[]} held
 * @returns {Pick<AreaShapes, "front" | "beside">}
 */
function edgesOfHeld(held) {
  /** @type {Pick<AreaShapes, "front" | "beside">} */
  const edges = { front: [], beside: [] };
  for (const { rings, runs } of held) {
    rings.forEach((ring, n) => {
      const own = linesOf(ring, runs[n] ?? null);
      for (const line of own.front) edges.front.push(line);
      for (const line of own.beside) edges.beside.push(line);
    });
  }
  return edges;
}

/** @type {WeakMap<Int32Array, Pick<AreaShapes, "front" | "beside">>} cache by ring */
const linesOfRings = new WeakMap();

/**
 * Splits a ring of held ground into lines of one kind. A ring without runs is all front.
 *
 * @param {Int32Array} ring
 * @param {Int32Array | null} runs
 * @returns {Pick<AreaShapes, "front" | "beside">}
 */
function linesOf(ring, runs) {
  let lines = linesOfRings.get(ring);
  if (lines) return lines;
  linesOfRings.set(ring, (lines = { front: [], beside: [] }));
  if (runs === null) {
    lines.front.push(closedLine(ring));
    return lines;
  }
  const { path } = outlineOfRing(ring);
  const first = edgeRun(at(runs, 0));
  const last = edgeRun(at(runs, runs.length - 1));
  // A run that goes on around the end of the ring begins there.
  const goesOn = runs.length > 1 && first.kind === last.kind;
  let start = goesOn ? first.count : 0;
  for (let n = goesOn ? 1 : 0; n < runs.length; n++) {
    const { count, kind } = edgeRun(at(runs, n));
    const edges = goesOn && n === runs.length - 1 ? count + first.count : count;
    if (kind === FRONT || kind === BESIDE) {
      const line = new Float64Array(2 * (edges + 1));
      for (let m = 0; m < line.length; m++) line[m] = at(path, (2 * start + m) % path.length);
      (kind === FRONT ? lines.front : lines.beside).push(boxed(line));
    }
    start += edges;
  }
  return lines;
}

/** Returns the key of a corner. @param {Int32Array} ring @param {number} n */
const keyOf = (ring, n) => (at(ring, n) + SHIFT_X) * SPAN_Y + at(ring, n + 1) + SHIFT_Y;

/** Marks a corner of several rings. */
const SEVERAL = -1;
/** Marks an empty slot. Keys are integers from 0. */
const FREE = -1;

/**
 * Maps each corner to its ring. A day has tens of thousands of corners, so this uses a flat hash
 * table with linear probing. The table is several times faster than a `Map`.
 *
 * @param {readonly Int32Array[]} rings
 * @returns {(ring: Int32Array, n: number) => number} a function that returns the ring index of a
 *   corner, or `SEVERAL`
 */
function ownersOfCorners(rings) {
  const corners = rings.reduce((sum, ring) => sum + ring.length / 2, 0);
  const size = 2 ** Math.ceil(Math.log2(2 * corners + 1));
  const keys = new Float64Array(size).fill(FREE);
  const owners = new Int32Array(size);
  /** Returns the slot of a corner. @param {Int32Array} ring @param {number} n */
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

/** @type {WeakMap<Int32Array, Outline>} cache of rings as closed lines */
const closedLines = new WeakMap();

/** Returns a ring as a closed line. @param {Int32Array} ring */
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
 * Returns the outer edges of all rings. A segment shared by two rings is inside and left out.
 *
 * @param {readonly Int32Array[]} rings
 * @returns {Outline[]} lines
 */
export function outerEdges(rings) {
  const owner = ownersOfCorners(rings);
  /**
   * @type {Map<string, number>} number of rings with a segment, for segments between two shared
   *   corners
   */
  const steps = new Map();
  /**
   * Returns the key of a segment.
   *
   * @param {Int32Array} ring
   * @param {number} n
   * @returns {string | null} null: no other ring can have the segment
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
 * Splits a ring into lines, without its inner segments.
 *
 * @param {Int32Array} ring
 * @param {(n: number) => boolean} isInside whether the segment that begins at a corner is inside
 * @returns {Outline[]}
 */
function openLines(ring, isInside) {
  const { path } = outlineOfRing(ring);
  // Starts after an inner segment, so that no line is split at the start of the ring.
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
