import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { crc32 as zlibSum } from "node:zlib";
import { assemble } from "../../static/js/data/assemble.js";
import { BrokenColumns, crc32, decodeColumns } from "../../static/js/data/event-columns.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../../static/js/lib/grid.js";
import { toDay } from "../../static/js/time/day.js";
import { bytesOf, partOf, randomFrom } from "./support/columns.js";

/** @typedef {{ about: string, blob: string, columns: any }} Vector */

/** The vectors that tests/geo/test_event_columns.py compares with the encoder. */
const vectors = /** @type {Vector[]} */ (
  JSON.parse(readFileSync(new URL("vectors/event-columns.json", import.meta.url), "utf8"))
);

/** @param {string} about */
function blobOf(about) {
  const found = vectors.find((one) => one.about === about);
  assert.ok(found);
  return new Uint8Array(Buffer.from(found.blob, "base64"));
}

for (const { about, blob, columns } of vectors) {
  test(`reads the columns of the Python encoder: ${about}`, () => {
    const part = decodeColumns(new Uint8Array(Buffer.from(blob, "base64")));
    assert.equal(part.count, columns.count);
    assert.deepEqual([...part.x], columns.x);
    assert.deepEqual([...part.y], columns.y);
    const day = part.perDay.flatMap((rows, n) => new Array(rows).fill(part.firstDay + n));
    assert.deepEqual(day, columns.day);
    for (const [name, own] of /** @type {const} */ ([
      ["category", "category"],
      ["actor", "actor"],
      ["affected", "affected"],
      ["verification", "verification"],
      ["time_precision", "timePrecision"],
      ["origin", "origin"],
    ])) {
      assert.deepEqual(
        Array.from(part[own], (code) => code - 1),
        columns[name],
        name,
      );
    }
    assert.deepEqual([...part.sourceClasses], columns.source_classes);
    assert.deepEqual([...part.flags], columns.flags);
    assert.deepEqual(
      Array.from(part.precision, (code) => part.precisions[code - 1] ?? -1),
      columns.precision_m,
    );
    assert.deepEqual([...(part.days ?? new Array(part.count).fill(1))], columns.days);
    assert.deepEqual(
      [...part.shapes].map(([row, shape]) => ({ row, ...shape })),
      columns.shapes,
    );
  });
}

test("truncated or changed bytes are refused", () => {
  const blob = blobOf("a road");
  for (let at = 0; at < blob.length; at++) {
    assert.throws(() => decodeColumns(blob.subarray(0, at)), BrokenColumns, `cut at ${at}`);
    const changed = blob.slice();
    changed[at] = /** @type {number} */ (changed[at]) ^ 1;
    assert.throws(() => decodeColumns(changed), BrokenColumns, `changed at ${at}`);
  }
});

for (const [before, after, says] of /** @type {[string, string, RegExp][]} */ ([
  ['"count":1', '"count":2', /^precision: has 1 bytes, not 2$/],
  ['["x",4]', '["x",5]', /^sections/],
  ['["x",4]', '["z",4]', /^x: is missing/],
  ['"row":0', '"row":1', /^shapes, 0: no row 1/],
  ['["origin",1]', '["orogin",1]', /^origin: is missing/],
  ['"origins":', '"orogins":', /^origins: must be a list of words/],
  ['["source_classes",1]', '["sourse_classes",1]', /^source_classes: is missing/],
  ['"state_affiliated"', '"state-affiliated"', /^source_classes: must be party/],
  ['["ru","ua"]', '["ru, ua"] ', /^affected, row 0: there is no word 2/],
  ['"2025-07-21"', '"2025-02-30"', /^first_day/],
  ['"LineString"', '"LineStrung"', /LineStrung is no shape/],
])) {
  test(`refuses inconsistent content with a valid checksum: ${after}`, () => {
    const text = Buffer.from(blobOf("a road").subarray(0, -4)).toString("latin1");
    assert.ok(text.includes(before));
    const body = Buffer.from(text.replace(before, after), "latin1");
    const sum = Buffer.alloc(4);
    sum.writeUInt32LE(zlibSum(body));
    assert.throws(() => decodeColumns(new Uint8Array(Buffer.concat([body, sum]))), {
      name: "BrokenColumns",
      message: says,
    });
  });
}

