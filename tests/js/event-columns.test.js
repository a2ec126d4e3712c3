import assert from "node:assert/strict";
import { test } from "node:test";
import { BrokenColumns, decodeColumns } from "../../static/js/data/event-columns.js";
import { toDay } from "../../static/js/time/day.js";
import { wireOf } from "./support/columns.js";

const LINE = /** @type {import("geojson").LineString} */ ({
  type: "LineString",
  coordinates: [
    [37, 48],
    [36, 48.5],
  ],
});

/** @type {import("./support/columns.js").Row[]} */
const ROWS = [
  { day: "2022-02-20", longitude: -170.12345, latitude: -48.00001, affected: "blue" },
  {
    day: "2025-07-21",
    days: 3,
    longitude: 37.12879,
    latitude: 48.25057,
    actor: "red",
    precisionM: 2000,
    geometry: LINE,
  },
];

test("columns come out in degrees, days and indices", () => {
  const columns = decodeColumns(wireOf(ROWS));
  assert.equal(columns.count, 2);
  assert.deepEqual([...columns.longitude], [-170.12345, 37.12879]);
  assert.deepEqual([...columns.latitude], [-48.00001, 48.25057]);
  assert.deepEqual([...columns.day], [toDay("2022-02-20"), toDay("2025-07-21")]);
  assert.deepEqual([...columns.actor], [-1, 0]);
  assert.deepEqual([...columns.affected], [1, -1]);
  assert.deepEqual([...columns.precisionM], [-1, 2000]);
  assert.deepEqual(columns.shapes.get(1)?.geometry, LINE);
  assert.deepEqual(columns.extent, { from: toDay("2022-02-20"), to: toDay("2025-07-24") });
});

test("as many kinds as a theatre may have fit the columns, and all but as many sides", () => {
  const categories = Array.from({ length: 256 }, (_, number) => `kind_${number}`);
  const columns = decodeColumns({ ...wireOf(ROWS), categories, category: [255, 0] });
  assert.deepEqual([...columns.category], [255, 0]);
  const belligerents = Array.from({ length: 128 }, (_, number) => `side_${number}`);
  assert.deepEqual([...decodeColumns({ ...wireOf(ROWS), belligerents, actor: [127, -1] }).actor], [127, -1]);
});

test("no events are no fault", () => {
  const { count, extent } = decodeColumns(wireOf([]));
  assert.equal(count, 0);
  assert.equal(extent.from, extent.to);
});

for (const [what, patch, says] of /** @type {[string, object, RegExp][]} */ ([
  ["a column is short", { day: [1] }, /^day: has 1 rows, not 2$/],
  ["a column is missing", { latitude: undefined }, /^latitude: is missing$/],
  ["not sorted", { day: [5, 4] }, /^day, row 1/],
  ["a fraction", { longitude: [1.5, 0] }, /^longitude, row 0: 1.5/],
  ["a place off the globe", { latitude: [0, 9_100_000] }, /^latitude, row 1/],
  ["an index past its list", { category: [0, 3] }, /^category, row 1: 3/],
  ["a side before the list", { actor: [-2, 0] }, /^actor, row 0/],
  ["no day at all", { days: [0, 1] }, /^days, row 0/],
  ["null for a number", { precision_m: [null, 1] }, /^precision_m, row 0: null/],
  ["a day that no calendar has", { first_day: "2022-02-30" }, /^first_day/],
  ["a count that is none", { count: "2" }, /^count/],
  ["a shape of no row", { shapes: [{ row: 2, id: "x", geometry: LINE }] }, /^shapes, 0: no row 2/],
  ["a shape that is none", { shapes: [{ row: 1, id: "x", geometry: { type: "Circle" } }] }, /Circle is no shape/],
  ["words that are none", { categories: [1] }, /^categories/],
  ["too many words", { categories: Array(257).fill("kind") }, /^categories: has more than 256 words$/],
  ["too many sides", { belligerents: Array(129).fill("side") }, /^belligerents: has more than 128 words$/],
])) {
  test(`refused whole, saying where: ${what}`, () => {
    assert.throws(
      () => decodeColumns({ ...wireOf(ROWS), ...patch }),
      (error) => {
        assert.ok(error instanceof BrokenColumns);
        assert.match(error.message, says);
        return true;
      },
    );
  });
}

test("what is no object is refused", () => {
  for (const wire of [null, 7, "columns"]) assert.throws(() => decodeColumns(wire), BrokenColumns);
});
