/**
 * Draws very many events as a density: the number of events in each small cell of the canvas. When
 * the window moves, only the days that enter or leave it are updated. Each event leaves a soft dot.
 * A cell has the mean colour of its events, and more ink with more events. A single place with very
 * many events has a ring, so that it does not look like one event. Pure except for the image.
 *
 * Changes are first summed by centre cell, then spread over the cells of the dot: a position with
 * thousands of events is spread once.
 *
 * @import { DayRange, EventColumns, Selection } from "../types.js"
 * @import { DayIndex } from "../data/day-index.js"
 * @import { Frame } from "./canvas-layer.js"
 * @import { Palette } from "./palette.js"
 */
import { STEPS } from "../lib/grid.js";
import { CROWDS } from "../lib/draw-mark.js";
import { isSameView } from "./scene.js";
import { INK, MOST_WEIGHT, OPACITY, dotCells, dotRadius, ringCells } from "./density-tone.js";

/** Cells are one pixel wide, or two on a canvas with more pixels than this, to save memory. */
const ROOM = 3_000_000;
/** Number of visible events from which cells replace marks, and number below which marks return. */
const MANY = 4000;
const FEW = 2500;
/** Values of a cell: the weight, and the sums of red, green and blue times the weight. */
const PARTS = 4;
const NOWHERE = -1;
/** Values that are cleared in the time in which a row leaves its cells. */
const CLEARED_FOR_EACH = 256;
/** Number of events from which a place has a ring. Its surroundings must have fewer events. */
const STACK = CROWDS.at(-1) ?? Infinity;
/** Half the side of these surroundings, cells. */
const SURROUNDINGS = 6;
/** Number of such places above which none has a ring: then dense places are everywhere. */
const MOST_STACKS = 500;

/**
 * @typedef {object} Cells
 * @property {ImageData} picture one pixel for each cell
 * @property {number} cellPx side of a cell, pixels
 * @property {number} top top of the picture, in pixels of the canvas
 * @property {number[]} lefts left edge of each copy of the world
 * @property {{ left: number, top: number, right: number, bottom: number }} dirty the cells changed
 *   since the last update
 * @property {number} seen number of visible events
 */

/**
 * Creates the density of an edition of the events.
 *
 * @param {EventColumns} columns
 * @param {DayIndex} index
 * @param {(frame: Frame) => Iterable<number>} drawnApart rows that are drawn separately
 */
