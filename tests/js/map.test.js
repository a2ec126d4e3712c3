import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dayIndexOf } from "../../static/js/data/day-index.js";
import { pointsIn } from "../../static/js/data/in-box.js";
import { latitudeOf, longitudeOf } from "../../static/js/lib/grid.js";
import { distanceM } from "../../static/js/lib/shape.js";
import { hitAt } from "../../static/js/map/hit.js";
import { colourProperty, mix } from "../../static/js/lib/colours.js";
import { createPalette } from "../../static/js/map/palette.js";
import { TILE_PX, discRing, mercatorX, mercatorY, metresToPixels } from "../../static/js/lib/mercator.js";
import { createScenes } from "../../static/js/map/scene.js";
import { toDay, toIso } from "../../static/js/time/day.js";
import { columnsOf, randomFrom } from "./support/columns.js";

/** Discs are drawn on a sphere; distances are measured on the ellipsoid. */
const SPHERE = 0.006;

describe("metres and positions on the map", () => {
  test("the corners of the world have known pixels", () => {
    assert.equal(mercatorX(-180), 0);
    assert.equal(mercatorX(180), 1);
    assert.ok(Math.abs(mercatorY(0) - 0.5) < 1e-12);
    assert.ok(Math.abs(mercatorY(85.0511287798066)) < 1e-9);
    assert.ok(Math.abs(mercatorY(-90) - 1) < 1e-9);
  });

  test("a kilometre at 48° has one and a half times as many pixels as at the equator", () => {
    const ratio = metresToPixels(1000, 48, 10) / metresToPixels(1000, 0, 10);
    assert.ok(Math.abs(ratio - 1 / Math.cos((48 * Math.PI) / 180)) < 1e-9);
  });

  test("pixels agree with the projection", () => {
    const north = mercatorY(48.25) * TILE_PX * 2 ** 12;
    const south = mercatorY(48.24) * TILE_PX * 2 ** 12;
    assert.ok(Math.abs(south - north - metresToPixels(distanceM([37, 48.25], [37, 48.24]), 48.245, 12)) < 44 * SPHERE);
  });

  for (const [longitude, latitude, radius] of /** @type {const} */ ([
    [37.1, 48.27, 100],
    [37.1, 48.27, 5000],
    [37.1, 68, 250_000],
    [179.99, -10, 40_000],
  ])) {
    test(`all points on the edge of a disc have the same distance: ${radius} m at ${latitude}°`, () => {
      const ring = discRing(longitude, latitude, radius);
      assert.deepEqual(ring[0], ring.at(-1));
      for (const place of ring) {
        assert.ok(Math.abs(distanceM([longitude, latitude], place) - radius) < radius * SPHERE);
        assert.ok(Math.abs(place[0] - longitude) < 90, "the ring does not jump round the world");
      }
    });
  }
});

/** @param {number} longitude @param {number} latitude @param {number} zoom */
function frameAround(longitude, latitude, zoom, width = 800, height = 600) {
  const worldPx = TILE_PX * 2 ** zoom;
  return {
    zoom,
    width,
    height,
    worldPx,
    left: mercatorX(longitude) * worldPx - width / 2,
    top: mercatorY(latitude) * worldPx - height / 2,
    scale: 1,
  };
}

const WINDOW = { from: toDay("2025-07-01"), to: toDay("2025-08-01") };

/** @param {Parameters<typeof columnsOf>[0]} rows @param {ReturnType<typeof frameAround>} frame */
function sceneOf(rows, frame, window = WINDOW) {
  const columns = columnsOf(rows);
  return createScenes(columns, dayIndexOf(columns)).gather(new Uint8Array(columns.count).fill(1), window, frame);
}

