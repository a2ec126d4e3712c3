/** Samples of control areas for the legend, drawn by the same code as the map. */
import { paintSample } from "../lib/area-style.js";
import { customProperty } from "../lib/colours.js";
import { drawnIcon } from "./drawn-icon.js";

const SIZE = { width: 22, height: 14 };

/**
 * Creates the icon of an area style.
 *
 * @param {Parameters<typeof paintSample>[1]} what
 * @param {boolean} [isFaded] as in an old assessment
 */
export function areaIcon(what, isFaded = false) {
  const attributes = { class: "area-icon", "data-area": what, "data-faded": isFaded };
  return drawnIcon(SIZE, attributes, (context, scale) =>
    paintSample(context, what, { ...SIZE, scale, isFaded }, customProperty),
  );
}