export function createDensity(columns, index, drawnApart) {
  const { count, x, y, day, days } = columns;
  /** The cell of each visible row that passes the filters. */
  const cell = new Int32Array(count);
  const spans = createSpans(day, days);
  const spanCell = new Int32Array(spans.rows.length);

  let [across, down, cellPx, margin, seen] = [0, 0, 1, 0, 0];
  let sums = new Int32Array(0);
  /** 1 + the index of a centre cell with pending changes. */
  let slot = new Int32Array(0);
  let changed = new Int32Array(0);
  let marked = new Uint8Array(0);
  let changes = 0;
  /** Centre cells with pending changes, and their sums. */
  let middles = new Int32Array(1024);
  let steps = new Int32Array(1024 * PARTS);
  let pendingCount = 0;
  /** @type {ImageData | null} */
  let picture = null;
  let words = new Uint32Array(0);
  /** Offsets of a dot's cells from its centre, and their weights. */
  let around = new Int32Array(0);
  let weights = new Int32Array(0);
  /** Number of events of each centre cell, and the centre cells that have had enough for a ring. */
  let crowd = new Int32Array(0);
  /** @type {Set<number>} */
  const stacks = new Set();
  /** Offsets of a ring's cells from its centre, and the cells of the rings in the picture. */
  let ring = new Int32Array(0);
  /** @type {number[]} */
  const ringed = [];
  /** @type {number[]} */
  let lefts = [];
  /**
   * The view that the cells represent.
   * @type {{ frame: Frame, mask: Uint8Array, palette: Palette } | null}
   */
  let drawn = null;
  /** The colour index of each row, and the colours as red, green, blue. */
  let tint = new Uint8Array(0);
  let colours = new Int32Array(0);
  let [from, to] = [0, 0];
  let dense = false;
  let whole = true;
  /** Whether the cells are as made, all zero: to fill 30 MB takes as long as to draw. */
  let isNew = true;

  /** Sets up the cells for a frame. @param {Frame} frame */
  function lay(frame) {
    cellPx = frame.width * frame.height > ROOM ? 2 : 1;
    const dot = dotCells(dotRadius(frame.zoom) / cellPx);
    const rim = ringCells(dotRadius(frame.zoom) / cellPx);
    margin = 1 + Math.max(SURROUNDINGS, ...rim.map(({ dx }) => dx));
    const again = frame.worldPx < frame.width;
    across = Math.ceil((again ? frame.worldPx : frame.width) / cellPx) + 2 * margin;
    down = Math.ceil(frame.height / cellPx) + 2 * margin;
    lefts = again ? turnsOf(frame) : [0];
    lefts = lefts.map((left) => left - margin * cellPx);
    around = Int32Array.from(dot, ({ dx, dy }) => dy * across + dx);
    weights = Int32Array.from(dot, ({ weight }) => weight);
    ring = Int32Array.from(rim, ({ dx, dy }) => dy * across + dx);
    if (picture?.width === across && picture.height === down) return;
    sums = new Int32Array(across * down * PARTS);
    slot = new Int32Array(across * down);
    crowd = new Int32Array(across * down);
    changed = new Int32Array(across * down);
    marked = new Uint8Array(across * down);
    picture = new ImageData(across, down);
    words = new Uint32Array(picture.data.buffer);
    isNew = true;
  }

  /** Computes the cell of each row. @param {Frame} frame @param {Uint8Array} mask */
  function place(frame, mask) {
    const scale = frame.worldPx / STEPS / cellPx;
    const world = frame.worldPx / cellPx;
    // Uses the copy of the world that is in view, if the map was dragged around the globe.
    const left = (frame.worldPx < frame.width ? 0 : frame.left / cellPx) - margin;
    const top = frame.top / cellPx - margin;
    const [lastX, lastY] = [across - margin, down - margin];
    for (let row = 0; row < count; row++) {
      cell[row] = NOWHERE;
      if (mask[row] === 0) continue;
      const inY = at(y, row) * scale - top;
      if (inY < margin || inY >= lastY) continue;
      let inX = at(x, row) * scale - left;
      if (inX < margin) inX += world * Math.ceil((margin - inX) / world);
      else if (inX >= lastX) inX -= world * Math.ceil((inX - lastX + 1e-9) / world);
      if (inX >= margin && inX < lastX) cell[row] = (inY | 0) * across + (inX | 0);
    }
    for (const row of drawnApart(frame)) cell[row] = NOWHERE;
    spans.rows.forEach((row, n) => {
      spanCell[n] = at(cell, row);
      cell[row] = NOWHERE;
    });
  }

  /** Sets the colours. @param {Palette} palette */
  function dye(palette) {
    tint = new Uint8Array(count);
    for (let row = 0; row < count; row++) tint[row] = palette.of(row);
    colours = Int32Array.from(palette.colours.flatMap(channels));
  }

  function empty() {
    if (!isNew) for (const column of [sums, crowd, words, marked]) column.fill(0);
    isNew = false;
    stacks.clear();
    ringed.length = 0;
    changes = seen = from = to = 0;
    spans.reset();
    whole = true;
  }

  /**
   * Adds or removes an event.
   *
   * @param {number} row
   * @param {number} middle its centre cell
   * @param {number} sign 1 or -1
   */
  function tally(row, middle, sign) {
    if (middle < 0) return;
    seen += sign;
    let one = at(slot, middle);
    if (one === 0) {
      if (pendingCount === middles.length) grow();
      middles[pendingCount] = middle;
      steps.fill(0, pendingCount * PARTS, (pendingCount + 1) * PARTS);
      slot[middle] = one = ++pendingCount;
    }
    const part = (one - 1) * PARTS;
    const colour = at(tint, row) * 3;
    steps[part] += sign;
    steps[part + 1] += sign * at(colours, colour);
    steps[part + 2] += sign * at(colours, colour + 1);
    steps[part + 3] += sign * at(colours, colour + 2);
  }

  function grow() {
    const [few, less] = [middles, steps];
    middles = new Int32Array(2 * few.length);
    steps = new Int32Array(2 * less.length);
    middles.set(few);
    steps.set(less);
  }

  /** Spreads the pending changes over the dots. */
  function spread() {
    const reach = around.length;
    for (let n = 0; n < pendingCount; n++) {
      const middle = at(middles, n);
      slot[middle] = 0;
      const part = n * PARTS;
      const [events, red, green, blue] = [
        at(steps, part),
        at(steps, part + 1),
        at(steps, part + 2),
        at(steps, part + 3),
      ];
      if (events === 0 && red === 0 && green === 0 && blue === 0) continue;
      crowd[middle] += events;
      if (at(crowd, middle) >= STACK) stacks.add(middle);
      for (let k = 0; k < reach; k++) {
        const one = middle + at(around, k);
        const weight = at(weights, k);
        const sum = one * PARTS;
        sums[sum] += weight * events;
        sums[sum + 1] += weight * red;
        sums[sum + 2] += weight * green;
        sums[sum + 3] += weight * blue;
        if (marked[one] === 0) {
          marked[one] = 1;
          changed[changes++] = one;
        }
      }
    }
    pendingCount = 0;
  }

  /**
   * Adds or removes a range of of the range.
   *
   * @param {number} first
   * @param {number} end rows
   * @param {number} sign 1 or -1
   */
  function countRows(first, end, sign) {
    for (let row = first; row < end; row++) tally(row, at(cell, row), sign);
  }

  /** Updates the cells for a new window. @param {DayRange} window */
  function move(window) {
    const rows = index.rowsStarting(window);
    const overlap = Math.max(0, Math.min(to, rows.to) - Math.max(from, rows.from));
    if (to - from - overlap > rows.to - rows.from + sums.length / CLEARED_FOR_EACH) {
      // So many rows leave that recounting is faster.
      empty();
      countRows(rows.from, rows.to, 1);
    } else {
      countRows(from, Math.min(rows.from, to), -1);
      countRows(Math.max(rows.to, from), to, -1);
      countRows(rows.from, Math.min(from, rows.to), 1);
      countRows(Math.max(to, rows.from), rows.to, 1);
    }
    [from, to] = [rows.from, rows.to];
    spans.move(window, (n, sign) => tally(at(spans.rows, n), at(spanCell, n), sign));
    spread();
  }

  /** Marks a cell as changed. @param {number} one */
  function change(one) {
    if (at(marked, one) === 1) return;
    marked[one] = 1;
    changed[changes++] = one;
  }

  /** Returns whether a place has more events than all its surroundings. @param {number} middle */
  function standsOut(middle) {
    let sum = 0;
    for (let dy = -SURROUNDINGS; dy <= SURROUNDINGS; dy++) {
      const line = middle + dy * across;
      for (let dx = -SURROUNDINGS; dx <= SURROUNDINGS; dx++) sum += at(crowd, line + dx);
    }
    return at(crowd, middle) > sum / 2;
  }

  /** Lists the cells of all rings. */
  function layRings() {
    ringed.length = 0;
    for (const middle of stacks) {
      if (at(crowd, middle) < STACK) stacks.delete(middle);
      else if (stacks.size <= MOST_STACKS && standsOut(middle)) for (const step of ring) ringed.push(middle + step);
    }
  }

  /** Writes the changed cells to the image. @param {Palette} palette @returns {Cells["dirty"]} */
  function write({ ink }) {
    const [inkRed = 0, inkGreen = 0, inkBlue = 0] = channels(ink);
    // Old rings are removed, and the cells of new ones belong to the part that is painted.
    ringed.forEach(change);
    layRings();
    ringed.forEach(change);
    let [left, top, right, bottom] = [across, down, 0, 0];
    for (let n = 0; n < changes; n++) {
      const one = at(changed, n);
      marked[one] = 0;
      const line = (one / across) | 0;
      const column = one - line * across;
      if (line < top) top = line;
      if (line >= bottom) bottom = line + 1;
      if (column < left) left = column;
      if (column >= right) right = column + 1;
      const part = one * PARTS;
      // The sums may exceed a signed integer and wrap around.
      const weight = at(sums, part) >>> 0;
      if (weight === 0) {
        words[one] = 0;
        continue;
      }
      const tone = weight < MOST_WEIGHT ? weight : MOST_WEIGHT;
      const share = at(INK, tone);
      const rest = (1 - share) / weight;
      const red = (at(sums, part + 1) >>> 0) * rest + inkRed * share + 0.5;
      const green = (at(sums, part + 2) >>> 0) * rest + inkGreen * share + 0.5;
      const blue = (at(sums, part + 3) >>> 0) * rest + inkBlue * share + 0.5;
      words[one] = (at(OPACITY, tone) << 24) | ((blue | 0) << 16) | ((green | 0) << 8) | (red | 0);
    }
    changes = 0;
    const inkWord = (255 << 24) | (inkBlue << 16) | (inkGreen << 8) | inkRed;
    for (const one of ringed) words[one] = inkWord;
    if (whole) return { left: 0, top: 0, right: across, bottom: down };
    return right > left ? { left, top, right, bottom } : { left: 0, top: 0, right: 0, bottom: 0 };
  }

  return {
    /**
     * Updates the cells for a window. Returns null if the events are few enough for marks.
     *
     * @param {Selection["mask"]} mask
     * @param {DayRange} window
     * @param {Frame} frame
     * @param {Palette} palette
     * @returns {Cells | null}
     */
    update(mask, window, frame, palette) {
      if (count < MANY) return null;
      const moved = !drawn || !isSameView(drawn.frame, frame);
      if (moved || drawn?.mask !== mask || drawn.palette !== palette) {
        if (moved) lay(frame);
        if (moved || drawn?.mask !== mask) place(frame, mask);
        if (drawn?.palette !== palette) dye(palette);
        empty();
        drawn = { frame, mask, palette };
      }
      move(window);
      dense = seen >= (dense ? FEW : MANY);
      if (!dense || !picture) return null;
      const dirty = write(palette);
      whole = false;
      return { picture, cellPx, top: -margin * cellPx, lefts, dirty, seen };
    },
  };
}

