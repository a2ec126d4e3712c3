/**
 * Taking something along: coordinates and links to the clipboard, the view to another program.
 */
import { icon } from "../lib/icon.js";
import { announce } from "./announce.js";
import { element } from "./element.js";

/** @import { Translate } from "../types.js" */

/** How long a button says that it has copied. */
const SAID_MS = 2_000;

/**
 * A button that shows a text and copies it.
 *
 * @param {string} text
 * @param {string} what the notation's name, "Military grid"
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
 * A button that hands on the address of exactly this view: to the phone's own sheet where there is
 * one, else to the clipboard.
 *
 * @param {string} title of what is shared
 * @param {Translate} t
 * @param {() => string} address
 * @returns {HTMLButtonElement}
 */
export function shareButton(title, t, address) {
  const words = element("span", {}, t("Share"));
  const button = element("button", { type: "button", class: "button share" }, icon("share"), words);
  button.addEventListener("click", async () => {
    if (await offered({ title, url: address() })) return;
    const done = await copyText(address());
    const outcome = done ? t("Link copied") : t("Not copied: your browser blocked it");
    words.textContent = outcome;
    showOutcome(button, outcome, done);
    setTimeout(() => (words.textContent = t("Share")), SAID_MS);
  });
  return button;
}

/**
 * Offers to the phone's own sheet.
 *
 * @param {ShareData} data
 * @returns {Promise<boolean>} false when there is none, or it failed; a reader who thinks better of
 *   it has been served
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
 * Puts text on the clipboard.
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
 * The old way, for pages that are not served over HTTPS: they have no clipboard of their own.
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
