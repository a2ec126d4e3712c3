import assert from "node:assert/strict";
import { describe, it } from "node:test";

import {
  advanced,
  broughtTo,
  fitsMode,
  inMode,
  startingAt,
  withFirst,
  withLast,
} from "../../../static/js/time/window.js";

const domain = { from: 100, to: 200 };
const week = { from: 150, to: 157 };

describe("a window", () => {
  it("has at least one day when an end is moved", () => {
    assert.deepEqual(withFirst(week, 152, domain), { from: 152, to: 157 });
    assert.deepEqual(withFirst(week, 190, domain), { from: 156, to: 157 });
    assert.deepEqual(withLast(week, 160, domain), { from: 150, to: 161 });
    assert.deepEqual(withLast(week, 10, domain), { from: 150, to: 151 });
  });

  it("stays in the domain", () => {
    assert.deepEqual(withFirst(week, 10, domain), { from: 100, to: 157 });
    assert.deepEqual(withLast(week, 900, domain), { from: 150, to: 200 });
    assert.deepEqual(startingAt(week, 10, domain), { from: 100, to: 107 });
    assert.deepEqual(startingAt(week, 900, domain), { from: 193, to: 200 });
  });

  it("begins with the domain if it is longer", () => {
    assert.deepEqual(startingAt({ from: 0, to: 300 }, 150, domain), { from: 100, to: 400 });
  });

  it("moves forward, or grows in cumulative mode", () => {
    assert.deepEqual(advanced("window", week, 3, domain), { from: 153, to: 160 });
    assert.deepEqual(advanced("day", { from: 150, to: 151 }, -3, domain), { from: 147, to: 148 });
    assert.deepEqual(advanced("cumulative", { from: 100, to: 157 }, 3, domain), { from: 100, to: 160 });
    assert.deepEqual(advanced("window", { from: 193, to: 200 }, 3, domain), { from: 193, to: 200 });
  });

  it("moves to a day", () => {
    assert.deepEqual(broughtTo("window", week, 120, domain), { from: 117, to: 124 });
    assert.deepEqual(broughtTo("window", { from: 150, to: 154 }, 120, domain), { from: 119, to: 123 });
    assert.deepEqual(broughtTo("day", { from: 150, to: 151 }, 120, domain), { from: 120, to: 121 });
    assert.deepEqual(broughtTo("cumulative", { from: 100, to: 157 }, 120, domain), { from: 100, to: 121 });
    assert.deepEqual(broughtTo("window", week, 100, domain), { from: 100, to: 107 });
  });

  it("changes to another mode and keeps its last day", () => {
    assert.deepEqual(inMode("day", week, 7, domain), { from: 156, to: 157 });
    assert.deepEqual(inMode("cumulative", week, 7, domain), { from: 100, to: 157 });
    assert.deepEqual(inMode("window", { from: 100, to: 157 }, 7, domain), week);
    assert.deepEqual(inMode("window", { from: 102, to: 103 }, 7, domain), { from: 100, to: 103 });
    assert.deepEqual(inMode("cumulative", { from: 50, to: 60 }, 7, domain), { from: 59, to: 60 });
  });

  it("matches the modes that can produce it", () => {
    assert.ok(fitsMode("window", week, domain));
    assert.ok(!fitsMode("day", week, domain));
    assert.ok(fitsMode("day", { from: 150, to: 151 }, domain));
    assert.ok(!fitsMode("cumulative", week, domain));
    assert.ok(fitsMode("cumulative", { from: 100, to: 157 }, domain));
  });
});
