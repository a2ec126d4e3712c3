/**
 * Simplifies lines (Douglas-Peucker) with a tolerance that depends on the place. Pure.
 */

/**
 * Returns a line without the vertices that are nearer to the simplified line than the tolerance.
 * Both ends stay, so that lines that meet still meet. Where the tolerance is 0 every vertex stays.
 *
 * @param {number[][]} line positions; the last of a closed line equals the first
 * @param {(position: number[]) => number} tolerance degrees
 * @returns {number[][]}
 */
export function simplifyLine(line, tolerance) {
  if (line.length < 3) return line;
  const keep = new Uint8Array(line.length);
  keep[0] = keep[line.length - 1] = 1;
  const open = [[0, line.length - 1]];
  for (let part = open.pop(); part; part = open.pop()) {
    const [from, to] = part;
    let [farthest, excess] = [-1, 0];
    for (let n = from + 1; n < to; n++) {
      const allowed = tolerance(line[n]);
      const away = distanceToSegment(line[n], line[from], line[to]);
      const over = allowed === 0 ? Infinity : away - allowed;
      if (over > excess) [farthest, excess] = [n, over];
      if (over === Infinity) keep[n] = 1;
    }
    if (farthest < 0) continue;
    keep[farthest] = 1;
    open.push([from, farthest], [farthest, to]);
  }
  return line.filter((_, n) => keep[n]);
}

/** @param {number[]} at @param {number[]} from @param {number[]} to */
function distanceToSegment([x, y], [fromX, fromY], [toX, toY]) {
  const [stepX, stepY] = [toX - fromX, toY - fromY];
  const length = stepX * stepX + stepY * stepY;
  const share = length ? Math.max(0, Math.min(1, ((x - fromX) * stepX + (y - fromY) * stepY) / length)) : 0;
  return Math.hypot(fromX + share * stepX - x, fromY + share * stepY - y);
}