test("hit tests near the pointer equal those of the whole scene, also across the antimeridian", () => {
  const random = randomFrom(11);
  const rows = Array.from({ length: 400 }, (_, n) => {
    const [longitude, latitude] = [178 + random() * 4, 10 + random() * 2];
    /** @type {import("geojson").LineString} */
    const geometry = { type: "LineString", coordinates: [[longitude, latitude], [longitude + 0.3, latitude]] }; // prettier-ignore
    return {
      day: toIso(toDay("2025-06-20") + Math.floor(n / 8)),
      days: random() < 0.1 ? 12 : 1,
      longitude: longitude > 180 ? longitude - 360 : longitude,
      latitude,
      ...(n % 40 === 3 && { geometry }),
    };
  });
  const columns = columnsOf(rows);
  const mask = Uint8Array.from(rows, () => Number(random() < 0.8));
  const selection = { columns, mask, count: 0 };
  const scenes = createScenes(columns, dayIndexOf(columns));
  let found = 0;
  for (const turn of [-360, 0, 360]) {
    const frame = frameAround(180 + turn, 11, 9);
    for (let n = 0; n < 60; n++) {
      const [x, y] = [Math.floor(random() * frame.width), Math.floor(random() * frame.height)];
      const near = { ...frame, left: frame.left + x - 30, top: frame.top + y - 30, width: 60, height: 60 };
      const whole = hitAt(scenes.gather(mask, WINDOW, near), 30, 30, 30);
      const there = scenes.gatherNear(selection, WINDOW, near);
      const details = `${turn} ${x} ${y}`;
      assert.deepEqual(hitAt(there, 30, 30, 30), whole, details);
      if (!whole) continue;
      found++;
      const [longitude, latitude] = [longitudeOf(columns.x[whole.row] ?? NaN), latitudeOf(columns.y[whole.row] ?? NaN)];
      /** @type {import("../../static/js/types.js").Bounds} some three pixels around it */
      const spot = [longitude - 0.008, latitude - 0.008, longitude + 0.008, latitude + 0.008];
      if (!whole.shape)
        assert.deepEqual(pointsIn(selection, WINDOW, spot, there.points), pointsIn(selection, WINDOW, spot), details);
    }
  }
  assert.ok(found > 20, `${found} hits`);
});

test("a window that goes on moving within a view has the scene of a view just opened", () => {
  const random = randomFrom(5);
  const rows = Array.from({ length: 600 }, (_, n) => ({
    day: toIso(toDay("2025-06-01") + Math.floor(n / 6)),
    days: random() < 0.1 ? 9 : 1,
    longitude: -180 + random() * 360,
    latitude: random() * 60,
    ...(random() < 0.1 && { precisionM: 300_000 }),
  }));
  const columns = columnsOf(rows);
  const mask = Uint8Array.from(rows, () => Number(random() < 0.8));
  const index = dayIndexOf(columns);
  for (const frame of [frameAround(30, 40, 3), frameAround(178, 20, 4), frameAround(0, 0, 0, 1200, 600)]) {
    const moving = createScenes(columns, index);
    for (let step = 0; step < 40; step++) {
      const from = toDay("2025-06-01") + step;
      const window = { from, to: from + 50 };
      const scene = moving.gather(mask, window, frame);
      const fresh = createScenes(columns, index).gather(mask, window, frame);
      assert.ok(fresh.marks.count > 10, `${fresh.marks.count} marks`);
      assert.ok(fresh.discs.count > 0, `${fresh.discs.count} circles`);
      for (const kind of /** @type {const} */ (["marks", "discs"])) {
        const [rowsOf, expected] = [scene, fresh].map((one) => one[kind].row.slice(0, one[kind].count));
        assert.deepEqual(rowsOf, expected, `${kind}, ${frame.zoom}, ${step}`);
      }
    }
  }
});

