/**
 * The history of a front line: the areas of every day, without further requests. Rings are built on
 * demand from similar rings. A ring that is unchanged over many days is the same object, so
 * projected or simplified copies can be cached in a WeakMap.
 *
 * @example
 * const history = new LineHistory(parts); // the parts that the manifest names, unpacked, in their order
 * const day = history.at(Date.parse("2025-07-22T00:00:00Z") - 1); // the map of 21 July
 * for (const { kind, polygons } of history.areas(day)) draw(statusOf(kind, manifest.statuses), polygons);
 */

import { AREA, BrokenHistory, COPY, EDIT, FOREIGN, POLYGON, readBlocks } from "./line-blocks.js";

export { BrokenHistory } from "./line-blocks.js";

/** Units in one degree. Coordinates are integers of this unit. */
export const UNITS_PER_DEGREE = 100_000;

const FARTHEST = 180 * UNITS_PER_DEGREE;
/**
 * Rings are cached at this interval of derivation steps, so that every ring is close to a cached
 * one.
 */
const STEPS_BETWEEN_KEPT = 32;
const CACHED_VERTICES = 3_000_000;
/** Below this number of vertices a loop is faster than a bulk copy. */
const FEW = 48;

/**
 * A ring, open: the first vertex is not repeated.
 * @typedef {object} Ring
 * @property {number} id
 * @property {Int32Array} places alternating longitude and latitude, in units
 * @property {Int32Array | null} runs of equal edges, see `edgeRun`; null: not of held ground
 */

/**
 * @typedef {{ kind: number, polygons: Ring[][] }} Area each polygon is its shell,
 *   then its holes
 */

/**
 * @typedef {{ moment: number, covers: number }} Assessment start of validity (ms since
 *   1970); covered statuses as bits
 */

/**
 * Returns the status of a kind.
 *
 * @param {number} kind
 * @param {readonly string[]} statuses of the manifest
 * @returns {{ status: string, sinceBefore: boolean }}
 */
export function statusOf(kind, statuses) {
  const status = statuses[kind >> 1];
  if (status === undefined) throw new BrokenHistory(`kind ${kind} is none of ${statuses.length} statuses`);
  return { status, sinceBefore: (kind & 1) === 1 };
}

/**
 * Returns the statuses that an assessment covers. Other statuses are unknown, not absent.
 *
 * @param {Assessment} assessment
 * @param {readonly string[]} statuses of the manifest
 * @returns {string[]} the covered statuses
 */
export function coveredBy({ covers }, statuses) {
  return statuses.filter((_, index) => Math.floor(covers / 2 ** index) % 2 === 1);
}

/** Kinds of edges: front line; coast, outer border or seam; inside held ground. */
export const FRONT = 0;
export const BESIDE = 1;

/**
 * Returns a run of equal edges. Edge n of a ring goes from corner n to the next one.
 *
 * @param {number} run
 * @returns {{ count: number, kind: number }}
 */
export const edgeRun = (run) => ({ count: run >> 2, kind: run & 3 });

export class LineHistory {
  #days;
  #programs;
  /** Indices of the days, in chronological order. */
  #order;
  /** @type {Map<number, Ring>} most recently used last */
  #cached = new Map();
  #cachedVertices = 0;
  /** @type {Map<number, Ring>} */
  #ringCache = new Map();
  /** @type {Int32Array[]} the source rings of each ring */
  #sources = [];
  /** Number of derivation steps of each ring. */
  #depth;
  #prepared = 0;

  /**
   * Decodes a history.
   *
   * @param {readonly Uint8Array[]} parts in their order
   * @throws {BrokenHistory}
   */
  constructor(parts) {
    const { days, programs } = readBlocks(parts);
    this.#days = days;
    this.#programs = programs;
    this.#order = Int32Array.from(days.keys()).sort((a, b) => this.assessment(a).moment - this.assessment(b).moment);
    const rings = programs.lengths.length;
    this.#depth = new Int32Array(rings);
    for (let id = 0; id < rings; id++) {
      const sources = sourcesOf(programs, id);
      this.#sources.push(sources);
      this.#depth[id] = 1 + Math.max(-1, ...Array.from(sources, (source) => depthOf(this.#depth, source)));
    }
  }

