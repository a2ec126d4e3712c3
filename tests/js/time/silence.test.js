import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { countByDay } from "../../../static/js/time/bins.js";
import { nextChange, silenceAfter } from "../../../static/js/time/silence.js";
import { selectionOf } from "./build.js";

const counts = countByDay(selectionOf([{ day: 100 }, { day: 110, left: false }, { day: 200, days: 2 }]), ["ru"]);
const happenings = { counts, assessed: [[90, 170]], missing: [] };
const END = 300;

describe("a silence", () => {
  it("ends with the next event that passes the filters, or the next assessment", () => {
    assert.equal(nextChange(50, happenings), 90);
    assert.equal(nextChange(91, happenings), 100);
    assert.equal(nextChange(101, happenings), 170);
    assert.equal(nextChange(171, happenings), 200);
    assert.equal(nextChange(201, happenings), null);
  });

  it("is none while events are in the window", () => {
    assert.equal(silenceAfter("window", { from: 96, to: 103 }, happenings, END, 7), null);
    assert.deepEqual(silenceAfter("window", { from: 101, to: 108 }, happenings, END, 7), { from: 108, to: 170 });
    assert.deepEqual(silenceAfter("cumulative", { from: 0, to: 108 }, happenings, END, 7), { from: 108, to: 170 });
  });

  it("lasts until the end if nothing more happens", () => {
    assert.deepEqual(silenceAfter("day", { from: 210, to: 211 }, happenings, END, 7), { from: 211, to: END });
  });

  it("is played if it is short at this speed", () => {
    const window = { from: 185, to: 186 };
    assert.equal(silenceAfter("day", window, happenings, END, 30), null);
    assert.deepEqual(silenceAfter("day", window, happenings, END, 3), { from: 186, to: 200 });
  });

  it("does not cover days whose events are not loaded", () => {
    const unknown = { ...happenings, missing: [{ from: 120, to: 130 }] };
    assert.equal(nextChange(101, unknown), 120);
    assert.equal(nextChange(125, unknown), 125);
    assert.equal(nextChange(130, unknown), 170);
  });
});
