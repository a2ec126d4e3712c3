/**
 * The window on the time axis: two grips and a draggable body, or one grip in modes with a single
 * day.
 *
 * The grips follow `state.window` at once; input only changes the store. Keys on a grip: arrows for
 * a day, with Shift for a week, Home and End for the ends, + and - to zoom, Space to play.
 */

import { choose } from "../state/choices.js";
import { formatDay, formatRange } from "../time/day.js";
import { broughtTo, startingAt, withFirst, withLast } from "../time/window.js";
import { element } from "./element.js";
import { listenToGestures } from "./slider-gestures.js";

/** @import { Day, DayRange, Mode, Store, Translate } from "../types.js" */
/** @import { TimeScale } from "../time/time-scale.js" */
/** @import { Grip } from "./slider-gestures.js" */

/**
 * Minimum distance of the grips in pixels, so that the body can be dragged: for a mouse and for
 * touch.
 */
const ROOM = { fine: 22, coarse: 54 };
/** Zoom factor of + and -. */
export const ZOOM_STEP = 1.5;

/**
 * Creates the slider.
 * @param {HTMLElement} plot the area for gestures
 * @param {HTMLElement} chart the part behind the window's frame
 * @param {object} needs
 * @param {Store} needs.store
 * @param {TimeScale} needs.scale
 * @param {() => DayRange} needs.domain returns the limits of the window
 * @param {() => void} needs.fitAll shows the whole domain
 * @param {() => void} needs.togglePlay
 * @param {string} needs.language BCP 47
 * @param {Translate} needs.t
 */
