import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { createStore } from "../../../static/js/state/store.js";
import { createPlayback } from "../../../static/js/time/playback.js";

/** @import { DayRange, State, Store } from "../../../static/js/types.js" */

const domain = { from: 100, to: 200 };

/** A page that can be hidden. */
class Page extends EventTarget {
  hidden = false;
  hide() {
    this.hidden = true;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

describe("playing", () => {
  /** @type {Store} */
  let store;
  /** @type {Page} */
  let page;
  /** @type {{ destroy(): void }} */
  let playback;
  /** @type {Map<number, (ms: number) => void>} */
  let frames;
  let ms = 0;
  let isHeld = false;
  let isLoading = false;
  /** @type {DayRange | null} */
  let silence = null;

  /**
   * Advances the clock frame by frame.
   * @param {number} milliseconds
   * @param {{ slow?: boolean }} [map] slow: it does not draw in the meantime
   */
  function pass(milliseconds, { slow = false } = {}) {
    for (const end = ms + milliseconds; ms < end;) {
      ms += 10;
      const due = [...frames.values()];
      frames.clear();
      for (const run of due) run(ms);
      if (!slow) show();
    }
  }

  const show = () => store.set({ shown: store.get().window });
  const last = () => store.get().window.to;

  beforeEach(() => {
    const window = { from: 150, to: 157 };
    store = createStore(
      /** @type {State} */ (
        /** @type {unknown} */ ({ window, shown: window, mode: "window", playing: null, slowedTo: null })
      ),
    );
    page = new Page();
    frames = new Map();
    ms = 0;
    [isHeld, isLoading, silence] = [false, false, null];
    let id = 0;
    playback = createPlayback({
      store,
      domain: () => domain,
      startOver: () => 120,
      isHeld: () => isHeld,
      isLoading: () => isLoading,
      silenceAfter: (_mode, window) => (silence && window.to <= silence.to ? { ...silence, from: window.to } : null),
      clock: { request: (run) => (frames.set(++id, run), id), cancel: (request) => frames.delete(request) },
      page,
    });
  });

  for (const speed of [1, 3, 7, 30]) {
    it(`goes ${speed} days a second`, () => {
      store.set({ playing: speed });
      pass(1020);
      // The first step is immediate.
      assert.ok(Math.abs(last() - 157 - speed - 1) <= 1, `${last() - 157} days`);
      assert.equal(last() - store.get().window.from, 7);
    });
  }

  it("waits for the requested days to be drawn, and does not skip days afterwards", () => {
    store.set({ playing: 7 });
    pass(50, { slow: true });
    assert.equal(last(), 158);
    pass(5000, { slow: true });
    assert.equal(last(), 158);
    show();
    pass(20);
    assert.equal(last(), 159);
  });

  it("keeps its speed if the map is a little slow", () => {
    store.set({ playing: 30 });
    for (let i = 0; i < 10; i++) {
      pass(90, { slow: true });
      pass(10);
    }
    assert.ok(last() - 157 >= 25, `${last() - 157} days`);
  });

  for (const [mode, length] of /** @type {const} */ ([
    ["day", 1],
    ["window", 2],
    ["window", 7],
  ])) {
    it(`shows every day on a slow map: window of ${length} (${mode})`, () => {
      const window = { from: 110, to: 110 + length };
      store.set({ mode, window, shown: window });
      const seen = new Set();
      store.set({ playing: 30 });
      while (store.get().playing !== null && ms < 60_000) {
        for (let day = store.get().window.from; day < store.get().window.to; day++) seen.add(day);
        pass(300, { slow: true });
        show();
      }
      assert.equal(seen.size, 90, "of the 90 days to the end");
    });
  }

  it("says how slow it is, and takes it back", () => {
    const window = { from: 110, to: 111 };
    store.set({ mode: "day", window, shown: window, playing: 30 });
    pass(20);
    assert.equal(store.get().slowedTo, null);
    for (let n = 0; n < 12; n++) {
      pass(190, { slow: true });
      pass(10);
    }
    assert.ok(Math.abs((store.get().slowedTo ?? 0) - 5) < 1, `${store.get().slowedTo}`);
    store.set({ window });
    pass(1000);
    assert.notEqual(store.get().slowedTo, null, "the note does not flicker");
    store.set({ window });
    pass(2800);
    assert.equal(store.get().slowedTo, null);
    store.set({ window });
    for (let n = 0; n < 12; n++) {
      pass(190, { slow: true });
      pass(10);
    }
    store.set({ playing: null });
    assert.equal(store.get().slowedTo, null);
  });

  it("waits while the slider is held, and goes on from there", () => {
    store.set({ playing: 7 });
    pass(500);
    isHeld = true;
    store.set({ window: { from: 120, to: 127 } });
    pass(3000);
    assert.deepEqual(store.get().window, { from: 120, to: 127 });
    isHeld = false;
    pass(1000);
    assert.equal(store.get().playing, 7);
    assert.ok(Math.abs(last() - 127 - 7) <= 1, `${last() - 127} days`);
    assert.equal(store.get().slowedTo, null);
  });

  it("waits for the events of its days", () => {
    isLoading = true;
    store.set({ playing: 7 });
    pass(1000);
    assert.equal(last(), 157);
    isLoading = false;
    pass(300);
    assert.ok(last() > 157);
  });

  it("skips a silence, says which, and pauses there", () => {
    silence = { from: 157, to: 180 };
    store.set({ playing: 7 });
    pass(30);
    assert.deepEqual(store.get().window, { from: 174, to: 181 });
    assert.deepEqual(store.get().skipped, { from: 157, to: 180 });
    pass(500);
    assert.equal(last(), 181);
    pass(500);
    assert.ok(last() > 181);
  });

  it("skips a silence up to the end, and stops", () => {
    silence = { from: 157, to: 200 };
    store.set({ playing: 7 });
    pass(2000);
    assert.equal(last(), 200);
    assert.equal(store.get().playing, null);
    assert.deepEqual(store.get().skipped, { from: 157, to: 200 });
  });

  it("stops at the end", () => {
    store.set({ playing: 30 });
    pass(3000);
    assert.deepEqual(store.get().window, { from: 193, to: 200 });
    assert.equal(store.get().playing, null);
    assert.equal(frames.size, 0);
  });

  it("starts again from the end", () => {
    store.set({ window: { from: 193, to: 200 } });
    show();
    store.set({ playing: 7 });
    pass(20);
    assert.deepEqual(store.get().window.from, 120);
    pass(1000);
    assert.ok(store.get().window.from > 125);
  });

  it("extends the window in cumulative mode, also from the start", () => {
    store.set({ mode: "cumulative", window: { from: 100, to: 200 } });
    show();
    store.set({ playing: 7 });
    pass(20);
    assert.deepEqual(store.get().window, { from: 100, to: 121 });
    pass(1000);
    assert.equal(store.get().window.from, 100);
    assert.ok(last() > 125);
  });

  it("pauses and continues at the same day", () => {
    store.set({ playing: 7 });
    pass(500);
    store.set({ playing: null });
    const paused = last();
    pass(2000);
    assert.equal(last(), paused);
    store.set({ playing: 7 });
    pass(20);
    assert.equal(last(), paused + 1);
  });

  it("changes its speed while playing", () => {
    store.set({ playing: 1 });
    pass(100);
    const before = last();
    store.set({ playing: 30 });
    pass(1000);
    assert.ok(last() - before >= 28);
  });

  it("pauses when the page is hidden", () => {
    store.set({ playing: 7 });
    pass(500);
    page.hide();
    assert.equal(store.get().playing, null);
    assert.equal(frames.size, 0);
  });

  it("ends when it is destroyed", () => {
    store.set({ playing: 7 });
    playback.destroy();
    assert.equal(frames.size, 0);
    store.set({ playing: null });
    store.set({ playing: 7 });
    assert.equal(frames.size, 0);
  });
});
