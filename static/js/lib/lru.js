/**
 * A least-recently-used cache.
 *
 * @template Key, Value
 */
export class Lru {
  /** @type {Map<Key, Value>} in the order of use, oldest first */
  #entries = new Map();
  #capacity;

  /** @param {number} capacity entries, at least 1 */
  constructor(capacity) {
    this.#capacity = capacity;
  }

  /** @param {Key} key @returns {Value | undefined} */
  get(key) {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  /** @param {Key} key @param {Value} value */
  set(key, value) {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break;
      this.#entries.delete(oldest);
    }
  }

  /** @param {Key} key */
  delete(key) {
    this.#entries.delete(key);
  }

  clear() {
    this.#entries.clear();
  }
}
