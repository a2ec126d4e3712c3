import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";

import { createStore } from "../../../static/js/state/store.js";
import { createPlayback } from "../../../static/js/time/playback.js";

/** @import { State, Store } from "../../../static/js/types.js" */

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
      /** @type {State} */ (/** @type {unknown} */ ({ window, shown: window, mode: "window", playing: null })),
    );
    page = new Page();
    frames = new Map();
    ms = 0;
    let id = 0;
    playback = createPlayback({
      store,
      domain: () => domain,
      startOver: () => 120,
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
