import assert from "node:assert/strict";
import { test } from "node:test";
import { boundsOf, distanceM, lengthM, middleOf, overlap, paths } from "../../static/js/lib/shape.js";

/** @import { Geometry } from "geojson" */

/** The E50 from Pokrovsk to Pavlohrad. */
const road = [
  [37.17706, 48.28014],
  [37.0806, 48.3],
  [36.71598, 48.40061],
  [36.43061, 48.46353],
  [36.35367, 48.48872],
  [36.12173, 48.50188],
  [35.86878, 48.53214],
];

test("distances are ellipsoidal and equal those of GeographicLib", () => {
  /** @type {[from: number[], to: number[], metres: number][]} */
  const vectors = [
    [[25.7593, 48.9865], [25.76077, 48.98739], 146.2],
    [[22.3106, 43.1448], [21.56971, 42.73583], 75636.4],
    [[34.4282, 43.7043], [34.54084, 43.58144], 16399.2],
    [[39.7117, 52.6675], [39.71148, 52.66741], 17.9],
    [[24.262, 52.467], [29.64871, 52.92693], 367664.6],
    [[37, 48], [38, 48], 74624.8],
    [[37, 48], [37, 49], 111200.0],
  ];
  for (const [from, to, metres] of vectors) {
    assert.ok(Math.abs(distanceM(from, to) - metres) < 0.2, `${from} to ${to}: ${distanceM(from, to)}`);
    assert.equal(distanceM(from, to), distanceM(to, from));
  }
  assert.equal(distanceM([37, 48], [37, 48]), 0);
  assert.ok(Math.abs(distanceM([-70, -33], [151.2, -33.9]) - 11_442_890) < 20);
  assert.ok(Number.isFinite(distanceM([0, 0], [180, 0])));
});

test("the length of a road is known", () => {
  assert.ok(Math.abs(lengthM(road) - 101_519.5) < 1);
  assert.equal(lengthM([]), 0);
});

test("the middle of a line is half-way along it, of an area in its box, of a point at the point", () => {
  const [longitude, latitude] = middleOf({ type: "LineString", coordinates: road });
  assert.ok(longitude > 36.43 && longitude < 36.72);
  assert.ok(latitude > 48.4 && latitude < 48.47);
  assert.deepEqual(middleOf({ type: "Point", coordinates: [37, 48, 120] }), [37, 48]);
  /** @type {Geometry} */
  const area = { type: "Polygon", coordinates: [[[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]]] }; // prettier-ignore
  assert.deepEqual(middleOf(area), [2, 1]);
  assert.deepEqual(boundsOf(area), [0, 0, 4, 2]);
});

test("the middle of several lines is on the longest; a line without length has a middle too", () => {
  const lines = [[[0, 0], [1, 0]], [[10, 0], [14, 0]]]; // prettier-ignore
  const [longitude, latitude] = middleOf({ type: "MultiLineString", coordinates: lines });
  assert.ok(Math.abs(longitude - 12) < 1e-9);
  assert.equal(latitude, 0);
  assert.deepEqual(middleOf({ type: "LineString", coordinates: [[5, 6], [5, 6]] }), [5, 6]); // prettier-ignore
});

test("every kind of geometry has paths", () => {
  /** @type {Geometry} */
  const collection = {
    type: "GeometryCollection",
    geometries: [
      { type: "Point", coordinates: [1, 2] },
      { type: "MultiPoint", coordinates: [[3, 4], [5, 6]] }, // prettier-ignore
      { type: "MultiPolygon", coordinates: [[[[0, 0], [1, 0], [0, 1], [0, 0]]]] }, // prettier-ignore
    ],
  };
  assert.deepEqual(
    paths(collection).map((path) => path.length),
    [1, 1, 1, 4],
  );
});

test("boxes overlap in every turn of the globe", () => {
  assert.ok(overlap([0, 0, 2, 2], [2, 2, 3, 3]));
  assert.ok(!overlap([0, 0, 2, 2], [2.1, 0, 3, 2]));
  assert.ok(!overlap([0, 0, 2, 2], [0, 3, 2, 4]));
  assert.ok(overlap([-171, 0, -169, 1], [188, 0, 192, 1]));
  assert.ok(overlap([37, 48, 37, 48], [-325, 47, -320, 49]));
  assert.ok(overlap([170, 0, 170, 0], [-200, -10, 160, 10]) === true);
});
