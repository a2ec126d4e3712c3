import assert from "node:assert/strict";
import { before, test } from "node:test";
import { dayIndexOf } from "../../static/js/data/day-index.js";
import { createDensity } from "../../static/js/map/density.js";
import { TILE_PX, mercatorX, mercatorY } from "../../static/js/lib/mercator.js";
import { toIso } from "../../static/js/time/day.js";
import { columnsOf, randomFrom } from "./support/columns.js";

const random = randomFrom(11);
const columns = columnsOf(
  Array.from({ length: 6000 }, () => ({
    start: 20_000 + Math.floor(random() * 60),
    days: random() < 0.1 ? 2 + Math.floor(random() * 20) : 1,
    longitude: 36 + random() * 3,
    latitude: 47 + random() * 2,
    affected: random() < 0.5 ? "red" : "blue",
  }))
    .sort((one, other) => one.start - other.start)
    .map(({ start, ...row }) => ({ ...row, day: toIso(start) })),
);
/** @type {import("../../static/js/map/palette.js").Palette} */
const palette = {
  colours: ["#777777", "#b0203c", "#1d62b0"],
  of: (row) => (columns.affected[row] ?? -1) + 1,
  ink: "#1f1d1a",
  paper: "#fffefb",
  quiet: "#7b7569",
};
const mask = Uint8Array.from(columns.day, (_, row) => Number(row % 7 !== 0));

/** @param {number} zoom @param {number} [turns] round the globe */
function frame(zoom, turns = 0) {
  const worldPx = TILE_PX * 2 ** zoom;
  const [left, top] = [(mercatorX(37.5) + turns) * worldPx - 400, mercatorY(48) * worldPx - 300];
  return { zoom, width: 800, height: 600, worldPx, left, top, scale: 1 };
}

before(() => {
  // Node has no ImageData.
  globalThis.ImageData ??= /** @type {any} */ (
    class {
      /** @param {number} width @param {number} height */
      constructor(width, height) {
        Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) });
      }
    }
  );
});

const make = () => createDensity(columns, dayIndexOf(columns), drawnApart);

function* drawnApart() {
  for (let row = 3; row < columns.count; row += 500) yield row;
}

test("updated cells equal newly computed cells for every window", () => {
  const density = make();
  const windows = [
    [20_000, 20_060],
    [20_001, 20_060],
    [20_000, 20_055],
    [20_002, 20_058],
    [20_002, 20_057],
    [19_990, 20_070],
  ];
  for (const [from = 0, to = 0] of windows) {
    const one = density.update(mask, { from, to }, frame(8), palette);
    const other = make().update(mask, { from, to }, frame(8), palette);
    assert.ok(one && other);
    assert.equal(one.seen, other.seen);
    assert.deepEqual(one.picture.data, other.picture.data);
  }
});

test("events that pass the filters, the view and the window are counted, including long ones", () => {
  const window = { from: 20_005, to: 20_058 };
  let expected = 0;
  for (let row = 0; row < columns.count; row++) {
    const [first = 0, days = 0] = [columns.day[row], columns.days[row]];
    expected += Number(Boolean(mask[row]) && row % 500 !== 3 && first < window.to && first + days > window.from);
  }
  assert.equal(make().update(mask, window, frame(7), palette)?.seen, expected);
});

test("a map that was dragged around the globe shows the same cells", () => {
  const window = { from: 20_000, to: 20_060 };
  const here = make().update(mask, window, frame(8), palette);
  assert.ok(here);
  for (const turns of [-2, 1]) {
    assert.deepEqual(make().update(mask, window, frame(8, turns), palette)?.picture.data, here.picture.data);
  }
});

test("few events are drawn as single marks, and the limit has hysteresis", () => {
  const density = make();
  const few = { from: 20_000, to: 20_020 };
  const all = { from: 20_000, to: 20_060 };
  assert.equal(density.update(mask, few, frame(8), palette), null);
  assert.ok(density.update(mask, all, frame(8), palette));
  assert.ok(density.update(mask, { from: 20_000, to: 20_035 }, frame(8), palette));
  assert.equal(density.update(mask, few, frame(8), palette), null);
});

test("a repeated world is counted once and drawn at each repetition", () => {
  const whole = frame(1);
  const cells = make().update(mask, { from: 20_000, to: 20_080 }, whole, palette);
  const once = make().update(mask, { from: 20_000, to: 20_080 }, frame(7), palette);
  assert.ok(cells && once);
  assert.equal(cells.seen, once.seen);
  const margin = -cells.top;
  assert.ok(cells.lefts.length > 1);
  assert.ok((cells.lefts[0] ?? 1) <= 0);
  cells.lefts.forEach((left, n) => assert.equal(left, (cells.lefts[0] ?? NaN) + n * whole.worldPx));
  assert.ok((cells.lefts.at(-1) ?? NaN) + margin + whole.worldPx >= whole.width);
});

test("a place with very many events has a ring, unless its surroundings have more", () => {
  const stack = Array.from({ length: 4000 }, () => ({ day: "2025-07-01", longitude: 37, affected: "red" }));
  const single = { day: "2025-07-02", longitude: 38, latitude: 48.3, affected: "red" };
  const crowd = Array.from({ length: 4000 }, (_, n) => ({
    ...single,
    day: "2025-07-03",
    longitude: 36.5 + (n % 40) / 5000,
  }));
  const rows = columnsOf([...stack, single, ...crowd]);
  const own = createDensity(rows, dayIndexOf(rows), () => []);
  const view = frame(9);
  const all = { from: rows.extent.from, to: rows.extent.to };
  const colours = { ...palette, of: (/** @type {number} */ row) => (rows.affected[row] ?? -1) + 1 };
  /** Returns the number of pixels in the colour of rings. @param {{ from: number, to: number }} window */
  const ringPixels = (window) => {
    const cells = own.update(new Uint8Array(rows.count).fill(1), window, view, colours);
    const words = new Uint32Array(cells?.picture.data.buffer ?? new ArrayBuffer(0));
    return words.filter((word) => word === 0xff1a1d1f).length;
  };
  const one = ringPixels({ from: all.from, to: all.to });
  assert.ok(one > 20 && one < 120, `${one} pixels: a ring around the stack alone`);
  assert.equal(ringPixels({ from: all.from + 1, to: all.to }), 0, "no ring remains when the stack leaves");
});
