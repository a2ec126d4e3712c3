import assert from "node:assert/strict";
import { test } from "node:test";
import { clearRoom, freePlace, freeRoom, overlaps, textPlace } from "../../static/js/lib/free-room.js";

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

test("small overlays leave the space around them", () => {
  assert.deepEqual(freeRoom(map, [{ left: 14, top: 14, right: 400, bottom: 60 }]), map);
});

test("a visible mark stays; a covered one moves to the nearest free place", () => {
  const header = { left: 14, top: 14, right: 500, bottom: 60 };
  assert.equal(freePlace({ x: 300, y: 200 }, map, [panel, dock, header], 20), null);
  const beside = freePlace({ x: 1000, y: 300 }, map, [panel, dock, header], 20);
  assert.ok(beside && beside.x <= 886 && beside.x > 860 && Math.abs(beside.y - 300) < 16);
  const below = freePlace({ x: 200, y: 40 }, map, [panel, dock, header], 20);
  assert.ok(below && below.y >= 80 && below.y < 100 && Math.abs(below.x - 200) < 16);
});

test("a mark outside of the map moves to the middle of the free part", () => {
  assert.deepEqual(freePlace({ x: -200, y: 40 }, map, [panel, dock], 20), { x: 453, y: 332 });
});

test("without any free place the mark moves to the middle", () => {
  assert.deepEqual(freePlace({ x: 10, y: 10 }, map, [map], 20), { x: 640, y: 400 });
});

test("a clear room has no overlay at all, and small overlays cost the side that leaves the most", () => {
  const header = { left: 14, top: 14, right: 600, bottom: 60 };
  assert.deepEqual(clearRoom(map, [header]), { left: 0, top: 60, right: 1280, bottom: 800 });
  const zoom = { left: 1230, top: 100, right: 1266, bottom: 170 };
  assert.deepEqual(clearRoom(map, [zoom]), { left: 0, top: 0, right: 1230, bottom: 800 });
  const legend = { left: 14, top: 500, right: 280, bottom: 650 };
  const over = [header, zoom, legend, panel, dock];
  const room = clearRoom(map, over);
  assert.deepEqual(room, { left: 0, top: 60, right: 906, bottom: 500 });
  assert.deepEqual(
    over.filter((cover) => overlaps(cover, room)),
    [],
  );
});

test("hidden and distant overlays cost a clear room nothing, and it is never empty", () => {
  assert.deepEqual(clearRoom(map, [nothing, { left: 2000, top: 0, right: 2100, bottom: 800 }]), map);
  const middle = { left: 600, top: 380, right: 680, bottom: 420 };
  assert.deepEqual(clearRoom(map, [middle]), { left: 0, top: 0, right: 1280, bottom: 380 });
  const whole = { left: -10, top: -10, right: 2000, bottom: 2000 };
  assert.deepEqual(clearRoom(map, [whole]), map, "what covers everything leaves everything");
});

const AWAY = { far: 36, near: 14 };
const TEXT = { width: 200, height: 40 };

test("a text beside the pointer leaves the marks around it visible", () => {
  const over = [panel, dock];
  const at = (/** @type {number} */ x, /** @type {number} */ y) => textPlace({ x, y }, TEXT, map, over, AWAY);
  assert.deepEqual(at(600, 300), { x: 500, y: 224 }, "above");
  assert.deepEqual(at(600, 30), { x: 500, y: 66 }, "below, at the upper edge");
  assert.deepEqual(at(20, 300), { x: 0, y: 224 }, "above, moved into the map");
  assert.deepEqual(at(880, 300), { x: 644, y: 280 }, "left, beside the panel");
  for (let x = 0; x <= 900; x += 60) {
    for (let y = 0; y <= 660; y += 60) {
      const { x: left, y: top } = at(x, y);
      const across = Math.max(left - x, x - left - TEXT.width);
      const down = Math.max(top - y, y - top - TEXT.height);
      assert.ok(Math.max(across, down) >= AWAY.near, `${x}, ${y}: it never covers the mark`);
    }
  }
});

test("without room, the text stands near the pointer, within the width of the map", () => {
  const low = { left: 0, top: 0, right: 260, bottom: 90 };
  assert.deepEqual(textPlace({ x: 130, y: 45 }, TEXT, low, [], AWAY), { x: 60, y: 59 });
});
