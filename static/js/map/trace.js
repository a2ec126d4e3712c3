/**
 * Draws world outlines on a canvas.
 *
 * @import { Frame } from "./canvas-layer.js"
 * @import { Box, Outline } from "./outlines.js"
 */
import { cutLine, cutRing, overlap, simplifiedFor } from "./outlines.js";

/**
 * Lines extend past the edge of the canvas by this, so that their caps and joins are not visible.
 * Pixels.
 */
const EDGE_PX = 8;
/** Number of zoom levels whose simplified outlines are cached. */
const KEPT_ZOOMS = 3;

/** @type {WeakMap<Outline, Map<number, Outline | null>>} */
const levels = new WeakMap();

/**
 * Simplifies outlines for a zoom level. Results are cached.
 *
 * @param {readonly Outline[]} outlines
 * @param {Pick<Frame, "zoom" | "worldPx">} frame
 * @returns {Outline[]} without outlines too small to be visible
 */
export function simplified(outlines, { zoom, worldPx }) {
  const shown = [];
  for (const outline of outlines) {
    let byZoom = levels.get(outline);
    if (!byZoom) levels.set(outline, (byZoom = new Map()));
    let level = byZoom.get(zoom);
    if (level === undefined) {
      level = simplifiedFor(outline, worldPx);
      for (const oldest of byZoom.keys()) {
        if (byZoom.size < KEPT_ZOOMS) break;
        byZoom.delete(oldest);
      }
      byZoom.set(zoom, level);
    }
    if (level) shown.push(level);
  }
  return shown;
}

/**
 * Runs a function for each visible copy of the world.
 *
 * @param {Frame} frame
 * @param {(within: Box, place: { x: number, y: number }) => void} run `within` is the view, as
 *   shares of the world; a world position times `worldPx` plus `place` is a canvas position
 */
export function eachTurn({ left, top, width, height, worldPx }, run) {
  // One more copy on each side, because shapes across the antimeridian extend into the next copy.
  const first = Math.floor((left - EDGE_PX) / worldPx) - 1;
  const last = Math.floor((left + width + EDGE_PX) / worldPx) + 1;
  for (let turn = first; turn <= last; turn++) {
    const place = { x: turn * worldPx - left, y: -top };
    run(
      {
        left: (-place.x - EDGE_PX) / worldPx,
        right: (-place.x + width + EDGE_PX) / worldPx,
        top: (top - EDGE_PX) / worldPx,
        bottom: (top + height + EDGE_PX) / worldPx,
      },
      place,
    );
  }
}

/**
 * Adds rings to the path of a context, for filling by the even-odd rule.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Outline[]} rings
 * @param {Frame} frame
 */
export function traceRings(context, rings, frame) {
  const shown = simplified(rings, frame);
  eachTurn(frame, (within, place) => {
    for (const ring of shown) {
      if (!overlap(ring.box, within)) continue;
      const path = cutRing(ring, within);
      if (path.length < 6) continue;
      follow(context, path, frame.worldPx, place);
      context.closePath();
    }
  });
}

/**
 * Strokes lines with the context's current style.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {readonly Outline[]} lines
 * @param {Frame} frame
 * @param {{ closed?: boolean, dashed?: boolean }} [how] `closed`: the lines are rings; `dashed`:
 *   dashes stay in place while the view moves
 */
export function strokeLines(context, lines, frame, { closed = false, dashed = false } = {}) {
  if (!dashed) context.beginPath();
  const shown = simplified(lines, frame);
  eachTurn(frame, (within, place) => {
    for (const line of shown) {
      if (!overlap(line.box, within)) continue;
      for (const { path, along } of cutLine(line, within, closed)) {
        if (dashed) {
          context.beginPath();
          context.lineDashOffset = along * frame.worldPx;
        }
        follow(context, path, frame.worldPx, place);
        if (dashed) context.stroke();
      }
    }
  });
  if (!dashed) context.stroke();
}

/**
 * Adds a path to the context.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float64Array} path
 * @param {number} worldPx
 * @param {{ x: number, y: number }} place
 */
function follow(context, path, worldPx, { x, y }) {
  for (let n = 0; n < path.length; n += 2) {
    const [toX, toY] = [(path[n] ?? 0) * worldPx + x, (path[n + 1] ?? 0) * worldPx + y];
    if (n === 0) context.moveTo(toX, toY);
    else context.lineTo(toX, toY);
  }
}
