/**
 * The items of the list that was open last, for going from one to the next; kept in this tab alone.
 */

const KEY = "desk-trail";

/** @param {string[]} paths */
export function keepTrail(paths) {
  sessionStorage.setItem(KEY, JSON.stringify(paths));
}

/**
 * @param {string} here the path of this item
 * @param {1 | -1} step
 * @returns {string | null} the path of the item after or before it
 */
export function along(here, step) {
  /** @type {unknown} */
  const stored = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  const paths = Array.isArray(stored) ? stored.map(String) : [];
  const at = paths.findIndex((path) => path.split("?")[0] === here);
  const next = at < 0 ? undefined : paths[at + step];
  // What is kept is ours, and stays on this site whatever wrote it.
  return next?.startsWith("/desk/") ? next : null;
}
