/** The queue by keyboard: j and k go through it, Enter opens; without this script it is a list of links. */
import { keepTrail } from "./data/desk-trail.js";
import { wakeKeys } from "./ui/desk-item.js";

const links = /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll("#queue .queue-item > a")]);
keepTrail(links.map((link) => link.pathname + link.search));

/** @param {1 | -1} step */
function move(step) {
  const at = links.findIndex((link) => link === document.activeElement);
  const next = links[at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

wakeKeys({
  j: () => move(1),
  k: () => move(-1),
  n: () => location.assign(`/desk/events/new${location.search.includes("lang=") ? location.search : ""}`),
});
