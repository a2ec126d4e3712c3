import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dayIndexOf, rowsIn } from "../../static/js/data/day-index.js";
import { facetCounts, maskOf, testsOf, withChildren } from "../../static/js/data/filters.js";
import { anyIn, boxOf, nearestDay, windowAt } from "../../static/js/data/nearest.js";
import { itemsParameters } from "../../static/js/data/query.js";
import { FACETS, NO_FILTERS, SOURCE_CLASSES, VERIFICATIONS, isFiltering } from "../../static/js/state/facets.js";
import { toDay, toIso } from "../../static/js/time/day.js";
import { openingState, readAddress, writeAddress } from "../../static/js/state/url.js";
import { CATEGORIES, CONFIG, ORIGINS, columnsOf, randomFrom } from "./support/columns.js";

const ROWS = [
  { day: "2025-07-01", category: "clash", actor: "red", affected: "blue", sources: ["party"] },
  { day: "2025-07-02", category: "strike", affected: "red", verification: "reported", sources: ["party", "unknown"] },
  { day: "2025-07-03", category: "strike.drone", affected: "blue", verification: "confirmed", origin: "archive" },
  { day: "2025-07-04", category: "clash", verification: "reported", sources: ["independent"] },
];
const columns = columnsOf(ROWS);

/** @param {Partial<import("../../static/js/types.js").Filters>} filters */
function passing(filters) {
  const { mask, count } = maskOf(columns, testsOf(columns, { ...NO_FILTERS, ...filters }, CATEGORIES));
  const rows = [...mask].flatMap((passes, row) => (passes ? [row] : []));
  assert.equal(count, rows.length);
  return rows;
}

describe("filters", () => {
  test("no filters pass all events", () => assert.deepEqual(passing({}), [0, 1, 2, 3]));
  test("a parent category includes its children", () => assert.deepEqual(passing({ category: ["strike"] }), [1, 2]));
  test("a child does not include its parent", () => assert.deepEqual(passing({ category: ["strike.drone"] }), [2]));
  test("a side matches the actor and the affected side", () => {
    assert.deepEqual(passing({ side: ["red"] }), [0, 1]);
    assert.deepEqual(passing({ side: ["blue"] }), [0, 2]);
  });
  test("both sides exclude events without a side", () =>
    assert.deepEqual(passing({ side: ["red", "blue"] }), [0, 1, 2]));
  test("an event matches if any of its sources has the class, and never without sources", () => {
    assert.deepEqual(passing({ source_class: ["party"] }), [0, 1]);
    assert.deepEqual(passing({ source_class: ["unknown", "independent"] }), [1, 3]);
    assert.deepEqual(passing({ source_class: ["state_affiliated"] }), []);
    assert.deepEqual(passing({ source_class: ["party", "state_affiliated", "independent", "unknown"] }), [0, 1, 3]);
  });
  test("an origin matches its events", () => {
    assert.deepEqual(passing({ origin: ["archive"] }), [2]);
    assert.deepEqual(passing({ origin: ["archive", "desk"] }), [0, 1, 2, 3]);
    assert.deepEqual(passing({ origin: ["elsewhere"] }), []);
  });
  test("several filters are combined with AND", () =>
    assert.deepEqual(passing({ side: ["red"], verification: ["reported"], category: ["strike"] }), [1]));
  test("an unknown category matches nothing", () => assert.deepEqual(passing({ category: ["gone"] }), []));
  test("a category includes its grandchildren", () => {
    const tree = [
      { slug: "a", parent: null },
      { slug: "a.b.c", parent: "a.b" },
      { slug: "a.b", parent: "a" },
    ];
    assert.deepEqual([...withChildren(["a"], tree)].sort(), ["a", "a.b", "a.b.c"]);
  });
});

