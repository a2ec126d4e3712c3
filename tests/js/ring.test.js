import assert from "node:assert/strict";
import { test } from "node:test";
import { looksAlike } from "../../static/js/map/ring.js";
import { TILE_PX } from "../../static/js/lib/mercator.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../../static/js/lib/grid.js";

/** @import { Ringed } from "../../static/js/map/ring.js" */

/**
 * @param {number} longitude
 * @param {number} latitude
 * @param {Partial<Ringed>} [more]
 * @returns {Ringed}
 */
function ringAt(longitude, latitude, more) {
  return {
    longitude,
    latitude,
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    precisionM: 100,
    days: { from: 20_000, to: 20_001 },
    verification: "geolocated",
    side: "red",
    actor: null,
    category: "clash",
    ...more,
  };
}

const event = ringAt(37.128791, 48.250572);
const outline = ringAt(longitudeOf(gridX(37.128791)), latitudeOf(gridY(48.250572)));
const at = (/** @type {number} */ zoom) => ({ worldPx: TILE_PX * 2 ** zoom });

test("an event looks like its outline, except at the highest zooms", () => {
  assert.ok(looksAlike(outline, event, at(12)));
  assert.ok(looksAlike(outline, event, at(16)));
  assert.ok(!looksAlike(ringAt(37.1288, 48.2505), event, at(19)));
});

test("another position, precision, day or kind looks different, and so may every shape", () => {
  assert.ok(!looksAlike(ringAt(37.13, 48.250572), event, at(12)));
  for (const more of /** @type {Partial<Ringed>[]} */ ([
    { precisionM: 50 },
    { days: { from: 20_000, to: 20_002 } },
    { side: "blue" },
    { verification: "disputed" },
    {
      geometry: {
        type: "LineString",
        coordinates: [
          [37, 48],
          [38, 48],
        ],
      },
    },
  ])) {
    assert.ok(!looksAlike(ringAt(37.128791, 48.250572, more), event, at(12)), JSON.stringify(more));
  }
});