describe("the scene of the map", () => {
  const frame = frameAround(37, 48, 11);

  test("has marks only for events in the view and the window", () => {
    const { marks } = sceneOf(
      [{ day: "2025-06-30" }, { day: "2025-07-01" }, { day: "2025-07-02", longitude: 20 }, { day: "2025-08-01" }],
      frame,
    );
    assert.equal(marks.count, 1);
    assert.deepEqual([marks.row[0], Math.round(marks.x[0] ?? 0), Math.round(marks.y[0] ?? 0)], [1, 400, 300]);
  });

  test("includes events that began before the window and last into it", () => {
    const { marks } = sceneOf(
      [
        { day: "2025-06-01", days: 31 },
        { day: "2025-06-02", days: 2 },
      ],
      frame,
    );
    assert.deepEqual([...marks.row.slice(0, marks.count)], [0]);
  });

  test("has one mark with a count for events at one position, the newest on top", () => {
    const rows = Array.from({ length: 3493 }, () => ({ day: "2025-07-01" }));
    const { marks } = sceneOf(rows, frame);
    assert.equal(marks.count, 1);
    assert.deepEqual([marks.row[0], marks.crowd[0]], [3492, 3493]);
  });

  test("has a circle for each precision at one position, also below events of unknown precision", () => {
    const { marks, discs } = sceneOf(
      [
        { day: "2025-07-01", precisionM: 2000 },
        { day: "2025-07-02", precisionM: 100 },
        { day: "2025-07-03", precisionM: 2000 },
        { day: "2025-07-04" },
        { day: "2025-07-05", longitude: 37.1, precisionM: 100 },
      ],
      frame,
    );
    const found = Array.from({ length: discs.count }, (_, n) => [discs.row[n], discs.precisionM[n]]);
    assert.deepEqual(found, [[2, 2000], [1, 100], [4, 100]]); // prettier-ignore
    assert.deepEqual([...marks.unknown.slice(0, marks.count)], [1, 0], "the first mark also has an unknown precision");
    assert.deepEqual([...marks.doubtful.slice(0, marks.count)], [0, 0]);
    assert.deepEqual([marks.crowd[0], marks.row[0]], [4, 3]);
  });

  test("keeps the widest circle of a position with very many precisions", () => {
    const rows = Array.from({ length: 500 }, (_, n) => ({ day: "2025-07-01", precisionM: 1 + ((n * 7) % 200) }));
    const { discs } = sceneOf(rows, frame);
    assert.ok(discs.count < 50);
    assert.equal(Math.max(...discs.precisionM.slice(0, discs.count)), 200);
  });

  test("has the circles that reach the canvas from events outside, without marks", () => {
    // The canvas is 0.55° wide, so 400 pixels are 20 km at 48° N.
    const px = (/** @type {number} */ metres, latitude = 48) => metresToPixels(metres, latitude, 11);
    const day = "2025-07-01";
    const { marks, discs } = sceneOf(
      [
        { day, longitude: 37.4, precisionM: 5000 }, // 9 km east of the edge: too far
        { day, longitude: 37.4, precisionM: 10_000 },
        { day, longitude: 37.4, precisionM: 10_000 },
        { day, longitude: 37.4 }, // of unknown precision
        { day, longitude: 37, latitude: 48.4, precisionM: 30_000 },
        { day, longitude: 20, precisionM: 100_000 },
        { day, longitude: 37, precisionM: 50 },
      ],
      frame,
    );
    assert.deepEqual([marks.count, marks.row[0]], [1, 6]);
    const found = Array.from({ length: discs.count }, (_, n) => [discs.row[n], Math.round(discs.reach[n] ?? 0)]);
    assert.deepEqual(found, [[2, px(10_000)], [4, px(30_000, 48.4)], [6, px(50)]].map(([row, reach = 0]) => [row, Math.round(reach)])); // prettier-ignore
    assert.ok((discs.x[0] ?? 0) > 800 && (discs.y[1] ?? 0) < 0);
  });

  test("has a bounded number of circles from outside, and few that contain the whole canvas", () => {
    const rows = Array.from({ length: 3000 }, (_, n) => ({
      day: "2025-07-01",
      longitude: 37.4 + n * 1e-5,
      precisionM: n % 2 ? 10_000 : 200_000,
    }));
    const { discs } = sceneOf(rows, frame);
    const reaches = discs.reach.slice(0, discs.count);
    assert.ok(discs.count > 100 && discs.count <= 512, `${discs.count} circles`);
    assert.ok(reaches.filter((reach) => reach > 2000).length <= 4);
  });

  test("has the circles from outside in each copy of the world, and none of the far side", () => {
    const far = sceneOf([{ day: "2025-07-01", longitude: -179.7, precisionM: 20_000 }], frameAround(179.9, 48, 11));
    assert.deepEqual([far.marks.count, far.discs.count], [0, 1]);
    assert.ok((far.discs.x[0] ?? 0) > 800);
    assert.equal(sceneOf([{ day: "2025-07-01", longitude: 0, precisionM: 20_000 }], frameAround(180, 48, 11)).discs.count, 0); // prettier-ignore
  });

  test("grows its buffers for many positions", () => {
    const rows = Array.from({ length: 5000 }, (_, n) => ({
      day: "2025-07-01",
      longitude: 36.9 + (n % 100) * 0.002,
      latitude: 47.9 + Math.floor(n / 100) * 0.004,
    }));
    const { marks } = sceneOf(rows, frame);
    let sum = 0;
    for (let n = 0; n < marks.count; n++) sum += marks.crowd[n] ?? 0;
    assert.equal(sum, 5000);
  });

  test("repeats a small world across the view", () => {
    const { marks } = sceneOf([{ day: "2025-07-01", longitude: 0, latitude: 0 }], frameAround(0, 0, 0, 800, 600));
    assert.deepEqual([...marks.x.slice(0, marks.count)], [144, 400, 656]);
  });

  test("has the same events after the map was dragged around the globe", () => {
    const { marks } = sceneOf([{ day: "2025-07-01" }], frameAround(37 + 720, 48, 8));
    assert.deepEqual([marks.count, Math.round(marks.x[0] ?? 0)], [1, 400]);
  });

  test("does not draw a line across the antimeridian around the world", () => {
    const geometry = /** @type {import("geojson").LineString} */ ({
      type: "LineString",
      coordinates: [
        [179, 0],
        [-179, 0],
      ],
    });
    const { shapes } = sceneOf([{ day: "2025-07-01", longitude: 180, latitude: 0, geometry }], frameAround(180, 0, 6));
    const [path = new Float32Array()] = shapes[0]?.paths ?? [];
    assert.ok(Math.abs((path[2] ?? 0) - (path[0] ?? 0)) < 100);
  });

  test("has a precision band for a line", () => {
    const geometry = /** @type {import("geojson").LineString} */ ({
      type: "LineString",
      coordinates: [
        [36.9, 48],
        [37.1, 48],
      ],
    });
    const { shapes, marks } = sceneOf([{ day: "2025-07-01", precisionM: 5000, geometry }], frame);
    assert.equal(marks.count, 0);
    assert.ok(Math.abs((shapes[0]?.bandPx ?? 0) - metresToPixels(5000, 48, 11)) < 1e-4);
  });

  test("has no band for a line of unknown precision", () => {
    const geometry = /** @type {import("geojson").LineString} */ ({ type: "LineString", coordinates: [[36.9, 48], [37.1, 48]] }); // prettier-ignore
    assert.equal(sceneOf([{ day: "2025-07-01", geometry }], frame).shapes[0]?.bandPx, null);
  });

  test("excludes filtered events", () => {
    const columns = columnsOf([{ day: "2025-07-01" }]);
    const { marks } = createScenes(columns, dayIndexOf(columns)).gather(new Uint8Array(1), WINDOW, frame);
    assert.equal(marks.count, 0);
  });
});

