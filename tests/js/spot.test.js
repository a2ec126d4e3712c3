import assert from "node:assert/strict";
import { test } from "node:test";
import { boxAround, createSpots } from "../../static/js/data/spot.js";
import { TILE_PX, mercatorX, mercatorY } from "../../static/js/lib/mercator.js";
import { NO_FILTERS } from "../../static/js/state/facets.js";
import { createStore } from "../../static/js/state/store.js";
import { columnsOf } from "./support/columns.js";

/** @import { State } from "../../static/js/types.js" */

const COUNT = 3493;

/** A store, a selection with very many events at one coordinate and one beside it, and an API of pages. */
function stack() {
  const columns = columnsOf([
    ...Array.from({ length: COUNT }, (_, n) => ({ day: `2025-07-${10 + Math.floor(n / 1000)}` })),
    { day: "2025-07-20", longitude: 37.01 },
  ]);
  const selection = { get: () => ({ columns, mask: new Uint8Array(COUNT + 1).fill(1), count: COUNT + 1 }), watch: () => () => undefined }; // prettier-ignore
  const store = createStore(
    /** @type {State} */ (/** @type {unknown} */ ({ window: columns.extent, shown: null, filters: NO_FILTERS })),
  );
  /** @type {(string | null)[]} */
  const cursors = [];
  const api = /** @type {any} */ ({
    items: async (/** @type {{ cursor: string | null }} */ { cursor }) => {
      cursors.push(cursor);
      return { features: [], links: [{ rel: "next", href: `http://localhost/items?cursor=${cursors.length}` }] };
    },
  });
  Object.assign(globalThis, { location: { href: "http://localhost/" } });
  return { store, cursors, spots: createSpots({ store, selection, api }) };
}

test("the box of a position has the same pixels at every zoom", () => {
  for (const zoom of [3, 8, 13, 19]) {
    const worldPx = TILE_PX * 2 ** zoom;
    const [west, south, east, north] = boxAround(37, 48, zoom);
    assert.ok(Math.abs((mercatorX(east) - mercatorX(west)) * worldPx - 6) < 1e-3);
    assert.ok(Math.abs((mercatorY(south) - mercatorY(north)) * worldPx - 6) < 1e-3);
  }
});

test("all events of a coordinate are counted, and none beside it", () => {
  const { spots } = stack();
  const spot = spots.of(boxAround(37, 48, 12));
  assert.equal(spot?.rows().length, COUNT);
  assert.equal(spots.of(boxAround(37, 48, 3))?.rows().length, COUNT + 1, "zoomed out, both are one position");
});

test("pages follow the cursor, and the first page is requested once", async () => {
  const { store, spots, cursors } = stack();
  const spot = spots.of(boxAround(37, 48, 12));
  assert.ok(spot);
  const first = await spots.first(spot);
  await spots.first(spot);
  await spots.load(spot, first.cursor);
  assert.deepEqual(cursors, [null, "1"]);
  const { from, to } = store.get().window;
  store.set({ window: { from: from + 1, to } });
  const later = spots.of(boxAround(37, 48, 12));
  assert.ok(later && later.key !== spot.key, "other days, other events");
  assert.equal(later.rows().length, COUNT - 1000);
});