for (const [section, byte, says] of /** @type {[string, number, RegExp][]} */ ([
  ["origin", 0, /^origin, row 1: there is no word 0$/],
  ["origin", 3, /^origin, row 1: there is no word 3$/],
  ["source_classes", 16, /^source_classes, row 1: there is no word 16$/],
])) {
  test(`refuses ${byte} in ${section}`, () => {
    const bytes = Buffer.from(bytesOf([{ day: "2025-07-01" }, { day: "2025-07-02", sources: ["party"] }]));
    const start = 12 + bytes.readUInt32LE(8);
    let at = start + 1; // the second row
    for (const [name, length] of JSON.parse(bytes.subarray(12, start).toString()).sections) {
      if (name === section) break;
      at += length;
    }
    bytes[at] = byte;
    bytes.writeUInt32LE(zlibSum(bytes.subarray(0, -4)), bytes.length - 4);
    assert.throws(() => decodeColumns(new Uint8Array(bytes)), { name: "BrokenColumns", message: says });
  });
}

test("the checksum is zlib's CRC-32", () => {
  const random = randomFrom(5);
  const all = Uint8Array.from({ length: 1100 }, () => random() * 256);
  for (const length of [0, 1, 3, 15, 16, 17, 63, 1000]) {
    for (const from of [0, 1, 2, 3, 4]) {
      const bytes = all.subarray(from, from + length);
      assert.equal(crc32(bytes), zlibSum(bytes), `${length} from ${from}`);
    }
  }
});

test("grid points and degrees are converted in both directions", () => {
  const random = randomFrom(7);
  for (let n = 0; n < 1000; n++) {
    const [longitude, latitude] = [random() * 360 - 180, random() * 170 - 85];
    assert.ok(Math.abs(longitudeOf(gridX(longitude)) - longitude) < 6e-6);
    assert.ok(Math.abs(latitudeOf(gridY(latitude)) - latitude) < 6e-6);
    assert.equal(gridX(longitudeOf(gridX(longitude))), gridX(longitude));
  }
});

test("parts are merged by day, long events last, with their dictionaries mapped", () => {
  const one = partOf([
    { day: "2025-07-01", category: "strike", origin: "archive", sources: ["party", "unknown"] },
    { day: "2025-07-03", actor: "blue" },
  ]);
  const spans = partOf([
    { day: "2025-07-01", days: 5, precisionM: 7, geometry: { type: "LineString", coordinates: [] } },
    { day: "2025-07-02", days: 2 },
  ]);
  const other = {
    ...partOf([{ day: "2025-07-01", actor: "red" }]),
    belligerents: ["green", "red"],
    actor: Uint8Array.of(2),
    origins: ["elsewhere"],
  };
  const all = assemble([spans, one, other], { revision: "all" });
  const days = ["2025-07-01", "2025-07-01", "2025-07-01", "2025-07-02", "2025-07-03"].map(toDay);
  assert.deepEqual([...all.day], days);
  assert.deepEqual([...all.days], [1, 1, 5, 2, 1]);
  assert.deepEqual(
    [...all.actor].map((index) => all.belligerents[index] ?? null),
    [null, "red", null, null, "blue"],
  );
  assert.deepEqual(
    Array.from(all.origin, (index) => all.origins[index]),
    ["archive", "elsewhere", "desk", "desk", "desk"],
  );
  assert.deepEqual([...all.sourceClasses], [9, 0, 0, 0, 0]);
  assert.deepEqual([...all.precisionM], [-1, -1, 7, -1, -1]);
  assert.deepEqual([...all.shapes.keys()], [2]);
  assert.deepEqual(all.extent, { from: toDay("2025-07-01"), to: toDay("2025-07-06") });
  assert.deepEqual([all.count, all.total], [5, 5]);
});

test("empty columns are valid", () => {
  const none = assemble([decodeColumns(blobOf("nothing"))], { revision: "none" });
  assert.equal(none.count, 0);
  assert.equal(none.extent.from, none.extent.to);
});
