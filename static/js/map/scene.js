/**
 * Computes what the map draws of the events: which rows, where, and the number of events at each
 * position. Pure: no canvas, no Leaflet.
 *
 * @import { DayRange, EventColumns, Selection } from "../types.js"
 * @import { DayIndex } from "../data/day-index.js"
 * @import { Frame } from "./canvas-layer.js"
 * @import { Discs } from "./discs.js"
 */
import { pointsWithin, turned } from "../data/in-box.js";
import { grown } from "../lib/buffers.js";
import { PLACE_DOUBTFUL } from "../lib/flags.js";
import { STEPS, latitudeOf } from "../lib/grid.js";
import { paths } from "../lib/shape.js";
import { mercatorX, mercatorY, metresToPixels } from "../lib/mercator.js";
import { createDiscs } from "./discs.js";

/** Marks closer than this are merged into one darker mark. Pixels. */
const CELL_PX = 2;
/** Margin for marks whose centre is outside the canvas. Pixels. */
const EDGE_PX = 16;

/**
 * Marks as columns, in drawing order: later events are on top.
 * @typedef {object} Marks
 * @property {number} count
 * @property {Int32Array} row the newest event of the mark
 * @property {Float32Array} x pixels of the canvas
 * @property {Float32Array} y
 * @property {Int32Array} crowd number of events of the mark
 * @property {Uint8Array} unknown 1: the precision of at least one of these events is not known
 * @property {Uint8Array} doubtful 1: the place of at least one of these events should be checked
 * @property {Int32Array} disc the mark's first precision circle, -1: none
 */

/**
 * A line or an area on the canvas, once for each visible copy of the world.
 * @typedef {object} Drawn
 * @property {number} row
 * @property {Float32Array[]} paths x, y, x, y … in pixels of the canvas
 * @property {boolean} closed an area
 * @property {number | null} bandPx precision; null: not known
 */

/** @typedef {{ marks: Marks, discs: Discs, shapes: Drawn[] }} Scene */

/** Lines and areas smaller than this in both directions are drawn as marks. Pixels. */
const SMALLEST_SHAPE_PX = 6;

/**
 * Builds scenes from one edition of the events. Buffers are reused, so a scene is valid until the
 * next one.
 *
 * @param {EventColumns} columns
 * @param {DayIndex} index
 */
