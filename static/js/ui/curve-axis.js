/**
 * The vertical axis of the curve: its highest and its lowest value in view, in km², at their heights.
 * Screen readers get the same numbers with words.
 */
import { areaNumber } from "./area-text.js";
import { element } from "./element.js";

/** @import { Translate } from "../types.js" */

/** Free space above and below the curve, as shares of the chart's height. */
const TOP = 0.24;
const BOTTOM = 0.2;

/**
 * Returns the height of a value, as a share of the chart's height from above. Equal values are in the
 * middle.
 *
 * @param {number} km2
 * @param {number} least in view
 * @param {number} most
 */
export const shareOf = (km2, least, most) =>
  TOP + (1 - TOP - BOTTOM) * (most > least ? (most - km2) / (most - least) : 0.5);

/**
 * Creates the axis.
 * @param {{ language: string, t: Translate }} options
 */
export function createCurveAxis({ language, t }) {
  /** Creates a number. @param {string} words */
  const mark = (words) => {
    const number = element("span", {});
    return {
      number,
      root: element("span", { class: "dock-km2" }, element("span", { class: "visually-hidden" }, words), number),
    };
  };
  const highest = mark(`${t("Highest occupied area in view:")} `);
  const lowest = mark(`${t("Lowest occupied area in view:")} `);
  const root = element("p", { class: "dock-curve-axis", hidden: true }, highest.root, lowest.root);
  let [shownLeast, shownMost] = [NaN, NaN];

  return {
    root,
    /**
     * Shows the values. It is called for each frame, and formats only new ones.
     * @param {number} least km²; infinite: no value
     * @param {number} most
     */
    show(least, most) {
      if (least === shownLeast && most === shownMost) return;
      [shownLeast, shownMost] = [least, most];
      root.hidden = !Number.isFinite(most);
      if (root.hidden) return;
      const [low, high] = [least, most].map((km2) => t("{area} km²", { area: areaNumber(km2, language) }));
      highest.number.textContent = high ?? "";
      lowest.number.textContent = low ?? "";
      lowest.root.hidden = low === high;
      for (const [{ root: at }, km2] of /** @type {const} */ ([
        [highest, most],
        [lowest, least],
      ])) {
        at.style.setProperty("--share", String(shareOf(km2, least, most)));
      }
    },
  };
}
