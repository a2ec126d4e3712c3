/**
 * The curve of occupied area above the histogram: the km² of the shown assessor, day by day. The
 * vertical axis runs from the minimum to the maximum of the visible period, so it shows change, not
 * size. Gaps between the assessments are dashed. A text states the value of the last visible day,
 * and its age if it is old.
 *
 * @import { Assessor, Config, Store, Translate } from "../types.js"
 * @import { TerritoryLoader, Series } from "../data/territory.js"
 * @import { TimeScale } from "../time/time-scale.js"
 */
import { assessedOn, chosenAssessors } from "../data/assessments.js";
import { curveSteps } from "../data/curve-steps.js";
import { oncePerFrame } from "../lib/frame.js";
import { toDay } from "../time/day.js";
import { ageText, areaNumber, noAssessmentText } from "./area-text.js";
import { element } from "./element.js";
import { watchTheme } from "../lib/theme.js";

const DAY_MS = 86_400_000;
/** Free space above and below the curve, as shares of the chart's height. */
const TOP = 0.24;
const BOTTOM = 0.2;

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
 * @param {HTMLElement} plot the element for the text
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
  const value = element("span", { class: "dock-occupied-value" });
  const age = element("span", { class: "old" });
  const words = element("p", { class: "dock-occupied" }, value, age);
  plot.append(words);
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
    if (!steps.length) return;
    const room = height * (1 - TOP - BOTTOM);
    /** Returns the position of a value. @param {number} km2 */
    const y = (km2) => height * TOP + (most > least ? ((most - km2) / (most - least)) * room : room / 2);
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

  function updateText() {
    const { shown, window } = store.get();
    const { first } = chosenAssessors(store.get(), config);
    const values = known();
    const assessed = assessedOn(values, (shown ?? window).to - 1);
    const { language } = config;
    value.textContent =
      !first || !values.of ? "" : assessed ? valueText(values, assessed.assessment, first.name) : noneText(first);
    age.textContent = assessed ? ageText(assessed, t, language, { month: "short" }) : "";
    words.hidden = value.textContent === "";
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
  function valueText({ points, since: taken }, n, name) {
    const { language, theatre } = config;
    const area = areaNumber(points[n]?.km2 ?? NaN, language);
    const since = taken[n] ?? null;
    if (since === null) return t("{area} km² occupied ({name})", { area, name });
    return t("{area} km² occupied; {since} km² of that since {year} ({name})", {
      area,
      since: areaNumber(since, language),
      year: theatre.first_day.slice(0, 4),
      name,
    });
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
    },
  };
}
