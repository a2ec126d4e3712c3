/**
 * The sheet of the layout "sheet": dock and panel in one element with three heights. The reader
 * drags its grip, uses the arrow keys, or presses the grip to cycle through the heights. In other
 * layouts the style sheet places dock and panel, and this module does nothing.
 *
 * @import { Store, Translate } from "../types.js"
 */
import { layoutNow } from "../lib/layout.js";

/** @typedef {"peek" | "half" | "full"} Level from lowest to highest */

/** @type {readonly Level[]} */
const LEVELS = ["peek", "half", "full"];
/**
 * Parts of the page that a sheet of half height leaves free: for the map, and for legend and credits,
 * which grow with the size of text. Without a panel there are zoom buttons, too.
 */
const MAP_SHARE = { alone: 0.42, panel: 0.45 };
const WORDS_SHARE = { alone: 0.095, panel: 0.065 };
/** The usual size of text. */
const TEXT_PX = 16;
/** Space between the sheet and the chips above it, and below the first lines of the dock. */
const GAP_PX = 8;
/** Maximum movement of a press, in pixels. */
const PRESS_PX = 6;
/** Speed from which the sheet continues to the next height, in pixels a millisecond. */
const FLING = 0.5;

/**
 * Creates the sheet.
 * @param {object} options
 * @param {HTMLElement} options.page the parent of the elements above the sheet; they read
 *   `--sheet-height` (height of the sheet) and `--map-below` (bottom of the map; the full sheet
 *   covers it)
 * @param {HTMLElement} options.sheet
 * @param {HTMLElement} options.grip
 * @param {HTMLElement} options.dock
 * @param {HTMLElement} options.above the lowest element above the sheet
 * @param {Store} options.store
 * @param {Translate} options.t
 */
export function createSheet({ page, sheet, grip, dock, above, store, t }) {
  /** @type {Level} */
  let level = "half";

  const names = { peek: t("small"), half: t("half"), full: t("full") };

  /** Returns the heights of the levels, in pixels. */
  function heights() {
    const whole = grip.offsetHeight + dock.scrollHeight;
    const top = above.getBoundingClientRect().bottom;
    const most = innerHeight - top - GAP_PX;
    const alone = store.get().panel === null;
    const text = parseFloat(getComputedStyle(document.documentElement).fontSize) / TEXT_PX;
    const beside = alone ? "alone" : "panel";
    const free = MAP_SHARE[beside] + WORDS_SHARE[beside] * Math.max(1, text);
    const first = dock.querySelector(".dock-summary")?.getBoundingClientRect();
    const peek = grip.offsetHeight + (first ? first.bottom - dock.getBoundingClientRect().top + dock.scrollTop : 0);
    const half = Math.min(most, innerHeight * (1 - free) - top, alone ? whole : Infinity);
    return { peek: Math.min(peek + GAP_PX, half), half, full: alone ? Math.min(most, whole) : most };
  }

  /** Returns the available levels. @param {Record<Level, number>} of */
  const available = (of) => LEVELS.filter((one) => one !== "full" || of.full > of.half);

  /** Sets the height. @param {number} px */
  const setHeight = (px) => page.style.setProperty("--sheet-height", `${Math.round(px)}px`);

  function applyLevel() {
    if (layoutNow() !== "sheet") {
      page.style.removeProperty("--sheet-height");
      page.style.removeProperty("--map-below");
      return;
    }
    // Reads the layout before writing, because writing invalidates the style of the whole page.
    const of = heights();
    if (!available(of).includes(level)) level = "half";
    setHeight(of[level]);
    page.style.setProperty("--map-below", `${Math.round(Math.min(of[level], of.half))}px`);
    sheet.dataset.level = level;
    grip.ariaLabel = t("Height of this panel: {height}. Press to change it.", { height: names[level] });
  }

  /** Moves to another height. @param {1 | -1} step */
  function move(step) {
    const levels = available(heights());
    level = levels[Math.max(0, Math.min(levels.length - 1, levels.indexOf(level) + step))] ?? level;
    applyLevel();
  }

  /** The click that ends a drag is ignored. */
  let dragged = false;
  /**
   * @type {{ y: number, height: number, lastY: number, lastAt: number, speed: number, moved:
   *   boolean } | null}
   */
  let drag = null;

  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    grip.setPointerCapture(event.pointerId);
    dragged = false;
    drag = {
      y: event.clientY,
      height: sheet.offsetHeight,
      lastY: event.clientY,
      lastAt: event.timeStamp,
      speed: 0,
      moved: false,
    };
  });
  grip.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const up = drag.y - event.clientY;
    if (!drag.moved && Math.abs(up) < PRESS_PX) return;
    drag.moved = true;
    sheet.classList.add("dragged");
    const passed = Math.max(1, event.timeStamp - drag.lastAt);
    drag.speed = (drag.lastY - event.clientY) / passed;
    drag.lastY = event.clientY;
    drag.lastAt = event.timeStamp;
    const of = heights();
    setHeight(Math.max(of.peek, Math.min(of.full, drag.height + up)));
  });
  const end = () => {
    if (!drag) return;
    const { moved, speed } = drag;
    sheet.classList.remove("dragged");
    if (moved) {
      const height = sheet.offsetHeight;
      const of = heights();
      const near = available(of).map((one) => ({ one, away: Math.abs(of[one] - height) }));
      const nearest = near.reduce((best, other) => (other.away < best.away ? other : best));
      level = nearest.one;
      if (Math.abs(speed) > FLING) move(speed > 0 ? 1 : -1);
      else applyLevel();
    }
    dragged = moved;
    drag = null;
  };
  grip.addEventListener("pointerup", end);
  grip.addEventListener("pointercancel", end);
  grip.addEventListener("click", () => {
    if (dragged) {
      dragged = false;
      return;
    }
    const levels = available(heights());
    level = levels[(levels.indexOf(level) + 1) % levels.length] ?? "half";
    applyLevel();
  });
  grip.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    move(event.key === "ArrowUp" ? 1 : -1);
  });

  store.watch(
    (state) => state.panel,
    (panel) => {
      if (panel !== null && level === "peek") level = "half";
      applyLevel();
    },
  );
  addEventListener("resize", applyLevel);
  // Unfolded dates need the whole height of the dock.
  dock.addEventListener("click", ({ target }) => {
    const more = target instanceof Element && target.closest(".dock-more");
    if (!more) return;
    level = more.getAttribute("aria-expanded") === "true" ? "full" : "half";
    applyLevel();
  });
  // The content, because the dock itself shrinks with the sheet.
  // During a drag, the reader sets the height.
  new ResizeObserver(() => drag?.moved || applyLevel()).observe(dock.firstElementChild ?? dock);
  applyLevel();
}
