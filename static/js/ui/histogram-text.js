/**
 * The text of the histogram: a tip at the bar under the pointer, and a sentence for screen readers.
 */

import { formatCount } from "../lib/numbers.js";
import { oncePerFrame } from "../lib/frame.js";
import { formatDay, formatMonth, formatRange } from "../time/day.js";
import { element } from "./element.js";

/** @import { Config, Translate } from "../types.js" */
/** @import { Bin, DayCounts } from "../time/bins.js" */
/** @import { TimeScale } from "../time/time-scale.js" */
/** @import { BinUnit, Histogram } from "./histogram.js" */

/** Delay after the last change before the sentence is updated, in milliseconds. */
const SETTLED_MS = 300;

/**
 * Creates the texts.
 * @param {HTMLElement} plot the parent of the tip
 * @param {HTMLElement} image the element with role "img"
 * @param {object} needs
 * @param {Histogram} needs.histogram
 * @param {TimeScale} needs.scale
 * @param {Config} needs.config
 * @param {Translate} needs.t
 */
export function createHistogramText(plot, image, { histogram, scale, config, t }) {
  const { language } = config;
  const sides = config.theatre.belligerents;
  const tip = element("div", { class: "dock-tip", "aria-hidden": "true", hidden: true });
  plot.append(tip);
  /** @type {DayCounts | null} */
  let counts = null;
  let settling = 0;
  let pointer = 0;

  /** Formats the tip of a bar. @param {Bin} bin */
  function barText({ from, to, count, sides: counted }) {
    const when = binText(histogram.unit, from, to, language);
    const events = t("{when} · events: {count}", { when, count });
    if (!sides.length) return events;
    const parts = bySide(counted, count, (number) => formatCount(number, language));
    return [events, t("affected side: {sides}", { sides: parts })].join(" · ");
  }

  /**
   * Formats the numbers by affected side: "Russia 3, Ukraine 2, not known 1".
   * @param {number[]} counted in the order of the sides
   * @param {number} all
   * @param {(number: number) => string} format
   */
  function bySide(counted, all, format) {
    const unknown = all - counted.reduce((sum, number) => sum + number, 0);
    return [...sides.map(({ name }) => name), t("Unknown or both")]
      .map((name, n) => [name, counted[n] ?? unknown])
      .map(([name, number]) => t("{name} {number}", { name: String(name), number: format(Number(number)) }))
      .join(", ");
  }

  const tipping = oncePerFrame(() => {
    const bin = histogram.binAt(pointer);
    tip.hidden = !bin;
    if (!bin) return;
    tip.textContent = barText(bin);
    const middle = scale.xOf((bin.from + bin.to) / 2);
    // Keeps the tip within the page if the bar is near an edge.
    const share = Math.max(0, Math.min(1, middle / scale.width));
    tip.style.transform = `translateX(${middle}px) translateX(-${share * 100}%)`;
  });

  /** Shows the tip under the pointer. @param {PointerEvent} event */
  function hover(event) {
    if (event.pointerType !== "mouse" || event.buttons !== 0) return leave();
    pointer = event.clientX - plot.getBoundingClientRect().left;
    tipping.schedule();
  }

  function leave() {
    tipping.cancel();
    tip.hidden = true;
  }

  function describe() {
    if (!counts || scale.width === 0) return;
    const span = { from: Math.floor(scale.span.from), to: Math.ceil(scale.span.to) };
    const { length, sidesStarted, started } = counts;
    const all = started[length] ?? 0;
    const total = sidesStarted.map((sum) => sum[length] ?? 0);
    const percent = (/** @type {number} */ number) => `${Math.round((100 * number) / all)}%`;
    const words = [
      t("Histogram of the filtered events, {range}.", { range: formatRange(span, language) }),
      sides.length > 0 && all > 0
        ? t("Affected side, from the bottom of each bar: {sides}.", { sides: bySide(total, all, percent) })
        : "",
    ];
    image.setAttribute("aria-label", words.filter(Boolean).join(" "));
  }

  function reset() {
    clearTimeout(settling);
    settling = window.setTimeout(describe, SETTLED_MS);
  }

  plot.addEventListener("pointermove", hover);
  plot.addEventListener("pointerdown", leave);
  plot.addEventListener("pointerleave", leave);
  const endWatch = scale.watch(reset);

  return {
    /** Updates the sentence. @param {DayCounts} latest */
    show(latest) {
      counts = latest;
      reset();
    },
    destroy() {
      endWatch();
      clearTimeout(settling);
      tipping.cancel();
      plot.removeEventListener("pointermove", hover);
      plot.removeEventListener("pointerdown", leave);
      plot.removeEventListener("pointerleave", leave);
      tip.remove();
    },
  };
}

/**
 * Formats the period of a bar.
 * @param {BinUnit} unit
 * @param {number} from
 * @param {number} to
 * @param {string} language
 */
function binText(unit, from, to, language) {
  if (unit === "day") return formatDay(from, language, { weekday: true, month: "short" });
  return unit === "week" ? formatRange({ from, to }, language) : formatMonth(from, language);
}
