import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { binUnit, binsIn, countByDay, countIn, peak } from "../../../static/js/time/bins.js";
import { unitStart } from "../../../static/js/time/calendar.js";
import { toDay, toIso } from "../../../static/js/time/day.js";
import { seeded, selectionOf } from "./build.js";

/** @import { Row } from "./build.js" */
/** @import { Unit } from "../../../static/js/time/calendar.js" */

const FIRST = toDay("2024-01-01");

/** 600 events in 400 days, some of them long, imprecise or filtered. */
function muddle() {
  const random = seeded(42);
  const pick = (/** @type {string[]} */ of) => of[Math.floor(random() * of.length)] ?? "";
  /** @type {Row[]} */
  const rows = [];
  for (let i = 0; i < 600; i++) {
    const precision = pick(["minute", "hour", "day", "day", "day", "month", "year"]);
    rows.push({
      day: FIRST + Math.floor(random() * 400),
      days:
        precision === "month" ? 30 : precision === "year" ? 365 : random() < 0.2 ? 1 + Math.floor(random() * 20) : 1,
      precision,
      affected: pick(["ru", "ua", ""]),
      actor: pick(["ru", "ua", ""]),
      left: random() < 0.7,
    });
  }
  return rows;
}

/** @param {Row} row */
const isExact = ({ precision }) => precision !== "month" && precision !== "year";

describe("counting events", () => {
  const rows = muddle();
  const counts = countByDay(selectionOf(rows), ["ru", "ua"]);
  const left = rows.filter((row) => row.left !== false);

  it("equals a count of every row in any window", () => {
    const random = seeded(7);
    for (let i = 0; i < 500; i++) {
      const from = FIRST - 40 + Math.floor(random() * 900);
      const to = from + 1 + Math.floor(random() * 120);
      const within = left.filter((row) => Number(row.day) < to && Number(row.day) + (row.days ?? 1) > from);
      const expected = {
        exact: within.filter(isExact).length,
        month: within.filter(({ precision }) => precision === "month").length,
        year: within.filter(({ precision }) => precision === "year").length,
      };
      assert.deepEqual(countIn(counts, { from, to }), expected, `${toIso(from)} to ${toIso(to)}`);
    }
  });

  for (const unit of /** @type {Unit[]} */ (["day", "week", "month"])) {
    it(`has bars by ${unit} of the events that start in it with day precision`, () => {
      const bins = binsIn(counts, { from: FIRST - 10.5, to: FIRST + 900.5 }, unit);
      for (const { from, to, count, sides } of bins) {
        const within = left.filter((row) => isExact(row) && Number(row.day) >= from && Number(row.day) < to);
        assert.equal(unitStart(unit, from), from);
        assert.equal(count, within.length);
        const affected = (/** @type {string} */ side) => within.filter((row) => row.affected === side).length;
        assert.deepEqual(sides, [affected("ru"), affected("ua")], "the acting side does not count");
      }
      assert.equal(
        bins.reduce((sum, { count }) => sum + count, 0),
        left.filter(isExact).length,
      );
    });
  }

  it("is limited to the requested days, with whole bars at the ends", () => {
    const bins = binsIn(counts, { from: FIRST + 30.4, to: FIRST + 40.2 }, "week");
    assert.equal(bins[0]?.from, unitStart("week", FIRST + 30));
    assert.ok(bins.every(({ from }) => from <= FIRST + 40));
  });

  it("returns the days on which imprecise events may have happened", () => {
    const few = countByDay(
      selectionOf([
        { day: "2024-08-01", days: 31, precision: "month" },
        { day: "2024-08-01", days: 31, precision: "month" },
        { day: "2025-07-21" },
        { day: "2024-11-01", days: 30, precision: "month", left: false },
      ]),
      ["ru"],
    );
    assert.deepEqual(few.vague, [{ from: toDay("2024-08-01"), to: toDay("2024-09-01") }]);
    assert.deepEqual(countIn(few, { from: toDay("2024-08-31"), to: toDay("2024-09-02") }), {
      exact: 0,
      month: 2,
      year: 0,
    });
  });

  it("returns no bars without events", () => {
    const empty = selectionOf([]);
    empty.columns.extent = { from: FIRST, to: FIRST };
    const none = countByDay(empty, ["ru"]);
    assert.deepEqual(countIn(none, { from: FIRST - 5, to: FIRST + 5 }), { exact: 0, month: 0, year: 0 });
    assert.deepEqual(binsIn(none, { from: FIRST - 5, to: FIRST + 5 }, "day"), []);
    assert.equal(peak(none, "day"), 4);
  });

  it("returns no sides that are not in the data", () => {
    const bins = binsIn(countByDay(selectionOf(rows), ["xx"]), { from: FIRST, to: FIRST + 900 }, "month");
    assert.ok(bins.length > 0 && bins.every(({ sides }) => sides[0] === 0));
  });
});

describe("the height of the bars", () => {
  const days = (/** @type {number[]} */ counts) =>
    countByDay(selectionOf(counts.flatMap((count, i) => Array.from({ length: count }, () => ({ day: FIRST + i })))), [
      "ru",
    ]);

  it("is the highest bar", () => assert.equal(peak(days([5, 9, 7, 8]), "day"), 9));

  it("ignores a few days far above the rest", () => {
    const usual = Array.from({ length: 300 }, (_, i) => 10 + (i % 10));
    assert.equal(peak(days([...usual, 200]), "day"), 19);
  });

  it("is larger than one event", () => assert.equal(peak(days([1, 0, 1]), "day"), 4));
});

it("chooses the unit whose bars are wide enough", () => {
  assert.equal(binUnit(8), "day");
  assert.equal(binUnit(1), "week");
  assert.equal(binUnit(0.3), "month");
});
