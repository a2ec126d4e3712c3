/** Finds the part of the map without overlays, and the nearest free place. Pure. */

/** @typedef {{ left: number, top: number, right: number, bottom: number }} Rectangle pixels */
/** @typedef {{ x: number, y: number }} Place pixels */

/**
 * An overlay wider than this share of the map is at the top or bottom, others of this share of the
 * height are at a side. Smaller ones leave space around them.
 */
const BROAD = 0.6;
const TALL = 0.5;
/** Distance of the tried places. */
const STEP_PX = 16;

/**
 * Returns whether two rectangles overlap.
 *
 * @param {Rectangle} one
 * @param {Rectangle} other
 */
export const overlaps = (one, other) =>
  one.left < other.right && one.right > other.left && one.top < other.bottom && one.bottom > other.top;

/**
 * Returns the rectangle that the overlays leave free.
 *
 * @param {Rectangle} map
 * @param {Rectangle[]} over
 * @returns {Rectangle}
 */
export function freeRoom(map, over) {
  const { left, top, right, bottom } = map; // one by one, because a DOMRect has no own properties to spread
  const free = { left, top, right, bottom };
  for (const cover of over) {
    if (!overlaps(cover, map) || cover.right <= cover.left || cover.bottom <= cover.top) continue;
    const broad = cover.right - cover.left > BROAD * (map.right - map.left);
    if (!broad && cover.bottom - cover.top < TALL * (map.bottom - map.top)) continue;
    if (broad) {
      if (cover.top + cover.bottom > map.top + map.bottom) free.bottom = Math.min(free.bottom, cover.top);
      else free.top = Math.max(free.top, cover.bottom);
    } else if (cover.left + cover.right > map.left + map.right) free.right = Math.min(free.right, cover.left);
    else free.left = Math.max(free.left, cover.right);
  }
  return free.right > free.left && free.bottom > free.top ? free : map;
}

/**
 * Returns a rectangle that nothing covers, for example for a popup. Small overlays, such as buttons,
 * cost the side that leaves the most.
 *
 * @param {Rectangle} map
 * @param {Rectangle[]} over
 * @returns {Rectangle}
 */
export function clearRoom(map, over) {
  let room = freeRoom(map, over);
  for (const cover of over) {
    if (!overlaps(cover, room) || cover.bottom <= cover.top) continue;
    const { left, top, right, bottom } = room;
    const cuts = [
      { left, top, right, bottom: cover.top },
      { left, top: cover.bottom, right, bottom },
      { left, top, right: cover.left, bottom },
      { left: cover.right, top, right, bottom },
    ];
    const widest = cuts.reduce((best, cut) => (areaOf(cut) > areaOf(best) ? cut : best));
    if (areaOf(widest) > 0) room = widest; // what covers everything leaves everything
  }
  return room;
}

/** Returns the area of a rectangle; 0 if it has none. @param {Rectangle} rectangle */
const areaOf = ({ left, top, right, bottom }) => Math.max(0, right - left) * Math.max(0, bottom - top);

/**
 * Returns the place to which a mark should move: null if it is free already, the nearest free place
 * if it lies under an overlay, else the middle of the free part.
 *
 * @param {Place} mark
 * @param {Rectangle} map
 * @param {Rectangle[]} over the overlays
 * @param {number} margin space around the mark
 * @returns {Place | null}
 */
export function freePlace(mark, map, over, margin) {
  const isFree = (/** @type {Place} */ { x, y }) =>
    isIn({ x, y }, map, -margin) && !over.some((cover) => isIn({ x, y }, cover, margin));
  if (isFree(mark)) return null;
  const { left, top, right, bottom } = freeRoom(map, over);
  const middle = { x: (left + right) / 2, y: (top + bottom) / 2 };
  if (!isIn(mark, map, 0)) return middle;
  let nearest = null;
  let best = Infinity;
  for (let y = map.top + margin; y <= map.bottom - margin; y += STEP_PX) {
    for (let x = map.left + margin; x <= map.right - margin; x += STEP_PX) {
      const away = Math.hypot(x - mark.x, y - mark.y);
      if (away < best && isFree({ x, y })) [nearest, best] = [{ x, y }, away];
    }
  }
  return nearest ?? middle;
}

/**
 * Returns where a text beside a pointer stands: above, below, right or left of it, whichever is the
 * first that is free. The marks around the pointer stay visible. Without such a place, the text stands
 * near the pointer, on the side with the most room.
 *
 * @param {Place} pointer
 * @param {{ width: number, height: number }} size of the text
 * @param {Rectangle} map
 * @param {Rectangle[]} over the overlays
 * @param {{ far: number, near: number }} away distance from the pointer, and the least one
 * @returns {Place} the upper left corner
 */
export function textPlace({ x, y }, { width, height }, map, over, { far, near }) {
  const within = (/** @type {number} */ start, /** @type {number} */ from, /** @type {number} */ to) =>
    Math.max(from, Math.min(start, to));
  const left = within(x - width / 2, map.left, map.right - width);
  const top = within(y - height / 2, map.top, map.bottom - height);
  /** Returns the places at a distance. @param {number} away */
  const places = (away) => [
    { x: left, y: y - away - height },
    { x: left, y: y + away },
    { x: x + away, y: top },
    { x: x - away - width, y: top },
  ];
  const isFree = (/** @type {Place} */ at) => {
    const box = { left: at.x, top: at.y, right: at.x + width, bottom: at.y + height };
    const inside = box.left >= map.left && box.top >= map.top && box.right <= map.right && box.bottom <= map.bottom;
    return inside && !over.some((cover) => overlaps(cover, box));
  };
  const free = places(far).find(isFree) ?? places(near).find(isFree);
  if (free) return free;
  const isLeft = x - map.left > map.right - x;
  return { x: within(isLeft ? x - near - width : x + near, map.left, map.right - width), y: y + near };
}

/**
 * Returns whether a place lies in a rectangle that is larger by a margin on each side.
 *
 * @param {Place} place
 * @param {Rectangle} rectangle
 * @param {number} margin
 */
function isIn({ x, y }, { left, top, right, bottom }, margin) {
  return x > left - margin && x < right + margin && y > top - margin && y < bottom + margin;
}
