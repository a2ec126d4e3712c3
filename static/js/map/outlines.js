/**
 * Prepares rings and lines for a canvas: simplifies them for a zoom level and clips them to the
 * view. Pure.
 *
 * A path is x, y, x, y …; world positions run from 0 to 1 (see `mercatorX`), canvas positions are
 * pixels. A ring does not repeat its first corner.
 */
/** @typedef {{ left: number, top: number, right: number, bottom: number }} Box */

/**
 * @typedef {{ path: Float64Array, box: Box }} Outline a ring or a line of the world, and the box
 *   around it
 */

/** Grid size of the simplification, in pixels. Corners in one cell are merged. */
const CELL_PX = 0.5;

/** Adds the bounding box of a path. @param {Float64Array} path @returns {Outline} */
export function boxed(path) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let n = 0; n < path.length; n += 2) {
    const [x, y] = [at(path, n), at(path, n + 1)];
    if (x < box.left) box.left = x;
    if (x > box.right) box.right = x;
    if (y < box.top) box.top = y;
    if (y > box.bottom) box.bottom = y;
  }
  return { path, box };
}

/**
 * Simplifies an outline for a zoom level. Each corner is snapped to a grid of half pixels, and
 * repeated corners are removed. Snapping depends only on the corner, so adjacent areas stay
 * adjacent, without gaps or overlaps.
 *
 * @param {Outline} outline
 * @param {number} worldPx pixels of the whole world
 * @returns {Outline | null} null: too small to be visible
 */
export function simplifiedFor({ path, box }, worldPx) {
  const cells = worldPx / CELL_PX;
  const simplified = new Float64Array(path.length);
  let length = 0;
  for (let n = 0; n < path.length; n += 2) {
    const [x, y] = [Math.round(at(path, n) * cells) / cells, Math.round(at(path, n + 1) * cells) / cells];
    if (length && simplified[length - 2] === x && simplified[length - 1] === y) continue;
    simplified[length++] = x;
    simplified[length++] = y;
  }
  return length > 2 ? { path: simplified.slice(0, length), box } : null;
}

/** Returns whether two boxes overlap. @param {Box} one @param {Box} other */
export function overlap(one, other) {
  return one.left <= other.right && one.right >= other.left && one.top <= other.bottom && one.bottom >= other.top;
}

/** Returns whether a box lies in another. @param {Box} inner @param {Box} outer */
function lies(inner, outer) {
  return (
    inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top && inner.bottom <= outer.bottom
  );
}

/**
 * Clips a ring to a box (Sutherland and Hodgman), for filling. The result has extra edges along the
 * box.
 *
 * @param {Outline} ring
 * @param {Box} within
 * @returns {Float64Array} empty if the ring is outside
 */
export function cutRing({ path, box }, within) {
  if (lies(box, within)) return path;
  let cut = path;
  for (const [axis, bound, sign] of /** @type {const} */ ([
    [0, within.left, 1],
    [0, within.right, -1],
    [1, within.top, 1],
    [1, within.bottom, -1],
  ])) {
    cut = cutAt(cut, axis, bound, sign);
    if (cut.length === 0) break;
  }
  return cut;
}

/**
 * Clips a ring to one side of a straight line.
 * @param {Float64Array} path
 * @param {0 | 1} axis
 * @param {number} bound
 * @param {1 | -1} sign
 */
function cutAt(path, axis, bound, sign) {
  // Each corner adds at most itself and one intersection.
  const cut = new Float64Array(path.length * 2);
  let length = 0;
  let [lastX, lastY] = [at(path, path.length - 2), at(path, path.length - 1)];
  let lastOver = ((axis ? lastY : lastX) - bound) * sign;
  for (let n = 0; n < path.length; n += 2) {
    const [x, y] = [at(path, n), at(path, n + 1)];
    const over = ((axis ? y : x) - bound) * sign;
    if (over >= 0 !== lastOver >= 0) {
      const share = lastOver / (lastOver - over);
      cut[length++] = axis ? lastX + share * (x - lastX) : bound;
      cut[length++] = axis ? bound : lastY + share * (y - lastY);
    }
    if (over >= 0) {
      cut[length++] = x;
      cut[length++] = y;
    }
    [lastX, lastY, lastOver] = [x, y, over];
  }
  return cut.slice(0, length);
}

/**
 * @typedef {object} Piece
 * @property {Float64Array} path
 * @property {number} along length of the line before the piece, as the dash offset: dashes stay in
 *   place while the view moves
 */

/**
 * Clips a line to a box.
 *
 * @param {Outline} line
 * @param {Box} within
 * @param {boolean} closed the last corner connects to the first
 * @returns {Piece[]}
 */
export function cutLine({ path, box }, within, closed) {
  if (lies(box, within)) return [{ path: closed ? closedPath(path) : path, along: 0 }];
  /** @type {Piece[]} */
  const pieces = [];
  /** @type {number[]} */
  let piece = [];
  let [along, begins] = [0, 0];
  const end = () => {
    if (piece.length) pieces.push({ path: Float64Array.from(piece), along: begins });
    piece = [];
  };
  const last = path.length - (closed ? 0 : 2);
  for (let n = 0; n < last; n += 2) {
    const next = n + 2 === path.length ? 0 : n + 2;
    const [fromX, fromY, toX, toY] = [at(path, n), at(path, n + 1), at(path, next), at(path, next + 1)];
    const length = Math.hypot(toX - fromX, toY - fromY);
    const [enters, leaves] = shares(fromX, fromY, toX - fromX, toY - fromY, within);
    if (enters <= leaves) {
      if (!piece.length) {
        begins = along + enters * length;
        piece.push(fromX + enters * (toX - fromX), fromY + enters * (toY - fromY));
      }
      piece.push(fromX + leaves * (toX - fromX), fromY + leaves * (toY - fromY));
    }
    if (leaves < 1 || enters > leaves) end();
    along += length;
  }
  end();
  return pieces;
}

/** Repeats the first corner at the end. @param {Float64Array} path */
function closedPath(path) {
  const closed = new Float64Array(path.length + 2);
  closed.set(path);
  closed.set(path.subarray(0, 2), path.length);
  return closed;
}

/**
 * Clips a segment to a box (Liang and Barsky). Returns the start and the end of the visible part as
 * shares of the segment; nothing is visible if start is greater than end.
 *
 * @param {number} x
 * @param {number} y where it begins
 * @param {number} stepX
 * @param {number} stepY
 * @param {Box} box
 * @returns {[enters: number, leaves: number]}
 */
function shares(x, y, stepX, stepY, { left, top, right, bottom }) {
  let [enters, leaves] = [0, 1];
  for (const [step, room] of /** @type {const} */ ([
    [-stepX, x - left],
    [stepX, right - x],
    [-stepY, y - top],
    [stepY, bottom - y],
  ])) {
    if (step === 0) {
      if (room < 0) return [1, 0];
    } else if (step < 0) enters = Math.max(enters, room / step);
    else leaves = Math.min(leaves, room / step);
  }
  return [enters, leaves];
}

/** @param {Float64Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}