export function createScenes(columns, index) {
  const worldShapes = new Map([...columns.shapes].map(([row, { geometry }]) => [row, worldPaths(geometry)]));

  const discs = createDiscs(columns);
  let marks = emptyMarks(1024);
  let cells = new Int32Array(0);
  /**
   * The view of the last scene, the number of rows read for it, and those that it can show.
   * @type {{ mask: Selection["mask"], frame: Frame, read: number, rows: Int32Array | null } | null}
   */
  let view = null;

  /**
   * Returns the rows that a view can show, once it has been read for so many rows that finding them
   * is worth it: while a long window moves, most of its rows are elsewhere.
   *
   * @param {Selection["mask"]} mask
   * @param {Frame} frame
   * @param {number} rows that a scene of the window reads otherwise
   */
  function rowsOfView(mask, frame, rows) {
    if (!view || view.mask !== mask || !isSameView(view.frame, frame)) view = { mask, frame, read: 0, rows: null };
    if (!view.rows && view.read > columns.count) {
      const found = new Int32Array(columns.count);
      let count = 0;
      for (let row = 0; row < columns.count; row++) {
        if (mask[row] && (worldShapes.has(row) || isSeen(row, frame))) found[count++] = row;
      }
      view.rows = found.slice(0, count);
    }
    view.read += rows;
    return view.rows;
  }

  /**
   * Returns whether the mark or the precision circle of a row may touch the canvas.
   *
   * @param {number} row
   * @param {Frame} frame of the scene that was begun
   */
  function isSeen(row, { width, height, worldPx, left, top }) {
    const stepPx = worldPx / STEPS;
    const reach = Math.max(EDGE_PX, discs.mostReach(row));
    const y = at(columns.y, row) * stepPx - top;
    if (y < -reach || y >= height + reach) return false;
    const x = at(columns.x, row) * stepPx - left;
    return x + Math.ceil((-reach - x) / worldPx) * worldPx < width + reach;
  }

  /** Returns whether a row intersects a window. @param {number} row @param {DayRange} window */
  const isIn = (row, { from, to }) => at(columns.day, row) < to && at(columns.day, row) + at(columns.days, row) > from;

  /**
   * Adds the precision and the doubt of a row to its mark.
   *
   * @param {number} mark
   * @param {number} row
   */
  function addPrecision(mark, row) {
    if (at(columns.flags, row) & PLACE_DOUBTFUL) marks.doubtful[mark] = 1;
    if (at(columns.precisionM, row) <= 0) {
      marks.unknown[mark] = 1;
      return;
    }
    marks.disc[mark] = discs.add(at(marks.disc, mark), row, at(marks.x, mark), at(marks.y, mark));
  }

  return {
    /**
     * Returns the lines and areas of a window that are not drawn as marks.
     *
     * @param {Selection["mask"]} mask
     * @param {DayRange} window
     * @param {Frame} frame
     * @returns {Drawn[]}
     */
    shapesIn(mask, window, frame) {
      const found = [];
      for (const [row, shape] of worldShapes) {
        if (mask[row] && isIn(row, window) && isLarge(shape, frame.worldPx))
          found.push(...drawnShape(row, shape, columns, frame));
      }
      return found;
    },

    /**
     * Yields the lines and areas that are not drawn as marks.
     * @param {Frame} frame
     * @returns {Generator<number>}
     */
    *shapeRows({ worldPx }) {
      for (const [row, shape] of worldShapes) if (isLarge(shape, worldPx)) yield row;
    },

    /**
     * Gathers a scene like `gather`. This is faster for a small part of the canvas and a long
     * window.
     *
     * @param {Selection} selection of these columns
     * @param {DayRange} window
     * @param {Frame} frame
     * @returns {Scene & { points: number[] }} the scene, and the points within it and a margin
     */
    gatherNear(selection, window, frame) {
      const { left, top, width, height, worldPx } = frame;
      const step = STEPS / worldPx;
      const [west, east] = [Math.floor((left - EDGE_PX) * step), Math.ceil((left + width + EDGE_PX) * step)];
      const [north, south] = [Math.floor((top - EDGE_PX) * step), Math.ceil((top + height + EDGE_PX) * step)];
      const points = pointsWithin(selection, window, turned(west, north, east, south));
      const shapes = [...worldShapes.keys()].filter((row) => isIn(row, window));
      const rows = [...shapes, ...points].sort((one, other) => one - other);
      return { ...this.gather(selection.mask, window, frame, rows), points };
    },

    /**
     * Gathers the scene of a window.
     *
     * @param {Selection["mask"]} mask
     * @param {DayRange} window
     * @param {Frame} frame
     * @param {number[]} [rows] candidates, in column order
     * @returns {Scene}
     */
    gather(mask, window, frame, rows) {
      const { width, height, worldPx, left, top } = frame;
      const stepPx = worldPx / STEPS;
      const across = Math.ceil((width + 2 * EDGE_PX) / CELL_PX);
      const down = Math.ceil((height + 2 * EDGE_PX) / CELL_PX);
      if (cells.length < across * down) cells = new Int32Array(across * down);
      else cells.fill(0);
      marks.count = 0;
      discs.begin(frame);
      /** @type {Drawn[]} */
      const shapes = [];

      /** Adds a row to the scene. @param {number} row */
      const place = (row) => {
        if (!mask[row]) return;
        const shape = worldShapes.get(row);
        if (shape && isLarge(shape, worldPx)) {
          shapes.push(...drawnShape(row, shape, columns, frame));
          return;
        }
        const y = at(columns.y, row) * stepPx - top;
        const first = at(columns.x, row) * stepPx - left;
        discs.addOutside(row, first, y, EDGE_PX);
        if (y < -EDGE_PX || y >= height + EDGE_PX) return;
        const turns = Math.ceil((-EDGE_PX - first) / worldPx);
        for (let x = first + turns * worldPx; x < width + EDGE_PX; x += worldPx) {
          const cell = Math.floor((y + EDGE_PX) / CELL_PX) * across + Math.floor((x + EDGE_PX) / CELL_PX);
          const taken = at(cells, cell) - 1;
          if (taken >= 0) {
            marks.crowd[taken] = at(marks.crowd, taken) + 1;
            marks.row[taken] = row;
            marks.x[taken] = x;
            marks.y[taken] = y;
            addPrecision(taken, row);
            continue;
          }
          if (marks.count === marks.row.length) marks = grown(marks, emptyMarks);
          const next = marks.count++;
          cells[cell] = next + 1;
          marks.row[next] = row;
          marks.x[next] = x;
          marks.y[next] = y;
          marks.crowd[next] = 1;
          marks.unknown[next] = 0;
          marks.doubtful[next] = 0;
          marks.disc[next] = -1;
          addPrecision(next, row);
        }
      };

      for (const row of rows ?? index.rowsLasting(window)) place(row);
      const { from, to } = rows ? { from: 0, to: 0 } : index.rowsStarting(window);
      const seen = rows ? null : rowsOfView(mask, frame, to - from);
      if (seen) for (let n = firstFrom(seen, from); at(seen, n) < to; n++) place(at(seen, n));
      else for (let row = from; row < to; row++) place(row);
      return { marks, discs: discs.all(), shapes };
    },
  };
}

