import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BrokenHistory, LineHistory, coveredBy, statusOf } from "../../static/js/data/line-history.js";

/**
 * @typedef {{ moment_ms: number, covers: number, areas: { kind: number, polygons: number[][][][] }[], runs: number[][] }} Day
 * @typedef {{ about: string, blocks: string[], days: Day[] }} Vector
 */

/** The vectors that tests/geo/test_line_history.py compares with the writer. */
const vectors = /** @type {Vector[]} */ (
  JSON.parse(readFileSync(new URL("vectors/line-history.json", import.meta.url), "utf8"))
);

/** @param {string} hex */
const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));

/** @param {string} about */
function vector(about) {
  const found = vectors.find((one) => one.about.startsWith(about));
  assert.ok(found, about);
  return found;
}

/** @param {string} about */
const historyOf = (about) => new LineHistory(vector(about).blocks.map(bytes));

/** @param {LineHistory} history @param {number} day */
function areasOf(history, day) {
  return history.areas(day).map(({ kind, polygons }) => ({
    kind,
    polygons: polygons.map((polygon) =>
      polygon.map(({ places }) =>
        Array.from({ length: places.length / 2 }, (_, n) => [places[2 * n], places[2 * n + 1]]),
      ),
    ),
  }));
}

/** @param {LineHistory} history @param {number} day */
const runsOf = (history, day) =>
  history.areas(day).flatMap(({ polygons }) => polygons.flat().map(({ runs }) => [...(runs ?? [])]));

for (const { about, blocks, days } of vectors) {
  test(`reads every vertex: ${about}`, () => {
    const history = new LineHistory(blocks.map(bytes));
    assert.equal(history.count, days.length);
    // Backwards first, so that days are not decoded in the order of writing.
    for (const day of [...days.keys()].reverse()) assert.deepEqual(areasOf(history, day), days[day]?.areas);
    for (const [day, { moment_ms, covers }] of days.entries()) {
      const assessment = history.assessment(day);
      assert.deepEqual({ moment: assessment.moment, covers: assessment.covers }, { moment: moment_ms, covers });
      assert.deepEqual(areasOf(history, day), days[day]?.areas);
      assert.deepEqual(runsOf(history, day), days[day]?.runs);
    }
  });
}

test("several blocks can form one part", () => {
  const { blocks, days } = vector("a second block");
  const history = new LineHistory([bytes(blocks.join(""))]);
  assert.equal(history.count, days.length);
  assert.deepEqual(areasOf(history, 2), days[2]?.areas);
});

test("days are found by their moment in any order", () => {
  const history = historyOf("a second block");
  const [first, second] = [history.assessment(0).moment, history.assessment(1).moment];
  const before = history.assessment(2).moment;
  assert.deepEqual([...history.order], [2, 0, 1]);
  assert.equal(history.at(before - 1), -1);
  assert.equal(history.at(before), 2);
  assert.equal(history.at(first - 1), 2);
  assert.equal(history.at(first), 0);
  assert.equal(history.at(second - 1), 0);
  assert.equal(history.at(second + 1e12), 1);
  assert.equal(historyOf("nothing").at(0), -1);
});

test("an unchanged ring is one object", () => {
  const history = historyOf("a vertex that moves");
  const [first, moved, again] = [0, 1, 2].map((day) => history.areas(day)[0]?.polygons[0]?.[0]);
  assert.ok(first);
  assert.equal(first, again);
  assert.notEqual(first, moved);
});

test("checkpoints for jumps can be prepared in advance", () => {
  const history = historyOf("a second block");
  let rounds = 0;
  while (!history.prepare(0)) assert.ok(++rounds < 100);
  assert.ok(history.prepare(0));
});

test("kinds and covered statuses have names", () => {
  const statuses = ["occupied", "gray_zone"];
  assert.deepEqual(statusOf(0, statuses), { status: "occupied", sinceBefore: false });
  assert.deepEqual(statusOf(1, statuses), { status: "occupied", sinceBefore: true });
  assert.deepEqual(statusOf(2, statuses), { status: "gray_zone", sinceBefore: false });
  assert.throws(() => statusOf(4, statuses), BrokenHistory);
  assert.deepEqual(coveredBy({ moment: 0, covers: 2 }, statuses), ["gray_zone"]);
});

test("corrupt bytes are refused", () => {
  const whole = bytes(/** @type {string} */ (vector("a ring that begins elsewhere").blocks[0]));
  for (const [what, broken] of /** @type {[string, Uint8Array][]} */ ([
    ["cut off", whole.subarray(0, -1)],
    ["something after it", Uint8Array.from([...whole, 7])],
    ["another kind", Uint8Array.from([0x46, 0x4c, 0x48, 0x33, ...whole.subarray(4)])],
    ["nothing but its mark", whole.subarray(0, 4)],
    ["the same twice, which does not go on from itself", Uint8Array.from([...whole, ...whole])],
  ])) {
    assert.throws(() => new LineHistory([broken]), BrokenHistory, what);
  }
});

test("changed bytes are refused or read without a crash", () => {
  const whole = bytes(/** @type {string} */ (vector("a ring that begins elsewhere").blocks[0]));
  for (let at = 0; at < whole.length; at++) {
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      const changed = Uint8Array.from(whole);
      changed[at] = value;
      try {
        const history = new LineHistory([changed]);
        for (let day = 0; day < history.count; day++) history.areas(day);
      } catch (error) {
        assert.ok(error instanceof BrokenHistory, `${at} ${value}: ${error}`);
      }
    }
  }
});
