/**
 * The sheet on phones: dock and panel in one element with three heights. The reader drags its grip,
 * uses the arrow keys, or presses the grip to cycle through the heights. On wider screens the style
 * sheet separates dock and panel, and this module does nothing.
 *
 * @import { Store, Translate } from "../types.js"
 */

/** @typedef {"peek" | "half" | "full"} Level from lowest to highest */

/** @type {readonly Level[]} */
const LEVELS = ["peek", "half", "full"];
/** The same as in sheet.css. */
const PHONE = "(max-width: 640px)";
/**
 * Visible space above the full sheet, for header and chips, in pixels. The same as in `sheet.css`.
 */
const ABOVE_PX = 120;
/** Height of the grip and the first line of the dock. */
const PEEK_PX = 108;
/** Visible part of the card below the dock at half height, as a share of the page. */
const CARD_SHARE = 0.3;
/** Maximum half height, as a share of the page. */
const HALF_SHARE = 0.62;
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
 * @param {Store} options.store
 * @param {Translate} options.t
 */
export function createSheet({ page, sheet, grip, dock, store, t }) {
  const phone = matchMedia(PHONE);
  /** @type {Level} */
  let level = "half";

  const names = { peek: t("small"), half: t("half"), full: t("full") };

  /** Returns the available heights. Without a card or list there is only the dock. */
  const available = () => (store.get().panel === null ? LEVELS.slice(0, 2) : LEVELS);

  /** Returns the height of a level. @param {Level} of @returns {number} pixels */
  function heightOf(of) {
    const whole = grip.offsetHeight + dock.scrollHeight;
    const full = innerHeight - ABOVE_PX;
    if (of === "peek") return Math.min(PEEK_PX, whole);
    if (of === "half")
      return Math.min(
        full,
        store.get().panel === null ? whole : whole + CARD_SHARE * innerHeight,
        innerHeight * HALF_SHARE,
      );
    return full;
  }

  /** Sets the height. @param {number} px */
  const setHeight = (px) => page.style.setProperty("--sheet-height", `${Math.round(px)}px`);

  function applyLevel() {
    if (!phone.matches) {
      page.style.removeProperty("--sheet-height");
      page.style.removeProperty("--map-below");
      return;
    }
    if (!available().includes(level)) level = "half";
    // Reads the layout before writing, because writing invalidates the style of the whole page.
    const [height, below] = [heightOf(level), heightOf(level === "full" ? "half" : level)];
    setHeight(height);
    page.style.setProperty("--map-below", `${Math.round(below)}px`);
    sheet.dataset.level = level;
    grip.ariaLabel = t("Height of this panel: {height}. Press to change it.", { height: names[level] });
  }

  /** Moves to another height. @param {1 | -1} step */
  function move(step) {
    const levels = available();
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
    const heights = available().map(heightOf);
    setHeight(Math.max(Math.min(...heights), Math.min(Math.max(...heights), drag.height + up)));
  });
  const end = () => {
    if (!drag) return;
    const { moved, speed } = drag;
    sheet.classList.remove("dragged");
    if (moved) {
      const height = sheet.offsetHeight;
      const near = available().map((one) => ({ one, away: Math.abs(heightOf(one) - height) }));
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
    const levels = available();
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
  phone.addEventListener("change", applyLevel);
  addEventListener("resize", applyLevel);
  new ResizeObserver(applyLevel).observe(dock);
  applyLevel();
}
