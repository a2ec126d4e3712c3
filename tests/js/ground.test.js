import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { moveParts } from "../../scripts/ground/countries.mjs";
import { simplifyLine } from "../../scripts/ground/simplify.mjs";
import { readGround } from "../../static/js/map/ground-data.js";
import { mercatorX, mercatorY } from "../../static/js/lib/mercator.js";

const FILE = new URL("../../static/ground/ground.json", import.meta.url);
const skip = !existsSync(FILE) && "the ground was not made: make assets";
const topology = skip ? null : JSON.parse(readFileSync(FILE, "utf-8"));

/**
 * Returns whether a position lies in rings of one path each, by the even-odd rule.
 *
 * @param {ArrayLike<number>[]} rings x, y, x, y …
 * @param {number} x @param {number} y
 */
function isIn(rings, x, y) {
  let inside = false;
  for (const ring of rings) {
    for (let n = 0; n < ring.length; n += 2) {
      const last = n === 0 ? ring.length - 2 : n - 2;
      const [fromX = 0, fromY = 0, toX = 0, toY = 0] = [ring[last], ring[last + 1], ring[n], ring[n + 1]];
      if (fromY > y !== toY > y && x < fromX + ((y - fromY) / (toY - fromY)) * (toX - fromX)) inside = !inside;
    }
  }
  return inside;
}

/**
 * Tests a ring that continues beyond the antimeridian.
 * @param {ArrayLike<number>[]} rings
 * @param {number} longitude
 * @param {number} latitude
 */
function isAnywhereIn(rings, longitude, latitude) {
  return [-1, 0, 1].some((turn) => isIn(rings, mercatorX(longitude) + turn, mercatorY(latitude)));
}

/**
 * Returns the country of the base map file at a position.
 * @param {number} longitude
 * @param {number} latitude
 */
function countryAt(longitude, latitude) {
  for (const { properties, arcs } of topology.objects.countries.geometries) {
    const ground = readGround({
      ...topology,
      objects: { ...topology.objects, land: { arcs } },
    });
    const rings = ground.land.map(({ path }) => path);
    if (isAnywhereIn(rings, longitude, latitude)) return properties.name;
  }
  return null;
}

describe("the base map file", { skip }, () => {
  test("borders are the internationally recognised borders", () => {
    for (const [name, longitude, latitude] of /** @type {const} */ ([
      ["Simferopol", 34.1, 44.952],
      ["Sevastopol", 33.6, 44.59],
      ["Kerch", 36.45, 45.35],
      ["Yalta", 34.15, 44.52],
      ["Armiansk", 33.69, 46.11],
      ["Donetsk", 37.8, 48.0],
      ["Luhansk", 39.3, 48.57],
    ])) {
      assert.equal(countryAt(longitude, latitude), "Ukraine", name);
    }
    assert.equal(countryAt(37.6, 55.75), "Russia", "Moscow");
    assert.equal(countryAt(36.8, 45.2), "Russia", "Taman, across the strait from Kerch");
    assert.equal(countryAt(29.6, 46.84), "Moldova", "Tiraspol");
  });

  test("there is no border between Crimea and the rest of Ukraine", () => {
    const { borders } = readGround(topology);
    for (const { box } of borders) {
      const west = box.left > mercatorX(32.4) && box.right < mercatorX(36.9);
      const south = box.top > mercatorY(46.4) && box.bottom < mercatorY(44.2);
      assert.ok(!(west && south), "a border at Perekop");
    }
  });

  test("positions on land and water are classified correctly", () => {
    const rings = readGround(topology).land.map(({ path }) => path);
    const isLand = (/** @type {number} */ longitude, /** @type {number} */ latitude) =>
      isAnywhereIn(rings, longitude, latitude);
    assert.ok(isLand(37.18, 48.28), "Pokrovsk");
    assert.ok(!isLand(36.5, 46.2), "the Sea of Azov");
    assert.ok(!isLand(33, 43.6), "the Black Sea");
    assert.ok(isLand(10, 50));
    assert.ok(isLand(-100, 40));
    assert.ok(isLand(0, -80), "Antarctica has the pole inside");
    assert.ok(isLand(179.5, 67.5) && isLand(-175, 66.5), "Chukotka, on both sides of the antimeridian");
  });

  test("is small", () => {
    assert.ok(JSON.stringify(topology).length < 260_000);
  });
});

describe("moving parts of countries", () => {
  const square = (/** @type {number} */ x) => [
    [x, 0],
    [1, 0],
    [0, 1],
    [-1, 0],
    [0, -1],
  ];
  const world = {
    type: "Topology",
    transform: { scale: [1, 1], translate: [0, 0] },
    arcs: [square(0), square(10), square(20)],
    objects: {
      countries: {
        type: "GeometryCollection",
        geometries: [
          { type: "MultiPolygon", properties: { name: "One" }, arcs: [[[0]], [[1]]] },
          { type: "Polygon", properties: { name: "Other" }, arcs: [[2]] },
        ],
      },
    },
  };
  const box = { west: 9, south: -1, east: 12, north: 2 };
  const arcs = (/** @type {any} */ topology) =>
    topology.objects.countries.geometries.map((/** @type {any} */ country) => country.arcs);

  test("parts completely inside the box move to the other country", () => {
    assert.deepEqual(arcs(moveParts(world, [{ name: "part", from: "One", to: "Other", box }])), [
      [[[0]]],
      [[[2]], [[1]]],
    ]);
  });

  test("without a box the whole country moves", () => {
    assert.deepEqual(arcs(moveParts(world, [{ name: "all", from: "One", to: "Other" }])), [[], [[[2]], [[0]], [[1]]]]);
  });

  test("an unknown country and an empty box are errors", () => {
    assert.throws(() => moveParts(world, [{ name: "part", from: "On", to: "Other" }]), /part: from is "On"/);
    assert.throws(
      () => moveParts(world, [{ name: "part", from: "Other", to: "One", box }]),
      /part: no part of Other lies in the box/,
    );
  });
});

describe("simplification", () => {
  const line = [
    [0, 0],
    [1, 0.01],
    [2, -0.01],
    [3, 1],
    [4, 0],
  ];

  test("vertices within the tolerance are removed, the ends stay", () => {
    assert.deepEqual(
      simplifyLine(line, () => 0.1),
      [line[0], line[2], line[3], line[4]],
    );
    assert.deepEqual(
      simplifyLine(line, () => 5),
      [line[0], line[4]],
    );
  });

  test("with a tolerance of 0 every vertex stays", () => {
    assert.deepEqual(
      simplifyLine(line, () => 0),
      line,
    );
    assert.deepEqual(
      simplifyLine(line, ([x = 0]) => (x < 1.5 ? 0 : 5)),
      [line[0], line[1], line[4]],
    );
  });
});
