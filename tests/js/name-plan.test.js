import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { NAME_GAP, RANKS, createNamePlan, isCut } from "../../static/js/map/name-plan.js";
import { TILE_PX } from "../../static/js/lib/mercator.js";
import { randomFrom } from "./support/columns.js";

/** Returns `count` random places within a degree, the heaviest first. @param {number} count */
function crowd(count) {
  const random = randomFrom(7);
  const weight = Array.from({ length: count }, () => Math.round(10 ** (6 * random()))).sort((a, b) => b - a);
  return {
    longitude: weight.map(() => 370_000 + Math.round(10_000 * random())),
    latitude: weight.map(() => 480_000 + Math.round(10_000 * random())),
    weight,
    name: weight.map((_, n) => `Place ${n}`),
  };
}
const measure = (/** @type {string} */ name, /** @type {{ size: number }} */ { size }) => name.length * size * 0.55;

describe("names on the map", () => {
  const plan = createNamePlan(crowd(3000), measure);

  test("do not overlap at any zoom", () => {
    for (const zoom of [5, 8, 11, 14]) {
      const worldPx = TILE_PX * 2 ** zoom;
      const boxes = plan(zoom).map(({ x, y, width, isLeft, rank: { dot, size } }) => ({
        left: x * worldPx - (isLeft ? dot + NAME_GAP + width : dot),
        right: x * worldPx + (isLeft ? dot : dot + NAME_GAP + width),
        top: y * worldPx - size / 2,
        bottom: y * worldPx + size / 2,
      }));
      assert.ok(boxes.length > 0);
      for (const [n, one] of boxes.entries()) {
        for (const other of boxes.slice(n + 1)) {
          const apart =
            one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
          assert.ok(apart, `zoom ${zoom}`);
        }
      }
    }
  });

  test("always include the heaviest place, and small places at higher zooms", () => {
    const last = RANKS.at(-1)?.zoom ?? 0;
    for (const zoom of [4, 7, 10, 12]) assert.equal(plan(zoom)[0]?.name, "Place 0");
    assert.ok(plan(last - 1).every(({ rank }) => rank.zoom < last));
    assert.ok(plan(14).length > plan(9).length);
  });

  test("are the same for all fractions of a zoom level", () => {
    assert.equal(plan(9.5), plan(9));
  });

  test("are cut by rectangles over their edge, and not by rectangles beside them", () => {
    const rank = { least: 0, zoom: 0, size: 12, boldness: 400, dot: 2 };
    const placed = { name: "Ivano-Frankivsk", rank, x: 0, y: 0, width: 90, isLeft: false };
    const panel = { left: 0, top: 0, right: 100, bottom: 300 };
    assert.equal(isCut(placed, 60, 100, [panel]), true);
    assert.equal(isCut(placed, 101, 100, [panel]), true, "its dot");
    assert.equal(isCut(placed, 103, 100, [panel]), false);
    assert.equal(isCut(placed, 60, 307, [panel]), false);
    assert.equal(isCut(placed, 60, 100, []), false);
    assert.equal(isCut({ ...placed, isLeft: true }, 103, 100, [panel]), true, "the name stands left");
  });
});

test("a city's name leaves room for a large city beside it", () => {
  // Donetsk and Makiivka at zoom 8: the dot of Makiivka is 24 pixels east.
  const plan = createNamePlan(
    {
      longitude: [378_000, 379_300],
      latitude: [480_200, 480_500],
      weight: [900_000, 340_000],
      name: ["Donetsk", "Makiivka"],
    },
    (name) => name.length * 8,
  );
  assert.deepEqual(
    plan(8).map(({ name, isLeft }) => [name, isLeft]),
    [
      ["Donetsk", true],
      ["Makiivka", false],
    ],
  );
});