describe("facet counts", () => {
  test("each facet is counted under the other filters", () => {
    const tests = testsOf(columns, { ...NO_FILTERS, verification: ["reported"] }, CATEGORIES);
    const counts = facetCounts(columns, tests, [0, 1, 2, 3], CATEGORIES);
    assert.deepEqual(Object.fromEntries(counts.category.bySlug), { clash: 1, strike: 1, "strike.drone": 0, other: 0 });
    assert.deepEqual(Object.fromEntries(counts.side.bySlug), { red: 1, blue: 0 });
    assert.deepEqual(Object.fromEntries(counts.verification.bySlug), {
      reported: 2,
      geolocated: 1,
      confirmed: 1,
      disputed: 0,
      refuted: 0,
    });
  });

  test("only the requested facets are counted", () => {
    const tests = testsOf(columns, NO_FILTERS, CATEGORIES);
    const counts = facetCounts(columns, tests, [0, 1, 2, 3], CATEGORIES, ["source_class"]);
    assert.deepEqual(Object.keys(counts), ["source_class"]);
    assert.deepEqual(Object.fromEntries(counts.source_class.bySlug), {
      party: 2,
      state_affiliated: 0,
      independent: 1,
      unknown: 1,
    });
  });

  test("events for which nobody stated a value are told apart from those of other values", () => {
    const day = "2025-07-01";
    const own = columnsOf([
      { day, category: "other" },
      { day, category: "other", affected: "blue", sources: ["unknown"] },
      { day, category: "clash", actor: "red", sources: ["unknown", "party"], verification: "reported" },
      { day, category: "other", sources: ["independent"] },
    ]);
    /** @param {Partial<import("../../static/js/types.js").Filters>} filters */
    const told = (filters) => {
      const counts = facetCounts(
        own,
        testsOf(own, { ...NO_FILTERS, ...filters }, CATEGORIES),
        [0, 1, 2, 3],
        CATEGORIES,
      );
      return Object.fromEntries(Object.entries(counts).map(([name, { all, unstated }]) => [name, [unstated, all]]));
    };
    const every = { verification: [0, 4], origin: [0, 4] };
    assert.deepEqual(told({}), { ...every, category: [3, 4], side: [2, 4], source_class: [2, 4] });
    const geolocated = told({ verification: ["geolocated"] });
    assert.deepEqual([geolocated["category"], geolocated["side"]], [[3, 3], [2, 3]]); // prettier-ignore
    assert.deepEqual(told({ verification: ["refuted"] })["category"], [0, 0]);
  });

  test("an event with the same actor and affected side is counted once", () => {
    const own = columnsOf([{ day: "2025-07-01", actor: "red", affected: "red" }, { day: "2025-07-02" }]);
    const { side } = facetCounts(own, testsOf(own, NO_FILTERS, CATEGORIES), [0, 1], CATEGORIES);
    assert.deepEqual(Object.fromEntries(side.bySlug), { red: 1, blue: 0 });
  });
});

