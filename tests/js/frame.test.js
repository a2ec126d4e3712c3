import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { afterPause, oncePerFrame } from "../../static/js/lib/frame.js";

/** @type {(() => void)[]} */
let requested = [];

beforeEach(() => {
  requested = [];
  globalThis.requestAnimationFrame = (run) => requested.push(/** @type {() => void} */ (run));
  globalThis.reportError = () => {};
});

/** Prepares a frame. */
function frame() {
  const runs = requested;
  requested = [];
  for (const run of runs) run();
}

test("what a frame schedules still belongs to it, and runs once", () => {
  /** @type {string[]} */
  const ran = [];
  const text = oncePerFrame(() => ran.push("text"));
  const map = oncePerFrame(() => {
    ran.push("map");
    text.schedule();
    text.schedule();
  });
  const drag = oncePerFrame(() => {
    ran.push("drag");
    map.schedule();
    drag.schedule(); // a drag at the edge goes on
  });
  drag.schedule();
  frame();
  assert.deepEqual(ran, ["drag", "map", "text"]);
  frame();
  assert.deepEqual(ran, ["drag", "map", "text", "drag", "map", "text"]);
  drag.cancel();
  frame();
  assert.equal(ran.length, 6);
  assert.equal(requested.length, 0);
});

test("an exception does not stop the others of the frame", () => {
  let ran = 0;
  oncePerFrame(() => {
    throw new Error("broken");
  }).schedule();
  oncePerFrame(() => ran++).schedule();
  frame();
  assert.equal(ran, 1);
});

test("what waits for a pause runs once, after the last call", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let ran = 0;
  const called = afterPause(200, () => ran++);
  called();
  mock.timers.tick(150);
  called();
  mock.timers.tick(150);
  assert.equal(ran, 0);
  mock.timers.tick(50);
  assert.equal(ran, 1);
  mock.timers.reset();
});