describe("hit test", () => {
  const frame = frameAround(37, 48, 11);
  const square = /** @type {import("geojson").Polygon} */ ({
    type: "Polygon",
    coordinates: [
      [
        [36.9, 47.95],
        [37.1, 47.95],
        [37.1, 48.05],
        [36.9, 48.05],
        [36.9, 47.95],
      ],
      [
        [36.98, 47.99],
        [37.02, 47.99],
        [37.02, 48.01],
        [36.98, 48.01],
        [36.98, 47.99],
      ],
    ],
  });

  test("returns the nearest mark within reach", () => {
    const scene = sceneOf(
      [{ day: "2025-07-01" }, { day: "2025-07-02" }, { day: "2025-07-03", longitude: 37.02 }],
      frame,
    );
    assert.deepEqual(hitAt(scene, 405, 303, 8), { row: 1, shape: false });
    assert.equal(hitAt(scene, 410, 310, 8), null);
    assert.equal(hitAt(scene, 410, 310, 22)?.row, 1);
  });

  test("matches a line by distance and an area by its interior, not by its holes", () => {
    const scene = sceneOf([{ day: "2025-07-01", geometry: square }], frame);
    assert.deepEqual(hitAt(scene, 400 + 40, 300, 8), { row: 0, shape: true });
    assert.equal(hitAt(scene, 400, 300, 8), null);
    assert.equal(hitAt(scene, 400, 300, 40)?.shape, true);
    assert.equal(hitAt(scene, 5, 5, 8), null);
  });
});

describe("colours", () => {
  const columns = columnsOf([
    { day: "2025-07-01", actor: "red", affected: "blue" },
    { day: "2025-07-01", actor: "red" },
    { day: "2025-07-01" },
  ]);
  /** @param {import("../../static/js/types.js").ColourBy} by */
  const coloursBy = (by) => {
    const palette = createPalette(columns, by, (name) => name);
    return [0, 1, 2].map((row) => palette.colours[palette.of(row)]);
  };

  test("the colour by side is that of the affected side, else neutral: never that of the acting side", () => {
    assert.deepEqual(coloursBy("side"), ["--side-blue", "--side-unknown", "--side-unknown"]);
    assert.deepEqual(coloursBy("actor"), ["--side-red", "--side-red", "--side-unknown"]);
  });
  test("a dot in a slug is a hyphen in the name of its colour", () => {
    assert.equal(colourProperty("category", "strike.drone"), "--category-strike-drone");
  });
  test("two colours are mixed", () => assert.equal(mix("#000000", "#ff8000", 0.5), "#804000"));
});
