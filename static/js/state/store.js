/**
 * The store: the state of the page.
 *
 * @import { State, Store } from "../types.js"
 */

/** Limit against an endless loop, when watchers keep changing the state. */
const MOST_ROUNDS = 100;

/**
 * Creates the store. `set` changes the state; watchers run once after each change, in the order of
 * their creation. A watcher may call `set`: the state changes at once, and the watchers run again
 * after the current round. An exception in one watcher does not stop the others.
 *
 * @param {State} initial
 * @returns {Store}
 */
export function createStore(initial) {
  let state = Object.freeze({ ...initial });
  /** @type {Set<() => void>} */
  const watchers = new Set();
  let notifying = false;
  let changed = false;

  function notify() {
    if (notifying) return;
    notifying = true;
    try {
      for (let round = 0; changed; round++) {
        if (round === MOST_ROUNDS) throw new Error("the watchers of the store never settle");
        changed = false;
        for (const watcher of [...watchers]) if (watchers.has(watcher)) watcher();
      }
    } finally {
      notifying = false;
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
