/**
 * The state of the page, in one place.
 *
 * @import { State, Store } from "../types.js"
 */

/**
 * A watcher that answers every change with another would go round for ever; a page settles within a
 * few rounds.
 */
const MOST_ROUNDS = 100;

/**
 * Makes the store. Input calls `set`; watchers are called once after each change, in the order in
 * which they were made. A watcher may call `set` itself: the change is taken at once, and told when
 * the round is over. A watcher that throws keeps nobody else from hearing.
 *
 * @param {State} initial
 * @returns {Store}
 */
export function createStore(initial) {
  let state = Object.freeze({ ...initial });
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let telling = false;
  let changed = false;

  function notify() {
    if (telling) return;
    telling = true;
    try {
      for (let round = 0; changed; round++) {
        if (round === MOST_ROUNDS) throw new Error("the watchers of the store never settle");
        changed = false;
        for (const watcher of [...watchers]) if (watchers.has(watcher)) watcher();
      }
    } finally {
      telling = false;
      changed = false;
    }
  }

  return {
    get: () => state,

    set(patch) {
      const keys = /** @type {(keyof State)[]} */ (Object.keys(patch));
      if (keys.every((key) => Object.is(patch[key], state[key]))) return;
      state = Object.freeze({ ...state, ...patch });
      changed = true;
      notify();
    },

    watch(select, run) {
      let before = select(state);
      const watcher = () => {
        const now = select(state);
        if (Object.is(now, before)) return;
        const earlier = before;
        before = now;
        try {
          run(now, earlier);
        } catch (error) {
          reportError(error);
        }
      };
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
}
