/**
 * The wire format of the events, and the only module that knows it: docs/event-columns.md describes it. What does not hold
 * together is refused whole, and the message says where: a map with a few events in the wrong place is worse than one that
 * says it cannot be read. Pure.
 *
 * @import { EventPart, Shape } from "../types.js"
 */
import { STEPS } from "../lib/grid.js";
import { toDay } from "../time/day.js";

const MAGIC = [0x46, 0x4c, 0x45, 0x43, 1, 0, 0, 0]; // "FLEC", version 1
const HEAD = MAGIC.length + 4;
const SUM = 4;
/** Planes of a place: its lowest byte comes first. */
const PLANES = 4;
/** An index of one byte tells so many words apart, besides "not known". */
const MOST_WORDS = 255;
/** The sides are kept in an `Int8Array`, in which -1 is "not known". */
const MOST_SIDES = 128;
const LONGEST_DAYS = 4_000_000;

/** The columns do not hold together; the message says where. */
export class BrokenColumns extends Error {
  /** @override */
  name = "BrokenColumns";
}

/** @param {boolean} holds @param {string} otherwise @returns {asserts holds} */
function must(holds, otherwise) {
  if (!holds) throw new BrokenColumns(otherwise);
}

/**
 * Reads a part of the events, or the answer to a filter.
 *
 * @param {Uint8Array} bytes not compressed any more
 * @returns {EventPart}
 * @throws {BrokenColumns}
 */
export function decodeColumns(bytes) {
  const { head, sections } = opened(bytes);
  const { count } = head;
  must(Number.isInteger(count) && count >= 0, `count: ${count}`);
  const categories = words(head, "categories");
  const belligerents = words(head, "belligerents", MOST_SIDES);
  const verifications = words(head, "verifications");
  const timePrecisions = words(head, "time_precisions");
  const precisions = head.precisions_m;
  must(
    Array.isArray(precisions) && precisions.every((metres) => Number.isInteger(metres) && metres > 0),
    "precisions_m: must be a list of metres",
  );
  const precisionM = looked(sections, "precision", count, Int32Array.from([-1, ...precisions]));
  const spot = spots(sections, count);
  return {
    count,
    categories,
    belligerents,
    verifications,
    timePrecisions,
    x: where(sections, "x", count, spot),
    y: where(sections, "y", count, spot),
    day: firstDays(head, sections, count),
    days: lengths(sections, count),
    category: indices(sections, "category", new Uint8Array(count), categories.length, false),
    actor: indices(sections, "actor", new Int8Array(count), belligerents.length, true),
    affected: indices(sections, "affected", new Int8Array(count), belligerents.length, true),
    verification: indices(sections, "verification", new Uint8Array(count), verifications.length, false),
    timePrecision: indices(sections, "time_precision", new Uint8Array(count), timePrecisions.length, false),
    precisionM,
    shapes: shapes(sections, count),
  };
}

/** @param {Uint8Array} bytes */
function opened(bytes) {
  must(
    bytes.length >= HEAD + SUM && MAGIC.every((byte, n) => bytes[n] === byte),
    "the bytes are no columns of version 1",
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - SUM;
  must(crc32(bytes.subarray(0, end)) === view.getUint32(end, true), "the bytes are not whole: their sum is another");
  let at = HEAD + view.getUint32(MAGIC.length, true);
  /** @type {any} */
  let head;
  try {
    head = JSON.parse(new TextDecoder().decode(bytes.subarray(HEAD, at)));
  } catch {
    throw new BrokenColumns("the head cannot be read");
  }
  must(Array.isArray(head?.sections), "sections: must be a list");
  /** @type {Map<string, Uint8Array>} */
  const sections = new Map();
  for (const [name, length] of head.sections) {
    must(Number.isInteger(length) && length >= 0 && at + length <= end, `sections: ${name} does not fit`);
    sections.set(name, bytes.subarray(at, at + length));
    at += length;
  }
  must(at === end, "sections: they do not fill the bytes");
  return { head, sections };
}

/** What a byte does to the sum when 0 to 7 more follow, 256 values for each. @type {Int32Array | null} */
let table = null;

function makeTable() {
  const made = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    made[byte] = value;
  }
  for (let n = 256; n < made.length; n++) {
    const before = at(made, n - 256);
    made[n] = at(made, before & 255) ^ (before >>> 8);
  }
  return made;
}

