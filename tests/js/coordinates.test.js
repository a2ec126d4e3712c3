import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { formatDecimal, formatDms, notations } from "../../static/js/lib/coordinates.js";
import { formatMgrs } from "../../static/js/lib/mgrs.js";

/** Longitude, latitude and the reference that the Python package `mgrs` (GEOTRANS) gives. */
const vectors = JSON.parse(readFileSync(new URL("vectors/mgrs.json", import.meta.url), "utf8"));

test("the Military Grid agrees with GEOTRANS, digit by digit", () => {
  assert.ok(vectors.length > 70);
  for (const [longitude, latitude, reference] of vectors) {
    assert.equal(formatMgrs(longitude, latitude)?.replaceAll(" ", ""), reference, `${longitude}, ${latitude}`);
  }
});

test("a grid reference has spaces", () => {
  assert.equal(formatMgrs(37.12966, 48.24819), "37U CP 61154 45577");
});

test("longitudes are normalised to one turn of the globe", () => {
  assert.equal(formatMgrs(37.12966 + 360, 48.24819), formatMgrs(37.12966, 48.24819));
  assert.equal(formatMgrs(180, 10), formatMgrs(-180, 10));
});

test("positions near the poles and invalid positions have no grid reference", () => {
  assert.equal(formatMgrs(20, 84.1), null);
  assert.equal(formatMgrs(20, -80.1), null);
  assert.equal(formatMgrs(NaN, 48), null);
  assert.equal(formatMgrs(20, NaN), null);
  assert.deepEqual(
    notations(20, 85).map(({ kind }) => kind),
    ["decimal", "dms"],
  );
});

test("decimal degrees have the latitude first and no negative zero", () => {
  assert.equal(formatDecimal(37.12966, 48.24819), "48.24819, 37.12966");
  assert.equal(formatDecimal(-0.0000001, -0.0000001), "0.00000, 0.00000");
  assert.equal(formatDecimal(-58.4, -34.6), "-34.60000, -58.40000");
});

test("minutes and seconds are carried and never reach sixty", () => {
  assert.equal(formatDms(37.12966, 48.24819), "48°14′53.5″N 37°07′46.8″E");
  assert.equal(formatDms(-0.99999999, 59.99999999), "60°00′00.0″N 1°00′00.0″W");
  assert.equal(formatDms(-180, -90), "90°00′00.0″S 180°00′00.0″W");
  assert.equal(formatDms(-0.000001, -0.000001), "0°00′00.0″N 0°00′00.0″E");
});
