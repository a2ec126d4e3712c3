/**
 * Decodes the blocks of a line's history, described in app/geo/line_history.py: days, and each ring
 * as edits of earlier rings. Invalid data is rejected completely, with its position.
 */

const MAGIC = [0x46, 0x4c, 0x48]; // FLH, then the version
const VERSIONS = "12";
/** Sections of a block; version 1 has no edges. An upgraded server may still send it for a while. */
const SECTIONS = 8;
const WIDE = 0xffff;
const MOST = 2 ** 53;

export const COPY = 0;
const LEAP = 1;
export const FOREIGN = 2;
export const NEW = 3;

export const HOLE = 0;
export const POLYGON = 1;
export const AREA = 2;

/**
 * Integers of an edit in `Programs.edits`: the operation, the number of vertices, and two operands.
 */
export const EDIT = 4;

/** The history is invalid; the message names the position. No part of it is used. */
export class BrokenHistory extends Error {
  /** @override */
  name = "BrokenHistory";
}

/**
 * One assessment in the wire format: `entries` are pairs of a ring and its role.
 * @typedef {{ moment: number, covers: number, entries: Int32Array }} WrittenDay moment in
 *   milliseconds since 1970
 */

/**
 * The edit programs of the rings, by ring id: the number of vertices, the base ring (-1: none), the
 * edits (`firstEdit[id]` to `firstEdit[id + 1]` in `edits`) and the index of its first step in
 * `steps`.
 * @typedef {object} Programs
 * @property {number[]} lengths
 * @property {number[]} bases
 * @property {number[]} firstEdit one more than rings
 * @property {Int32Array} edits
 * @property {number[]} firstStep
 * @property {(Int32Array | null)[]} runs of the edges: each a number of edges times four plus
 *   their kind; null: the ring is not one of held ground
 * @property {{ from: number, x: Int32Array, y: Int32Array }[]} steps by block, each from the ring
 *   `from` on
 */

/**
 * The programs while they are decoded.
 * @typedef {Omit<Programs, "edits"> & { edits: number[] }} Growing
 */

/** Decodes a zigzag-encoded integer. @param {number} folded */
const unfold = (folded) => (folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2);

/** Reads varints: seven bits a byte. */
class Numbers {
  #bytes;
  #at = 0;
  #section;

  /** @param {Uint8Array} bytes @param {string} section */
  constructor(bytes, section) {
    this.#bytes = bytes;
    this.#section = section;
  }

  get at() {
    return this.#at;
  }