/** The sum of RFC 1952, as zlib has it, eight bytes at a time. @param {Uint8Array} bytes */
export function crc32(bytes) {
  const after = (table ??= makeTable());
  let sum = -1;
  let n = 0;
  for (const eights = bytes.length - 7; n < eights; n += 8) {
    sum ^= at(bytes, n) | (at(bytes, n + 1) << 8) | (at(bytes, n + 2) << 16) | (at(bytes, n + 3) << 24);
    sum =
      at(after, 1792 + (sum & 255)) ^
      at(after, 1536 + ((sum >>> 8) & 255)) ^
      at(after, 1280 + ((sum >>> 16) & 255)) ^
      at(after, 1024 + (sum >>> 24)) ^
      at(after, 768 + at(bytes, n + 4)) ^
      at(after, 512 + at(bytes, n + 5)) ^
      at(after, 256 + at(bytes, n + 6)) ^
      at(after, at(bytes, n + 7));
  }
  for (; n < bytes.length; n++) sum = at(after, (sum ^ at(bytes, n)) & 255) ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** @param {Uint8Array | Int32Array} column @param {number} n */
function at(column, n) {
  return /** @type {number} */ (column[n]);
}

/** @param {any} head @param {string} name @param {number} [most] @returns {string[]} */
function words(head, name, most = MOST_WORDS) {
  const list = head[name];
  must(Array.isArray(list) && list.every((word) => typeof word === "string"), `${name}: must be a list of words`);
  must(list.length <= most, `${name}: has more than ${most} words`);
  return list;
}

/** @param {Map<string, Uint8Array>} sections @param {string} name @param {number} length */
function section(sections, name, length) {
  const content = sections.get(name);
  must(content !== undefined, `${name}: is missing`);
  must(content.length === length, `${name}: has ${content.length} bytes, not ${length}`);
  return content;
}

/**
 * On the wire 0 is "not known", and the first word is 1.
 *
 * @template {Uint8Array | Int8Array} Column
 * @param {Map<string, Uint8Array>} sections
 * @param {string} name
 * @param {Column} column as long as there are rows; it is filled
 * @param {number} most
 * @param {boolean} unknown whether 0 may stand there
 * @returns {Column}
 */
function indices(sections, name, column, most, unknown) {
  const content = section(sections, name, column.length);
  const least = unknown ? 0 : 1;
  for (let row = 0; row < content.length; row++) {
    const index = at(content, row);
    if (index < least || index > most) throw new BrokenColumns(`${name}, row ${row}: there is no word ${index}`);
    column[row] = index - 1;
  }
  return column;
}

/** @param {Map<string, Uint8Array>} sections @param {string} name @param {number} count @param {Int32Array} list */
function looked(sections, name, count, list) {
  const content = section(sections, name, count);
  const column = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const index = at(content, row);
    if (index >= list.length) throw new BrokenColumns(`${name}, row ${row}: there is no word ${index}`);
    column[row] = at(list, index);
  }
  return column;
}

/** @param {Map<string, Uint8Array>} sections @param {string} name @param {number} count */
function places(sections, name, count) {
  const content = section(sections, name, PLANES * count);
  const plane = (/** @type {number} */ n) => content.subarray(n * count, (n + 1) * count);
  const [first, second, third, fourth] = [plane(0), plane(1), plane(2), plane(3)];
  const column = new Int32Array(count);
  let place = 0;
  for (let row = 0; row < count; row++) {
    const folded = at(first, row) | (at(second, row) << 8) | (at(third, row) << 16) | (at(fourth, row) << 24);
    place += (folded >>> 1) ^ -(folded & 1);
    if (place < 0 || place > STEPS) throw new BrokenColumns(`${name}, row ${row}: ${place} is off the world`);
    column[row] = place;
  }
  return column;
}

/**
 * Which of the spots that rows share each row has: 1 is the first; 0: a place of its own. Null: no spot is shared.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {number} count
 */
