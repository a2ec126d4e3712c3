/**
 * The sheet of the phone: dock and panel in one, of three heights. Dragged by its grip; by the
 * keyboard with the arrows, or by pressing the grip, which goes round the heights. On wider screens
 * the style sheet takes the sheet apart, and this rests.
 *
 * @import { Store, Translate } from "../types.js"
 */

/** @typedef {"peek" | "half" | "full"} Level from the lowest */

/** @type {readonly Level[]} */
const LEVELS = ["peek", "half", "full"];
/** As in sheet.css. */
const PHONE = "(max-width: 640px)";
/**
 * What stays to be seen above the full sheet, pixels: header and chips; `sheet.css` has the same.
 */
const ABOVE_PX = 120;
/** The grip, and the dock's first line: what is shown, and play. */
const PEEK_PX = 108;
/** How much of the card looks out below the dock at half height, parts of the page. */
const CARD_SHARE = 0.3;
/** Half is never more than this, parts of the page. */
const HALF_SHARE = 0.62;
/** A move shorter than this is a press, pixels. */
const PRESS_PX = 6;
/**
 * Faster than this, the sheet goes on to the next height in the same direction; pixels a
 * millisecond.
 */
const FLING = 0.5;

/**
 * @param {object} options
 * @param {HTMLElement} options.page what floats above the sheet stands in it, and reads
 *   `--sheet-height` (how high the sheet is) and `--map-below` (where the map ends; the full sheet
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

  /** The heights that differ now: without a card or list the dock is all there is. */
  const available = () => (store.get().panel === null ? LEVELS.slice(0, 2) : LEVELS);

  /** @param {Level} of @returns {number} pixels */
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

  /** @param {number} px */
  const setHeight = (px) => page.style.setProperty("--sheet-height", `${Math.round(px)}px`);

  function applyLevel() {
    if (!phone.matches) {
      page.style.removeProperty("--sheet-height");
      page.style.removeProperty("--map-below");
      return;
    }
    if (!available().includes(level)) level = "half";
    // Measured before anything is written: what is written changes the style of the whole page.
    const [height, below] = [heightOf(level), heightOf(level === "full" ? "half" : level)];
    setHeight(height);
    page.style.setProperty("--map-below", `${Math.round(below)}px`);
    sheet.dataset.level = level;
    grip.ariaLabel = t("Height of this panel: {height}. Press to change it.", { height: names[level] });
  }

  /** @param {1 | -1} step */
  function move(step) {
    const levels = available();
    level = levels[Math.max(0, Math.min(levels.length - 1, levels.indexOf(level) + step))] ?? level;
    applyLevel();
  }

  /** The press that ends a drag is none. */
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
