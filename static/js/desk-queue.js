/**
 * Keyboard shortcuts of the queue: j and k move through the items and to the next page, Enter opens
 * an item. Without this script the queue is a list of links.
 */
import { keepTrail } from "./data/desk-list.js";
import { bindKeys } from "./ui/desk-item.js";

const items = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("#queue .queue-item > a")]);
keepTrail(items.map((link) => link.pathname + link.search));
/** The links to the items and to the next page. */
const links = [...items, .../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(".queue-more a"))];

/** Moves the focus. @param {1 | -1} step */
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
