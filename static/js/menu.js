/**
 * The script of every page: the menu with its language links and theme choice, and closing the
 * menu.
 *
 * @import { Theme } from "./lib/theme.js"
 */
import { chooseTheme, chosenTheme } from "./lib/theme.js";

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
    input.checked = input.value === chosenTheme();
    input.addEventListener("change", () => chooseTheme(/** @type {Theme} */ (input.value)));
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
