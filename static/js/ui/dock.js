/**
 * The dock, which is always visible: the summary of the map, playback and modes, the histogram with
 * the window, and the dates.
 *
 * It reads `window`, `shown`, `mode` and `playing`, and writes all except `shown`. The visible
 * period of the axis belongs to the dock; the rest of the state is in the store.
 *
 * @example createDock(byId("dock"), { store, selection, territory, config, t });
 */

import { icon } from "../lib/icon.js";
import { countByDay } from "../time/bins.js";
import { toDay } from "../time/day.js";
import { createPlayback } from "../time/playback.js";
import { createTimeScale } from "../time/time-scale.js";
import { fitsMode, inMode } from "../time/window.js";
import { createCurve } from "./curve.js";
import { createDateFields } from "./date-fields.js";
import { createSummary } from "./dock-summary.js";
import { createTransport } from "./dock-transport.js";
import { element } from "./element.js";
import { createHistogramText } from "./histogram-text.js";
import { createHistogram } from "./histogram.js";
import { createTimeAxis } from "./time-axis.js";
import { ZOOM_STEP, createTimeSlider } from "./time-slider.js";

/** @import { Config, DayRange, Selection, SelectionSource, Store, Translate } from "../types.js" */
/** @import { TerritoryLoader } from "../data/territory.js" */

/**
 * Initial period of the axis: the days of the first view, or fewer if a day would be narrower than
 * this, in pixels.
 */
const OPENING_DAYS = 90;
const OPENING_PIXELS_PER_DAY = 5;
/**
 * Margin in pixels before the first and after the last day, for the grips: for a mouse and for
 * touch.
 */
const ROOM = { fine: 16, coarse: 34 };
/** Default length of a window, in days. */
const USUAL_LENGTH = 7;

/**
 * Creates the dock.
 * @param {HTMLElement} root
 * @param {object} needs
 * @param {Store} needs.store
 * @param {SelectionSource} needs.selection
 * @param {TerritoryLoader} needs.territory
 * @param {Config} needs.config
 * @param {Translate} needs.t
 * @returns {{ destroy(): void }}
 */
