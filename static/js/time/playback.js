/**
 * Playback: moves the window through time at `state.playing` days a second.
 *
 * The next step waits until the map has drawn the last one (`shown` equals `window`), so a slow map
 * slows playback but skips no day. Playback stops at the end of the domain and when the page is
 * hidden. Starting at the end restarts from the beginning.
 */

import { advanced, sameRange, startingAt } from "./window.js";

/** @import { Day, DayRange, Store } from "../types.js" */

/** Available speeds, in days a second. */
export const SPEEDS = [1, 3, 7, 30];

/** Maximum duration of one step. Playback does not catch up on longer delays. */
const LONGEST_STEP_S = 0.25;

/**
 * Source of animation frames; tests inject their own.
 * @typedef {object} Clock
 * @property {(run: (ms: number) => void) => number} request
 * @property {(id: number) => void} cancel
 */

/**
 * Starts playback whenever `state.playing` is set.
 *
 * @param {object} needs
 * @param {Store} needs.store
 * @param {() => DayRange} needs.domain limits of the window
 * @param {() => Day} needs.startOver the first day when playback restarts from the end
 * @param {Clock} needs.clock
 * @param {EventTarget & { readonly hidden: boolean }} needs.page fires "visibilitychange"
 * @returns {{ destroy(): void }}
 */
export function createPlayback({ store, domain, startOver, clock, page }) {
  let frame = 0;
  let last = 0;
  let dueDays = 0; // days

  /** Schedules or cancels the animation frames. @param {number | null} speed */
  function follow(speed) {
    clock.cancel(frame);
    if (speed !== null) frame = clock.request(begin);
  }

  /** Starts playback at the first frame. @param {number} ms */
  function begin(ms) {
    last = ms;
    dueDays = 1; // the first step is immediate, so that the reader sees a change at once
    const { mode, window } = store.get();
    if (window.to >= domain().to) {
      dueDays = 0; // restarting counts as the first step
      const first = startOver();
      store.set({
        window: mode === "cumulative" ? { from: window.from, to: first + 1 } : startingAt(window, first, domain()),
      });
    }
    frame = clock.request(step);
  }

  /** Moves the window by the days that are due. @param {number} ms */
  function step(ms) {
    const { playing, mode, window, shown } = store.get();
    if (playing === null) return;
    dueDays = Math.min(dueDays + ((ms - last) / 1000) * playing, Math.max(1, playing * LONGEST_STEP_S));
    last = ms;
    if (dueDays >= 1 && shown && sameRange(shown, window)) {
      const days = Math.floor(dueDays);
      const next = advanced(mode, window, days, domain());
      dueDays -= days;
      if (sameRange(next, window)) {
        store.set({ playing: null });
        return;
      }
      store.set({ window: next });
    }
    frame = clock.request(step);
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
