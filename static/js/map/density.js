/**
 * Very many events: how many lie in each small cell of the canvas, kept up to date by the days that enter and leave the window
 * as it moves. Each event counts in all cells that its mark would cover; a cell has the mean colour of its events, and more
 * ink the more there are. Pure but for the picture that it writes.
 *
 * @import { DayRange, EventColumns, Selection } from "../types.js"
 * @import { DayIndex } from "../data/day-index.js"
 * @import { Frame } from "./canvas-layer.js"
 * @import { Palette } from "./palette.js"
 */
import { STEPS } from "../lib/grid.js";
import { markRadius } from "./marks.js";

/** Side of a cell, pixels. */
export const CELL_PX = 2;
/** Marks become cells from so many events in view on, and marks again below so many. */
const MANY = 4000;
const FEW = 2500;
/** Numbers of a cell: events, and the sums of their colours' red, green and blue. */
const PARTS = 4;
/** From so many events on a cell has ink in it; it has the most at so many. */
const CROWD = 4;
const MOST_CROWD = 512;
const MOST_INK = 0.7;
const NOWHERE = -1;

/**
 * @typedef {object} Cells
 * @property {ImageData} picture one pixel for each cell
 * @property {number} seen events of the window in view
 */

/**
 * @param {EventColumns} columns
 * @param {DayIndex} index
 * @param {(row: number, frame: Frame) => boolean} isDrawn rows that are drawn in another way at this zoom
 */
