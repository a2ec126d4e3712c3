import assert from "node:assert/strict";
import { test } from "node:test";
import { gridX, gridY } from "../../static/js/lib/grid.js";
import { createTranslate } from "../../static/js/lib/messages.js";
import { createSpots } from "../../static/js/data/spot.js";
import { createChooser } from "../../static/js/map/choose.js";
import { NO_FILTERS } from "../../static/js/state/facets.js";
import { createStore } from "../../static/js/state/store.js";
import { Failure } from "../../static/js/data/fetch-json.js";
import { toIso } from "../../static/js/time/day.js";
import { columnsOf } from "./support/columns.js";

/** @import { EventFeature, State } from "../../static/js/types.js" */

/** Two points at one position, a third one elsewhere, and a line. */
const columns = columnsOf([
  { day: "2025-07-01", longitude: 37, latitude: 48, timePrecision: "minute" },
  { day: "2025-07-02", longitude: 37, latitude: 48, verification: "disputed" },
  { day: "2025-07-03", longitude: 35, latitude: 48, affected: "blue", precisionM: 100 },
  { day: "2025-07-03", longitude: 33, latitude: 48, geometry: { type: "LineString", coordinates: [[33, 48], [34, 48]] } },
]); // prettier-ignore
const alone = { row: 2, shape: false };
const road = { row: 3, shape: true };

/**
 * Returns the event of a row as the server sends it.
 * @param {number} row
 * @returns {EventFeature}
 */
function eventOf(row, id = `event-${row}`) {
  const day = columns.day[row] ?? 0;
  const longitude = [37, 37, 35, 33][row] ?? NaN;
  const properties = {
    category: "clash",
    actor: null,
    affected: row === 2 ? "blue" : null,
    verification: row === 1 ? "disputed" : "geolocated",
    happened_from: `${toIso(day)}T00:00:00Z`,
    happened_to: `${toIso(day + 1)}T00:00:00Z`,
    title: `Title ${row}`,
  };
  const geometry = { type: "Point", coordinates: [longitude, 48] };
  return /** @type {EventFeature} */ (/** @type {unknown} */ ({ id, geometry, properties }));
}

/** @param {(question: any) => Promise<EventFeature[]>} [answer] */
function chooser(answer = async ({ bbox }) => (bbox.startsWith("36.9") ? [eventOf(0), eventOf(1)] : [eventOf(2)])) {
  assert.deepEqual([columns.x[0], columns.y[0]], [gridX(37), gridY(48)]);
  const window = columns.extent;
  const store = createStore(
    /** @type {State} */ (
      /** @type {unknown} */ ({
        window,
        shown: null,
        view: { longitude: 37, latitude: 48, zoom: 11 },
        filters: NO_FILTERS,
        panel: null,
        selected: null,
        spot: null,
        outlined: null,
      })
    ),
  );

  /** @type {object[]} */
  const requests = [];
  const selection = {
    get: () => ({ columns, mask: Uint8Array.of(1, 1, 1, 1), count: 4 }),
    watch: () => () => undefined,
  };
  const api = /** @type {any} */ ({
    items: async (/** @type {object} */ question) => {
      requests.push(question);
      return { features: await answer(question), links: [] };
    },
    item: async (/** @type {string} */ id) => {
      requests.push({ id });
      return eventOf(3, id);
    },
  });
  const spots = createSpots({ store, selection, api });
  const { choose, foresee, titleOf, rowsAt } = createChooser({
    store,
    selection,
    spots,
    api,
    t: createTranslate({}, "en"),
  });
  const close = () => store.set({ panel: null, selected: null, spot: null, outlined: null });
  return { store, requests, choose, foresee, titleOf, rowsAt, close };
}

test("pointerdown loads the events at a position once, before the click", async () => {
  const { store, requests, choose, foresee, close } = chooser();
  foresee(alone);
  assert.equal(requests.length, 1);
  assert.equal(store.get().selected, null);
  await choose(alone);
  assert.equal(requests.length, 1);
  assert.deepEqual([store.get().selected, store.get().panel], ["event-2", "card"]);
  close();
  await choose(alone);
  assert.equal(requests.length, 2, "a second click sends a request");
});

test("prefetched events of other days are not used", async () => {
  const { store, requests, choose, foresee } = chooser();
  foresee(alone);
  const { from, to } = store.get().window;
  store.set({ window: { from, to: to + 1 } });
  await choose(alone);
  assert.equal(requests.length, 2);
  foresee(null);
  assert.equal(requests.length, 2);
});