/**
 * Tracks the rows of several days. Rows in a window began before its end, minus those that ended
 * before its start. Both are updated by stepping along two sorted lists.
 *
 * @param {Int32Array} day
 * @param {Int32Array} days
 */
function createSpans(day, days) {
  const rows = days.reduce((/** @type {number[]} */ found, length, row) => {
    if (length > 1) found.push(row);
    return found;
  }, []);
  const starts = Int32Array.from(rows, (row) => at(day, row));
  const ends = Int32Array.from(rows, (row) => at(day, row) + at(days, row));
  const byEnd = Int32Array.from(rows.keys()).sort((one, other) => at(ends, one) - at(ends, other));
  let [begun, over] = [0, 0];
  return {
    rows: Int32Array.from(rows),
    reset() {
      begun = over = 0;
    },
    /**
     * Moves to a window.
     *
     * @param {DayRange} window
     * @param {(n: number, sign: number) => void} step
     */
    move(window, step) {
      while (begun < starts.length && at(starts, begun) < window.to) step(begun++, 1);
      while (begun > 0 && at(starts, begun - 1) >= window.to) step(--begun, -1);
      while (over < byEnd.length && at(ends, at(byEnd, over)) <= window.from) step(at(byEnd, over++), -1);
      while (over > 0 && at(ends, at(byEnd, over - 1)) > window.from) step(at(byEnd, --over), 1);
    },
  };
}

/**
 * Returns the left edge of each visible copy of the world, in pixels of the canvas.
 * @param {Frame} frame
 */
function turnsOf({ left, width, worldPx }) {
  const turns = [];
  for (let turn = Math.floor(left / worldPx); turn * worldPx < left + width; turn++) turns.push(turn * worldPx - left);
  return turns;
}

/** Splits a colour into red, green and blue. @param {string} colour "#rrggbb" */
function channels(colour) {
  const value = parseInt(colour.slice(1), 16) || 0;
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** @param {Int32Array | Uint8Array | Float32Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