export function createDensity(columns, index, isDrawn) {
  const { count, x, y, day, days } = columns;
  const cell = new Int32Array(count);
  /** Rows of several days: they enter and leave on days of their own. */
  const spans = Int32Array.from(spansOf(days));
  const spanCell = new Int32Array(spans.length);
  const active = new Uint8Array(spans.length);

  let [across, down, seen] = [0, 0, 0];
  let sums = new Int32Array(0);
  let changed = new Int32Array(0);
  let marked = new Uint8Array(0);
  let changes = 0;
  /** @type {ImageData | null} */
  let picture = null;
  let words = new Uint32Array(0);
  /** The cells around its own that a mark covers. */
  let around = new Int32Array(0);
  /** What the cells stand for. @type {{ frame: Frame, mask: Uint8Array, palette: Palette, colours: Int32Array } | null} */
  let known = null;
  let [from, to] = [0, 0];
  let dense = false;

  /** @param {Frame} frame */
  function place(frame) {
    const reach = markRadius(frame.zoom) / CELL_PX;
    const margin = Math.ceil(reach);
    across = Math.ceil(frame.width / CELL_PX) + 2 * margin;
    down = Math.ceil(frame.height / CELL_PX) + 2 * margin;
    /** @type {number[]} */
    const offsets = [];
    for (let dy = -margin; dy <= margin; dy++) {
      for (let dx = -margin; dx <= margin; dx++) {
        // A little less than the mark: corners would make it a square.
        if (dx * dx + dy * dy <= Math.max(1, reach * reach - 0.3)) offsets.push(dy * across + dx);
      }
    }
    around = Int32Array.from(offsets);
    const scale = frame.worldPx / STEPS / CELL_PX;
    const world = frame.worldPx / CELL_PX;
    // A map that was dragged round the globe: the turn whose places are in view.
    const left = frame.left / CELL_PX - margin;
    const top = frame.top / CELL_PX - margin;
    const [lastX, lastY] = [across - margin, down - margin];
    for (let row = 0; row < count; row++) {
      const inY = Math.floor(at(y, row) * scale - top);
      let inX = at(x, row) * scale - left;
      if (inX < margin) inX += world * Math.ceil((margin - inX) / world);
      else if (inX >= lastX) inX -= world * Math.ceil((inX - lastX) / world);
      inX = Math.floor(inX);
      cell[row] =
        inY >= margin && inY < lastY && inX >= margin && inX < lastX && !isDrawn(row, frame)
          ? inY * across + inX
          : NOWHERE;
    }
    spans.forEach((row, n) => {
      spanCell[n] = at(cell, row);
      cell[row] = NOWHERE;
    });
    if (sums.length !== across * down * PARTS) {
      sums = new Int32Array(across * down * PARTS);
      changed = new Int32Array(across * down);
      marked = new Uint8Array(across * down);
      picture = new ImageData(across, down);
      words = new Uint32Array(picture.data.buffer);
    }
  }

  function empty() {
    sums.fill(0);
    words.fill(0);
    marked.fill(0);
    active.fill(0);
    changes = seen = from = to = 0;
  }

  /** @param {number} row @param {number} middle its cell @param {1 | -1} sign */
  function tally(row, middle, sign) {
    if (middle < 0 || !known || !known.mask[row]) return;
    seen += sign;
    const colour = /** @type {number} */ (known.colours[known.palette.of(row)]);
    const red = sign * (colour & 255);
    const green = sign * ((colour >> 8) & 255);
    const blue = sign * ((colour >> 16) & 255);
    for (let n = 0; n < around.length; n++) {
      const one = middle + at(around, n);
      const part = one * PARTS;
      sums[part] += sign;
      sums[part + 1] += red;
      sums[part + 2] += green;
      sums[part + 3] += blue;
      if (!marked[one]) {
        marked[one] = 1;
        changed[changes++] = one;
      }
    }
  }

  /** @param {number} first @param {number} end rows @param {1 | -1} sign */
  function countRows(first, end, sign) {
    for (let row = first; row < end; row++) tally(row, at(cell, row), sign);
  }

  /** @param {DayRange} window */
  function move(window) {
    const rows = index.rowsStarting(window);
    const kept = Math.max(0, Math.min(to, rows.to) - Math.max(from, rows.from));
    if (kept === 0 || to - from - kept > rows.to - rows.from) {
      // Nearly all are others: to begin anew is the shorter way.
      if (to > from) empty();
      countRows(rows.from, rows.to, 1);
    } else {
      countRows(from, Math.min(rows.from, to), -1);
      countRows(Math.max(rows.to, from), to, -1);
      countRows(rows.from, Math.min(from, rows.to), 1);
      countRows(Math.max(to, rows.from), rows.to, 1);
    }
    [from, to] = [rows.from, rows.to];
    for (let n = 0; n < spans.length; n++) {
      const row = at(spans, n);
      const now = at(day, row) < window.to && at(day, row) + at(days, row) > window.from ? 1 : 0;
      if (now === active[n]) continue;
      active[n] = now;
      tally(row, at(spanCell, n), now ? 1 : -1);
    }
  }

  /** Writes the cells that changed. @param {Palette} palette */
  function write({ ink }) {
    const dark = colourOf(ink);
    const [inkRed, inkGreen, inkBlue] = [dark & 255, (dark >> 8) & 255, (dark >> 16) & 255];
    for (let n = 0; n < changes; n++) {
      const one = at(changed, n);
      marked[one] = 0;
      const part = one * PARTS;
      const events = at(sums, part);
      if (events === 0) {
        words[one] = 0;
        continue;
      }
      const share = events < CROWD ? 0 : MOST_INK * Math.min(1, Math.log(events / 2) / Math.log(MOST_CROWD / 2));
      const rest = (1 - share) / events;
      const red = at(sums, part + 1) * rest + inkRed * share;
      const green = at(sums, part + 2) * rest + inkGreen * share;
      const blue = at(sums, part + 3) * rest + inkBlue * share;
      words[one] = 0xff000000 | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red);
    }
    changes = 0;
  }

  return {
    /**
     * The cells of a window; null when its events are few enough to have marks of their own.
     *
     * @param {Selection["mask"]} mask
     * @param {DayRange} window
     * @param {Frame} frame
     * @param {Palette} palette
     * @returns {Cells | null}
     */
    update(mask, window, frame, palette) {
      // A world that is seen more than once is small, and has marks.
      if (count < MANY || frame.worldPx < frame.width) return null;
      const moved = !known || !isSameView(known.frame, frame);
      if (moved || known?.mask !== mask || known.palette !== palette) {
        if (moved) place(frame);
        empty();
        known = { frame, mask, palette, colours: Int32Array.from(palette.colours, colourOf) };
      }
      move(window);
      dense = seen >= (dense ? FEW : MANY);
      if (!dense || !picture) return null;
      write(palette);
      return { picture, seen };
    },

    /** Where the first cell begins, pixels of the canvas. @param {Frame} frame */
    corner: (frame) => -Math.ceil(markRadius(frame.zoom) / CELL_PX) * CELL_PX,
  };
}

/** @param {Int32Array} days @returns {Generator<number>} */
function* spansOf(days) {
  for (let row = 0; row < days.length; row++) if (at(days, row) > 1) yield row;
}

/** @param {Frame} one @param {Frame} other */
function isSameView(one, other) {
  return (
    one.zoom === other.zoom &&
    one.left === other.left &&
    one.top === other.top &&
    one.width === other.width &&
    one.height === other.height
  );
}

/** As a pixel has it: blue, green, red. @param {string} colour "#rrggbb" */
function colourOf(colour) {
  const value = parseInt(colour.slice(1), 16) || 0;
  return ((value & 255) << 16) | (value & 0xff00) | (value >> 16);
}

/** @param {Int32Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
