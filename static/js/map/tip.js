/**
 * The text beside the pointer, for what it points at.
 *
 * @import { Hit } from "./hit.js"
 */
import { oncePerFrame } from "../lib/frame.js";

const AWAY_PX = 14;

/**
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
    root.textContent = describe(found);
    const room = container.clientWidth - root.offsetWidth - AWAY_PX;
    const x = pointer.x > room ? pointer.x - root.offsetWidth - AWAY_PX : pointer.x + AWAY_PX;
    root.style.transform = `translate(${Math.round(x)}px, ${Math.round(pointer.y + AWAY_PX)}px)`;
  });

  /** @param {import("leaflet").Point | null} point */
  function point(point) {
    pointer = point;
    look.schedule();
  }

  // A finger covers what it points at, and lifts without saying so: the words are for mice and
  // pens.
  map.on("mousemove", ({ containerPoint, originalEvent }) => {
    const touch = originalEvent instanceof PointerEvent && originalEvent.pointerType === "touch";
    point(touch ? null : containerPoint);
  });
  map.on("mouseout dragstart zoomstart click", () => point(null)); // a click opens a card, which says more
}
