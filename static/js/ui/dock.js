/**
 * The dock, which is always visible: the summary of the map, playback and modes, the histogram with
 * the window, and the dates.
 *
 * It reads `window`, `shown`, `mode` and `playing`, and writes all except `shown`. The visible
 * period of the axis belongs to the dock; the rest of the state is in the store.
 *
 * @example createDock(byId("dock"), { store, selection, territory, change, config, t });
 */

import { chosenAssessors } from "../data/assessments.js";
import { icon } from "../lib/icon.js";
import { choose } from "../state/choices.js";
import { shownDays } from "../state/shown-days.js";
import { countByDay } from "../time/bins.js";
import { dayAt } from "../time/day.js";
import { around, configuredDays, theatreDays } from "../time/domain.js";
import { createPlayback } from "../time/playback.js";
import { silenceAfter } from "../time/silence.js";
import { createTimeScale } from "../time/time-scale.js";
import { fitsMode, inMode } from "../time/window.js";
import { createAxisEdges } from "./axis-edges.js";
import { createCurve } from "./curve.js";
import { createDayRange } from "./day-range.js";
import { createSummary } from "./dock-summary.js";
import { createTransport } from "./dock-transport.js";
import { element } from "./element.js";
import { createHistogramText } from "./histogram-text.js";
import { createHistogram } from "./histogram.js";
import { createPlaybackNote } from "./playback-note.js";
import { sideKey } from "./side-key.js";
import { createTimeAxis } from "./time-axis.js";
import { ZOOM_STEP, createTimeSlider } from "./time-slider.js";

/** @import { Config, Day, DayRange, Selection, SelectionSource, Store, Translate } from "../types.js" */
/** @import { DayCounts } from "../time/bins.js" */
/** @import { TerritoryLoader } from "../data/territory.js" */
/** @import { ChangeSource } from "../data/comparison.js" */

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
 * @param {ChangeSource} needs.change
 * @param {Config} needs.config
 * @param {Translate} needs.t
 * @returns {{ destroy(): void }}
 */