  /** Reads the next integer. @returns {number} */
  take() {
    let number = 0;
    for (let scale = 1; ; scale *= 128) {
      if (this.#at === this.#bytes.length) throw new BrokenHistory(`${this.#section}: ends too early`);
      const byte = /** @type {number} */ (this.#bytes[this.#at++]);
      number += (byte & 0x7f) * scale;
      if (number >= MOST || scale > MOST) throw new BrokenHistory(`${this.#section}: a number is too large`);
      if (byte < 0x80) return number;
    }
  }

  finish() {
    if (this.#at !== this.#bytes.length) throw new BrokenHistory(`${this.#section}: is longer than it says`);
  }

  /** Throws BrokenHistory. @param {string} why @returns {never} */
  refuse(why) {
    throw new BrokenHistory(`${this.#section}: ${why}`);
  }

  /**
   * Decodes the edits of a list. `each` is called at once, and reads the operands of new items.
   *
   * @param {number} length of the list
   * @param {number} size of its base
   * @param {boolean} roundAbout copies wrap around at the end of the base
   * @param {(what: number, count: number, first: number, second: number) => void} each
   */
  script(length, size, roundAbout, each) {
    let done = 0;
    let expected = 0;
    while (done < length) {
      const token = this.take();
      let what = token % 4;
      const count = Math.floor(token / 4);
      if (count === 0 || count > length - done) this.refuse(`an edit of ${count} where ${length - done} are missing`);
      let first = 0;
      let second = 0;
      if (what === COPY || what === LEAP) {
        first = expected + (what === LEAP ? unfold(this.take()) : 0);
        if (roundAbout && size > 0) first = ((first % size) + size) % size;
        if (first < 0 || first >= size || count > size || (!roundAbout && first + count > size)) {
          this.refuse(`a copy of ${count} from ${first} of ${size}`);
        }
        expected = first + count;
        what = COPY;
      } else {
        if (what === FOREIGN) {
          first = this.take();
          second = this.take();
        }
        expected += count;
      }
      done += count;
      each(what, count, first, second);
    }
  }
}

/**
 * Decodes all blocks of all parts.
 *
 * @param {readonly Uint8Array[]} parts in their order
 * @returns {{ days: WrittenDay[], programs: Programs }}
 * @throws {BrokenHistory}
 */
export function readBlocks(parts) {
  /** @type {WrittenDay[]} */
  const days = [];
  /** @type {Growing} */
  const programs = { lengths: [], bases: [], firstEdit: [0], edits: [], firstStep: [], runs: [], steps: [] };
  for (const part of parts) {
    for (let at = 0; at < part.length;) at += readBlock(part.subarray(at), days, programs);
  }
  return { days, programs: { ...programs, edits: Int32Array.from(programs.edits) } };
}

/**
 * Decodes one block.
 *
 * @param {Uint8Array} bytes
 * @param {WrittenDay[]} days
 * @param {Growing} programs
 * @returns {number} length of the block in bytes
 */
function readBlock(bytes, days, programs) {
  const version = VERSIONS.indexOf(String.fromCharCode(bytes[MAGIC.length] ?? 0)) + 1;
  if (version === 0 || MAGIC.some((byte, place) => bytes[place] !== byte)) {
    throw new BrokenHistory("a block does not begin as it must");
  }
  const head = new Numbers(bytes.subarray(MAGIC.length + 1), "head");
  const [firstDay, dayCount, firstRing, ringCount] = [head.take(), head.take(), head.take(), head.take()];
  if (firstDay !== days.length || firstRing !== programs.lengths.length) {
    head.refuse(`continues day ${firstDay} and ring ${firstRing}, not ${days.length} and ${programs.lengths.length}`);
  }
  const sizes = Array.from({ length: version === 1 ? SECTIONS - 1 : SECTIONS }, () => head.take());
  let at = MAGIC.length + 1 + head.at;
  const sections = sizes.map((size) => {
    const section = bytes.subarray(at, at + size);
    if (section.length < size) throw new BrokenHistory("a block is cut off");
    at += size;
    return section;
  });
  const edges = version === 1 ? null : /** @type {Uint8Array} */ (sections.pop());
  const [dayBytes, ringBytes, wide, ...planes] = /** @type {[Uint8Array, Uint8Array, Uint8Array, ...Uint8Array[]]} */ (
    sections
  );
  readDays(new Numbers(dayBytes, "days"), dayCount, days, firstRing, firstRing + ringCount);
  const steps = readSteps(new Numbers(wide, "wide"), planes);
  programs.steps.push({ from: firstRing, ...steps });
  readRings(new Numbers(ringBytes, "rings"), ringCount, programs, steps.x.length);
  if (edges) readEdges(new Numbers(edges, "edges"), firstRing, programs);
  else for (let n = 0; n < ringCount; n++) programs.runs.push(null);
  return at;
}

/**
 * Decodes the kinds of the edges of a block's rings.
 *
 * @param {Numbers} numbers
 * @param {number} first ring of the block
 * @param {Growing} programs
 */
function readEdges(numbers, first, { lengths, runs }) {
  for (let ring = first; ring < lengths.length; ring++) {
    const own = [];
    let left = /** @type {number} */ (lengths[ring]);
    for (let count = numbers.take(); count > 0; count--) {
      const run = numbers.take();
      left -= run >> 2;
      if (run < 4 || left < 0 || (run & 3) === 3) numbers.refuse(`ring ${ring} has a run ${run}`);
      own.push(run);
    }
    if (own.length > 0 && left > 0) numbers.refuse(`${left} are missing of ring ${ring}`);
    runs.push(own.length > 0 ? Int32Array.from(own) : null);
  }
  numbers.finish();
}

/**
 * Decodes the days of a block.
 *
 * @param {Numbers} numbers
 * @param {number} count
 * @param {WrittenDay[]} days
 * @param {number} named rings referenced so far
 * @param {number} rings total number of rings
 */
function readDays(numbers, count, days, named, rings) {
  let moment = 0;
  for (let n = 0; n < count; n++) {
    moment += unfold(numbers.take());
    const covers = numbers.take();
    const back = numbers.take();
    const length = numbers.take();
    if (back > days.length) numbers.refuse(`a reference ${back} days back from day ${days.length}`);
    const reference = back > 0 ? /** @type {WrittenDay} */ (days[days.length - back]).entries : new Int32Array(0);
    /** @type {number[]} */
    const entries = [];
    numbers.script(length, reference.length / 2, false, (what, many, first) => {
      if (what === COPY) {
        for (const number of reference.subarray(2 * first, 2 * (first + many))) entries.push(number);
      } else if (what === FOREIGN) {
        numbers.refuse("an edit that only rings have");
      } else {
        for (let m = 0; m < many; m++) {
          const ring = numbers.take();
          const role = numbers.take();
          if (ring > named) numbers.refuse(`an entry names a ring ${ring} back from ${named}`);
          entries.push(ring === 0 ? named : named - ring, role);
          if (ring === 0) named += 1;
        }
      }
    });
    if (named > rings) numbers.refuse(`name ring ${named - 1} of ${rings}`);
    if (entries.length > 0 && /** @type {number} */ (entries[1]) < AREA)
      numbers.refuse("the first entry begins no area");
    days.push({ moment, covers, entries: Int32Array.from(entries) });
  }
  numbers.finish();
}

/**
 * Decodes the rings of a block.
 *
 * @param {Numbers} numbers
 * @param {number} count
 * @param {Growing} programs
 * @param {number} steps in the block
 */
function readRings(numbers, count, programs, steps) {
  const { lengths, bases, firstEdit, edits, firstStep } = programs;
  let used = 0;
  for (let n = 0; n < count; n++) {
    const ring = lengths.length;
    const length = numbers.take();
    const back = numbers.take();
    if (back > ring) numbers.refuse(`a base ${back} rings back from ring ${ring}`);
    const base = back > 0 ? ring - back : -1;
    firstStep.push(used);
    numbers.script(length, base < 0 ? 0 : /** @type {number} */ (lengths[base]), true, (what, many, first, second) => {
      if (what === FOREIGN) {
        const other = ring - Math.floor(first / 2);
        const backwards = first % 2;
        const [from, to] = backwards ? [second - many + 1, second] : [second, second + many - 1];
        const size = other >= 0 && other < ring ? /** @type {number} */ (lengths[other]) : 0;
        if (from < 0 || to >= size) numbers.refuse(`a copy of ${from} to ${to} from ring ${other}`);
        edits.push(what, many, other, second * 2 + backwards);
      } else {
        if (what === NEW) used += many;
        edits.push(what, many, first, 0);
      }
    });
    lengths.push(length);
    bases.push(base);
    firstEdit.push(edits.length);
  }
  numbers.finish();
  if (used !== steps) numbers.refuse(`use ${used} new vertices of ${steps}`);
}

/**
 * Combines the byte planes of the steps.
 *
 * @param {Numbers} wide
 * @param {Uint8Array[]} planes
 * @returns {{ x: Int32Array, y: Int32Array }}
 */
function readSteps(wide, planes) {
  const [lowX, highX, lowY, highY] = /** @type {[Uint8Array, Uint8Array, Uint8Array, Uint8Array]} */ (planes);
  const count = lowX.length;
  if (planes.some((plane) => plane.length !== count)) wide.refuse(`planes are not all of ${count} vertices`);
  const [x, y] = [new Int32Array(count), new Int32Array(count)];
  for (let n = 0; n < count; n++) {
    x[n] = stepOf(lowX, highX, n, wide);
    y[n] = stepOf(lowY, highY, n, wide);
  }
  wide.finish();
  return { x, y };
}

/**
 * Returns one step.
 *
 * @param {Uint8Array} low
 * @param {Uint8Array} high
 * @param {number} n
 * @param {Numbers} wide
 */
function stepOf(low, high, n, wide) {
  const near = /** @type {number} */ (low[n]) | /** @type {number} */ (high[n] << 8);
  const step = unfold(near === WIDE ? wide.take() : near);
  if (Math.abs(step) > 2 ** 31 - 1) wide.refuse(`a step of ${step}`);
  return step;
}
