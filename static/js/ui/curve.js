/**
 * The curve of occupied area above the histogram: the km² of the shown assessor, day by day. The
 * vertical axis runs from the minimum to the maximum of the visible period, so it shows change, not
 * size. A text states the value of the last visible day.
 *
 * @import { Config, Store, Translate } from "../types.js"
 * @import { TerritoryLoader, Series } from "../data/territory.js"
 * @import { TimeScale } from "../time/time-scale.js"
 */
import { assessmentOn, chosenAssessors } from "../data/assessments.js";
import { oncePerFrame } from "../lib/frame.js";
import { toDay } from "../time/day.js";
import { areaNumber } from "./area-text.js";
import { element } from "./element.js";
import { watchTheme } from "../lib/theme.js";

const DAY_MS = 86_400_000;
/** Free space above and below the curve, as shares of the chart's height. */
const TOP = 0.24;
const BOTTOM = 0.2;

/**
 * Returns the points of the curve in a period: a step at each assessment.
 *
 * @param {readonly { day: number, km2: number }[]} points in chronological order
 * @param {{ from: number, to: number }} span days
 * @param {number} until the end of the data, exclusive
 * @returns {{ steps: { from: number, to: number, km2: number }[], least: number, most: number }}
 */
function stepsIn(points, span, until) {
  const steps = [];
  let [least, most] = [Infinity, -Infinity];
  for (const [n, { day, km2 }] of points.entries()) {
    const to = Math.min(points[n + 1]?.day ?? until, span.to);
    const from = Math.max(day, span.from);
    if (to <= from) continue;
    steps.push({ from, to, km2 });
    least = Math.min(least, km2);
    most = Math.max(most, km2);
  }
  return { steps, least, most };
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
  const words = element("p", { class: "dock-occupied" });
  plot.append(words);
  chart.append(canvas);
  /** There is no data after this day. */
  const until = toDay(config.last_day) + 1;

  /** @type {{ of: Series | null, points: { day: number, km2: number, since: number | null }[] }} */
  let cached = { of: null, points: [] };

  function points() {
    const { first } = chosenAssessors(store.get(), config);
    const series = first ? territory.series(first.slug) : null;
    if (series !== cached.of) {
      const { in_all: occupied, since_first_day: since } = series?.km2.occupied ?? {
        in_all: [],
        since_first_day: null,
      };
      cached = {
        of: series,
        points: (series?.valid_from ?? []).flatMap((moment, n) => {
          const km2 = occupied[n];
          return km2 === null || km2 === undefined
            ? []
            : [{ day: Date.parse(moment) / DAY_MS, km2, since: since?.[n] ?? null }];
        }),
      };
    }
    return cached.points;
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
    const { steps, least, most } = stepsIn(points(), scale.span, until);
    if (!steps.length) return;
    const room = height * (1 - TOP - BOTTOM);
    /** Returns the position of a value. @param {number} km2 */
    const y = (km2) => height * TOP + (most > least ? ((most - km2) / (most - least)) * room : room / 2);
    context.beginPath();
    for (const [n, { from, to, km2 }] of steps.entries()) {
      if (n === 0) context.moveTo(scale.xOf(from), y(km2));
      else context.lineTo(scale.xOf(from), y(km2));
      context.lineTo(scale.xOf(to), y(km2));
    }
    context.lineJoin = "round";
    context.lineWidth = 1.5;
    context.strokeStyle = getComputedStyle(canvas).color;
    context.stroke();
  });

  function updateText() {
    const { shown, window } = store.get();
    const { first } = chosenAssessors(store.get(), config);
    const found = points();
    const day = (shown ?? window).to - 1;
    const validFrom = found.map((point) => point.day * DAY_MS);
    const now = found[assessmentOn({ validFrom }, day)];
    words.textContent = now && first ? valueText(now, first.name) : "";
    words.hidden = words.textContent === "";
  }

  /** Formats the value. @param {{ km2: number, since: number | null }} now @param {string} name */
  function valueText({ km2, since }, name) {
    const { language, theatre } = config;
    const area = areaNumber(km2, language);
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
