/** Announces texts to screen readers. */
import { element } from "./element.js";

/** @type {HTMLElement | null} */
let region = null;

/**
 * Announces a text through a polite live region.
 *
 * @param {string} words
 */
export function announce(words) {
  region ??= element("div", { class: "visually-hidden", role: "status", "aria-live": "polite" });
  if (!region.isConnected) document.body.append(region);
  region.textContent = words;
}
