/** Stamps of event marks: each mark is drawn once and then copied. */
import { mix } from "../lib/colours.js";
import { drawMark, ringWidth } from "../lib/draw-mark.js";

/** Numbers of events at one position from which the mark is darker. */
const CROWDS = [4, 16, 64];
/** Share of ink in the colour of a mark, by the number of thresholds reached. */
const INK_IN_CROWD = [0, 0.3, 0.5, 0.68];

/**
 * Returns the radius of a mark, without its ring. The radius depends only on the zoom, so marks
 * keep their size while time moves.
 *
 * @param {number} zoom
 * @returns {number} pixels
 */
export const markRadius = (zoom) => Math.max(2.2, Math.min(5, 5 - (10 - zoom) * 0.5));

/**
 * Returns the level of a number of events.
 *
 * @param {number} crowd events at a position
 * @returns {number} 0 for few, up to 3
 */
export function crowdLevel(crowd) {
  let level = 0;
  while (crowd >= (CROWDS[level] ?? Infinity)) level++;
  return level;
}

/**
 * Creates the stamps of a palette. Each stamp is drawn on first use.
 *
 * @param {object} look
 * @param {string[]} look.colours
 * @param {string[]} look.verifications
 * @param {string} look.ink
 * @param {string} look.paper
 * @param {number} look.radius pixels
 * @param {number} look.scale device pixels in a pixel
 */
export function createStamps({ colours, verifications, ink, paper, radius, scale }) {
  const half = Math.ceil((radius + ringWidth(radius) + 0.5) * scale);
  /** @type {(HTMLCanvasElement | undefined)[]} */
  const stamps = [];

  /**
   * Draws a stamp.
   *
   * @param {number} colour
   * @param {number} verification
   * @param {number} level
   * @param {boolean} faint
   */
  function make(colour, verification, level, faint) {
    const stamp = document.createElement("canvas");
    stamp.width = stamp.height = 2 * half;
    const context = /** @type {CanvasRenderingContext2D} */ (stamp.getContext("2d"));
    context.setTransform(scale, 0, 0, scale, half, half);
    context.globalAlpha = faint ? 0.5 : 1;
    const word = verifications[verification] ?? "";
    drawMark(context, {
      verification: word,
      colour: mix(colours[colour] ?? "#777777", ink, INK_IN_CROWD[level] ?? 0),
      paper,
      radius,
    });
    return stamp;
  }

  return {
    /** Half the side of a stamp, device pixels. */
    half,

    /**
     * Returns a stamp.
     *
     * @param {number} colour index into the colours
     * @param {number} verification index into the verifications
     * @param {number} level of `crowdLevel`
     * @param {boolean} faint known to the month or year only, or refuted
     */
    get(colour, verification, level, faint) {
      const key = ((colour * 8 + verification) * 4 + level) * 2 + Number(faint);
      return (stamps[key] ??= make(colour, verification, level, faint));
    },
  };
}
