/**
 * The visible period of the dock's axis, with zooming and panning. Pure except for calling
 * watchers. Pixels run from 0 to `width`; days may be fractions.
 *
 * @example
 * const scale = createTimeScale({ from: 20_000, to: 20_400 });
 * scale.resize(900);
 * scale.show({ from: 20_280, to: 20_400 });
 * scale.xOf(20_340); // 450
 */

/** @import { DayRange } from "../types.js" */

/** @typedef {{ from: number, to: number }} Span days, fractions allowed */

/** @typedef {ReturnType<typeof createTimeScale>} TimeScale */

/** Shortest visible period, in days. */
const CLOSEST = 10;

/**
 * Creates the scale of a time axis.
 *
 * @param {DayRange} domain the days that can be shown
 * @param {number} [room] margin in pixels before the first and after the last day, so that handles
 *   there can be grabbed
 */
export function createTimeScale(domain, room = 16) {
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let width = 0;
  let limits = domain;
  let span = clampSpan(domain);

  /** Shows a period, clamped to the limits. @param {Span} wanted */
  function show(wanted) {
    const next = clampSpan(wanted);
    if (next.from === span.from && next.to === span.to) return;
    span = next;
    notify();
  }

  function notify() {
    for (const run of watchers) run();
  }

  /** Returns the margin as a share of the width; at most a sixth. */
  function share() {
    return width === 0 ? 0 : Math.min(1 / 6, room / width);
  }

  /**
   * Adds a margin on both sides of a period.
   * @param {Span} days
   * @returns {Span}
   */
  function withRoom({ from, to }) {
    const margin = ((to - from) * share()) / (1 - 2 * share());
    return { from: from - margin, to: to + margin };
  }

  /** Clamps the length of a period. @param {number} length days */
  function clampLength(length) {
    const whole = withRoom(limits);
    const most = Math.max(CLOSEST, whole.to - whole.from);
    return Math.min(most, Math.max(CLOSEST, length));
  }

  /**
   * Clamps a period to the limits: first the length, then the position.
   * @param {Span} wanted
   * @returns {Span}
   */
  function clampSpan(wanted) {
    const length = clampLength(wanted.to - wanted.from);
    const margin = length * share();
    const [least, most] = [limits.from - margin, limits.to + margin - length];
    const from = (wanted.from + wanted.to - length) / 2;
    // A period shorter than the minimum is centred.
    return least > most
      ? { from: (least + most) / 2, to: (least + most) / 2 + length }
      : { from: Math.min(most, Math.max(least, from)), to: Math.min(most, Math.max(least, from)) + length };
  }

  const scale = {
    /** @returns {Readonly<Span>} */
    get span() {
      return span;
    },
    /** Width in pixels. */
    get width() {
      return width;
    },
    get pixelsPerDay() {
      return width / (span.to - span.from);
    },
    /** @param {number} day */
    xOf: (day) => (day - span.from) * scale.pixelsPerDay,
    /** @param {number} x pixels */
    dayAt: (x) => (width === 0 ? span.from : span.from + x / scale.pixelsPerDay),
    /** @param {number} pixels */
    resize(pixels) {
      if (pixels === width) return;
      width = pixels;
      span = clampSpan(span);
      notify();
    },
    /** @param {DayRange} days */
    limit(days) {
      limits = days;
      show(span);
    },
    show,
    /** Shows a whole period with a margin on both sides. @param {DayRange} days the period */
    fit: (days) => show(withRoom(days)),
    /** @param {number} days */
    pan: (days) => show({ from: span.from + days, to: span.to + days }),
    /**
     * Zooms around a day.
     *
     * @param {number} factor values above 1 zoom out
     * @param {number} anchor the day that keeps its position
     */
    zoom(factor, anchor) {
      const length = span.to - span.from;
      // The length is clamped first, so the axis does not move at the minimum and maximum zoom.
      const wanted = clampLength(length * factor);
      const from = anchor - ((anchor - span.from) * wanted) / length;
      show({ from, to: from + wanted });
    },
    /**
     * Scrolls a period into view with the smallest movement. A period longer than the view is shown
     * whole.
     * @param {DayRange} days
     */
    reveal(days) {
      const inset = (span.to - span.from) * share();
      if (days.to - days.from > span.to - span.from - 2 * inset) scale.fit(days);
      else if (days.from < span.from) scale.pan(days.from - inset - span.from);
      else if (days.to > span.to) scale.pan(days.to + inset - span.to);
    },
    /**
     * Calls a function after each change.
     *
     * @param {() => void} run the function
     * @returns {() => void} stops watching
     */
    watch(run) {
      watchers.add(run);
      return () => watchers.delete(run);
    },
  };
  return scale;
}
