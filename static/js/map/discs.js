/**
 * Gathers the precision circles of a scene: those of the marks, and those that reach the canvas from
 * an event outside of it. Pure.
 *
 * @import { EventColumns } from "../types.js"
 * @import { Frame } from "./canvas-layer.js"
 */
import { grown } from "../lib/buffers.js";
import { STEPS, latitudeOf } from "../lib/grid.js";
import { metresToPixels } from "../lib/mercator.js";

/**
 * Precision circles as columns: one for each precision of the events at a position.
 * @typedef {object} Discs
 * @property {number} count
 * @property {Int32Array} row the newest event with this precision
 * @property {Float32Array} x pixels of the canvas
 * @property {Float32Array} y
 * @property {Int32Array} precisionM
 * @property {Int32Array} next the next circle of the same mark, -1: none
 * @property {Float64Array} reach the radius in pixels; a larger one covers the canvas as well
 */

/**
 * Maximum number of circles of a mark. Further precisions widen the largest circle, which contains
 * the others.
 */
const MOST_DISCS = 16;
/** Maximum number of circles of events outside the canvas: so many of them are not told apart. */
const MOST_OUTSIDE = 512;
/** Those that contain the whole canvas only tint it: a few look like many. */
const MOST_COVERING = 4;
/** Slots of the hash table of circles outside, a power of two. */
const SLOTS = 2 * MOST_OUTSIDE;

/**
 * Creates the circles of an edition of the events. Buffers are reused between scenes.
 *
 * @param {EventColumns} columns
 */
