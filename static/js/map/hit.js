/**
 * Finds the event under a pointer. Pure.
 *
 * @import { Drawn, Scene } from "./scene.js"
 */

/**
 * @typedef {object} Hit
 * @property {number} row the nearest event; the newest one at its position
 * @property {boolean} shape a line or an area, not a point
 * @property {number[]} [points] candidates for the position, if the search used the columns
 */

/**
 * Returns the event nearest to a point of the canvas. Marks take precedence over lines, and lines
 * over areas.
 *
 * @param {Scene} scene
 * @param {number} x pixels of the canvas
 * @param {number} y
 * @param {number} reach maximum distance, pixels
 * @returns {Hit | null}
 */
export function hitAt({ marks, shapes }, x, y, reach) {
  let nearest = -1;
  let best = reach * reach;
  for (let n = 0; n < marks.count; n++) {
    const away = squared(at(marks.x, n) - x, at(marks.y, n) - y);
    if (away <= best) {
      best = away;
      nearest = n;
    }
  }
  if (nearest >= 0) return { row: at(marks.row, nearest), shape: false };
  const shape = nearestShape(shapes, x, y, reach);
  return shape && { row: shape.row, shape: true };
}

/**
 * Returns the nearest line or area.
 *
 * @param {Drawn[]} shapes
 * @param {number} x
 * @param {number} y
 * @param {number} reach
 */
function nearestShape(shapes, x, y, reach) {
  /** @type {Drawn | null} */
  let nearest = null;
  let best = reach;
  for (const shape of shapes) {
    for (const path of shape.paths) {
      const away = distanceToPath(path, x, y);
      if (away <= best) {
        best = away;
        nearest = shape;
      }
    }
  }
  return nearest ?? shapes.findLast((shape) => shape.closed && isInside(shape.paths, x, y)) ?? null;
}

/**
 * Returns the distance from a point to a path.
 *
 * @param {Float32Array} path
 * @param {number} x
 * @param {number} y
 */
function distanceToPath(path, x, y) {
  let best = Infinity;
  for (let n = 0; n + 3 < path.length; n += 2) {
    const [fromX, fromY] = [at(path, n), at(path, n + 1)];
    const [stepX, stepY] = [at(path, n + 2) - fromX, at(path, n + 3) - fromY];
    const length = squared(stepX, stepY);
    const share = length ? Math.max(0, Math.min(1, ((x - fromX) * stepX + (y - fromY) * stepY) / length)) : 0;
    best = Math.min(best, squared(fromX + share * stepX - x, fromY + share * stepY - y));
  }
  return Math.sqrt(best);
}

/**
 * Returns whether a point lies in the rings, by the even-odd rule, so a hole is outside.
 * @param {Float32Array[]} rings
 * @param {number} x
 * @param {number} y
 */
function isInside(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let n = 0; n + 3 < ring.length; n += 2) {
      const [fromX, fromY, toX, toY] = [at(ring, n), at(ring, n + 1), at(ring, n + 2), at(ring, n + 3)];
      if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) inside = !inside;
    }
  }
  return inside;
}

/** Returns the squared length. @param {number} x @param {number} y */
const squared = (x, y) => x * x + y * y;

/** @param {Float32Array | Int32Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
