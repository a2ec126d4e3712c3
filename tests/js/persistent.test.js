import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, mock, test } from "node:test";
import { Failure } from "../../static/js/data/fetch-json.js";
import { loadPersistently, noticeTeller } from "../../static/js/data/persistent.js";
import { createTranslate } from "../../static/js/lib/messages.js";
import { setProblem } from "../../static/js/state/problems.js";
import { createStore } from "../../static/js/state/store.js";
import { openingState } from "../../static/js/state/url.js";
import { CONFIG } from "./support/columns.js";

const t = createTranslate({}, "en");
const settle = async () => {
  for (let n = 0; n < 5; n++) await Promise.resolve();
};
const busy = (retryAfterS = 0) => new Failure("refused", { status: 503, detail: "Busy.", retryAfterS });

describe("a load that fails", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  /** @param {unknown[]} outcomes errors are thrown, other values returned */
  function started(outcomes) {
    const store = createStore(openingState({}, CONFIG));
    const load = mock.fn(async () => {
      const outcome = outcomes.shift();
      if (outcome instanceof Error) throw outcome;
      return outcome;
    });
    const tell = noticeTeller({ store, part: "names", what: "No names.", t });
    return { store, load, loaded: loadPersistently(load, tell), problem: () => store.get().problems["names"] };
  }

  test("is repeated, less and less often, and says so", async () => {
    const { load, loaded, problem } = started([busy(), busy(), "names"]);
    await settle();
    assert.equal(problem()?.what, "No names.");
    assert.equal(problem()?.why, "Busy. Trying again in 2 seconds.");
    mock.timers.tick(2000);
    await settle();
    assert.equal(problem()?.why, "Busy. Trying again in 4 seconds.");
    mock.timers.tick(3999);
    assert.equal(load.mock.callCount(), 2);
    mock.timers.tick(1);
    assert.equal(await loaded, "names");
    assert.equal(problem(), undefined);
  });

  test("waits as long as the server asks", async () => {
    const { load, problem } = started([busy(30), "names"]);
    await settle();
    assert.match(problem()?.why ?? "", /30 seconds/);
    mock.timers.tick(29_999);
    assert.equal(load.mock.callCount(), 1);
    mock.timers.tick(1);
    assert.equal(load.mock.callCount(), 2);
  });

  test("can be repeated at once by the reader", async () => {
    const { loaded, problem, store } = started([busy(30), "names"]);
    await settle();
    const { retry } = problem() ?? {};
    setProblem(store, "names", null); // as the notice does
    retry?.();
    assert.equal(await loaded, "names");
  });

  test("is not repeated by itself if the server refuses the request", async () => {
    const { load, problem } = started([new Failure("refused", { status: 404, detail: "Gone." }), "names"]);
    await settle();
    assert.equal(problem()?.why, "Gone.");
    mock.timers.tick(600_000);
    assert.equal(load.mock.callCount(), 1);
    assert.ok(problem()?.retry);
  });

  test("stays unsaid after the reader closed the message", async () => {
    const { load, problem, store } = started([busy(), busy(), "names"]);
    await settle();
    setProblem(store, "names", null);
    mock.timers.tick(2000);
    await settle();
    assert.equal(load.mock.callCount(), 2);
    assert.equal(problem(), undefined);
  });
});

test("the failure of one part does not hide that of another", () => {
  const store = createStore(openingState({}, CONFIG));
  const problem = (/** @type {string} */ what) => ({ what, why: "", retry: null });
  setProblem(store, "events", problem("No events."));
  setProblem(store, "line ours", problem("No line."));
  assert.deepEqual(Object.keys(store.get().problems), ["events", "line ours"]);
  setProblem(store, "events", null);
  assert.deepEqual(Object.keys(store.get().problems), ["line ours"]);
});
