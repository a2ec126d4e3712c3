/**
 * The failures that the reader sees, one for each part of the page, so that none hides another.
 *
 * @import { Problem, Store } from "../types.js"
 */

/**
 * Shows the failure of a part, or removes it.
 *
 * @param {Store} store
 * @param {string} part what failed: "events", "line deepstate"
 * @param {Problem | null} problem null: none any more
 */
export function setProblem(store, part, problem) {
  const { [part]: before = null, ...others } = store.get().problems;
  if (before !== problem) store.set({ problems: problem ? { ...others, [part]: problem } : others });
}
