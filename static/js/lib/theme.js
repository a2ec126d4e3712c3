/**
 * The colour theme: light or night, chosen by the reader or by the system setting.
 *
 * @import { Config } from "../types.js"
 */
import { colourProperty } from "./colours.js";

/** @typedef {"auto" | "light" | "night"} Theme */

const STORAGE_KEY = "theme";
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** Returns the theme that the reader chose. @returns {Theme} */
export function chosenTheme() {
  const value = root.dataset.theme;
  return value === "light" || value === "night" ? value : "auto";
}

/** Returns whether the page is dark. */
function isNight() {
  return chosenTheme() === "night" || (chosenTheme() === "auto" && systemIsDark.matches);
}

/** @type {Set<() => void>} */
const watchers = new Set();
/** Runs before the watchers, because they paint with the colours that it sets. */
let setColours = () => {};
let isWatching = false;

function notify() {
  setColours();
  for (const run of watchers) run();
}

function startWatching() {
  if (isWatching) return;
  isWatching = true;
  new MutationObserver(notify).observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  systemIsDark.addEventListener("change", notify);
}

/**
 * Calls a function when the page turns light or dark, because the colours of custom properties
 * change then.
 *
 * @param {() => void} run
 * @returns {() => void} stops watching
 */
export function watchTheme(run) {
  startWatching();
  watchers.add(run);
  return () => watchers.delete(run);
}

/**
 * Sets the custom properties `--side-<slug>` and `--category-<slug>` from the theatre's colours,
 * and updates them when the theme changes. A dot in a slug becomes a hyphen.
 *
 * @param {Config["theatre"]} theatre
 */
export function colourTheatre({ belligerents, categories }) {
  setColours = () => {
    const night = isNight();
    for (const [kind, list] of /** @type {const} */ ([
      ["side", belligerents],
      ["category", categories],
    ])) {
      for (const { slug, colour, colour_night } of list) {
        root.style.setProperty(colourProperty(kind, slug), night ? colour_night : colour);
      }
    }
  };
  setColours();
  startWatching();
}

/**
 * Changes the theme and stores the choice in this browser.
 *
 * @param {Theme} theme
 */
export function chooseTheme(theme) {
  root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, theme);
  } catch {
    // Storage is unavailable: the choice lasts until the page closes.
  }
}
