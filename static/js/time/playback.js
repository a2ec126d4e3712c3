/**
 * Playback: moves the window through time at `state.playing` days a second.
 *
 * The next step waits until the map has drawn the last one (`shown` equals `window`). A step is at
 * most as long as the window, so every day is seen; a map that cannot follow makes playback slower,
 * and `state.slowedTo` says so. Long silences are skipped, and `state.skipped` says which. While
 * the reader holds the slider, playback waits; then it goes on from there.
 *
 * Playback stops at the end of the domain and when the page is hidden. Starting at the end restarts
 * from the beginning.
 */

import { advanced, endingWith, sameRange, startingAt } from "./window.js";

/** @import { Day, DayRange, Mode, Store } from "../types.js" */

/** Available speeds, in days a second. */
export const SPEEDS = [1, 3, 7, 30];

/** Maximum duration of one step. Playback does not catch up on longer delays. */
const LONGEST_STEP_S = 0.25;
/** Pause after a skipped silence, so that the reader sees where playback is. */
const AFTER_SILENCE_S = 0.6;
/** How long the speed is measured, and the share of late days that is not worth a word. */
const MEASURED_S = 1;
const LATE_SHARE = 0.15;
/** Measurements in time until playback counts as fast again, so that the note does not flicker. */
const CALM_MEASUREMENTS = 3;

/**
 * Source of animation frames; tests inject their own.
 * @typedef {object} Clock
 * @property {(run: (ms: number) => void) => number} request
 * @property {(id: number) => void} cancel
 */

/**
 * Returns the longest step that hides no day, in days.
 *
 * @param {Mode} mode
 * @param {DayRange} window
 * @param {number} speed days a second
 */
function longestStep(mode, { from, to }, speed) {
  const most = Math.max(1, Math.floor(speed * LONGEST_STEP_S));
  return mode === "cumulative" ? most : Math.min(most, to - from); // cumulative days stay on the map
}

/**
 * Starts playback whenever `state.playing` is set.
 *
 * @param {object} needs
 * @param {Store} needs.store
 * @param {() => DayRange} needs.domain limits of the window
 * @param {() => Day} needs.startOver the first day when playback restarts from the end
 * @param {() => boolean} needs.isHeld whether the reader holds the slider
 * @param {(window: DayRange) => boolean} needs.isLoading whether events of a window are on their way
 * @param {(mode: Mode, window: DayRange, speed: number) => DayRange | null} needs.silenceAfter the
 *   days to skip next
 * @param {Clock} needs.clock
 * @param {EventTarget & { readonly hidden: boolean }} needs.page fires "visibilitychange"
 * @returns {{ destroy(): void }}
 */
export function createPlayback({ store, domain, startOver, isHeld, isLoading, silenceAfter, clock, page }) {
  let frame = 0;
  let last = 0;
  let dueDays = 0; // days
  let calm = 0; // measurements in time since the last late one
  /** Since the measurement began: seconds, days that were due, days that came too late, days gone. */
  let measured = { seconds: 0, due: 0, late: 0, gone: 0 };

  /** Schedules or cancels the animation frames. @param {number | null} speed */
  function follow(speed) {
    clock.cancel(frame);
    if (speed !== null) frame = clock.request(begin);
    else store.set({ slowedTo: null });
  }

  /** Starts playback at the first frame. @param {number} ms */
  function begin(ms) {
    last = ms;
    dueDays = 1; // the first step is immediate, so that the reader sees a change at once
    startMeasuring();
    const { mode, window } = store.get();
    if (window.to >= domain().to) {
      dueDays = 0; // restarting counts as the first step
      const first = startOver();
      store.set({
        window: mode === "cumulative" ? { from: window.from, to: first + 1 } : startingAt(window, first, domain()),
      });
    }
    store.set({ skipped: null });
    frame = clock.request(step);
  }

  /** Moves the window by the days that are due. @param {number} ms */
  function step(ms) {
    const { playing, mode, window, shown } = store.get();
    if (playing === null) return;
    const seconds = (ms - last) / 1000;
    last = ms;
    if (isHeld() || isLoading(window)) {
      dueDays = 0;
      startMeasuring();
    } else {
      const most = longestStep(mode, window, playing);
      becomeDue(seconds, playing, most);
      if (dueDays >= 1 && shown && sameRange(shown, window)) go(mode, window, playing, most);
    }
    if (store.get().playing !== null) frame = clock.request(step);
  }

  /**
   * Counts the days that are due. Half a day more than a step may carry over to the next one.
   *
   * @param {number} seconds since the last frame
   * @param {number} speed
   * @param {number} most days in one step
   */
  function becomeDue(seconds, speed, most) {
    const due = dueDays + seconds * speed;
    dueDays = Math.min(due, most + 0.5);
    measured.seconds += seconds;
    measured.due += seconds * speed;
    measured.late += due - dueDays;
    if (measured.seconds < MEASURED_S) return;
    const isLate = measured.late > LATE_SHARE * measured.due;
    const isCalm = !isLate && store.get().slowedTo !== null && ++calm < CALM_MEASUREMENTS;
    if (isLate) calm = 0;
    if (!isCalm) store.set({ slowedTo: isLate ? measured.gone / measured.seconds : null });
    startMeasuring();
  }

  function startMeasuring() {
    measured = { seconds: 0, due: 0, late: 0, gone: 0 };
  }

  /**
   * Moves the window by one step, or past a silence.
   *
   * @param {Mode} mode
   * @param {DayRange} window
   * @param {number} speed
   * @param {number} most days in one step
   */
  function go(mode, window, speed, most) {
    const silence = silenceAfter(mode, window, speed);
    const days = Math.min(most, Math.floor(dueDays));
    const next = silence
      ? endingWith(mode, window, Math.min(silence.to, domain().to - 1), domain())
      : advanced(mode, window, days, domain());
    dueDays -= days;
    measured.gone += days;
    if (silence) {
      dueDays = -AFTER_SILENCE_S * speed;
      startMeasuring();
    }
    if (sameRange(next, window)) store.set({ playing: null });
    else store.set({ window: next, ...(silence && { skipped: silence }) });
  }

  function pauseWhenHidden() {
    if (page.hidden) store.set({ playing: null });
  }

  const unwatch = store.watch(
    (state) => state.playing !== null,
    (playing) => follow(playing ? 1 : null),
  );
  page.addEventListener("visibilitychange", pauseWhenHidden);
  if (store.get().playing !== null) follow(1);

  return {
    destroy() {
      unwatch();
      clock.cancel(frame);
      page.removeEventListener("visibilitychange", pauseWhenHidden);
    },
  };
}
