import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { boxed, cutLine, cutRing, simplifiedFor } from "../../static/js/map/outlines.js";

const outline = (/** @type {number[]} */ ...path) => boxed(Float64Array.from(path));
const square = { left: 0, top: 0, right: 10, bottom: 10 };
const list = (/** @type {Float64Array} */ path) => [...path];

/** @param {Float64Array} path */
function area(path) {
  let sum = 0;
  for (let n = 0; n < path.length; n += 2) {
    const next = (n + 2) % path.length;
    sum += (path[n] ?? 0) * (path[next + 1] ?? 0) - (path[next] ?? 0) * (path[n + 1] ?? 0);
  }
  return Math.abs(sum / 2);
}

describe("cutting rings", () => {
  test("rings inside the box stay, rings outside are removed", () => {
    const inside = outline(1, 1, 2, 1, 2, 2);
    assert.equal(cutRing(inside, square), inside.path);
    assert.deepEqual(list(cutRing(outline(11, 1, 12, 1, 12, 2), square)), []);
  });

  test("rings across the edge are cut at the edge", () => {
    assert.equal(area(cutRing(outline(5, 5, 15, 5, 15, 15, 5, 15), square)), 25);
    assert.equal(area(cutRing(outline(-5, -5, 25, -5, 25, 25, -5, 25), square)), 100, "all of the box");
    assert.equal(area(cutRing(outline(5, -5, 15, 5, 5, 15, -5, 5), square)), 100, "its corners touch the edges");
  });
});

describe("cutting lines", () => {
  test("pieces have the distance of their start along the line", () => {
    const pieces = cutLine(outline(-5, 5, 5, 5, 5, 15, 8, 15, 8, 5), square, false);
    assert.deepEqual(
      pieces.map(({ path, along }) => [list(path), along]),
      [
        [[0, 5, 5, 5, 5, 10], 5],
        [[8, 10, 8, 5], 28],
      ],
    );
  });

  test("a ring is closed, even if it is not cut", () => {
    assert.deepEqual(
      cutLine(outline(1, 1, 2, 1, 2, 2), square, true).map(({ path }) => list(path)),
      [[1, 1, 2, 1, 2, 2, 1, 1]],
    );
    assert.deepEqual(
      cutLine(outline(5, 5, 15, 5, 15, 8, 5, 8), square, true).map(({ path }) => list(path)),
      [
        [5, 5, 10, 5],
        [10, 8, 5, 8, 5, 5],
      ],
    );
  });

  test("a segment across the whole box is included, a segment beside it is not", () => {
    assert.deepEqual(
      cutLine(outline(-5, 5, 15, 5), square, false).map(({ path }) => list(path)),
      [[0, 5, 10, 5]],
    );
    assert.deepEqual(cutLine(outline(-5, 5, 5, -8), square, false), []);
  });
});

describe("simplifying for a zoom", () => {
  test("a shared edge stays identical in all rings and directions", () => {
    const edge = Array.from({ length: 400 }, (_, n) => [0.5 + n * 1e-6, 0.3 + Math.sin(n) * 2e-6]);
    const one = outline(...edge.flat(), 0.6, 0.4);
    const other = outline(0.55, 0.2, ...edge.toReversed().flat());
    const corners = (/** @type {ReturnType<typeof simplifiedFor>} */ made) => {
      const path = list(made?.path ?? new Float64Array());
      return new Set(path.flatMap((x, n) => (n % 2 ? [] : [`${x} ${path[n + 1]}`])));
    };
    for (const zoom of [4, 8, 11, 14]) {
      const worldPx = 256 * 2 ** zoom;
      const [mine, theirs] = [corners(simplifiedFor(one, worldPx)), corners(simplifiedFor(other, worldPx))];
      mine.delete([...mine].at(-1) ?? "");
      for (const corner of mine) assert.ok(theirs.has(corner), `zoom ${zoom}: ${corner}`);
    }
  });

  test("no vertex moves by more than about a third of a pixel", () => {
    const worldPx = 256 * 2 ** 9;
    const made = simplifiedFor(outline(0.123456, 0.654321, 0.2, 0.3), worldPx);
    assert.ok(Math.abs((made?.path[0] ?? 0) - 0.123456) * worldPx <= 0.25 + 1e-9);
  });

  test("rings smaller than a pixel are removed", () => {
    assert.equal(simplifiedFor(outline(0.5, 0.5, 0.5000001, 0.5, 0.5, 0.5000001), 256 * 2 ** 5), null);
  });
});