export function createDiscs(columns) {
  const { x: gridX, y: gridY, precisionM } = columns;
  const farthest = farthestFromEquator(columns);
  let discs = emptyDiscs(256);
  /** 1 + the index of a circle of an event outside the canvas; 0: free. */
  const slots = new Int32Array(SLOTS);
  let [width, height, worldPx, zoom, largest, pxPerMetre] = [0, 0, 0, 0, 0, 0];
  let [outside, covering] = [0, 0];

  /** Returns what the radius of a row's circle is at most, pixels. @param {number} row */
  const mostReach = (row) => at(precisionM, row) * pxPerMetre;

  /** Returns the radius of a row's circle, pixels. @param {number} row */
  const reachOf = (row) => metresToPixels(at(precisionM, row), latitudeOf(at(gridY, row)), zoom);

  /**
   * Adds a circle.
   *
   * @param {number} row
   * @param {number} x pixels
   * @param {number} y
   * @param {number} reach
   * @param {number} next
   */
  function append(row, x, y, reach, next) {
    if (discs.count === discs.row.length) discs = grown(discs, emptyDiscs);
    const disc = discs.count++;
    discs.row[disc] = row;
    discs.precisionM[disc] = at(precisionM, row);
    discs.x[disc] = x;
    discs.y[disc] = y;
    discs.reach[disc] = reach;
    discs.next[disc] = next;
    return disc;
  }

  /**
   * Adds a circle of an event outside the canvas, unless there is one like it.
   *
   * @param {number} row
   * @param {number} x pixels
   * @param {number} y
   * @param {number} reach
   */
  function appendOutside(row, x, y, reach) {
    const key = Math.imul(at(gridX, row), 0x9e3779b1) ^ Math.imul(at(gridY, row) ^ at(precisionM, row), 0x85ebca6b);
    let slot = (key ^ (key >>> 15)) & (SLOTS - 1);
    for (; at(slots, slot) !== 0; slot = (slot + 1) & (SLOTS - 1)) {
      const disc = at(slots, slot) - 1;
      const other = at(discs.row, disc);
      if (at(gridX, other) !== at(gridX, row) || at(gridY, other) !== at(gridY, row)) continue;
      if (at(precisionM, other) !== at(precisionM, row) || at(discs.x, disc) !== Math.fround(x)) continue;
      discs.row[disc] = row;
      return;
    }
    const covers = Math.hypot(Math.max(x, width - x), Math.max(y, height - y)) < reach;
    if (covers ? covering === MOST_COVERING : outside === MOST_OUTSIDE - MOST_COVERING) return;
    if (covers) covering++;
    else outside++;
    slots[slot] = 1 + append(row, x, y, reach, -1);
  }

  return {
    /** Begins a scene. @param {Frame} frame */
    begin(frame) {
      ({ width, height, worldPx, zoom } = frame);
      // A larger circle covers the canvas, wherever its centre on the canvas is.
      largest = 2 * Math.hypot(width, height);
      pxPerMetre = metresToPixels(1, farthest, zoom);
      if (outside + covering > 0) slots.fill(0);
      discs.count = outside = covering = 0;
    },

    /** Returns the circles of the scene. */
    all: () => discs,
    mostReach,

    /**
     * Adds the precision of a row to the circles of its mark.
     *
     * @param {number} first the mark's first circle, -1: none
     * @param {number} row of known precision
     * @param {number} x of the mark, pixels
     * @param {number} y
     * @returns {number} the mark's first circle
     */
    add(first, row, x, y) {
      const metres = at(precisionM, row);
      let length = 0;
      let disc = first;
      let widest = disc;
      for (; disc >= 0 && at(discs.precisionM, disc) !== metres; disc = at(discs.next, disc)) {
        if (at(discs.precisionM, disc) > at(discs.precisionM, widest)) widest = disc;
        length++;
      }
      if (disc < 0 && length === MOST_DISCS) {
        if (at(discs.precisionM, widest) > metres) return first;
        disc = widest;
      }
      if (disc < 0) return append(row, x, y, Math.min(largest, reachOf(row)), first);
      if (at(discs.precisionM, disc) !== metres) discs.reach[disc] = Math.min(largest, reachOf(row));
      discs.row[disc] = row;
      discs.precisionM[disc] = metres;
      discs.x[disc] = x;
      discs.y[disc] = y;
      return first;
    },

    /**
     * Adds the circles of a row that reach the canvas from outside.
     *
     * @param {number} row
     * @param {number} first a copy of its place, pixels
     * @param {number} y
     * @param {number} edge its mark is drawn if it lies at most so far outside the canvas, pixels
     */
    addOutside(row, first, y, edge) {
      // Most rows end here: their own latitude need not be known.
      const most = mostReach(row);
      if (most <= edge || y < -most || y > height + most) return;
      const reach = reachOf(row);
      const turns = Math.ceil((-reach - first) / worldPx);
      const hasMarks = y >= -edge && y < height + edge;
      for (let x = first + turns * worldPx; x < width + reach; x += worldPx) {
        if (hasMarks && x >= -edge && x < width + edge) continue;
        const [beside, above] = [Math.max(-x, 0, x - width), Math.max(-y, 0, y - height)];
        if (beside * beside + above * above < reach * reach) appendOutside(row, x, y, reach);
      }
    },
  };
}

/**
 * Returns the latitude of the event of known precision that is farthest from the equator: there a
 * metre has the most pixels.
 *
 * @param {EventColumns} columns
 */
function farthestFromEquator({ y, precisionM, count }) {
  const middle = STEPS / 2;
  let away = 0;
  for (let row = 0; row < count; row++) {
    if (at(precisionM, row) > 0) away = Math.max(away, Math.abs(at(y, row) - middle));
  }
  return latitudeOf(middle - away);
}

/** @param {number} capacity @returns {Discs} */
function emptyDiscs(capacity) {
  return {
    count: 0,
    row: new Int32Array(capacity),
    x: new Float32Array(capacity),
    y: new Float32Array(capacity),
    precisionM: new Int32Array(capacity),
    next: new Int32Array(capacity),
    reach: new Float64Array(capacity),
  };
}

/** @param {Float64Array | Float32Array | Int32Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
