/**
 * The text beside the pointer, describing the event under it. It stands where it hides neither the mark
 * nor those around it. The title is added when the pointer rests, because it must be requested.
 *
 * @import { Rectangle } from "../lib/free-room.js"
 * @import { Hit } from "./hit.js"
 */
import { isolate } from "../lib/bidi.js";
import { oncePerFrame } from "../lib/frame.js";
import { textPlace } from "../lib/free-room.js";
import { coversOf } from "./covers.js";

/** Distances from the pointer: the marks within the far one stay visible, the near one if there is no room. */
const AWAY_PX = { far: 36, near: 14 };
/** Time after which a pointer rests, so that crossing a hundred marks sends no request. */
const REST_MS = 150;

/**
 * Creates the text.
 * @param {HTMLElement} root
 * @param {import("leaflet").Map} map
 * @param {object} options
 * @param {(point: import("leaflet").Point) => Hit | null} options.hit
 * @param {(hit: Hit) => string} options.describe
 * @param {(hit: Hit, signal: AbortSignal) => Promise<string | null>} options.titleOf loads the
 *   title; null: no single event, or not available
 * @returns {{ hide: () => void }}
 */
export function createTip(root, map, { hit, describe, titleOf }) {
  const container = map.getContainer();
  const title = document.createElement("b");
  const words = document.createElement("span");
  title.className = "tip-title";
  root.replaceChildren(title, words);
  /** @type {import("leaflet").Point | null} */
  let pointer = null;
  /**
   * The event whose title is loading or shown.
   * @type {{ row: number, shape: boolean, loading: AbortController } | null}
   */
  let current = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let restTimer;
  /** The elements over the map, since the text appeared. @type {Rectangle[]} */
  let covers = [];

  const look = oncePerFrame(() => {
    const found = pointer && hit(pointer);
    container.classList.toggle("over-event", Boolean(found));
    if (found && root.hidden) covers = coversOf(container);
    root.hidden = !found;
    if (!found || !pointer) return leave();
    words.textContent = isolate(describe(found));
    if (current?.row !== found.row || current.shape !== found.shape) {
      leave();
      const mine = (current = { row: found.row, shape: found.shape, loading: new AbortController() });
      restTimer = setTimeout(() => void load(found, mine), REST_MS);
    }
    place(pointer);
  });

  /** Loads and shows the title. @param {Hit} found @param {NonNullable<typeof current>} mine */
  async function load(found, mine) {
    const text = await titleOf(found, mine.loading.signal);
    if (current !== mine || text === null) return;
    title.textContent = isolate(text);
    if (pointer) place(pointer);
  }

  /** Moves the text beside the pointer. @param {import("leaflet").Point} at */
  function place(at) {
    const size = { width: root.offsetWidth, height: root.offsetHeight };
    const map = { left: 0, top: 0, right: container.clientWidth, bottom: container.clientHeight };
    const { x, y } = textPlace(at, size, map, covers, AWAY_PX);
    root.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  /** Forgets the title, and stops loading it. */
  function leave() {
    clearTimeout(restTimer);
    current?.loading.abort();
    current = null;
    title.textContent = "";
  }

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
  map.on("mouseout dragstart zoomstart", () => point(null));
  // A click opens a card, which has more details and uses the events that are loading.
  map.on("click", () => {
    clearTimeout(restTimer);
    current = null;
    point(null);
  });
  return {
    /** Hides the text until the pointer moves, because other events are under it now. */
    hide() {
      if (pointer) point(null);
    },
  };
}