export function createDock(root, { store, selection, territory, config, t }) {
  const { language } = config;
  const side = config.theatre.belligerents[0]?.slug ?? "";
  /** @type {DayRange | null} the days that have events; null: not loaded */
  let extent = null;
  let length = USUAL_LENGTH;

  /**
   * The limits of the window: from the first day of the theatre, or an earlier first event, to the
   * newest day.
   */
  const configured = { from: toDay(config.theatre.first_day), to: toDay(config.last_day) + 1 };
  let limits = configured;
  const domain = () => limits;

  const scale = createTimeScale(configured, matchMedia("(pointer: coarse)").matches ? ROOM.coarse : ROOM.fine);
  const chart = element("div", { class: "dock-chart", role: "img", "aria-label": t("Histogram of the events") });
  const axis = element("div", { class: "dock-axis", "aria-hidden": "true" });
  const slide = element("div", { class: "dock-slide" });
  const plot = element("div", { class: "dock-plot" }, chart, slide, axis);

  const summary = createSummary({
    store,
    sinceTheBeginning: (window) => fitsMode("cumulative", window, limits),
    config,
    t,
  });
  const transport = createTransport({ store, chooseMode: (mode) => store.set({ mode, playing: null }), t });
  const dates = createDateFields({ store, domain, language, t });
  const span = element(
    "div",
    { class: "dock-span", role: "group", "aria-label": t("Timeline range") },
    button(t("Timeline: zoom out"), () => zoom(ZOOM_STEP), icon("minus")),
    button(t("Timeline: zoom in"), () => zoom(1 / ZOOM_STEP), icon("plus")),
    button(t("Timeline: all"), fitAll, t("All")),
  );
  const fields = element("div", { class: "dock-fields", id: "dock-fields" }, dates.element, span);
  // Visible only on phones, where the fields are initially collapsed.
  const more = button(t("Dates and range"), unfold, icon("calendar"));
  more.className = "dock-more";
  more.setAttribute("aria-controls", fields.id);
  more.setAttribute("aria-expanded", "false");
  transport.element.append(more);
  const content = element(
    "div",
    { class: "dock-content" },
    summary.element,
    transport.play,
    transport.element,
    plot,
    fields,
  );
  content.style.setProperty("--dock-side", `var(--side-${side}, var(--front))`);
  root.append(content);

  const histogram = createHistogram(chart, scale);
  const curve = createCurve(plot, chart, { store, territory, scale, config, t });
  const words = createHistogramText(plot, chart, { histogram, scale, config, t });
  const labels = createTimeAxis(axis, scale, language);
  const slider = createTimeSlider(plot, slide, {
    store,
    scale,
    domain,
    fitAll,
    togglePlay: transport.toggle,
    language,
    t,
  });
  const playback = createPlayback({
    store,
    domain,
    startOver: () => Math.max(limits.from, Math.ceil(scale.span.from)),
    clock: { request: (run) => requestAnimationFrame(run), cancel: (id) => cancelAnimationFrame(id) },
    page: document,
  });

  /**
   * Creates a button.
   * @param {string} label
   * @param {() => void} act
   * @param {Node | string} face
   */
  function button(label, act, face) {
    return element("button", { type: "button", "aria-label": label, title: label, click: act }, face);
  }

  function unfold() {
    const open = fields.toggleAttribute("data-open");
    more.setAttribute("aria-expanded", String(open));
  }

  /** Zooms the axis. @param {number} factor */
  function zoom(factor) {
    const { window } = store.get();
    const middle = (window.from + window.to) / 2;
    const seen = middle >= scale.span.from && middle <= scale.span.to;
    scale.zoom(factor, seen ? middle : (scale.span.from + scale.span.to) / 2);
  }

  function fitAll() {
    const { window, mode } = store.get();
    const from = mode === "cumulative" ? window.to - 1 : window.from;
    const all = extent ?? limits;
    scale.fit({ from: Math.min(all.from, from), to: Math.max(all.to, window.to) });
  }

  /** Sets the visible period in the store; the selection then loads its events. */
  function updateAxis() {
    const axis = { from: Math.floor(scale.span.from), to: Math.ceil(scale.span.to) };
    const current = store.get().axis;
    if (scale.width > 0 && (axis.from !== current?.from || axis.to !== current.to)) store.set({ axis });
  }

  function showOpening() {
    const { window, mode } = store.get();
    const days = Math.min(OPENING_DAYS, scale.width / OPENING_PIXELS_PER_DAY);
    const first = mode === "cumulative" ? window.to - 1 : window.from;
    const length = Math.max(days, (window.to - first) * 1.5);
    const middle = (first + window.to) / 2;
    scale.show({ from: middle - length / 2, to: middle + length / 2 });
  }

  /** Takes a new selection. @param {Selection} latest */
  function take(latest) {
    extent = latest.columns.total > 0 ? latest.columns.extent : null;
    const { from, to } = extent ?? configured;
    limits = { from: Math.min(configured.from, from), to: Math.max(configured.to, to) };
    scale.limit(limits);
    const counts = countByDay(latest, side);
    histogram.show(counts);
    words.show(counts);
    summary.show(counts, latest.columns.total);
    dates.write();
    applyMode();
  }

  /** Adapts the window to the mode, after a change of the mode or the domain. */
  function applyMode() {
    const { mode, window } = store.get();
    if (!fitsMode(mode, window, limits) || (mode === "window" && before.mode !== "window")) {
      store.set({ window: inMode(mode, window, length, limits) });
    }
  }

  let before = store.get();
  const endings = [
    // Mode and window are watched together, because a link may set both.
    store.watch(
      ({ mode, window }) => `${mode} ${window.from} ${window.to}`,
      () => {
        const now = store.get();
        const modeChanged = now.mode !== before.mode;
        const windowChanged = now.window !== before.window;
        if (modeChanged && !(windowChanged && fitsMode(now.mode, now.window, limits))) applyMode();
        // The reader chose days that do not fit the mode, so the mode changes.
        else if (windowChanged && !fitsMode(now.mode, now.window, limits)) store.set({ mode: "window" });
        before = store.get();
        if (before.mode === "window") length = before.window.to - before.window.from;
        histogram.mark(before.window);
      },
    ),
    selection.watch(take),
    scale.watch(updateAxis),
  ];
  if (before.mode === "window") length = before.window.to - before.window.from;
  applyMode();
  histogram.mark(store.get().window);

  const opening = new ResizeObserver(([entry]) => {
    if (!entry || entry.contentRect.width === 0) return;
    opening.disconnect();
    scale.resize(entry.contentRect.width);
    showOpening();
  });
  opening.observe(chart);

  return {
    destroy() {
      for (const end of endings) end();
      opening.disconnect();
      for (const part of [playback, slider, labels, words, curve, histogram, dates, transport, summary]) part.destroy();
      content.remove();
    },
  };
}
