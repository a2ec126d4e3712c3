/**
 * Stores the items of the last opened list, for moving from one to the next. The list is stored for
 * this tab only.
 */

const KEY = "desk-trail";

/** Stores the paths of a list. @param {string[]} paths */
export function keepTrail(paths) {
  sessionStorage.setItem(KEY, JSON.stringify(paths));
}

/**
 * Returns the path of the next or previous item.
 * @param {string} here the path of this item
 * @param {1 | -1} step
 * @returns {string | null} the path
 */
export function along(here, step) {
  /** @type {unknown} */
  const stored = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  const paths = Array.isArray(stored) ? stored.map(String) : [];
  const at = paths.findIndex((path) => path.split("?")[0] === here);
  const next = at < 0 ? undefined : paths[at + step];
  // Only paths of this site are accepted.
  return next?.startsWith("/desk/") ? next : null;
}
