/**
 * Returns whether a point lies in a ring, by the even-odd rule.
 *
 * @param {readonly (readonly [number, number])[]} ring corners (x, y); the last corner connects to
 *   the first
 * @param {number} x
 * @param {number} y
 */
export function inside(ring, x, y) {
  let within = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at, at += 1) {
    const [ax, ay] = ring[at] ?? [0, 0];
    const [bx, by] = ring[before] ?? [0, 0];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) within = !within;
  }
  return within;
}
