/**
 * Light or night: the reader's choice where there is one, kept in this browser alone, else the system's. As a page script it
 * fills the choice in the menu of every page; as a module it tells who draws on canvases.
 *
 * @import { Config } from "../types.js"
 */

/** @typedef {"auto" | "light" | "night"} Theme */

const KEY = "theme";
const root = document.documentElement;
const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

/** @returns {Theme} what the reader chose */
function chosen() {
  const value = root.dataset.theme;
  return value === "light" || value === "night" ? value : "auto";
}

/** Whether the page is dark now. */
export function isNight() {
  return chosen() === "night" || (chosen() === "auto" && systemIsDark.matches);
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
 * Gives the sides and categories of the theatre their colours, `--side-<slug>` and `--category-<slug>` (a dot in a slug is a
 * hyphen there), and keeps them right when the theme changes.
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
        root.style.setProperty(`--${kind}-${slug.replaceAll(".", "-")}`, night ? colour_night : colour);
      }
    }
  };
  set();
  watchTheme(set);
}

/** @param {Theme} theme */
function choose(theme) {
  root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // No storage in this browser: the choice lasts as long as the page.
  }
}

/** Wakes the menu of the page: languages of this very view, the choice of the theme, and closing as menus do. */
function wakeMenu() {
  for (const link of document.querySelectorAll("a[data-language]")) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    link.addEventListener("click", () => {
      const parameters = new URLSearchParams(location.search);
      parameters.set("lang", link.hreflang);
      link.search = parameters.toString().replaceAll("%2C", ",");
    });
  }
  for (const choice of document.querySelectorAll("[data-theme-choice]")) {
    if (!(choice instanceof HTMLElement)) continue;
    choice.hidden = false;
    for (const input of choice.querySelectorAll("input")) {
      input.checked = input.value === chosen();
      input.addEventListener("change", () => choose(/** @type {Theme} */ (input.value)));
    }
  }
  for (const menu of document.querySelectorAll("details[data-menu]")) {
    if (!(menu instanceof HTMLDetailsElement)) continue;
    document.addEventListener("pointerdown", ({ target }) => {
      if (!(target instanceof Node && menu.contains(target))) menu.open = false;
    });
    menu.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    });
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && !menu.contains(relatedTarget)) menu.open = false;
    });
  }
}

wakeMenu();
