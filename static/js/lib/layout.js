/**
 * Returns the layout of the map page, which `tokens.css` chooses by the size of the window.
 *
 * @returns {"wide" | "side" | "sheet" | "flow"}
 */
export function layoutNow() {
  const layout = getComputedStyle(document.documentElement).getPropertyValue("--layout").trim();
  return layout === "side" || layout === "sheet" || layout === "flow" ? layout : "wide";
}
