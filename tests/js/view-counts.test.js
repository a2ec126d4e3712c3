import assert from "node:assert/strict";
import { test } from "node:test";
import { asKnown, inOrderOfColumns, outlineOf } from "../../static/js/data/outline.js";
import { viewCountsOf } from "../../static/js/data/view-counts.js";
import { dayIndexOf, rowsIn } from "../../static/js/data/day-index.js";
import { gridX, gridY } from "../../static/js/lib/grid.js";
import { toDay, toIso } from "../../static/js/time/day.js";
import { inBox, pointsIn } from "../../static/js/data/in-box.js";
import { columnsOf, randomFrom } from "./support/columns.js";

/** @import { Bounds, DayRange, EventFeature, Selection } from "../../static/js/types.js" */

const random = randomFrom(7);
const FIRST = toDay("2025-01-01");
const DAYS = 40;

/**
 * Returns events all over the world, some of several days, some lines, one on the antimeridian.
 * @returns {Selection}
 */
function scattered() {
  const columns = columnsOf(
    Array.from({ length: 900 }, (_, n) => {
      const [longitude, latitude] = [n === 0 ? 180 : random() * 360 - 180, random() * 140 - 70];
      /** @type {import("geojson").LineString} */
      const geometry = {
        type: "LineString",
        coordinates: [
          [longitude, latitude],
          [longitude + 3, latitude + 3],
        ],
      };
      return {
        start: FIRST + Math.floor(random() * DAYS),
        days: random() < 0.2 ? 2 + Math.floor(random() * 15) : 1,
        longitude,
        latitude,
        ...(n % 50 === 1 && { geometry }),
      };
    })
      .sort((one, other) => one.start - other.start)
      .map(({ start, ...row }) => ({ ...row, day: toIso(start) })),
  );
  const mask = Uint8Array.from(columns.day, () => Number(random() < 0.8));
  return { columns, mask, count: mask.reduce((sum, one) => sum + one, 0) };
}

/** @type {(Bounds | null)[]} */
const BOXES = [
  null,
  [-30, -20, 60, 50],
  [150, -60, 210, 60],
  [330, -60, 390, 60],
  [-560, -60, -520, 60],
  [-200, -80, 200, 80],
  [0, 0, 0.001, 0.001],
];

/** @type {DayRange[]} */
const WINDOWS = [
  { from: FIRST - 9, to: FIRST - 3 },
  { from: FIRST - 9, to: FIRST + 1 },
  { from: FIRST + 5, to: FIRST + 6 },
  { from: FIRST + 12, to: FIRST + 30 },
  { from: FIRST, to: FIRST + DAYS },
  { from: FIRST + DAYS - 1, to: FIRST + DAYS + 20 },
  { from: FIRST + DAYS + 100, to: FIRST + DAYS + 120 },
  { from: FIRST + 8, to: FIRST + 8 },
];

test("the counts of a view equal the counts of its single rows", () => {
  const selection = scattered();
  const { columns, mask } = selection;
  for (const box of BOXES) {
    const view = viewCountsOf(selection, box);
    for (const window of WINDOWS) {
      const passing = [...rowsIn(dayIndexOf(columns), window)].filter((row) => mask[row]);
      const rows = passing.filter((row) => inBox(columns, row, box));
      const where = JSON.stringify({ box, window });
      assert.deepEqual(view.count(window), { inWindow: passing.length, inView: rows.length }, where);
      assert.deepEqual(view.rows(window), rows, where);
      assert.deepEqual(
        view
          .newest(window, Infinity)
          .flat()
          .toSorted((one, other) => one - other),
        rows.toSorted((one, other) => one - other),
        where,
      );
    }
  }
});

test("the points of a box equal those of a test of each row, the newest day first", () => {
  const selection = scattered();
  const { columns, mask } = selection;
  for (const box of BOXES) {
    if (!box) continue;
    for (const window of WINDOWS) {
      /** @type {number[]} */
      const rows = [...rowsIn(dayIndexOf(columns), window)].filter(
        (row) => mask[row] && !columns.shapes.has(row) && inBox(columns, row, box),
      );
      const expected = rows.toSorted(
        (one, other) => (columns.day[other] ?? 0) - (columns.day[one] ?? 0) || one - other,
      );
      /** @type {string} */
      const details = JSON.stringify({ box, window });
      assert.deepEqual(pointsIn(selection, window, box), expected, details);
      const points = pointsIn(selection, window, [-180, -85, 180, 85]);
      assert.deepEqual(pointsIn(selection, window, box, points), expected, details);
    }
  }
});

