import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dayIndexOf, rowsIn } from "../../static/js/data/day-index.js";
import { facetCounts, maskOf, testsOf, withChildren } from "../../static/js/data/filters.js";
import { anyIn, boxOf, nearestDay, windowAt } from "../../static/js/data/nearest.js";
import { toDay, toIso } from "../../static/js/time/day.js";
import { BELLIGERENTS, CATEGORIES, columnsOf, randomFrom } from "./support/columns.js";

const NONE = { category: [], side: [], verification: [], q: "" };
const ROWS = [
  { day: "2025-07-01", category: "clash", actor: "red", affected: "blue" },
  { day: "2025-07-02", category: "strike", affected: "red", verification: "reported" },
  { day: "2025-07-03", category: "strike.drone", affected: "blue", verification: "confirmed" },
  { day: "2025-07-04", category: "clash", verification: "reported" },
];
const columns = columnsOf(ROWS);

/** @param {Partial<typeof NONE> | object} filters */
function passing(filters) {
  const { mask, count } = maskOf(columns, testsOf(columns, { ...NONE, ...filters }, CATEGORIES));
  const rows = [...mask].flatMap((passes, row) => (passes ? [row] : []));
  assert.equal(count, rows.length);
  return rows;
}

describe("filters", () => {
  test("none let everything through", () => assert.deepEqual(passing({}), [0, 1, 2, 3]));
  test("a parent category includes its children", () => assert.deepEqual(passing({ category: ["strike"] }), [1, 2]));
  test("a child does not include its parent", () => assert.deepEqual(passing({ category: ["strike.drone"] }), [2]));
  test("a side matches who acted and who is shown", () => {
    assert.deepEqual(passing({ side: ["red"] }), [0, 1]);
    assert.deepEqual(passing({ side: ["blue"] }), [0, 2]);
  });
  test("both sides leave out what has none", () => assert.deepEqual(passing({ side: ["red", "blue"] }), [0, 1, 2]));
  test("together they narrow", () =>
    assert.deepEqual(passing({ side: ["red"], verification: ["reported"], category: ["strike"] }), [1]));
  test("a category that no event can have leaves nothing", () =>
    assert.deepEqual(passing({ category: ["other"] }), []));
  test("grandchildren count", () => {
    const tree = [
      { slug: "a", parent: null },
      { slug: "a.b.c", parent: "a.b" },
      { slug: "a.b", parent: "a" },
    ];
    assert.deepEqual([...withChildren(["a"], tree)].sort(), ["a", "a.b", "a.b.c"]);
  });
});

describe("counts of a choice", () => {
  test("each facet counts under the others", () => {
    const tests = testsOf(columns, { ...NONE, verification: ["reported"] }, CATEGORIES);
    const counts = facetCounts(columns, tests, [0, 1, 2, 3], CATEGORIES);
    assert.deepEqual(Object.fromEntries(counts.category), { clash: 1, strike: 1, "strike.drone": 0 });
    assert.deepEqual(Object.fromEntries(counts.side), { red: 1, blue: 0 });
    assert.deepEqual(Object.fromEntries(counts.verification), {
      reported: 2,
      geolocated: 1,
      confirmed: 1,
      disputed: 0,
      refuted: 0,
    });
  });

  test("they are what the filter would leave", () => {
    const random = randomFrom(7);
    /** @template T @param {T[]} list @returns {T} */
    const pick = (list) => /** @type {T} */ (list[Math.floor(random() * list.length)]);
    const many = columnsOf(
      Array.from({ length: 500 }, () => ({
        day: "2025-07-01",
        category: pick(CATEGORIES).slug,
        actor: pick(["red", "blue", null]),
        affected: pick(["red", "blue", null]),
        verification: pick(["reported", "geolocated", "disputed"]),
      })),
    );
    const filters = { ...NONE, category: ["strike"], side: ["blue"], verification: ["reported", "disputed"] };
    const rows = Array.from({ length: many.count }, (_, row) => row);
    const counts = facetCounts(many, testsOf(many, filters, CATEGORIES), rows, CATEGORIES);
    for (const { slug } of CATEGORIES) {
      assert.equal(
        counts.category.get(slug),
        maskOf(many, testsOf(many, { ...filters, category: [slug] }, CATEGORIES)).count,
      );
    }
    for (const { slug } of BELLIGERENTS) {
      assert.equal(counts.side.get(slug), maskOf(many, testsOf(many, { ...filters, side: [slug] }, CATEGORIES)).count);
    }
  });
});