function spots(sections, count) {
  if (!sections.has("spot")) return null;
  const content = section(sections, "spot", 2 * count);
  const most = (sections.get("spots_x")?.length ?? 0) / PLANES;
  const column = new Uint16Array(count);
  for (let row = 0; row < count; row++) {
    const index = at(content, row) | (at(content, count + row) << 8);
    if (index > most) throw new BrokenColumns(`spot, row ${row}: there is no spot ${index}`);
    column[row] = index;
  }
  return column;
}

/**
 * @param {Map<string, Uint8Array>} sections
 * @param {"x" | "y"} name
 * @param {number} count
 * @param {Uint16Array | null} spot
 */
function where(sections, name, count, spot) {
  if (!spot) return places(sections, name, count);
  const shared = places(sections, `spots_${name}`, (sections.get(`spots_${name}`)?.length ?? 0) / PLANES);
  let rest = 0;
  for (let row = 0; row < count; row++) rest += Number(spot[row] === 0);
  const own = places(sections, name, rest);
  const column = new Int32Array(count);
  for (let row = 0, next = 0; row < count; row++) {
    const index = /** @type {number} */ (spot[row]);
    column[row] = /** @type {number} */ (index ? shared[index - 1] : own[next++]);
  }
  return column;
}

/** Whole numbers of seven bits a byte, the lowest first. @param {Uint8Array} bytes @param {string} name @param {(value: number) => void} run */
function eachVarint(bytes, name, run) {
  let [value, unit] = [0, 1];
  for (const byte of bytes) {
    value += (byte & 0x7f) * unit;
    if (byte & 0x80) {
      unit *= 128;
      must(unit < 2 ** 49, `${name}: a number is too long`);
    } else {
      run(value);
      [value, unit] = [0, 1];
    }
  }
  must(unit === 1, `${name}: the last number is cut off`);
}

/** @param {any} head @param {Map<string, Uint8Array>} sections @param {number} count */
function firstDays(head, sections, count) {
  /** @type {number} */
  let today;
  try {
    today = toDay(String(head.first_day));
  } catch {
    throw new BrokenColumns(`first_day: ${head.first_day}`);
  }
  const column = new Int32Array(count);
  let row = 0;
  eachVarint(sections.get("per_day") ?? new Uint8Array(), "per_day", (rows) => {
    must(row + rows <= count, `per_day: has more than ${count} rows`);
    column.fill(today++, row, (row += rows));
  });
  must(row === count, `per_day: has ${row} rows, not ${count}`);
  return column;
}

/** @param {Map<string, Uint8Array>} sections @param {number} count @returns {Int32Array | null} null: each is of one day */
function lengths(sections, count) {
  const content = sections.get("days");
  if (!content) return null;
  const column = new Int32Array(count);
  let row = 0;
  eachVarint(content, "days", (days) => {
    must(days >= 1 && days < LONGEST_DAYS && row < count, `days, row ${row}: ${days}`);
    column[row++] = days;
  });
  must(row === count, `days: has ${row} rows, not ${count}`);
  return column;
}

const SHAPES = new Set([
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "MultiPoint",
  "GeometryCollection",
]);

/** @param {Map<string, Uint8Array>} sections @param {number} count @returns {Map<number, Shape>} */
function shapes(sections, count) {
  /** @type {Map<number, Shape>} */
  const found = new Map();
  const content = sections.get("shapes");
  if (!content) return found;
  /** @type {any} */
  let list;
  try {
    list = JSON.parse(new TextDecoder().decode(content));
  } catch {
    throw new BrokenColumns("shapes: cannot be read");
  }
  must(Array.isArray(list), "shapes: must be a list");
  for (const [index, shape] of list.entries()) {
    const { row, id, geometry } = Object(shape);
    must(Number.isInteger(row) && row >= 0 && row < count, `shapes, ${index}: no row ${row}`);
    must(typeof id === "string", `shapes, ${index}: has no id`);
    must(SHAPES.has(geometry?.type), `shapes, ${index}: ${geometry?.type} is no shape`);
    found.set(row, { id, geometry });
  }
  return found;
}
