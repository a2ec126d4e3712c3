import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { FORMAT, OtherFormat, decodeColumns } from "../../static/js/data/event-columns.js";
import { createEventParts } from "../../static/js/data/event-parts.js";
import { createSelection } from "../../static/js/data/selection.js";
import { createTranslate } from "../../static/js/lib/messages.js";
import { createStore } from "../../static/js/state/store.js";
import { openingState, readAddress } from "../../static/js/state/url.js";
import { CONFIG, bytesOf } from "./support/columns.js";

const PART = bytesOf([{ day: "2025-07-20" }, { day: "2025-07-21", sources: ["party"] }]);
/** The same part in the next version of the format. */
const NEXT = PART.map((byte, n) => (n === 4 ? FORMAT + 1 : byte));

/** @param {{ format?: number, url?: string }} [options] */
const manifest = ({ format, url = "/parts/a" } = {}) => ({
  ...(format && { format }),
  stale: false,
  events: 2,
  first_day: "2025-07-20",
  last_day: "2025-07-21",
  parts: [
    {
      url,
      events: 2,
      first_day: "2025-07-20",
      last_day: "2025-07-21",
      spans: false,
      bytes: 100,
      decoded_bytes: PART.length,
    },
  ],
});

/** A server whose responses can be changed. */
function server() {
  const answers = { manifest: manifest(), part: PART };
  const api = {
    columns: async () => answers.part,
    columnsManifest: async () => ({ body: answers.manifest, etag: null, unchanged: false }),
    columnsPart: async () => answers.part,
    forgetEvents() {},
  };
  return { answers, api };
}

describe("parts of a different format than the page's", () => {
  const { signal } = new AbortController();

  test("are detected by the first bytes", () => {
    assert.equal(decodeColumns(PART).count, 2);
    assert.throws(() => decodeColumns(NEXT), OtherFormat);
  });

  test("are detected by the manifest, and the loaded parts stay", async () => {
    const { answers, api } = server();
    const parts = createEventParts(api);
    await parts.refresh(signal);
    await parts.fetch([], signal, () => {});
    answers.manifest = manifest({ format: FORMAT + 1, url: "/parts/b" });
    await assert.rejects(parts.refresh(signal), OtherFormat);
    assert.equal(parts.columns()?.count, 2);
    answers.manifest = manifest({ format: FORMAT });
    await parts.refresh(signal);
    assert.equal(parts.columns()?.count, 2);
  });
});

describe("a part that cannot be read", () => {
  const { signal } = new AbortController();
  const good = { ...manifest().parts[0], url: "/parts/good" };
  const broken = PART.slice(0, -1);
  const entries = {
    "bytes that are cut off": [{ ...good, url: "/parts/bad", decoded_bytes: broken.length }, 2],
    "another number of bytes": [{ ...good, url: "/parts/bad", decoded_bytes: 7 }, 2],
    "another number of events": [{ ...good, url: "/parts/good2", events: 3 }, 3],
    "other days": [{ ...good, url: "/parts/good2", first_day: "2025-07-22", last_day: "2025-07-23" }, 2],
    "a day that does not exist": [{ ...good, url: "/parts/good2", first_day: "12025-07-01" }, 2],
    "no fields": [{}, 0],
  };

  for (const [name, [entry, events]] of Object.entries(entries)) {
    test(`leaves the others: ${name}`, async () => {
      const { answers, api } = server();
      const asked = mock.fn(async (/** @type {string} */ url) => (url === "/parts/bad" ? broken : PART));
      const parts = createEventParts({ ...api, columnsPart: asked });
      answers.manifest = { ...manifest(), events: 2 + Number(events), parts: /** @type {any} */ ([entry, good]) };
      await parts.refresh(signal);
      await parts.fetch([], signal, () => {});
      assert.equal(parts.columns()?.count, 2);
      assert.equal(parts.unreadable(), events);
      const requests = asked.mock.callCount();
      assert.equal(parts.lacks([]), false);
      await parts.fetch([], signal, () => {});
      assert.equal(asked.mock.callCount(), requests);

      answers.manifest = { ...manifest(), parts: /** @type {any} */ ([good]) };
      await parts.refresh(signal);
      assert.equal(parts.unreadable(), 0);
    });
  }
});

describe("a page that is older than the server", () => {
  /** @type {Map<string, () => void>} */
  const listeners = new Map();
  const reload = mock.fn();
  const replaceState = mock.fn();

  beforeEach(() => {
    listeners.clear();
    reload.mock.resetCalls();
    replaceState.mock.resetCalls();
    const listen = (/** @type {string} */ name, /** @type {() => void} */ run) => listeners.set(name, run);
    Object.assign(globalThis, {
      addEventListener: listen,
      document: { addEventListener: listen, visibilityState: "visible", documentElement: { lang: "en" } },
      location: { search: "?lang=uk", pathname: "/", reload },
      history: { replaceState },
    });
  });
  afterEach(() => {
    for (const name of ["addEventListener", "document", "location", "history"])
      Reflect.deleteProperty(globalThis, name);
  });

  function opened(search = "") {
    const { answers, api } = server();
    const store = createStore(openingState(readAddress(search, CONFIG).patch, CONFIG));
    const selection = createSelection({ store, api, config: CONFIG, t: createTranslate({}, "en") });
    selection.start();
    return { answers, store, selection };
  }

  const rest = () => new Promise((resolve) => setTimeout(resolve));
  const online = async () => {
    listeners.get("online")?.();
    await rest();
  };

  test("keeps its events and offers to reload with the same view and filters", async () => {
    const { answers, store, selection } = opened("?side=red");
    await rest();
    assert.deepEqual(store.get().problems, {});
    const before = selection.get();
    assert.equal(before?.columns.count, 2);

    answers.manifest = manifest({ format: FORMAT + 1, url: "/parts/b" });
    await online(); // in the background: the loaded events stay valid if something else fails
    const { loading, problems } = store.get();
    const problem = problems["events"];
    assert.equal(problem?.what, "The map was updated on the server.");
    assert.equal(problem?.retryLabel, "Reload the page");
    assert.equal(loading, false);
    assert.equal(selection.get(), before);

    store.set({ filters: { ...store.get().filters, source_class: ["party"] } });
    assert.equal(selection.get()?.count, 0);
    problem?.retry?.();
    assert.deepEqual(replaceState.mock.calls[0]?.arguments, [
      null,
      "",
      "/?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21&side=red&source_class=party&lang=uk",
    ]);
    assert.equal(reload.mock.callCount(), 1);
  });

  test("reports the problem once, and again after the server was restored", async () => {
    const { answers, store } = opened();
    await rest();
    answers.manifest = manifest({ format: FORMAT + 1, url: "/parts/b" });
    await online();
    store.set({ problems: {} }); // closed by the reader
    await online();
    assert.deepEqual(store.get().problems, {});
    answers.manifest = manifest();
    await online();
    answers.manifest = manifest({ format: FORMAT + 1, url: "/parts/b" });
    await online();
    assert.ok(store.get().problems["events"]);
  });

  test("reports the problem for parts without a new manifest format, and for text searches", async () => {
    const { answers, store, selection } = opened();
    await rest();
    const before = selection.get();
    answers.part = NEXT;
    answers.manifest = manifest({ url: "/parts/b" });
    await online();
    assert.equal(store.get().problems["events"]?.retryLabel, "Reload the page");
    store.set({ problems: {}, filters: { ...store.get().filters, q: "E50" } });
    await rest();
    assert.equal(store.get().problems["events"]?.retryLabel, "Reload the page");
    assert.equal(selection.get()?.columns.count, before?.columns.count);
  });
});