describe("the rows of a window", () => {
  test("are those whose days intersect it", () => {
    const random = randomFrom(3);
    const rows = Array.from({ length: 400 }, () => ({
      start: 20_000 + Math.floor(random() * 60),
      days: random() < 0.2 ? 1 + Math.floor(random() * 30) : 1,
    })).sort((one, other) => one.start - other.start || Number(one.days > 1) - Number(other.days > 1));
    const many = columnsOf(rows.map(({ start, days }) => ({ day: toIso(start), days })));
    const index = dayIndexOf(many);
    for (let from = 19_990; from < 20_100; from += 3) {
      for (const length of [0, 1, 7, 40]) {
        const to = from + length;
        const expected = rows.flatMap(({ start, days }, row) => (start < to && start + days > from ? [row] : []));
        assert.deepEqual(
          [...rowsIn(index, { from, to })].sort((a, b) => a - b),
          length ? expected : [],
        );
      }
    }
  });

  test("of no events are none", () => {
    assert.deepEqual([...rowsIn(dayIndexOf(columnsOf([])), { from: 0, to: 30_000 })], []);
  });
});

describe("an empty window", () => {
  const selection = { columns, ...maskOf(columns, testsOf(columns, NONE, CATEGORIES)) };
  /** @param {string} first @param {string} last */
  const days = (first, last) => ({ from: toDay(first), to: toDay(last) + 1 });

  test("names the nearest day, on either side", () => {
    assert.equal(nearestDay(selection, days("2025-07-10", "2025-07-16")), toDay("2025-07-04"));
    assert.equal(nearestDay(selection, days("2025-06-01", "2025-06-07")), toDay("2025-07-01"));
  });

  test("knows what lasted longer than it started", () => {
    const lasting = columnsOf([{ day: "2025-01-01", days: 31 }, { day: "2025-01-20" }]);
    const all = { columns: lasting, ...maskOf(lasting, testsOf(lasting, NONE, CATEGORIES)) };
    assert.equal(nearestDay(all, days("2025-02-05", "2025-02-06")), toDay("2025-01-31"));
  });

  test("has no nearest when the filters leave nothing", () => {
    const tests = testsOf(columns, { ...NONE, category: ["other"] }, CATEGORIES);
    assert.equal(nearestDay({ columns, ...maskOf(columns, tests) }, days("2025-08-01", "2025-08-07")), null);
  });

  test("moves there by its near end", () => {
    assert.deepEqual(windowAt(days("2025-07-10", "2025-07-16"), toDay("2025-07-04")), days("2025-06-28", "2025-07-04"));
    assert.deepEqual(windowAt(days("2025-06-01", "2025-06-07"), toDay("2025-07-01")), days("2025-07-01", "2025-07-07"));
  });

  test("is told from an empty view", () => {
    const window = days("2025-07-01", "2025-07-07");
    assert.deepEqual(anyIn(selection, window, [36, 47, 38, 49]), { inWindow: true, inView: true });
    assert.deepEqual(anyIn(selection, window, [0, 0, 1, 1]), { inWindow: true, inView: false });
    assert.deepEqual(anyIn(selection, days("2025-08-01", "2025-08-07"), null), { inWindow: false, inView: false });
    assert.deepEqual(
      boxOf(selection, window)?.map((degrees) => Math.round(degrees * 1e5) / 1e5),
      [37, 48, 37, 48],
    );
  });
});