test("the outline from the columns is shown until the response arrives, and the URL names the previous event", async () => {
  const { store, choose } = chooser();
  store.set({ selected: "before", panel: "card" });
  const chosen = choose(alone);
  const { selected, panel, outlined } = store.get();
  assert.deepEqual([selected, panel, outlined?.count, outlined?.problem], ["before", "card", 1, null]);
  assert.deepEqual(
    outlined?.outlines.map(({ properties }) => [properties.affected, properties.precision_m]),
    [["blue", 100]],
  );
  await chosen;
  assert.deepEqual([store.get().selected, store.get().outlined], ["event-2", null]);
});

test("several events at one position are listed newest first, and the card shows the one under the pointer", async () => {
  const { store, choose } = chooser();
  const chosen = choose({ row: 1, shape: false });
  const { outlined } = store.get();
  assert.equal(outlined?.count, 2);
  assert.deepEqual(
    outlined?.outlines.map(({ timePrecision, properties }) => [properties.verification, timePrecision]),
    [
      ["disputed", "day"],
      ["geolocated", "minute"],
    ],
  );
  await chosen;
  assert.equal(store.get().selected, "event-1");
  assert.ok(store.get().spot, "the card lists the events of the position that was clicked");
});

test("a card that is closed during its request stays closed", async () => {
  const { store, choose, close } = chooser();
  const chosen = choose(alone);
  close();
  await chosen;
  assert.deepEqual([store.get().selected, store.get().panel, store.get().outlined], [null, null, null]);
});

test("the later of two clicks wins", async () => {
  const { store, choose } = chooser();
  const first = choose(alone);
  const second = choose({ row: 0, shape: false });
  await Promise.all([first, second]);
  assert.equal(store.get().selected, "event-0");
});

test("a click on the open position changes nothing; a click beside it closes the card", async () => {
  const { store, requests, choose } = chooser();
  await choose(alone);
  const before = store.get();
  await choose(alone);
  assert.equal(store.get(), before);
  assert.equal(requests.length, 1);
  await choose(null);
  assert.deepEqual([store.get().selected, store.get().panel], [null, null]);
});

test("a line is requested by its id", async () => {
  const { store, requests, choose } = chooser();
  const chosen = choose(road);
  assert.equal(store.get().outlined?.outlines[0]?.geometry.type, "LineString");
  await chosen;
  assert.deepEqual(requests, [{ id: "shape-3" }]);
  assert.equal(store.get().selected, "shape-3");
});

test("a failed request is reported on the outline and can be repeated", async () => {
  let fails = true;
  const { store, choose } = chooser(async () => {
    if (fails) throw new Failure("refused", { status: 503, detail: "Busy" });
    return [eventOf(2)];
  });
  await choose(alone);
  const { outlined, selected } = store.get();
  assert.deepEqual([outlined?.problem?.why, outlined?.outlines.length, selected], ["Busy", 1, null]);
  fails = false;
  outlined?.problem?.retry?.();
  assert.equal(store.get().outlined?.problem, null);
  await new Promise((done) => setTimeout(done));
  assert.equal(store.get().selected, "event-2");
});

test("an event that the server no longer has is not shown", async () => {
  const { store, choose } = chooser(async () => []);
  await choose(alone);
  const { outlined } = store.get();
  assert.deepEqual([outlined?.outlines, outlined?.problem?.what], [[], "The event could not be opened."]);
});

test("a resting pointer loads the title of a single event once, and the click uses the answer", async () => {
  const { store, requests, choose, foresee, titleOf } = chooser();
  const { signal } = new AbortController();
  assert.equal(await titleOf(alone, signal), "Title 2");
  assert.equal(await titleOf(alone, signal), "Title 2");
  foresee(alone);
  await choose(alone);
  assert.deepEqual([store.get().selected, requests.length], ["event-2", 1]);
});

test("several events at one position are counted without a request", async () => {
  const { requests, titleOf, rowsAt } = chooser();
  const hit = { row: 1, shape: false };
  assert.equal(await titleOf(hit, new AbortController().signal), null);
  assert.deepEqual([rowsAt(hit), requests], [[1, 0], []]);
});

test("a title whose request was aborted is not used by a click", async () => {
  const { store, requests, choose, titleOf } = chooser();
  const leaving = new AbortController();
  const title = titleOf(alone, leaving.signal);
  leaving.abort();
  await title;
  await choose(alone);
  assert.deepEqual([store.get().selected, requests.length], ["event-2", 2]);
});
