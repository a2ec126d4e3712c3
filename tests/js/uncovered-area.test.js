import assert from "node:assert/strict";
import { test } from "node:test";
import { freeRoom, viewWith } from "../../static/js/ui/uncovered-area.js";

/** @import { Bounds } from "../../static/js/types.js" */

const map = { left: 0, top: 0, right: 1280, bottom: 800 };
const panel = { left: 906, top: 14, right: 1266, bottom: 650 };
const dock = { left: 14, top: 664, right: 1266, bottom: 786 };
const nothing = { left: 0, top: 0, right: 0, bottom: 0 };

test("panels at a side reduce the width, panels across reduce the height", () => {
  assert.deepEqual(freeRoom(map, [panel, dock]), { left: 0, top: 0, right: 906, bottom: 664 });
  assert.deepEqual(freeRoom(map, [{ left: 0, top: 0, right: 1280, bottom: 60 }]), { ...map, top: 60 });
  assert.deepEqual(freeRoom(map, [{ left: 0, top: 100, right: 300, bottom: 500 }]), { ...map, left: 300 });
});

test("DOMRect objects with getters are accepted", () => {
  class Rectangle {
    get left() { return 0; } // prettier-ignore
    get top() { return 0; } // prettier-ignore
    get right() { return 1280; } // prettier-ignore
    get bottom() { return 800; } // prettier-ignore
  }
  assert.deepEqual(freeRoom(new Rectangle(), [panel]), { left: 0, top: 0, right: 906, bottom: 800 });
});

test("hidden, distant and covering rectangles reduce nothing", () => {
  assert.deepEqual(freeRoom(map, [nothing, { left: 2000, top: 0, right: 2100, bottom: 800 }]), map);
  assert.deepEqual(freeRoom(map, [{ left: -10, top: -10, right: 2000, bottom: 2000 }]), map);
});

test("a visible position does not move the map; a covered one is moved to the centre of the uncovered area", () => {
  /** @type {Bounds} */
  const bounds = [37, 48, 38, 48.4];
  const view = { longitude: 37.5, latitude: 48.2, zoom: 10.4 };
  const free = freeRoom(map, [panel]);
  assert.equal(viewWith({ longitude: 37.3, latitude: 48.2 }, view, bounds, map, free), null);
  const moved = viewWith({ longitude: 37.9, latitude: 48.2 }, view, bounds, map, free);
  assert.ok(moved);
  // The position is then at the centre of the uncovered 906 pixels.
  assert.ok(Math.abs((37.9 - moved.longitude) * 1280 + 640 - 453) < 0.5);
  assert.equal(moved.zoom, view.zoom);
  assert.ok(Math.abs(moved.latitude - 48.2) < 1e-9);
});

test("the map moves to a distant position on the shorter way around the globe", () => {
  const view = { longitude: 397.5, latitude: 48.2, zoom: 10 };
  const moved = viewWith({ longitude: 36, latitude: 49 }, view, [397, 48, 398, 48.4], map, map);
  assert.ok(moved);
  assert.ok(Math.abs(moved.longitude - 396) < 1e-9);
  assert.ok(Math.abs(moved.latitude - 49) < 1e-9);
});
