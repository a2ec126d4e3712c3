/**
 * The text beside the pointer, describing the event under it.
 *
 * @import { Hit } from "./hit.js"
 */
import { isolate } from "../lib/bidi.js";
import { oncePerFrame } from "../lib/frame.js";

const AWAY_PX = 14;

/**
 * Creates the text.
 * @param {HTMLElement} root
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {(point: import("leaflet").Point) => Hit | null} options.hit
 * @param {(hit: Hit) => string} options.describe
 */
export function createTip(root, map, { hit, describe }) {
  const container = map.getContainer();
  /** @type {import("leaflet").Point | null} */
  let pointer = null;

  const look = oncePerFrame(() => {
    const found = pointer && hit(pointer);
    container.classList.toggle("over-event", Boolean(found));
    root.hidden = !found;
    if (!found || !pointer) return;
    root.textContent = isolate(describe(found));
    const room = container.clientWidth - root.offsetWidth - AWAY_PX;
    const x = pointer.x > room ? pointer.x - root.offsetWidth - AWAY_PX : pointer.x + AWAY_PX;
    root.style.transform = `translate(${Math.round(x)}px, ${Math.round(pointer.y + AWAY_PX)}px)`;
  });

  /** Shows the text for a point. @param {import("leaflet").Point | null} point */
  function point(point) {
    pointer = point;
    look.schedule();
  }

  // Only for mice and pens: a finger covers the text, and touch has no hover.
  map.on("mousemove", ({ containerPoint, originalEvent }) => {
    const touch = originalEvent instanceof PointerEvent && originalEvent.pointerType === "touch";
    point(touch ? null : containerPoint);
  });
  map.on("mouseout dragstart zoomstart click", () => point(null)); // a click opens a card, which has more details
}