export function createTimeSlider(plot, chart, { store, scale, domain, fitAll, togglePlay, language, t }) {
  const frame = element("div", { class: "dock-window", "aria-hidden": "true" });
  /** Creates a grip. @param {Grip} name */
  const grip = (name) => element("div", { class: "dock-grip", "data-grip": name, role: "slider", tabindex: 0 });
  const grips = { from: grip("from"), window: grip("window"), to: grip("to") };
  const overlay = element(
    "div",
    { class: "dock-overlay" },
    element("div", { class: "dock-clip" }, frame),
    grips.from,
    grips.window,
    grips.to,
  );
  chart.append(overlay);

  const fingers = matchMedia("(pointer: coarse)");

  /** @type {DayRange} the window at the start of the drag */
  let startWindow = store.get().window;
  /** @type {Grip} */
  let holding = "window";
  /** @type {DayRange} the window before a click, restored on a double click */
  let beforeClick = startWindow;

  /** Sets the window. Playback goes on from there. @param {DayRange} window */
  const setWindow = (window) => store.set({ window });

  const gestures = listenToGestures(plot, scale, {
    grabbed(which) {
      startWindow = store.get().window;
      holding = which;
    },
    dragged: (days) => setWindow(moved(holding, startWindow, days)),
    released: () => updateSliders(store.get().window, store.get().mode),
    clicked(day) {
      const { mode, window } = store.get();
      beforeClick = window;
      if (day === null) return;
      choose(store, { window: broughtTo(mode, window, Math.floor(day), domain()) });
      mainGrip().focus({ preventScroll: true });
    },
    doubled() {
      setWindow(beforeClick);
      fitAll();
    },
  });

  /**
   * Returns the window after a drag.
   * @param {Grip} which
   * @param {DayRange} window
   * @param {number} days
   * @returns {DayRange}
   */
  function moved(which, window, days) {
    if (which === "from") return withFirst(window, window.from + days, domain());
    if (which === "to") return withLast(window, window.to - 1 + days, domain());
    return startingAt(window, window.from + days, domain());
  }

  function mainGrip() {
    return store.get().mode === "cumulative" ? grips.to : grips.window;
  }

  /** Handles keys. @param {KeyboardEvent} event */
  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const which = /** @type {Grip | undefined} */ (target.dataset["grip"]);
    if (!which) return;
    const { window } = store.get();
    const step = event.shiftKey ? 7 : 1;
    const far = domain().to - domain().from + window.to - window.from;
    const middle = (window.from + window.to) / 2;
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => setWindow(moved(which, window, -step)),
      ArrowDown: () => setWindow(moved(which, window, -step)),
      ArrowRight: () => setWindow(moved(which, window, step)),
      ArrowUp: () => setWindow(moved(which, window, step)),
      Home: () => setWindow(moved(which, window, -far)),
      End: () => setWindow(moved(which, window, far)),
      "+": () => scale.zoom(1 / ZOOM_STEP, middle),
      "=": () => scale.zoom(1 / ZOOM_STEP, middle),
      "-": () => scale.zoom(ZOOM_STEP, middle),
      _: () => scale.zoom(ZOOM_STEP, middle),
      " ": togglePlay,
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    if (event.key !== " " || !event.repeat) act();
  }

  function place() {
    const { window, mode } = store.get();
    const room = fingers.matches ? ROOM.coarse : ROOM.fine;
    const from = scale.xOf(window.from);
    const to = scale.xOf(window.to);
    const apart = Math.max(0, (room - (to - from)) / 2);
    // Limits the position, because an element cannot be a million pixels wide.
    const start = Math.max(-room, from);
    const end = Math.max(start, Math.min(scale.width + room, to));
    frame.style.transform = `translateX(${start}px)`;
    frame.style.width = `${Math.max(2, end - start)}px`;
    overlay.style.setProperty("--apart", mode === "window" ? `${apart}px` : "0px");
    grips.from.style.transform = `translateX(${from - apart}px)`;
    grips.to.style.transform = `translateX(${to}px)`;
    grips.window.style.transform = `translateX(${mode === "day" ? (from + to) / 2 : start - apart}px)`;
    grips.window.style.width = mode === "day" ? "" : `${end - start + 2 * apart}px`;
  }

  /**
   * Updates the ARIA attributes.
   * @param {DayRange} window
   * @param {Mode} mode
   */
  function updateSliders(window, mode) {
    const { from, to } = domain();
    updateSlider(grips.from, t("First day"), from, window.to - 1, window.from, formatDay(window.from, language));
    updateSlider(grips.to, t("Last day"), window.from, to - 1, window.to - 1, formatDay(window.to - 1, language));
    const whole = formatRange(window, language);
    updateSlider(
      grips.window,
      mode === "day" ? t("Day") : t("Period"),
      from,
      to - (window.to - window.from),
      window.from,
      whole,
    );
  }

  /**
   * Scrolls the changed end into view.
   * @param {DayRange} now
   * @param {DayRange} before
   */
  function reveal(now, before) {
    const [first, last] = [
      { from: now.from, to: now.from + 1 },
      { from: now.to - 1, to: now.to },
    ];
    if (now.from === before.from || store.get().mode === "cumulative") scale.reveal(last);
    else if (now.to === before.to) scale.reveal(first);
    else if (now.to - now.from !== before.to - before.from) scale.reveal(now);
    else if (now.to - now.from < scale.span.to - scale.span.from) scale.reveal(now);
    else scale.reveal(now.from > before.from ? last : first);
  }

  /** Shows the grips of a mode. @param {Mode} mode */
  function arrange(mode) {
    overlay.dataset["mode"] = mode;
    grips.from.hidden = mode !== "window";
    grips.to.hidden = mode === "day";
    grips.window.hidden = mode === "cumulative";
  }

  const endings = [
    store.watch(
      ({ window }) => window,
      (now, before) => {
        if (!gestures.dragging) reveal(now, before);
        place();
        if (!gestures.dragging && store.get().playing === null) updateSliders(now, store.get().mode);
      },
    ),
    store.watch(
      ({ mode }) => mode,
      (mode) => {
        arrange(mode);
        place();
        updateSliders(store.get().window, mode);
      },
    ),
    store.watch(
      ({ playing }) => playing,
      () => updateSliders(store.get().window, store.get().mode),
    ),
    scale.watch(place),
  ];
  plot.addEventListener("keydown", key);
  overlay.addEventListener("focusin", ({ target }) => {
    // Only for keyboard focus: a grip under a pointer is visible already.
    if (!(target instanceof HTMLElement) || !target.matches(":focus-visible")) return;
    const { window } = store.get();
    if (target === grips.from) scale.reveal({ from: window.from, to: window.from + 1 });
    else if (target === grips.to) scale.reveal({ from: window.to - 1, to: window.to });
    else scale.reveal(window);
  });
  arrange(store.get().mode);
  place();
  updateSliders(startWindow, store.get().mode);

  return {
    /** Whether the reader holds a grip. */
    get isHeld() {
      return gestures.holding;
    },
    destroy() {
      for (const end of endings) end();
      plot.removeEventListener("keydown", key);
      gestures.destroy();
      overlay.remove();
    },
  };
}

/**
 * Updates the ARIA attributes of a grip.
 * @param {HTMLElement} slider
 * @param {string} label
 * @param {Day} least
 * @param {Day} most
 * @param {Day} now
 * @param {string} words
 */
function updateSlider(slider, label, least, most, now, words) {
  slider.setAttribute("aria-label", label);
  slider.setAttribute("aria-valuemin", String(Math.min(least, now)));
  slider.setAttribute("aria-valuemax", String(Math.max(most, now)));
  slider.setAttribute("aria-valuenow", String(now));
  slider.setAttribute("aria-valuetext", words);
}
