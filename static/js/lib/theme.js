/**
 * The colour theme: light or night, as the reader chose or else as the system has it.
 *
 * @import { Config } from "../types.js"
 */
import { colourProperty } from "./colours.js";

/** @typedef {"auto" | "light" | "night"} Theme */

const STORAGE_KEY = "theme";
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {Theme} what the reader chose */
export function chosenTheme() {
  const value = root.dataset.theme;
  return value === "light" || value === "night" ? value : "auto";
}

/** Whether the page is dark now. */
function isNight() {
  return chosenTheme() === "night" || (chosenTheme() === "auto" && systemIsDark.matches);
}

/**
 * Calls when the page turns light or dark; colours read from custom properties are then others.
 *
 * @param {() => void} run
 * @returns {() => void} ends it
 */
export function watchTheme(run) {
  const observer = new MutationObserver(run);
  observer.observe(root, { attributes: true, attributeFilter: ["data-theme"] });
  systemIsDark.addEventListener("change", run);
  return () => {
    observer.disconnect();
    systemIsDark.removeEventListener("change", run);
  };
}

/**
 * Sets the colours of sides and categories of the theatre, `--side-<slug>` and
 * `--category-<slug>` (a dot in a slug is a hyphen there), and keeps them right when the theme
 * changes.
 *
 * @param {Config["theatre"]} theatre
 */
export function colourTheatre({ belligerents, categories }) {
  const set = () => {
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
  set();
  watchTheme(set);
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
    // No storage in this browser: the choice lasts as long as the page.
  }
}
