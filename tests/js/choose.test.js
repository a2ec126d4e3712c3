import assert from "node:assert/strict";
import { test } from "node:test";
import { gridX, gridY } from "../../static/js/lib/grid.js";
import { createChooser } from "../../static/js/map/choose.js";
import { createStore } from "../../static/js/state/store.js";
import { columnsOf } from "./support/columns.js";

/** @import { Bounds, State } from "../../static/js/types.js" */

/** @returns {Bounds} */
const around = (longitude = 0, latitude = 0) => [longitude - 0.1, latitude - 0.1, longitude + 0.1, latitude + 0.1];
const hit = { row: 0, count: 1, shape: false };

function chooser() {
  const columns = columnsOf([{ day: "2025-07-01", longitude: 37, latitude: 48 }]);
  assert.deepEqual([columns.x[0], columns.y[0]], [gridX(37), gridY(48)]);
  const window = columns.extent;
  const filters = { category: [], side: [], verification: [], q: "" };
  const store = createStore(
    /** @type {State} */ (/** @type {unknown} */ ({ window, shown: null, filters, panel: null })),
  );
  /** @type {object[]} */
  const asked = [];
  const feature = { id: "one", geometry: { type: "Point", coordinates: [37, 48] } };
  const { choose, foresee } = createChooser({
    store,
    selection: { get: () => ({ columns, mask: Uint8Array.of(1), count: 1 }), watch: () => () => undefined },
    api: /** @type {any} */ ({
      items: async (/** @type {object} */ question) => {
        asked.push(question);
        return { features: [feature] };
      },
    }),
    t: (words) => words,
  });
  return { store, asked, choose, foresee };
}

test("what the pointer went down on is asked for once, and is there when it is lifted", async () => {
  const { store, asked, choose, foresee } = chooser();
  foresee(hit, around);
  assert.equal(asked.length, 1);
  assert.equal(store.get().selected, undefined);
  await choose(hit, around);
  assert.equal(asked.length, 1);
  assert.deepEqual([store.get().selected, store.get().panel], ["one", "card"]);
  await choose(hit, around);
  assert.equal(asked.length, 2, "a second click asks again");
});

test("what was foreseen of other days answers nothing", async () => {
  const { store, asked, choose, foresee } = chooser();
  foresee(hit, around);
  const { from, to } = store.get().window;
  store.set({ window: { from, to: to + 1 } });
  await choose(hit, around);
  assert.equal(asked.length, 2);
  foresee(null, around);
  assert.equal(asked.length, 2);
});