test("the newest events are returned in whole days up to the limit", () => {
  const selection = scattered();
  const { day } = selection.columns;
  const view = viewCountsOf(selection, null);
  const window = { from: FIRST + 20, to: FIRST + 40 };
  const days = view.newest(window, 30);
  const starts = days.map((rows) => [...new Set(rows.map((row) => day[row]))]);
  assert.ok(starts.every((of) => of.length === 1));
  assert.deepEqual(
    starts.flat(),
    starts.flat().toSorted((one = 0, other = 0) => other - one),
  );
  const counts = days.map((rows) => rows.length);
  const sum = (/** @type {number[]} */ of) => of.reduce((all, one) => all + one, 0);
  assert.ok(sum(counts) >= 30 && sum(counts.slice(0, -1)) < 30);
});

test("a view is counted again only after the filters or the view change", () => {
  const selection = scattered();
  const box = /** @type {Bounds} */ ([0, 0, 10, 10]);
  const counts = viewCountsOf(selection, box);
  assert.equal(viewCountsOf(selection, box), counts);
  assert.notEqual(viewCountsOf(selection, [0, 0, 20, 20]), counts);
  assert.notEqual(viewCountsOf({ ...selection }, box), counts);
});

const columns = columnsOf([
  { day: "2025-07-01", days: 31, timePrecision: "month", actor: "red", verification: "reported" },
  { day: "2025-07-19", longitude: 37.1, latitude: 48.2, timePrecision: "minute", affected: "blue", precisionM: 100 },
  { day: "2025-07-19", longitude: 37.1, latitude: 48.2, timePrecision: "minute", affected: "blue", precisionM: 100 },
  { day: "2025-07-19", longitude: 37.5, latitude: 48.2 },
]);

test("an outline has the values of the columns, and of the time only the days", () => {
  assert.deepEqual(outlineOf(columns, 0).properties, {
    category: "clash",
    actor: "red",
    affected: null,
    verification: "reported",
    precision_m: null,
    happened_from: "2025-07-01T00:00:00Z",
    happened_to: "2025-08-01T00:00:00Z",
    time_precision: "month",
    category_guessed: false,
    doubt: null,
  });
  const { place, properties } = outlineOf(columns, 1);
  assert.deepEqual(
    place.map((degrees) => degrees.toFixed(4)),
    ["37.1000", "48.2000"],
  );
  assert.equal(properties.time_precision, "day");
  assert.equal(properties.precision_m, 100);
  assert.equal(properties.affected, "blue");
});

test("known events have no outline, even if they are known several times", () => {
  const known = /** @type {EventFeature} */ (
    /** @type {unknown} */ ({
      id: "known",
      geometry: { type: "Point", coordinates: [37.1, 48.2] },
      properties: { ...outlineOf(columns, 1).properties, happened_from: "2025-07-19T14:05:00Z" },
    })
  );
  const listed = asKnown(columns, [1, 2, 3], [known]);
  assert.equal(listed[0], known);
  assert.equal(listed.length, 3);
  assert.deepEqual(listed.slice(1), [outlineOf(columns, 1), outlineOf(columns, 3)]);
  assert.deepEqual(asKnown(columns, [3], [known]), [outlineOf(columns, 3)]);
});

test("events of the same moment are listed in column order, others in the order of the server", () => {
  const random = randomFrom(3);
  const places = Array.from({ length: 200 }, () => ({
    longitude: random() * 300 - 150,
    latitude: random() * 120 - 60,
  }));
  /** @param {number} of */
  const morton = (of) => {
    const [x, y] = [BigInt(gridX(places[of]?.longitude ?? 0)), BigInt(gridY(places[of]?.latitude ?? 0))];
    let code = 0n;
    for (let bit = 0n; bit < 26n; bit++) code |= (((x >> bit) & 1n) | (((y >> bit) & 1n) << 1n)) << (2n * bit);
    return code;
  };
  /** @param {number} n @param {string} from */
  const feature = (n, from) =>
    /** @type {EventFeature} */ (
      /** @type {unknown} */ ({
        id: String(n),
        geometry: { type: "Point", coordinates: [places[n]?.longitude, places[n]?.latitude] },
        properties: { happened_from: from, happened_to: "2025-07-20T00:00:00Z" },
      })
    );
  const events = places.map((_, n) => feature(n, "2025-07-19T00:00:00Z"));
  const late = feature(5, "2025-07-19T14:00:00Z");
  const long = { ...feature(6, "2025-07-19T00:00:00Z") };
  long.properties = { ...long.properties, happened_to: "2025-07-25T00:00:00Z" };
  const listed = inOrderOfColumns([late, long, ...events]);
  assert.equal(listed[0], late);
  assert.equal(listed.at(-1), long);
  const codes = listed.slice(1, -1).map(({ id }) => morton(Number(id)));
  assert.deepEqual(
    codes,
    codes.toSorted((one, other) => (one < other ? -1 : 1)),
  );
});
