/** The elements that lie over the map. */

/** Selector of these elements, if the page has them. */
export const COVERS = "#legend, #dock, #panel, #sheet, .head, .chip, .zoom, .notice";

/**
 * Returns the boxes of the visible elements over the map.
 *
 * @param {Element} of an element of the map
 * @param {string} [selector] of these elements
 * @returns {import("../lib/free-room.js").Rectangle[]} in pixels from its upper left corner
 */
export function coversOf(of, selector = COVERS) {
  const { left: x, top: y } = of.getBoundingClientRect();
  return [...document.querySelectorAll(selector)].flatMap((cover) => {
    const { left, top, right, bottom } = cover.getBoundingClientRect();
    return right > left ? [{ left: left - x, top: top - y, right: right - x, bottom: bottom - y }] : [];
  });
}
