/** Copies coordinates and links, and shares the view. */
import { icon } from "../lib/icon.js";
import { announce } from "./announce.js";
import { element, iconButton } from "./element.js";

/** @import { Translate } from "../types.js" */

/** Duration of the message that a text was copied. */
const SAID_MS = 2_000;

/**
 * Creates a button that shows a text and copies it.
 *
 * @param {string} text
 * @param {string} what name of the notation, "Military grid"
 * @param {Translate} t
 * @returns {HTMLButtonElement}
 */
export function copyButton(text, what, t) {
  const button = element(
    "button",
    { type: "button", class: "copy", title: t("Copy"), "aria-label": `${text}, ${what}, ${t("Copy")}` },
    element("span", { dir: "ltr" }, text),
  );
  button.addEventListener("click", async () => {
    const done = await copyText(text);
    showOutcome(button, done ? t("Copied") : t("Not copied: your browser blocked it"), done);
  });
  return button;
}

/**
 * Creates a button that shares the URL of the current view.
 *
 * @param {string} title of the shared page
 * @param {Translate} t
 * @param {() => string} address
 * @returns {HTMLButtonElement}
 */
export function shareButton(title, t, address) {
  const words = element("span", {}, t("Share"));
  const button = element("button", { type: "button", class: "button share" }, icon("share"), words);
  onShare(button, title, t, address, (outcome) => (words.textContent = outcome ?? t("Share")));
  return button;
}

/**
 * Creates the chip that shares the URL of the current view, without visible words.
 *
 * @param {string} title of the shared page
 * @param {Translate} t
 * @param {() => string} address
 * @returns {HTMLButtonElement}
 */
export function shareChip(title, t, address) {
  const button = iconButton("share", t("Link to this view"), { class: "chip link-here" });
  onShare(button, title, t, address, () => {});
  return button;
}

/**
 * Shares a URL when a button is clicked: with the system's share sheet if available, else by
 * copying.
 *
 * @param {HTMLButtonElement} button
 * @param {string} title of the shared page
 * @param {Translate} t
 * @param {() => string} address
 * @param {(outcome: string | null) => void} tell called with the result, and with null after a while
 */
function onShare(button, title, t, address, tell) {
  button.addEventListener("click", async () => {
    if (await offered({ title, url: address() })) return;
    const done = await copyText(address());
    const outcome = done ? t("Link copied") : t("Not copied: your browser blocked it");
    tell(outcome);
    showOutcome(button, outcome, done);
    setTimeout(() => tell(null), SAID_MS);
  });
}

/**
 * Opens the system's share sheet.
 *
 * @param {ShareData} data
 * @returns {Promise<boolean>} false: unavailable or failed; true also if the reader cancels
 */
async function offered(data) {
  if (!navigator.share || !matchMedia("(pointer: coarse)").matches) return false;
  try {
    await navigator.share(data);
    return true;
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError";
  }
}

/**
 * Copies a text to the clipboard.
 *
 * @param {string} text
 * @returns {Promise<boolean>}
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/**
 * Copies with `execCommand`, for pages without HTTPS, where the clipboard API is unavailable.
 *
 * @param {string} text
 * @returns {boolean}
 */
function copySelected(text) {
  const before = document.activeElement;
  const field = element("textarea", { class: "visually-hidden", readonly: true, tabindex: "-1" }, text);
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  return done;
}

/**
 * Shows the result on the button.
 *
 * @param {HTMLButtonElement} button
 * @param {string} words
 * @param {boolean} done
 */
function showOutcome(button, words, done) {
  announce(words);
  if (!done) return;
  button.dataset.copied = words;
  setTimeout(() => delete button.dataset.copied, SAID_MS);
}
