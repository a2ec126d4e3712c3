/**
 * The histogram above the slider: the number of events by start, coloured by affected side.
 *
 * It is drawn on two stacked canvases, one light and one dark. The dark one is clipped to the
 * window, so dragging the window needs no repaint. Bars are repainted when counts, axis, size or
 * colours change. The colours are those of the sides on the map, lighter outside the window; CSS
 * has the colour of days of vaguely dated events (`color`).
 */

import { colourProperty, mix } from "../lib/colours.js";
import { oncePerFrame } from "../lib/frame.js";
import { binUnit, binsIn, peak } from "../time/bins.js";
import { element } from "./element.js";

/** @import { DayRange } from "../types.js" */
/** @import { Bin, DayCounts } from "../time/bins.js" */
/** @import { TimeScale } from "../time/time-scale.js" */

/**
 * In pixels: the height of the strip for vaguely dated events below the bars, and the minimum
 * height of a bar.
 */
const VAGUE_STRIP = 2;
const STRIP_GAP = 2;
const LEAST_BAR = 2;
/**
 * In pixels: the position of the break in a bar that is too tall, from its top, and the width of
 * the break.
 */
const BREAK_AT = 6;
const BREAK = 2;
/** Share of paper in the colours outside the window. */
const PAPER_OUTSIDE = 0.45;

/** @typedef {"day" | "week" | "month"} BinUnit */

/** @typedef {ReturnType<typeof createHistogram>} Histogram */

/**
 * Creates the histogram.
 * @param {HTMLElement} chart the container, whose size is observed
 * @param {TimeScale} scale
 * @param {string[]} sides slugs of the belligerents, in the order of the counts
 */
export function createHistogram(chart, scale, sides) {
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
    paint(quiet, PAPER_OUTSIDE);
    paint(dark, 0);
    clip();
  }

  /** Returns the count at the full height. Values are cached. */
  function top() {
    const cached = peaks.get(unit);
    if (cached !== undefined || !counts) return cached ?? 1;
    const highest = peak(counts, unit);
    peaks.set(unit, highest);
    return highest;
  }

  /** Paints one canvas. @param {HTMLCanvasElement} canvas @param {number} paper share of paper */
  function paint(canvas, paper) {
    const ratio = devicePixelRatio;
    const [across, down] = [Math.round(scale.width * ratio), Math.round(height * ratio)];
    if (canvas.width !== across) canvas.width = across;
    if (canvas.height !== down) canvas.height = down;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.clearRect(0, 0, across, down);
    const style = getComputedStyle(canvas);
    /** Returns the position of a day in device pixels. @param {number} day */
    const x = (day) => Math.round(scale.xOf(day) * ratio);
    const px = (/** @type {number} */ pixels) => Math.max(1, Math.round(pixels * ratio));
    const base = down - px(VAGUE_STRIP + STRIP_GAP);

    /**
     * Paints the bars.
     * @param {(bin: Bin) => number} share of each bar's height, from the bottom, also for broken
     *   bars
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
    /** Returns the colour of a side. @param {string | null} side */
    const colourOf = (side) => {
      const read = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
      return mix(read(colourProperty("side", side)) || read("--side-unknown"), read("--paper"), paper);
    };
    // From the bottom: the sides in their order, then the events of no known side.
    context.fillStyle = colourOf(null);
    fillBars(() => 1);
    for (let n = sides.length - 1; n >= 0; n--) {
      context.fillStyle = colourOf(sides[n] ?? null);
      fillBars((bin) => {
        let sum = 0;
        for (let side = 0; side <= n; side++) sum += bin.sides[side] ?? 0;
        return sum / bin.count;
      });
    }

    for (const { from, to, count } of bins) {
      if (count > top()) context.clearRect(x(from), px(BREAK_AT), x(to) - x(from), px(BREAK));
    }

    context.fillStyle = style.color;
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
     * Shows new counts.
     * @param {DayCounts} latest
     */
    show(latest) {
      counts = latest;
      peaks.clear();
      drawing.schedule();
    },
    /**
     * Moves the dark part to a window.
     * @param {DayRange} latest
     */
    mark(latest) {
      window = latest;
      clip();
    },
    /** Returns the unit of a bar. @returns {BinUnit} */
    get unit() {
      return unit;
    },
    /**
     * Returns the bar at a position, or null.
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
