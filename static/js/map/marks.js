/** Stamps of event marks: each mark is drawn once and then copied. */
import { mix } from "../lib/colours.js";
import { drawMark, markReach } from "../lib/draw-mark.js";
import { FAINT } from "../lib/draw-signs.js";

/** Share of ink in the colour of a mark, by the level of `crowdLevel`. */
const INK_IN_CROWD = [0, 0.15, 0.4, 0.6];

/**
 * Returns the radius of a mark, without its ring. The radius depends only on the zoom, so marks
 * keep their size while time moves.
 *
 * @param {number} zoom
 * @returns {number} pixels
 */
export const markRadius = (zoom) => Math.max(2.2, Math.min(5, 5 - (10 - zoom) * 0.5));

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
  /** @type {(HTMLCanvasElement | undefined)[]} */
  const stamps = [];

  /**
   * Draws a stamp.
   *
   * @param {number} colour
   * @param {number} verification
   * @param {number} level
   * @param {boolean} faint
   * @param {boolean} isUnknown
   * @param {boolean} isDoubtful
   */
  function make(colour, verification, level, faint, isUnknown, isDoubtful) {
    const stamp = document.createElement("canvas");
    const half = Math.ceil((markReach(radius, level, isUnknown, isDoubtful) + 0.5) * scale);
    stamp.width = stamp.height = 2 * half;
    const context = /** @type {CanvasRenderingContext2D} */ (stamp.getContext("2d"));
    context.setTransform(scale, 0, 0, scale, half, half);
    context.globalAlpha = faint ? FAINT : 1;
    const word = verifications[verification] ?? "";
    drawMark(context, {
      verification: word,
      colour: mix(colours[colour] ?? "#777777", ink, INK_IN_CROWD[level] ?? 0),
      paper,
      radius,
      level,
      isUnknown,
      doubt: isDoubtful ? ink : null,
    });
    return stamp;
  }

  return {
    /**
     * Returns a stamp, whose centre is that of the mark. Its size depends on what it shows.
     *
     * @param {number} colour index into the colours
     * @param {number} verification index into the verifications
     * @param {number} level of `crowdLevel`
     * @param {boolean} faint known to the month or year only, or refuted
     * @param {boolean} isUnknown the precision of an event of the mark is not known
     * @param {boolean} isDoubtful the place of an event of the mark should be checked
     */
    get(colour, verification, level, faint, isUnknown, isDoubtful) {
      const bits = Number(faint) + 2 * Number(isUnknown) + 4 * Number(isDoubtful);
      const key = ((colour * 8 + verification) * 4 + level) * 8 + bits;
      return (stamps[key] ??= make(colour, verification, level, faint, isUnknown, isDoubtful));
    },
  };
}
