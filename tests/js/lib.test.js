import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure, fetchJson, toProblem } from "../../static/js/data/fetch-json.js";
import { bboxText, itemsParameters, withQuery } from "../../static/js/data/query.js";
import { createLatest } from "../../static/js/lib/latest.js";
import { Lru } from "../../static/js/lib/lru.js";
import { createTranslate } from "../../static/js/lib/messages.js";
import { formatCount } from "../../static/js/lib/numbers.js";
import { NO_FILTERS } from "../../static/js/state/facets.js";
import { toDay } from "../../static/js/time/day.js";

describe("translations", () => {
  const t = createTranslate({ "Nearest: {day}": "Найближча: {day}", Empty: "" }, "uk");
  test("replace placeholders", () => assert.equal(t("Nearest: {day}", { day: "14 July" }), "Найближча: 14 July"));
  test("fall back to English if missing", () => assert.equal(t("Close"), "Close"));
  test("fall back to English if empty", () => assert.equal(t("Empty"), "Empty"));
  test("leave placeholders without a value", () => assert.equal(t("{a} of {b}", { a: 1 }), "1 of {b}"));
  test("ignore properties of the prototype", () => assert.equal(t("constructor"), "constructor"));
  test("do not replace placeholders inside values", () => assert.equal(t("{a}", { a: "{b}", b: 1 }), "{b}"));
});

describe("a text with a number", () => {
  const forms = { one: "{n} подія", few: "{n} події", many: "{n} подій" };
  const t = createTranslate({ "{n} event": forms, "{n} day": "{n} день" }, "uk");
  const events = (/** @type {number} */ n) => t.plural("{n} event", "{n} events", n, { n });
  test("has the plural form of the language", () => {
    const texts = ["1 подія", "3 події", "5 подій", "11 подій", "21 подія", "104 події"];
    assert.deepEqual([1, 3, 5, 11, 21, 104].map(events), texts);
  });
  test("has the last form for a fraction", () => assert.equal(events(2.5), "2,5 подій"));
  test("has its numbers in the language, so that no count lacks its separators", () => {
    assert.equal(createTranslate({}, "en")("{count} of {all}", { count: 12904, all: 2.5 }), "12,904 of 2.5");
    const t = createTranslate({}, "uk");
    assert.equal(t.plural("{count} event", "{count} events", 31448, { count: 31448 }), "31\u00a0448 events");
  });

  test("has the English form without a translation", () => {
    const english = [0, 1, 2].map((n) => t.plural("{n} hour", "{n} hours", n, { n }));
    assert.deepEqual(english, ["0 hours", "1 hour", "2 hours"]);
  });
  test("is English if plural forms are missing", () =>
    assert.equal(t.plural("{n} day", "{n} days", 2, { n: 2 }), "2 days"));
});

test("counts have a thousands separator", () => {
  assert.equal(formatCount(12904, "en"), "12,904");
  assert.equal(formatCount(904, "en"), "904");
});

describe("the latest task", () => {
  test("a superseded task returns nothing and is aborted", async () => {
    const latest = createLatest();
    /** @type {AbortSignal | undefined} */
    let first;
    const overtaken = latest.run((signal) => {
      first = signal;
      return new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(new Error("given up"))));
    });
    assert.equal(await latest.run(async () => "second"), "second");
    assert.equal(await overtaken, null);
    assert.equal(first?.aborted, true);
  });

  test("a failure of the latest is thrown", async () => {
    await assert.rejects(
      createLatest().run(async () => {
        throw new Error("broken");
      }),
      /broken/,
    );
  });
});

test("the cache drops the least recently used entry", () => {
  /** @type {Lru<string, number>} */
  const cache = new Lru(2);
  cache.set("a", 1);
  cache.set("b", 2);
  cache.get("a");
  cache.set("c", 3);
  assert.deepEqual(
    ["a", "b", "c"].map((key) => cache.get(key)),
    [1, undefined, 3],
  );
});

describe("API requests", () => {
  test("days are inclusive, lists are joined, empty values are omitted", () => {
    const parameters = itemsParameters({
      window: { from: toDay("2025-07-15"), to: toDay("2025-07-22") },
      filters: {
        ...NO_FILTERS,
        category: ["clash", "strike"],
        source_class: ["party", "unknown"],
        origin: ["desk"],
        q: "E50 & more",
      },
      bounds: [36, 47, 38, 49],
    });
    assert.equal(
      withQuery("/items", { ...parameters, limit: 50 }),
      "/items?datetime=2025-07-15/2025-07-21&bbox=36.000000,47.000000,38.000000,49.000000&category=clash,strike&source_class=party,unknown&origin=desk&q=E50%20%26%20more&limit=50",
    );
  });

  test("a box across the antimeridian has a west greater than its east", () => {
    assert.equal(bboxText([170, -10, 190, 10]), "170.000000,-10.000000,-170.000000,10.000000");
    assert.equal(bboxText([-190, -10, -170, 10]), "170.000000,-10.000000,-170.000000,10.000000");
  });

  test("a box around the globe is the whole globe", () => {
    assert.equal(bboxText([-300, -95, 200, 95]), "-180.000000,-90.000000,180.000000,90.000000");
  });
});

describe("failed requests", () => {
  /** @param {() => Promise<Response>} answer */
  const answering = (answer) => {
    globalThis.fetch = answer;
  };

  test("problem details are parsed", async () => {
    answering(async () => Response.json({ title: "Bad parameter", detail: "bbox: four numbers" }, { status: 400 }));
    await assert.rejects(fetchJson("/x"), (error) => {
      assert.ok(error instanceof Failure);
      assert.deepEqual([error.kind, error.status, error.detail], ["refused", 400, "bbox: four numbers"]);
      return true;
    });
  });

  test("an error without details has its status", async () => {
    answering(async () => new Response("<html>", { status: 502, statusText: "Bad Gateway" }));
    await assert.rejects(fetchJson("/x"), { kind: "refused", status: 502, title: "Bad Gateway" });
  });

  test("a truncated response is an error", async () => {
    answering(async () => new Response('{"a":'));
    await assert.rejects(fetchJson("/x"), { kind: "broken" });
  });

  test("a missing connection is an error", async () => {
    answering(async () => {
      throw new TypeError("failed to fetch");
    });
    await assert.rejects(fetchJson("/x"), { kind: "offline" });
    const problem = toProblem(new Failure("offline"), "No events.", null, createTranslate({}, "en"));
    assert.match(problem.why, /reach the server/);
  });

  test("an aborted request is not an error", async () => {
    const given = new AbortController();
    answering(async () => {
      given.abort();
      throw given.signal.reason;
    });
    await assert.rejects(fetchJson("/x", { signal: given.signal }), { name: "AbortError" });
  });

  test("an unchanged response is not parsed", async () => {
    answering(async () => new Response("{}", { headers: { ETag: 'W/"1"' } }));
    const { unchanged } = await fetchJson("/x", { etag: 'W/"1"' });
    assert.equal(unchanged, true);
  });
});
