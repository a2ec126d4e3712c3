/**
 * What the colours of the marks can stand for, in words.
 *
 * @import { ColourBy, Translate } from "../types.js"
 */

/**
 * @param {Translate} t
 * @returns {Record<ColourBy, { name: string, meaning: string }>}
 */
export function colourNames(t) {
  return {
    side: { name: t("Affected side"), meaning: t("who was hit or shown; if unknown, who acted") },
    actor: { name: t("Acting side"), meaning: t("who acted") },
    category: { name: t("Category"), meaning: t("what happened") },
    verification: { name: t("Verification"), meaning: t("how well it is verified") },
  };
}
