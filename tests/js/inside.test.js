import assert from "node:assert/strict";
import { test } from "node:test";

import { inside } from "../../static/js/lib/inside.js";

const square = /** @type {[number, number][]} */ ([
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
]);
/** A horseshoe, open at the top. */
const bent = /** @type {[number, number][]} */ ([
  [0, 0],
  [6, 0],
  [6, 4],
  [4, 4],
  [4, 2],
  [2, 2],
  [2, 4],
  [0, 4],
]);

test("a point is inside or outside a ring of either direction", () => {
  for (const ring of [square, square.toReversed()]) {
    assert.equal(inside(ring, 2, 2), true);
    assert.equal(inside(ring, 5, 2), false);
    assert.equal(inside(ring, -1, 2), false);
    assert.equal(inside(ring, 2, 4.01), false);
  }
});

test("the gap of a horseshoe is outside", () => {
  assert.equal(inside(bent, 3, 3), false);
  assert.equal(inside(bent, 1, 3), true);
  assert.equal(inside(bent, 5, 3), true);
  assert.equal(inside(bent, 3, 1), true);
});

test("an empty ring contains nothing", () => {
  assert.equal(inside([], 0, 0), false);
  assert.equal(inside([[0, 0]], 0, 0), false);
});
