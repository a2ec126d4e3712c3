/**
 * The stretch of time that the dock's axis shows, and what zooming and panning make of it. Pure but
 * for telling its watchers; pixels run from 0 to `width`, days may be fractions.
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

/** The closest look, in days. */
const CLOSEST = 10;

/**
 * @param {DayRange} domain the days one can go to
 * @param {number} [room] pixels kept free beyond the first and the last day, so that what stands
 *   there can be held
 */
export function createTimeScale(domain, room = 16) {
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let width = 0;
  let limits = domain;
  let span = clampSpan(domain);

  /** @param {Span} wanted */
  function show(wanted) {
    const next = clampSpan(wanted);
    if (next.from === span.from && next.to === span.to) return;
    span = next;
    notify();
  }

  function notify() {
    for (const run of watchers) run();
  }

  /** The room beyond the days as a share of the width; a sixth at the most. */
  function share() {
    return width === 0 ? 0 : Math.min(1 / 6, room / width);
  }

  /**
   * Days with room on both sides of them.
   * @param {Span} days
   * @returns {Span}
   */
  function withRoom({ from, to }) {
    const margin = ((to - from) * share()) / (1 - 2 * share());
    return { from: from - margin, to: to + margin };
  }

  /** @param {number} length days */
  function clampLength(length) {
    const whole = withRoom(limits);
    const most = Math.max(CLOSEST, whole.to - whole.from);
    return Math.min(most, Math.max(CLOSEST, length));
  }

  /**
   * As near to what is wanted as the limits allow: the length first, then the place.
   * @param {Span} wanted
   * @returns {Span}
   */
  function clampSpan(wanted) {
    const length = clampLength(wanted.to - wanted.from);
    const margin = length * share();
    const [least, most] = [limits.from - margin, limits.to + margin - length];
    const from = (wanted.from + wanted.to - length) / 2;
    // What is shorter than the closest look stands in the middle of it.
    return least > most
      ? { from: (least + most) / 2, to: (least + most) / 2 + length }
      : { from: Math.min(most, Math.max(least, from)), to: Math.min(most, Math.max(least, from)) + length };
  }

  const scale = {
    /** @returns {Readonly<Span>} */
    get span() {
      return span;
    },
    /** Pixels. */
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
    /** @param {DayRange} days all of them, with room on both sides */
    fit: (days) => show(withRoom(days)),
    /** @param {number} days */
    pan: (days) => show({ from: span.from + days, to: span.to + days }),
    /**
     * @param {number} factor above 1 shows more
     * @param {number} anchor the day that keeps its place
     */
    zoom(factor, anchor) {
      const length = span.to - span.from;
      // Clamped before the anchor is reckoned with: at the closest and the widest look the axis
      // stands still.
      const wanted = clampLength(length * factor);
      const from = anchor - ((anchor - span.from) * wanted) / length;
      show({ from, to: from + wanted });
    },
    /**
     * Brings days into view that are not, moving as little as possible; what is too long to see is
     * shown whole.
     * @param {DayRange} days
     */
    reveal(days) {
      const inset = (span.to - span.from) * share();
      if (days.to - days.from > span.to - span.from - 2 * inset) scale.fit(days);
      else if (days.from < span.from) scale.pan(days.from - inset - span.from);
      else if (days.to > span.to) scale.pan(days.to + inset - span.to);
    },
    /**
     * @param {() => void} run called after each change
     * @returns {() => void} ends the watch
     */
    watch(run) {
      watchers.add(run);
      return () => watchers.delete(run);
    },
  };
  return scale;
}
