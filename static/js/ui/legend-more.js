/**
 * The last line of a legend that is higher than its place: it says which parts follow below, and
 * scrolls to them, and at the end back. It stays at the lower edge while the legend scrolls.
 *
 * @import { Translate } from "../types.js"
 */
import { oncePerFrame } from "../lib/frame.js";
import { icon } from "../lib/icon.js";
import { element } from "./element.js";

/** Share of the visible part by which a click scrolls. */
const PAGE = 0.7;

/**
 * Creates the line.
 *
 * @param {HTMLElement} root the legend, which scrolls
 * @param {{ name: string, root: HTMLElement | null }[]} parts from top to bottom; null: there is no
 *   such part
 * @param {Translate} t
 * @returns {HTMLElement} to be placed after the last part
 */
export function createLegendMore(root, parts, t) {
  const words = element("span", {});
  const more = element("button", { type: "button", class: "legend-more", click: scroll }, icon("down"), words);
  let isEnd = false;

  /** Scrolls on, or back from the end. The button stays, so the focus and a held key do as well. */
  function scroll() {
    root.scrollTo({ top: isEnd ? 0 : root.scrollTop + root.clientHeight * PAGE });
  }

  /** Lists the parts whose end is not visible. */
  const show = oncePerFrame(() => {
    const lower = root.getBoundingClientRect().bottom - more.offsetHeight;
    const below = parts.filter((part) => part.root && part.root.getBoundingClientRect().bottom > lower + 1);
    isEnd = below.length === 0;
    const isScrolled = root.scrollTop > 0;
    root.toggleAttribute("data-scrolled", isScrolled);
    more.toggleAttribute("data-end", isEnd);
    more.toggleAttribute("data-idle", isEnd && !isScrolled);
    words.textContent = isEnd
      ? t("Back to the top")
      : t("More below: {parts}", { parts: below.map(({ name }) => name).join(", ") });
  });

  root.addEventListener("scroll", show.schedule, { passive: true });
  const sizes = new ResizeObserver(show.schedule);
  for (const one of [root, ...parts.map((part) => part.root)]) if (one) sizes.observe(one);
  return more;
}