describe("every facet", () => {
  const random = randomFrom(7);
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => /** @type {T} */ (list[Math.floor(random() * list.length)]);
  /** @template T @param {readonly T[]} list */
  const some = (list) => list.filter(() => random() < 0.5);
  const rows = Array.from({ length: 500 }, () => ({
    day: "2025-07-01",
    category: pick(CATEGORIES).slug,
    actor: pick(["red", "blue", null]),
    affected: pick(["red", "blue", null]),
    verification: pick(VERIFICATIONS),
    origin: pick(ORIGINS).slug,
    sources: some(SOURCE_CLASSES),
  }));
  const many = columnsOf(rows);
  const every = Array.from({ length: many.count }, (_, row) => row);

  /**
   * Returns the facet values of an event, written independently of the tested code.
   * @param {(typeof rows)[number]} row
   */
  const valuesOf = ({ category, actor, affected, verification, origin, sources }) => ({
    category: category === "strike.drone" ? ["strike.drone", "strike"] : [category],
    side: [actor, affected],
    verification: [verification],
    origin: [origin],
    source_class: sources,
  });

  /** @param {Partial<import("../../static/js/types.js").Filters>} given */
  const filtersOf = (given) => ({ ...NO_FILTERS, ...given });

  for (let turn = 0; turn < 20; turn++) {
    test(`filters events and is counted under the other filters, ${turn}`, () => {
      const chosen = Object.fromEntries(
        FACETS.map(({ name, known }) => [name, random() < 0.5 ? some(known(CONFIG)) : []]),
      );
      const filters = filtersOf(chosen);
      const expected = rows.flatMap((row, index) => {
        const values = valuesOf(row);
        const passes = FACETS.every(
          ({ name }) => filters[name].length === 0 || values[name].some((value) => filters[name].includes(value ?? "")),
        );
        return passes ? [index] : [];
      });
      const tests = testsOf(many, filters, CATEGORIES);
      const { mask, count } = maskOf(many, tests);
      assert.deepEqual(
        every.filter((row) => mask[row]),
        expected,
      );
      assert.equal(count, expected.length);
      const counts = facetCounts(many, tests, every, CATEGORIES);
      for (const { name, known } of FACETS) {
        for (const slug of known(CONFIG)) {
          const alone = filtersOf({ ...filters, [name]: [slug] });
          assert.equal(
            counts[name].bySlug.get(slug),
            maskOf(many, testsOf(many, alone, CATEGORIES)).count,
            `${name} ${slug}`,
          );
        }
      }
    });
  }

  test("is in the URL and removed by a reset", () => {
    for (const { name, known } of FACETS) {
      const words = known(CONFIG);
      const search = `?${name}=${words.join(",")}`;
      const { patch, misread } = readAddress(search, CONFIG);
      assert.deepEqual(patch.filters, filtersOf({ [name]: [...words] }));
      assert.deepEqual(misread, []);
      assert.equal(
        writeAddress(openingState(patch, CONFIG)),
        `?at=48.27,37.1,11&from=2025-07-15&to=2025-07-21&${search.slice(1)}`,
      );
      assert.ok(patch.filters && isFiltering(patch.filters), name);
      assert.deepEqual(NO_FILTERS[name], []);
    }
    assert.equal(isFiltering(NO_FILTERS), false);
    assert.equal(isFiltering(filtersOf({ q: "E50" })), true);
  });

  test("is sent to the server", () => {
    for (const { name, known } of FACETS) {
      const words = [...known(CONFIG)];
      assert.equal(itemsParameters({ filters: filtersOf({ [name]: words }) })[name], words.join(","));
    }
  });
});

describe("the rows of a window", () => {
  test("are the events whose days intersect the window", () => {
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

  test("are empty without events", () => {
    assert.deepEqual([...rowsIn(dayIndexOf(columnsOf([])), { from: 0, to: 30_000 })], []);
  });
});

describe("an empty window", () => {
  const selection = { columns, ...maskOf(columns, testsOf(columns, NO_FILTERS, CATEGORIES)) };
  /** @param {string} first @param {string} last */
  const days = (first, last) => ({ from: toDay(first), to: toDay(last) + 1 });

  test("returns the nearest day on either side", () => {
    assert.equal(nearestDay(selection, days("2025-07-10", "2025-07-16")), toDay("2025-07-04"));
    assert.equal(nearestDay(selection, days("2025-06-01", "2025-06-07")), toDay("2025-07-01"));
  });

  test("considers events that began long before", () => {
    const lasting = columnsOf([{ day: "2025-01-01", days: 31 }, { day: "2025-01-20" }]);
    const all = { columns: lasting, ...maskOf(lasting, testsOf(lasting, NO_FILTERS, CATEGORIES)) };
    assert.equal(nearestDay(all, days("2025-02-05", "2025-02-06")), toDay("2025-01-31"));
  });

  test("has no nearest day if no event passes the filters", () => {
    const tests = testsOf(columns, { ...NO_FILTERS, category: ["other"] }, CATEGORIES);
    assert.equal(nearestDay({ columns, ...maskOf(columns, tests) }, days("2025-08-01", "2025-08-07")), null);
  });

  test("moves its nearer end to that day", () => {
    assert.deepEqual(windowAt(days("2025-07-10", "2025-07-16"), toDay("2025-07-04")), days("2025-06-28", "2025-07-04"));
    assert.deepEqual(windowAt(days("2025-06-01", "2025-06-07"), toDay("2025-07-01")), days("2025-07-01", "2025-07-07"));
  });

  test("is distinguished from an empty map view", () => {
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