/** Returns whether two frames show the same view. @param {Frame} one @param {Frame} other */
export function isSameView(one, other) {
  return (
    one.zoom === other.zoom &&
    one.left === other.left &&
    one.top === other.top &&
    one.width === other.width &&
    one.height === other.height
  );
}

/**
 * Returns the index of the first row that is not below a row.
 * @param {Int32Array} rows ascending
 * @param {number} row
 */
function firstFrom(rows, row) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at(rows, middle) < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {number} capacity @returns {Marks} */
function emptyMarks(capacity) {
  return {
    count: 0,
    row: new Int32Array(capacity),
    x: new Float32Array(capacity),
    y: new Float32Array(capacity),
    crowd: new Int32Array(capacity),
    unknown: new Uint8Array(capacity),
    doubtful: new Uint8Array(capacity),
    disc: new Int32Array(capacity),
  };
}

/**
 * Converts a geometry to world paths: x, y, x, y … from 0 to 1. A segment of more than half the
 * world crosses the antimeridian and continues past it.
 *
 * @param {import("geojson").Geometry} geometry
 */
function worldPaths(geometry) {
  const closed = geometry.type === "Polygon" || geometry.type === "MultiPolygon";
  const lines = paths(geometry).map((positions) => {
    const line = new Float64Array(positions.length * 2);
    positions.forEach(([longitude = NaN, latitude = NaN], n) => {
      let x = mercatorX(longitude);
      if (n > 0) x -= Math.round(x - at(line, 2 * n - 2));
      line[2 * n] = x;
      line[2 * n + 1] = mercatorY(latitude);
    });
    return line;
  });
  let [west, north, east, south] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (let n = 0; n < line.length; n += 2) {
      const [x, y] = [at(line, n), at(line, n + 1)];
      if (x < west) west = x;
      if (x > east) east = x;
      if (y < north) north = y;
      if (y > south) south = y;
    }
  }
  return { closed, lines, west, north, east, south };
}

/** @typedef {ReturnType<typeof worldPaths>} WorldShape */

/**
 * Returns whether a shape is large enough not to be drawn as a mark.
 *
 * @param {WorldShape} shape
 * @param {number} worldPx
 */
function isLarge({ west, north, east, south }, worldPx) {
  return Math.max(east - west, south - north) * worldPx >= SMALLEST_SHAPE_PX;
}

/**
 * Converts a shape to pixels of the canvas.
 *
 * @param {number} row
 * @param {WorldShape} shape
 * @param {EventColumns} columns
 * @param {Frame} frame
 * @returns {Drawn[]}
 */
function drawnShape(
  row,
  { closed, lines, west, north, east, south },
  columns,
  { width, height, worldPx, left, top, zoom },
) {
  const precisionM = at(columns.precisionM, row);
  const bandPx = precisionM > 0 ? metresToPixels(precisionM, latitudeOf(at(columns.y, row)), zoom) : null;
  const reach = (bandPx ?? 0) + EDGE_PX;
  if (south * worldPx - top < -reach || north * worldPx - top > height + reach) return [];
  const drawn = [];
  const turns = Math.ceil((-reach - (east * worldPx - left)) / worldPx);
  for (let shift = turns * worldPx - left; west * worldPx + shift < width + reach; shift += worldPx) {
    drawn.push({
      row,
      closed,
      bandPx,
      paths: lines.map((line) =>
        Float32Array.from(line, (value, n) => (n % 2 ? value * worldPx - top : value * worldPx + shift)),
      ),
    });
  }
  return drawn;
}

/** @param {Float64Array | Float32Array | Int32Array | Uint8Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
