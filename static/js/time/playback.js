/**
 * Playing: moves the window through time at `state.playing` days a second.
 *
 * It asks for the next step only when the map shows the last one (`shown` equals `window`), so that
 * a slow map makes it slower and never makes it skip. It stops at the end of the domain, and when
 * the page is hidden. Starting at the end starts over.
 */

import { advanced, sameRange, startingAt } from "./window.js";

/** @import { Day, DayRange, Store } from "../types.js" */

/** What a reader can choose, in days a second. */
export const SPEEDS = [1, 3, 7, 30];

/**
 * A map that kept us waiting is not made up for: at most this many seconds' worth of days in one
 * step.
 */
const LONGEST_STEP_S = 0.25;

/**
 * The frames that drive it; tests have their own.
 * @typedef {object} Clock
 * @property {(run: (ms: number) => void) => number} request
 * @property {(id: number) => void} cancel
 */

/**
 * @param {object} needs
 * @param {Store} needs.store
 * @param {() => DayRange} needs.domain where the window may go
 * @param {() => Day} needs.startOver the day from which to play when the window is at the end
 * @param {Clock} needs.clock
 * @param {EventTarget & { readonly hidden: boolean }} needs.page says by "visibilitychange" when it
 *   is hidden
 * @returns {{ destroy(): void }}
 */
export function createPlayback({ store, domain, startOver, clock, page }) {
  let frame = 0;
  let last = 0;
  let owed = 0; // days

  /** @param {number | null} speed */
  function follow(speed) {
    clock.cancel(frame);
    if (speed !== null) frame = clock.request(begin);
  }

  /** @param {number} ms */
  function begin(ms) {
    last = ms;
    owed = 1; // the first step comes at once: at one day a second nobody waits for a sign of life
    const { mode, window } = store.get();
    if (window.to >= domain().to) {
      owed = 0; // starting over is one
      const first = startOver();
      store.set({
        window: mode === "cumulative" ? { from: window.from, to: first + 1 } : startingAt(window, first, domain()),
      });
    }
    frame = clock.request(step);
  }

  /** @param {number} ms */
  function step(ms) {
    const { playing, mode, window, shown } = store.get();
    if (playing === null) return;
    owed = Math.min(owed + ((ms - last) / 1000) * playing, Math.max(1, playing * LONGEST_STEP_S));
    last = ms;
    if (owed >= 1 && shown && sameRange(shown, window)) {
      const days = Math.floor(owed);
      const next = advanced(mode, window, days, domain());
      owed -= days;
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
