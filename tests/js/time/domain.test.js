import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { toDay } from "../../../static/js/time/day.js";
import { straysOf, theatreDays } from "../../../static/js/time/domain.js";
import { selectionOf } from "./build.js";

const NOW = Date.parse("2026-11-30T12:00:00Z");
const configured = { from: toDay("2022-02-24"), to: toDay("2025-07-22") };
const rows = [
  { day: "1915-05-01" },
  { day: "2014-07-17", days: 3 },
  { day: "2021-12-31", left: false },
  { day: "2022-02-20", days: 30 },
  { day: "2025-07-21", days: 4000, precision: "year" },
  { day: "2037-01-01" },
];
const selection = selectionOf(rows);

describe("the axis", () => {
  it("has the theatre's days: stray events do not widen it", () => {
    assert.deepEqual(theatreDays(configured, selection.columns, NOW), {
      from: configured.from,
      to: toDay("2026-12-02"),
    });
    assert.deepEqual(theatreDays(configured, selectionOf(rows.slice(0, 5)).columns, NOW), configured);
    assert.deepEqual(theatreDays(configured, selectionOf([]).columns, NOW), configured);
  });

  it("grows with newer events", () => {
    const newer = selectionOf([{ day: "2025-08-03" }]);
    assert.equal(theatreDays(configured, newer.columns, NOW).to, toDay("2025-08-04"));
  });
});

describe("stray events", () => {
  it("are counted on their side, if they pass the filters and do not last into the axis", () => {
    const { before, after } = straysOf(selection, configured, { from: toDay("2025-07-15"), to: toDay("2025-07-22") });
    assert.deepEqual(before, { count: 2, isComplete: true, nearest: toDay("2014-07-19") });
    assert.deepEqual(after, { count: 1, isComplete: true, nearest: toDay("2037-01-01") });
  });

  it("lead from one to the next, then to the first again", () => {
    const at = (/** @type {string} */ day) => ({ from: toDay(day), to: toDay(day) + 1 });
    assert.equal(straysOf(selection, configured, at("2014-07-17")).before.nearest, toDay("1915-05-01"));
    assert.equal(straysOf(selection, configured, at("1915-05-01")).before.nearest, toDay("2014-07-19"));
  });

  it("that are not loaded are not said to be none", () => {
    const columns = { ...selection.columns, missing: [{ from: toDay("1915-01-01"), to: toDay("1916-01-01") }] };
    const none = { columns, mask: new Uint8Array(rows.length), count: 0 };
    const { before } = straysOf(none, configured, configured);
    assert.deepEqual(before, { count: 0, isComplete: false, nearest: toDay("1915-12-31") });
  });
});
