/**
 * Names of the colour schemes.
 *
 * @import { ColourBy, Translate } from "../types.js"
 */

/**
 * Returns the names.
 * @param {Translate} t
 * @returns {Record<ColourBy, { name: string, meaning: string }>}
 */
export function colourNames(t) {
  return {
    side: { name: t("Affected side"), meaning: t("whose people or equipment are shown or hit") },
    actor: { name: t("Acting side"), meaning: t("who acted") },
    category: { name: t("Category"), meaning: t("what happened") },
    verification: { name: t("Verification"), meaning: t("how well it is verified") },
  };
}