export function createDock(root, { store, selection, territory, change, config, t }) {
  const { language } = config;
  const sides = config.theatre.belligerents.map(({ slug }) => slug);
  let length = USUAL_LENGTH;
  /** @type {{ latest: Selection, counts: DayCounts } | null} null: not loaded */
  let data = null;

  const configured = configuredDays(config);
  /** The theatre's days: what the axis shows at most. */
  let theatre = configured;
  /** The theatre's days and all events, also stray ones. */
  let everything = configured;
  /** The limits of the window: the theatre's days, or more while the window lies outside them. */
  let limits = around(theatre, store.get().window);
  const domain = () => limits;

  const scale = createTimeScale(limits, matchMedia("(pointer: coarse)").matches ? ROOM.coarse : ROOM.fine);
  const chart = element("div", { class: "dock-chart", role: "img", "aria-label": t("Histogram of the events") });
  const axis = element("div", { class: "dock-axis", "aria-hidden": "true" });
  const slide = element("div", { class: "dock-slide" });
  const plot = element("div", { class: "dock-plot" }, chart, slide, axis, sideKey(config.theatre.belligerents, t));

  const summary = createSummary({
    store,
    change,
    sinceTheBeginning: (window) => fitsMode("cumulative", window, everything),
    config,
    t,
  });
  const transport = createTransport({
    store,
    chooseMode: (mode) => choose(store, { mode, playing: null }),
    t,
  });
  const note = createPlaybackNote({ store, language, t });
  const dates = createDayRange({
    words: { from: t("From"), to: t("To"), wrongOrder: t("“From” is after “to”.") },
    errorId: "dock-error",
    errorClass: "dock-error",
    language,
    t,
    limits: () => everything,
    onChange: (window) => choose(store, { window, playing: null }),
  });
  const span = element(
    "div",
    { class: "dock-span", role: "group", "aria-label": t("Timeline range") },
    button(t("Timeline: zoom out"), () => zoom(ZOOM_STEP), icon("minus")),
    button(t("Timeline: zoom in"), () => zoom(1 / ZOOM_STEP), icon("plus")),
    button(t("Timeline: all"), fitAll, t("All")),
  );
  const fields = element(
    "div",
    { class: "dock-fields", id: "dock-fields" },
    // A step of playback would overwrite what is typed.
    element(
      "div",
      { class: "dock-dates", focusin: () => store.set({ playing: null }) },
      ...dates.fields.map(({ root }) => root),
      dates.error,
    ),
    span,
  );
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
  root.append(content);

  const histogram = createHistogram(chart, scale, sides);
  const curve = createCurve(plot, chart, { store, territory, scale, config, t });
  const words = createHistogramText(plot, chart, { histogram, scale, config, t });
  const labels = createTimeAxis(axis, scale, language);
  // Before the slider, which scrolls the axis to the window.
  const endLimits = store.watch(
    ({ window }) => window,
    () => {
      if (!slider.isHeld) setLimits(); // a drag can go back to where it began
    },
  );
  const slider = createTimeSlider(plot, slide, {
    store,
    scale,
    domain,
    fitAll,
    togglePlay: transport.toggle,
    language,
    t,
  });
  const edges = createAxisEdges(plot, {
    scale,
    days: () => theatre,
    window: () => store.get().window,
    onGo: goToStrays,
    language,
    t,
  });
  plot.append(note.root);
  const playback = createPlayback({
    store,
    domain,
    isHeld: () => slider.isHeld,
    isLoading: (window) => store.get().loading && isMissing(window),
    silenceAfter: (mode, window, speed) => {
      const happenings = happeningsNow();
      return happenings && silenceAfter(mode, window, happenings, limits.to, speed);
    },
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

  /** Shows the theatre's days. The cumulative mode also selects everything. */
  function fitAll() {
    if (store.get().mode === "cumulative") {
      choose(store, { window: { from: everything.from, to: theatre.to }, playing: null });
    }
    scale.fit(theatre);
  }

  /**
   * Goes to the stray events on one side of the axis.
   * @param {Day} day of the nearest one
   * @param {"before" | "after"} side
   */
  function goToStrays(day, side) {
    const { mode, window } = store.get();
    const days = mode === "cumulative" ? length : window.to - window.from;
    choose(store, {
      window: side === "before" ? { from: day + 1 - days, to: day + 1 } : { from: day, to: day + days },
      ...(mode === "cumulative" && { mode: "window" }),
      playing: null,
    });
  }

  /** Returns whether events of a window are not loaded. @param {DayRange} window */
  const isMissing = (window) =>
    data?.latest.columns.missing.some(({ from, to }) => from < window.to && to > window.from) ?? false;

  /** Returns what happens on the map; null: the events or the assessments are not loaded. */
  function happeningsNow() {
    if (!data) return null;
    const { first, second } = chosenAssessors(store.get(), config);
    const assessed = [first, second].flatMap((one) => (one ? [assessedDays(one.slug)] : []));
    if (assessed.some((days) => days === null)) return null;
    return {
      counts: data.counts,
      assessed: assessed.filter((days) => days !== null),
      missing: data.latest.columns.missing,
    };
  }

  /** @type {WeakMap<number[], Day[]>} the days of each history's assessments */
  const assessed = new WeakMap();

  /** Returns the days of an assessor's assessments; null: not loaded. @param {string} slug */
  function assessedDays(slug) {
    const moments = territory.get(slug)?.validFrom;
    if (!moments) return null;
    const days = assessed.get(moments) ?? moments.map(dayAt);
    assessed.set(moments, days);
    return days;
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
    const { columns } = latest;
    theatre = theatreDays(configured, columns, Date.now());
    everything = columns.total > 0 ? around(theatre, columns.extent) : theatre;
    setLimits();
    const counts = countByDay(latest, sides);
    data = { latest, counts };
    edges.show(latest);
    histogram.show(counts);
    words.show(counts);
    summary.show(counts, latest.columns.total);
    applyMode();
  }

  /** Sets the limits of the window and the axis. */
  function setLimits() {
    const { window, mode } = store.get();
    limits = mode === "cumulative" ? around(theatre, { from: theatre.from, to: window.to }) : around(theatre, window);
    scale.limit(limits);
  }

  /** Adapts the window to the mode, after a change of the mode or the domain. */
  function applyMode() {
    const { mode, window } = store.get();
    if (!fitsMode(mode, window, everything) || (mode === "window" && before.mode !== "window")) {
      store.set({ window: inMode(mode, window, length, everything) });
    }
  }

  /** Shows the fields that the mode uses. */
  function useFields() {
    const { mode } = store.get();
    dates.use(mode === "window" ? "both" : mode === "day" ? "day" : "last");
  }

  /** Shows the days in the fields: those of the heading, also while the time plays. */
  function showDates() {
    dates.write(shownDays(store.get()));
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
        if (modeChanged && !(windowChanged && fitsMode(now.mode, now.window, everything))) applyMode();
        // The reader chose days that do not fit the mode, so the mode changes.
        else if (windowChanged && !fitsMode(now.mode, now.window, everything)) store.set({ mode: "window" });
        before = store.get();
        useFields();
        if (before.mode === "window") length = before.window.to - before.window.from;
        histogram.mark(before.window);
      },
    ),
    store.watch(shownDays, showDates),
    selection.watch(take),
    scale.watch(updateAxis),
  ];
  if (before.mode === "window") length = before.window.to - before.window.from;
  applyMode();
  histogram.mark(store.get().window);
  useFields();
  showDates();

  const opening = new ResizeObserver(([entry]) => {
    if (!entry || entry.contentRect.width === 0) return;
    opening.disconnect();
    scale.resize(entry.contentRect.width);
    showOpening();
  });
  opening.observe(chart);

  return {
    destroy() {
      for (const end of [endLimits, ...endings]) end();
      opening.disconnect();
      for (const part of [playback, edges, note, slider, labels, words, curve, histogram, transport, summary]) {
        part.destroy();
      }
      content.remove();
    },
  };
}
