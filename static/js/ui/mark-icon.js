/** Marks of the map for menus and the legend, drawn by the same code. */
import { customProperty } from "../lib/colours.js";
import { drawMark, ringWidth } from "../lib/draw-mark.js";
import { drawnIcon } from "./drawn-icon.js";

const RADIUS_PX = 5;
const SIZE_PX = 2 * (RADIUS_PX + ringWidth(RADIUS_PX));

/**
 * Creates the icon of a mark.
 * @param {string} verification
 * @param {string} colour a custom property
 * @returns {HTMLCanvasElement}
 */
export function markIcon(verification, colour) {
  const attributes = { class: "mark-icon", "data-verification": verification, "data-colour": colour };
  return drawnIcon({ width: SIZE_PX, height: SIZE_PX }, attributes, (context) => {
    context.translate(SIZE_PX / 2, SIZE_PX / 2);
    drawMark(context, {
      verification,
      colour: customProperty(colour),
      paper: customProperty("--paper"),
      radius: RADIUS_PX,
    });
  });
}
