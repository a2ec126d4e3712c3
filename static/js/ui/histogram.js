/**
 * The histogram over the slider: how many events started when, and how many of them show one side.
 *
 * It is drawn twice, quiet and dark, in two canvases that lie over each other; the dark one is
 * clipped to the window. So a drag of the window draws nothing: bars are drawn anew only when they,
 * the axis, the size or the colours change. Colours come from CSS (`color` the bars, `fill` the
 * side's share, `stroke` the days of events known only vaguely).
 */

import { oncePerFrame } from "../lib/frame.js";
import { binUnit, binsIn, peak } from "../time/bins.js";
import { element } from "./element.js";

/** @import { DayRange } from "../types.js" */
/** @import { Bin, DayCounts } from "../time/bins.js" */
/** @import { TimeScale } from "../time/time-scale.js" */

/**
 * Pixels: the strip under the bars for what is known only to the month or year, and the least
 * height of a bar.
 */
const VAGUE_STRIP = 2;
const STRIP_GAP = 2;
const LEAST_BAR = 2;
/** Pixels: where a bar that is too tall is broken, from its top, and how wide the break is. */
const BREAK_AT = 6;
const BREAK = 2;

/** @typedef {"day" | "week" | "month"} BinUnit */

/** @typedef {ReturnType<typeof createHistogram>} Histogram */

/**
 * @param {HTMLElement} chart what it fills; its size is watched
 * @param {TimeScale} scale
 */
export function createHistogram(chart, scale) {
  const quiet = element("canvas", { class: "dock-bars", "aria-hidden": "true" });
  const dark = element("canvas", { class: "dock-bars dock-bars-within", "aria-hidden": "true" });
  chart.append(quiet, dark);

  /** @type {DayCounts | null} */
  let counts = null;
  /** @type {DayRange | null} */
  let window = null;
  /** @type {Bin[]} */
  let bins = [];
  /** @type {BinUnit} */
  let unit = "day";
  /** @type {Map<BinUnit, number>} */
  const peaks = new Map();
  let height = 0;

  const drawing = oncePerFrame(draw);

  function draw() {
    if (scale.width === 0 || height === 0) return;
    unit = binUnit(scale.pixelsPerDay);
    bins = counts ? binsIn(counts, scale.span, unit) : [];
    for (const canvas of [quiet, dark]) paint(canvas);
    clip();
  }

  /** The count that fills the height. */
  function top() {
    const known = peaks.get(unit);
    if (known !== undefined || !counts) return known ?? 1;
    const found = peak(counts, unit);
    peaks.set(unit, found);
    return found;
  }

  /** @param {HTMLCanvasElement} canvas */
  function paint(canvas) {
    const ratio = devicePixelRatio;
    const [across, down] = [Math.round(scale.width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, across, down);
    const style = getComputedStyle(canvas);
    /** @param {number} day */
    const x = (day) => Math.round(scale.xOf(day) * ratio);
    const px = (/** @type {number} */ pixels) => Math.max(1, Math.round(pixels * ratio));
    const base = down - px(VAGUE_STRIP + STRIP_GAP);

    /**
     * @param {(bin: Bin) => number} share of a bar's height, from its foot; that of a broken bar
     *   too
     */
    const fillBars = (share) => {
      context.beginPath();
      for (const bin of bins) {
        const whole = Math.min(base, Math.max(px(LEAST_BAR), (bin.count / top()) * base));
        const tall = Math.ceil(whole * share(bin));
        const left = x(bin.from);
        const wide = x(bin.to) - left;
        context.rect(left, base - tall, Math.max(1, wide > px(2) ? wide - px(1) : wide), tall);
      }
      context.fill();
    };
    context.fillStyle = style.color;
    fillBars(() => 1);
    context.fillStyle = style.fill;
    fillBars(({ side, count }) => side / count);

    for (const { from, to, count } of bins) {
      if (count > top()) context.clearRect(x(from), px(BREAK_AT), x(to) - x(from), px(BREAK));
    }

    context.fillStyle = style.stroke;
    for (const { from, to } of counts?.vague ?? []) {
      if (to <= scale.span.from || from >= scale.span.to) continue;
      context.fillRect(x(from), down - px(VAGUE_STRIP), x(to) - x(from) - px(1), px(VAGUE_STRIP));
    }
  }

  function clip() {
    if (!window) return;
    const left = scale.xOf(window.from);
    const right = scale.width - scale.xOf(window.to);
    dark.style.clipPath = `inset(0 ${right}px 0 ${left}px)`;
  }

  const size = new ResizeObserver(([entry]) => {
    if (!entry) return;
    height = entry.contentRect.height;
    scale.resize(entry.contentRect.width);
    drawing.schedule();
  });
  size.observe(chart);
  const endWatch = scale.watch(drawing.schedule);
  const night = matchMedia("(prefers-color-scheme: dark)");
  const contrast = matchMedia("(forced-colors: active)");
  for (const query of [night, contrast]) query.addEventListener("change", drawing.schedule);
  const theme = new MutationObserver(drawing.schedule);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme", "style", "class"] });

  return {
    /**
     * New counts: the filters or the data changed.
     * @param {DayCounts} latest
     */
    show(latest) {
      counts = latest;
      peaks.clear();
      drawing.schedule();
    },
    /**
     * The window that is dark.
     * @param {DayRange} latest
     */
    mark(latest) {
      window = latest;
      clip();
    },
    /** @returns {BinUnit} what a bar stands for */
    get unit() {
      return unit;
    },
    /**
     * The bar at a place, if there is one.
     * @param {number} x pixels
     * @returns {Bin | null}
     */
    binAt(x) {
      const day = scale.dayAt(x);
      return bins.find(({ from, to }) => day >= from && day < to) ?? null;
    },
    destroy() {
      endWatch();
      drawing.cancel();
      size.disconnect();
      theme.disconnect();
      for (const query of [night, contrast]) query.removeEventListener("change", drawing.schedule);
      quiet.remove();
      dark.remove();
    },
  };
}
