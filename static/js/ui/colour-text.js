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
    side: { name: t("Side shown"), meaning: t("whose people or equipment are seen or hit, else who acted") },
    actor: { name: t("Actor"), meaning: t("who acted") },
    category: { name: t("Category"), meaning: t("what happened") },
    verification: { name: t("Verification"), meaning: t("how sure it is") },
  };
}
