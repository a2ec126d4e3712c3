/**
 * Finished choices: what "Back" undoes. Dragging, playing and moving the map call `set` of the
 * store instead, and share the history entry of the last choice.
 *
 * @import { State, Store } from "../types.js"
 */

/**
 * Changes the state and adds a history entry (see follow-address.js).
 *
 * @param {Store} store
 * @param {Partial<State>} patch
 */
export function choose(store, patch) {
  store.set({ ...patch, choices: store.get().choices + 1 });
}
