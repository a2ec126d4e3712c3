import assert from "node:assert/strict";
import { test } from "node:test";
import { createStore } from "../../static/js/state/store.js";
import { openingState } from "../../static/js/state/url.js";
import { CONFIG } from "./support/columns.js";

const make = () => createStore(openingState({}, CONFIG));

test("a watcher is called once for a change, with the previous state", () => {
  const store = make();
  /** @type {unknown[]} */
  const heard = [];
  store.watch(
    (state) => state.colour,
    (now, before) => heard.push([now, before]),
  );
  store.set({ colour: "actor", mode: "day" });
  store.set({ colour: "actor" });
  store.set({ mode: "window" });
  assert.deepEqual(heard, [["actor", "side"]]);
});

test("the state cannot be changed from outside", () => {
  const store = make();
  assert.throws(() => Object.assign(store.get(), { mode: "day" }), TypeError);
  assert.equal(store.get().mode, "window");
});

test("a watcher may change the state: the others receive the final state", () => {
  const store = make();
  /** @type {unknown[]} */
  const heard = [];
  store.watch(
    (state) => state.selected,
    (selected) => store.set({ panel: selected ? "card" : null }),
  );
  store.watch(
    (state) => state.panel,
    (panel) => heard.push(panel),
  );
  store.set({ selected: "a" });
  store.set({ selected: null });
  assert.deepEqual(heard, ["card", null]);
});

test("an ended watcher is not called, even if it ends during the same notification", () => {
  const store = make();
  let heard = 0;
  store.watch(
    (state) => state.mode,
    () => end(),
  );
  const end = store.watch(
    (state) => state.mode,
    () => heard++,
  );
  store.set({ mode: "day" });
  assert.equal(heard, 0);
});

test("a watcher that throws does not stop the other watchers", () => {
  /** @type {unknown[]} */
  const reported = [];
  globalThis.reportError = (error) => reported.push(error);
  const store = make();
  let heard = 0;
  store.watch(
    (state) => state.mode,
    () => {
      throw new Error("broken");
    },
  );
  store.watch(
    (state) => state.mode,
    () => heard++,
  );
  store.set({ mode: "day" });
  assert.equal(heard, 1);
  assert.match(String(reported[0]), /broken/);
});

test("watchers that change the state without end are stopped", () => {
  const store = make();
  store.watch(
    (state) => state.playing,
    (playing) => store.set({ playing: (playing ?? 0) + 1 }),
  );
  assert.throws(() => store.set({ playing: 1 }), /never settle/);
});
