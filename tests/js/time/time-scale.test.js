import assert from "node:assert/strict";
import { describe, it } from "node:test";

import { createTimeScale } from "../../../static/js/time/time-scale.js";

/**
 * Returns a scale over a thousand days that shows a hundred of them in a thousand pixels, with a
 * margin of four days.
 */
function hundred() {
  const scale = createTimeScale({ from: 1000, to: 2000 }, 40);
  scale.resize(1000);
  scale.show({ from: 1400, to: 1500 });
  return scale;
}

const near = (/** @type {number} */ one, /** @type {number} */ other) =>
  assert.ok(Math.abs(one - other) < 1e-6, `${one} is not ${other}`);

describe("the scale of the axis", () => {
  it("converts days to pixels and back", () => {
    const scale = hundred();
    assert.equal(scale.xOf(1450), 500);
    assert.equal(scale.dayAt(250), 1425);
    assert.equal(scale.pixelsPerDay, 10);
  });

  it("keeps the day under the pointer while zooming", () => {
    const scale = hundred();
    for (const factor of [0.8, 0.5, 1.7, 3]) {
      const x = scale.xOf(1430);
      scale.zoom(factor, 1430);
      near(scale.xOf(1430), x);
    }
  });

  it("does not drift at the zoom limits", () => {
    const scale = hundred();
    scale.zoom(0.0001, 1430);
    const { from, to } = scale.span;
    near(to - from, 10);
    scale.zoom(0.5, 1430);
    assert.deepEqual(scale.span, { from, to });
  });

  it("does not leave the domain", () => {
    const scale = hundred();
    scale.pan(-10_000);
    near(scale.span.from, 996);
    near(scale.span.to, 1096);
    scale.pan(10_000);
    near(scale.span.to, 2004);
    scale.zoom(1e6, 1430);
    near(scale.xOf(1000), 40);
    near(scale.xOf(2000), 960);
  });

  it("reveals days outside the view with the smallest move", () => {
    const scale = hundred();
    scale.reveal({ from: 1410, to: 1417 });
    assert.deepEqual(scale.span, { from: 1400, to: 1500 });
    scale.reveal({ from: 1498, to: 1505 });
    assert.deepEqual(scale.span, { from: 1409, to: 1509 });
    scale.reveal({ from: 1400, to: 1407 });
    assert.deepEqual(scale.span, { from: 1396, to: 1496 });
    scale.reveal({ from: 1400, to: 1700 });
    near(scale.xOf(1400), 40);
    near(scale.xOf(1700), 960);
  });

  it("calls its watchers only for changes", () => {
    const scale = hundred();
    let calls = 0;
    const end = scale.watch(() => calls++);
    scale.pan(5);
    scale.resize(1000);
    scale.show(scale.span);
    assert.equal(calls, 1);
    end();
    scale.pan(5);
    assert.equal(calls, 1);
  });

  it("follows a domain that grows or shrinks", () => {
    const scale = hundred();
    scale.limit({ from: 0, to: 3000 });
    assert.deepEqual(scale.span, { from: 1400, to: 1500 });
    scale.limit({ from: 0, to: 1000 });
    assert.deepEqual(scale.span, { from: 904, to: 1004 });
  });

  it("shows a theatre of a single day", () => {
    const scale = createTimeScale({ from: 1000, to: 1001 });
    scale.resize(300);
    for (const factor of [0.1, 10]) {
      scale.zoom(factor, 1000);
      near(scale.xOf(1000.5), 150);
      near(scale.span.to - scale.span.from, 10);
    }
  });
});
