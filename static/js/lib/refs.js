/**
 * Returns the element with an id. The template must contain the element.
 *
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 * @throws {Error} if the page has no such element
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no element #${id}`);
  return /** @type {Kind} */ (found);
}
