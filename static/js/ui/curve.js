/**
 * The curve of occupied area above the histogram: the km² of the shown assessor, day by day. The
 * vertical axis runs from the minimum to the maximum of the visible period, so it shows change, not
 * size; both are written at the axis. Gaps between the assessments are dashed. A text states the value
 * of the last visible day, and its age if it is old, or of the later day of a comparison.
 *
 * @import { Assessor, Config, Store, Translate } from "../types.js"
 * @import { Assessed } from "../data/assessments.js"
 * @import { TerritoryLoader, Series } from "../data/territory.js"
 * @import { TimeScale } from "../time/time-scale.js"
 */
import { assessedNow, chosenAssessors } from "../data/assessments.js";
import { curveSteps } from "../data/curve-steps.js";
import { oncePerFrame } from "../lib/frame.js";
import { dayAt, formatDay, toDay } from "../time/day.js";
import { ageText, areaNumber, noAssessmentText } from "./area-text.js";
import { createCurveAxis, shareOf } from "./curve-axis.js";
import { element } from "./element.js";
import { watchTheme } from "../lib/theme.js";

const DAY_MS = 86_400_000;

/** @type {{ month: "short" }} */
const SHORT = { month: "short" };
/** Dashes and spaces of a gap, in pixels. */
const GAP_DASH = [2, 4];

/**
 * The values of a series that are known, in chronological order. `validFrom` and `lastSeen` are as in
 * a `Territory`.
 * @typedef {object} Known
 * @property {Series | null} of
 * @property {number[]} validFrom
 * @property {number[]} lastSeen
 * @property {(number | null)[]} since km² that were taken since the theatre's first day
 * @property {import("../data/curve-steps.js").CurvePoint[]} points
 */

/** Returns the values of a series that are known. @param {Series | null} series @returns {Known} */
function knownValues(series) {
  /** @type {Known} */
  const known = { of: series, validFrom: [], lastSeen: [], since: [], points: [] };
  const occupied = series?.km2.occupied;
  if (!series || !occupied) return known;
  for (const [n, moment] of series.valid_from.entries()) {
    const km2 = occupied.in_all[n] ?? null;
    if (km2 === null) continue;
    const [from, seen] = [Date.parse(moment), Date.parse(series.last_seen_at[n] ?? moment)];
    known.validFrom.push(from);
    known.lastSeen.push(seen);
    known.since.push(occupied.since_first_day?.[n] ?? null);
    known.points.push({ day: from / DAY_MS, seenDay: seen / DAY_MS, km2 });
  }
  return known;
}

/**
 * Creates the curve.
 *
 * @param {HTMLElement} plot the element for the axis; the text stands before it
 * @param {HTMLElement} chart the chart below the curve
 * @param {object} needs
 * @param {Store} needs.store
 * @param {TerritoryLoader} needs.territory
 * @param {TimeScale} needs.scale
 * @param {Config} needs.config
 * @param {Translate} needs.t
 * @returns {{ destroy(): void }}
 */
export function createCurve(plot, chart, { store, territory, scale, config, t }) {
  const canvas = element("canvas", { class: "dock-curve", "aria-hidden": "true" });
  const value = element("span", {});
  const since = element("span", { class: "dock-since" });
  const age = element("span", { class: "old" });
  const words = element("p", { class: "dock-occupied" }, value, since, age);
  const axis = createCurveAxis({ language: config.language, t });
  plot.before(words);
  plot.append(axis.root);
  chart.append(canvas);
  /** There is no data after this day. */
  const until = toDay(config.last_day) + 1;

  let cached = knownValues(null);

  /** Returns the values of the chosen assessor. */
  function known() {
    const { first } = chosenAssessors(store.get(), config);
    const series = first ? territory.series(first.slug) : null;
    if (series !== cached.of) cached = knownValues(series);
    return cached;
  }

  const drawing = oncePerFrame(() => {
    const { width, height } = chart.getBoundingClientRect();
    const ratio = devicePixelRatio;
    const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const context = canvas.getContext("2d");
    if (!context || !across || !down) return;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const { steps, least, most } = curveSteps(known().points, scale.span, until);
    axis.show(least, most);
    if (!steps.length) return;
    /** Returns the position of a value. @param {number} km2 */
    const y = (km2) => height * shareOf(km2, least, most);
    context.lineJoin = "round";
    context.lineWidth = 1.5;
    context.strokeStyle = getComputedStyle(canvas).color;
    for (const isGap of [false, true]) {
      context.beginPath();
      let end = NaN;
      for (const { from, to, km2, gap } of steps) {
        if (gap !== isGap) continue;
        // The steps of one assessment after the other are joined; across a gap nothing is.
        if (!gap && from === end) context.lineTo(scale.xOf(from), y(km2));
        else context.moveTo(scale.xOf(from), y(km2));
        context.lineTo(scale.xOf(to), y(km2));
        end = to;
      }
      context.setLineDash(isGap ? GAP_DASH : []);
      context.stroke();
    }
  });

  /** Writes a text, unless it is there: most days change none. @param {HTMLElement} to @param {string} text */
  function setText(to, text) {
    if (to.textContent !== text) to.textContent = text;
  }

  function updateText() {
    const { first } = chosenAssessors(store.get(), config);
    const values = known();
    const assessed = assessedNow(values, store.get());
    const { language } = config;
    const valueNow =
      !first || !values.of
        ? ""
        : assessed
          ? dayText(assessed, valueText(values, assessed.assessment, first.name))
          : noneText(first);
    setText(value, valueNow);
    setText(since, assessed ? sinceText(values, assessed.assessment) : "");
    setText(age, assessed ? ageText(assessed, t, language, SHORT) : "");
    words.hidden = !first; // else its room stays while it loads, so that nothing moves
  }

  /**
   * Adds the day of the areas, during a comparison: the days of the window are other ones.
   * @param {Assessed} assessed
   * @param {string} text
   */
  function dayText({ lastSeen }, text) {
    const { compare } = store.get();
    if (!compare) return text;
    return t("{day}: {text}", { day: formatDay(Math.min(compare.to, dayAt(lastSeen)), config.language, SHORT), text });
  }

  /** Says that there is no value yet. @param {Assessor} assessor */
  const noneText = (assessor) =>
    t("{assessor}: {words}", { assessor: assessor.name, words: noAssessmentText(assessor, t, config.language) });

  /**
   * Formats a value.
   * @param {Known} known
   * @param {number} n
   * @param {string} name
   */
  const valueText = ({ points }, n, name) =>
    t("{area} km² occupied ({name})", { area: areaNumber(points[n]?.km2 ?? NaN, config.language), name });

  /** Formats the part of a value that was taken since the first day. @param {Known} known @param {number} n */
  function sinceText({ since: taken }, n) {
    const since = taken[n] ?? null;
    if (since === null) return "";
    const year = config.theatre.first_day.slice(0, 4);
    return t("of that {since} km² since {year}", { since: areaNumber(since, config.language), year });
  }

  function update() {
    drawing.schedule();
    updateText();
  }

  const size = new ResizeObserver(drawing.schedule);
  size.observe(chart);
  const ends = [
    scale.watch(drawing.schedule),
    store.watch((state) => state.shown, updateText),
    store.watch((state) => state.compare, updateText),
    store.watch((state) => state.assessors, update),
    territory.watch(update),
    watchTheme(drawing.schedule),
  ];
  update();

  return {
    destroy() {
      for (const end of ends) end();
      drawing.cancel();
      size.disconnect();
      canvas.remove();
      words.remove();
      axis.root.remove();
    },
  };
}
