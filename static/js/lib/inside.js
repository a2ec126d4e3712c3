/**
 * Whether a point lies in a ring, by the rule of even and odd crossings.
 *
 * @param {readonly (readonly [number, number])[]} ring corners (x, y); closed by itself
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
