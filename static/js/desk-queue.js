/**
 * The queue by keyboard: j and k go through it and on to its next page, Enter opens; without this
 * script it is links.
 */
import { keepTrail } from "./data/desk-list.js";
import { bindKeys } from "./ui/desk-item.js";

const items = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("#queue .queue-item > a")]);
keepTrail(items.map((link) => link.pathname + link.search));
/** The items, and the way to more of them. */
const links = [...items, .../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".queue-more a"))];

/** @param {1 | -1} step */
function move(step) {
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

bindKeys({
  j: () => move(1),
  k: () => move(-1),
  n: () => location.assign(`/desk/events/new${location.search.includes("lang=") ? location.search : ""}`),
});