  /** Number of assessments. */
  get count() {
    return this.#days.length;
  }

  /** Indices of the assessments, in chronological order. */
  get order() {
    return this.#order;
  }

  /** Returns an assessment. @param {number} day its index @returns {Assessment} */
  assessment(day) {
    const found = this.#days[day];
    if (!found) throw new RangeError(`there is no assessment ${day}`);
    return found;
  }

  /**
   * Returns the assessment at a moment: the last one that began by then.
   *
   * @param {number} moment milliseconds since 1970
   * @returns {number} its index; -1: none yet
   */
  at(moment) {
    let [low, high] = [0, this.#order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.assessment(/** @type {number} */ (this.#order[middle])).moment <= moment) low = middle + 1;
      else high = middle;
    }
    return this.#order[low - 1] ?? -1;
  }

  /**
   * Returns the areas of an assessment, in drawing order.
   *
   * @param {number} day its index
   * @returns {Area[]}
   */
  areas(day) {
    this.assessment(day);
    const { entries } = /** @type {import("./line-blocks.js").WrittenDay} */ (this.#days[day]);
    /** @type {Area[]} */
    const areas = [];
    for (let n = 0; n < entries.length; n += 2) {
      const ring = this.ring(/** @type {number} */ (entries[n]));
      const role = /** @type {number} */ (entries[n + 1]);
      const last = areas[areas.length - 1];
      if (role >= AREA) areas.push({ kind: role - AREA, polygons: [[ring]] });
      else if (role === POLYGON) last?.polygons.push([ring]);
      else last?.polygons[last.polygons.length - 1]?.push(ring);
    }
    return areas;
  }

  /**
   * Builds rings for jumps through time, for a limited duration. Call this when the browser is
   * idle.
   *
   * @param {number} milliseconds
   * @returns {boolean} whether all rings are built
   */
  prepare(milliseconds) {
    const until = performance.now() + milliseconds;
    while (this.#prepared < this.#depth.length) {
      this.ring(this.#prepared++);
      if (performance.now() >= until) break;
    }
    return this.#prepared === this.#depth.length;
  }

  /** Returns a ring, building it if needed. @param {number} id @returns {Ring} */
  ring(id) {
    const cached = this.#known(id);
    if (cached) return cached;
    const missing = new Set([id]);
    for (const one of missing) {
      for (const source of /** @type {Int32Array} */ (this.#sources[one]))
        if (!this.#known(source)) missing.add(source);
    }
    // A ring derives only from rings with lower ids. They are stored here, so that the cache may
    // evict them.
    /** @type {Map<number, Ring>} */
    const built = new Map();
    for (const one of [...missing].sort((a, b) => a - b)) {
      const ring = {
        id: one,
        places: this.#make(one, (source) => built.get(source) ?? this.#known(source)),
        runs: this.#programs.runs[one] ?? null,
      };
      built.set(one, ring);
      this.#remember(ring);
    }
    return /** @type {Ring} */ (built.get(id));
  }

  /** Returns a ring from the caches. @param {number} id @returns {Ring | undefined} */
  #known(id) {
    const permanent = this.#ringCache.get(id);
    if (permanent) return permanent;
    const cached = this.#cached.get(id);
    if (cached) {
      this.#cached.delete(id);
      this.#cached.set(id, cached);
    }
    return cached;
  }

  /** Adds a ring to the cache. @param {Ring} ring */
  #remember(ring) {
    const depth = depthOf(this.#depth, ring.id);
    if (depth > 0 && depth % STEPS_BETWEEN_KEPT === 0) {
      this.#ringCache.set(ring.id, ring);
      return;
    }
    this.#cached.set(ring.id, ring);
    this.#cachedVertices += ring.places.length / 2;
    for (const [id, oldest] of this.#cached) {
      if (this.#cachedVertices <= CACHED_VERTICES || id === ring.id) break;
      this.#cached.delete(id);
      this.#cachedVertices -= oldest.places.length / 2;
    }
  }

  /**
   * Builds a ring from its sources.
   *
   * @param {number} id
   * @param {(id: number) => Ring | undefined} findRing
   * @returns {Int32Array}
   */
  #make(id, findRing) {
    const { lengths, bases, edits, firstEdit, firstStep, steps } = this.#programs;
    /** Returns the vertices of a source ring. @param {number} source */
    const placesOf = (source) => {
      const ring = findRing(source);
      if (!ring) throw new BrokenHistory(`ring ${id} is made of ring ${source}, which is not there`);
      return ring.places;
    };
    const baseId = /** @type {number} */ (bases[id]);
    const base = baseId >= 0 ? placesOf(baseId) : new Int32Array(0);
    const places = new Int32Array(2 * /** @type {number} */ (lengths[id]));
    const own = /** @type {Steps} */ (steps.findLast(({ from }) => from <= id));
    let step = /** @type {number} */ (firstStep[id]);
    let done = 0;
    const end = /** @type {number} */ (firstEdit[id + 1]);
    for (let at = /** @type {number} */ (firstEdit[id]); at < end; at += EDIT) {
      const what = /** @type {number} */ (edits[at]);
      const count = /** @type {number} */ (edits[at + 1]);
      const first = /** @type {number} */ (edits[at + 2]);
      if (what === COPY) {
        const fits = Math.min(count, base.length / 2 - first);
        copy(base, first, fits, places, done);
        copy(base, 0, count - fits, places, done + fits);
      } else if (what === FOREIGN) {
        const second = /** @type {number} */ (edits[at + 3]);
        copyFrom(placesOf(first), second >> 1, (second & 1) === 1, count, places, done);
      } else {
        walk(own, step, count, base, places, done);
        step += count;
      }
      done += count;
    }
    return places;
  }
}

/** @typedef {{ x: Int32Array, y: Int32Array }} Steps */

/**
 * Returns the ids of a ring's sources.
 * @param {import("./line-blocks.js").Programs} programs
 * @param {number} id
 */
function sourcesOf({ bases, edits, firstEdit }, id) {
  const found = new Set(/** @type {number[]} */ (bases[id] === -1 ? [] : [bases[id]]));
  const end = /** @type {number} */ (firstEdit[id + 1]);
  for (let at = /** @type {number} */ (firstEdit[id]); at < end; at += EDIT) {
    if (edits[at] === FOREIGN) found.add(/** @type {number} */ (edits[at + 2]));
  }
  return Int32Array.from(found);
}

/** @param {Int32Array} depths @param {number} id */
const depthOf = (depths, id) => /** @type {number} */ (depths[id]);

/**
 * Copies vertices.
 *
 * @param {Int32Array} from
 * @param {number} start
 * @param {number} count vertices
 * @param {Int32Array} to
 * @param {number} done vertices already written
 */
function copy(from, start, count, to, done) {
  if (count > FEW) {
    to.set(from.subarray(2 * start, 2 * (start + count)), 2 * done);
    return;
  }
  for (let n = 0; n < 2 * count; n++) to[2 * done + n] = /** @type {number} */ (from[2 * start + n]);
}

/**
 * Copies vertices of another ring, possibly backwards.
 *
 * @param {Int32Array} from
 * @param {number} start
 * @param {boolean} backwards @param {number} count
 *   vertices
 * @param {Int32Array} to
 * @param {number} done vertices already written
 */
function copyFrom(from, start, backwards, count, to, done) {
  if (!backwards) {
    copy(from, start, count, to, done);
    return;
  }
  for (let n = 0; n < count; n++) copy(from, start - n, 1, to, done + n);
}

/**
 * Appends new vertices, each as a step from the previous one.
 *
 * @param {Steps} steps
 * @param {number} first
 * @param {number} count
 * @param {Int32Array} base
 * @param {Int32Array} to
 * @param {number} done vertices already written
 */
function walk(steps, first, count, base, to, done) {
  const [before, at] = done > 0 ? [to, 2 * (done - 1)] : [base, 0];
  let x = before[at] ?? 0;
  let y = before[at + 1] ?? 0;
  for (let n = 0; n < count; n++) {
    x += steps.x[first + n] ?? 0;
    y += steps.y[first + n] ?? 0;
    if (Math.abs(x) > FARTHEST || Math.abs(y) > FARTHEST) throw new BrokenHistory("a vertex lies off the globe");
    to[2 * (done + n)] = x;
    to[2 * (done + n) + 1] = y;
  }
}
