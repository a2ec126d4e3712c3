/** Marks of the map for menus and the legend, drawn by the same code. */
import { customProperty } from "../lib/colours.js";
import { drawMark, markReach } from "../lib/draw-mark.js";
import { drawnIcon } from "./drawn-icon.js";

const RADIUS_PX = 5;

/**
 * Creates the icon of a mark.
 * @param {string} verification
 * @param {string} colour a custom property
 * @param {boolean} [isDoubtful] whether the place should be checked
 * @returns {HTMLCanvasElement}
 */
export function markIcon(verification, colour, isDoubtful = false) {
  const attributes = {
    class: "mark-icon",
    "data-verification": verification,
    "data-colour": colour,
    "data-doubtful": isDoubtful ? "" : null,
  };
  const size = 2 * markReach(RADIUS_PX, 0, false, isDoubtful);
  return drawnIcon({ width: size, height: size }, attributes, (context) => {
    context.translate(size / 2, size / 2);
    drawMark(context, {
      verification,
      colour: customProperty(colour),
      paper: customProperty("--paper"),
      radius: RADIUS_PX,
      doubt: isDoubtful ? customProperty("--ink") : null,
    });
  });
}
