/**
 * Decodes the wire format of the events, described in docs/event-columns.md. No other module knows
 * the format. Inconsistent data is rejected completely, with a message that names the section:
 * wrong positions on the map are worse than an error. Pure.
 *
 * @import { EventPart, Shape } from "../types.js"
 */
import { FLAGS } from "../lib/flags.js";
import { STEPS } from "../lib/grid.js";
import { FACETS } from "../state/facets.js";
import { toDay } from "../time/day.js";

/** Supported version of the format; the manifest has it, too. */
export const FORMAT = 1;
const MAGIC = [0x46, 0x4c, 0x45, 0x43]; // "FLEC"
const HEAD = 12;
const SUM = 4;
/** Bytes of a coordinate, lowest byte first. Each byte has its own plane. */
const PLANES = 4;
/** Maximum length of a word list: one byte, with one value for "Unknown". */
const MOST_WORDS = 255;
/** Maximum length for columns with "Unknown". They are `Int8Array`s with -1 for unknown. */
const MOST_NULLABLE_WORDS = 128;
const LONGEST_DAYS = 4_000_000;

/** Word columns, and the word list of each. Their names are in snake case on the wire. */
export const WORD_COLUMNS = [
  ...FACETS.flatMap((facet) =>
    "words" in facet
      ? facet.columns.map((column) => ({ column, words: facet.words, isNullable: "nullable" in facet }))
      : [],
  ),
  { column: /** @type {const} */ ("timePrecision"), words: /** @type {const} */ ("timePrecisions"), isNullable: false },
];

/** Columns with one bit for each word of a fixed list. */
export const BIT_COLUMNS = [
  ...FACETS.flatMap((facet) =>
    "bits" in facet ? facet.columns.map((column) => ({ column, bits: facet.bits, isOptional: false })) : [],
  ),
  { column: /** @type {const} */ ("flags"), bits: FLAGS, isOptional: true },
];

/** @typedef {(typeof WORD_COLUMNS)[number]["column"]} WordColumn */
/** @typedef {(typeof WORD_COLUMNS)[number]["words"]} WordList */
/** @typedef {(typeof BIT_COLUMNS)[number]["column"]} BitColumn */

/** The columns are inconsistent; the message names the section. */
export class BrokenColumns extends Error {
  /** @override */
  name = "BrokenColumns";
}

/** The columns have an unsupported format version. */
export class OtherFormat extends BrokenColumns {
  /** @override */
  name = "OtherFormat";
}

/**
 * Throws BrokenColumns if a condition is false.
 *
 * @param {boolean} holds
 * @param {string} otherwise
 * @returns {asserts holds}
 */
function must(holds, otherwise) {
  if (!holds) throw new BrokenColumns(otherwise);
}

/**
 * Decodes a part of the events, or the response to a filter.
 *
 * @param {Uint8Array} bytes uncompressed
 * @returns {EventPart}
 * @throws {BrokenColumns}
 * @throws {OtherFormat}
 */
export function decodeColumns(bytes) {
  const { head, sections } = opened(bytes);
  const { count } = head;
  must(Number.isInteger(count) && count >= 0, `count: ${count}`);
  const lists = wordLists(head);
  const precisions = head.precisions_m;
  must(
    Array.isArray(precisions) && precisions.every((metres) => Number.isInteger(metres) && metres > 0),
    "precisions_m: must be a list of metres",
  );
  const precision = indices(sections, "precision", count, precisions.length, 0);
  return {
    count,
    ...lists,
    precisions,
    ...where(sections, count),
    ...firstDays(head, sections, count),
    days: lengths(sections, count),
    ...wordColumns(sections, count, lists),
    ...bitColumns(head, sections, count),
    precision,
    shapes: shapes(sections, count),
  };
}

/** Reads the header and the sections. @param {Uint8Array} bytes */
function opened(bytes) {
  must(bytes.length >= HEAD + SUM && MAGIC.every((byte, n) => bytes[n] === byte), "the bytes are no columns");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(MAGIC.length, true);
  if (version !== FORMAT) throw new OtherFormat(`the columns are of version ${version}, not ${FORMAT}`);
  const end = bytes.length - SUM;
  must(crc32(bytes.subarray(0, end)) === view.getUint32(end, true), "the bytes are not whole: their sum is another");
  let at = HEAD + view.getUint32(HEAD - 4, true);
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

/**
 * The CRC table: 16 tables of 256 values, for 0 to 15 following bytes.
 * @type {Int32Array | null}
 */
let table = null;

function makeTable() {
  const table = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    table[byte] = value;
  }
  for (let n = 256; n < table.length; n++) {
    const before = wordAt(table, n - 256);
    table[n] = wordAt(table, before & 255) ^ (before >>> 8);
  }
  return table;
}

/**
 * Returns the CRC-32 of RFC 1952, as in zlib. Processes sixteen bytes at a time.
 * @param {Uint8Array} bytes
 */
export function crc32(bytes) {
  const after = (table ??= makeTable());
  const words = inWords(bytes);
  let sum = -1;
  const fours = words.length - (words.length % 4);
  for (let n = 0; n < fours; n += 4) {
    const a = sum ^ wordAt(words, n);
    const b = wordAt(words, n + 1);
    const c = wordAt(words, n + 2);
    const d = wordAt(words, n + 3);
    sum =
      wordAt(after, 3840 + (a & 255)) ^
      wordAt(after, 3584 + ((a >>> 8) & 255)) ^
      wordAt(after, 3328 + ((a >>> 16) & 255)) ^
      wordAt(after, 3072 + (a >>> 24)) ^
      wordAt(after, 2816 + (b & 255)) ^
      wordAt(after, 2560 + ((b >>> 8) & 255)) ^
      wordAt(after, 2304 + ((b >>> 16) & 255)) ^
      wordAt(after, 2048 + (b >>> 24)) ^
      wordAt(after, 1792 + (c & 255)) ^
      wordAt(after, 1536 + ((c >>> 8) & 255)) ^
      wordAt(after, 1280 + ((c >>> 16) & 255)) ^
      wordAt(after, 1024 + (c >>> 24)) ^
      wordAt(after, 768 + (d & 255)) ^
      wordAt(after, 512 + ((d >>> 8) & 255)) ^
      wordAt(after, 256 + ((d >>> 16) & 255)) ^
      wordAt(after, d >>> 24);
  }
  for (let n = 4 * fours; n < bytes.length; n++) sum = wordAt(after, (sum ^ byteAt(bytes, n)) & 255) ^ (sum >>> 8);
  return ~sum >>> 0;
}

const LITTLE_ENDIAN = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

/**
 * Returns the bytes as 32-bit words. Returns an empty array on big-endian machines.
 * @param {Uint8Array} bytes
 */
function inWords(bytes) {
  if (!LITTLE_ENDIAN) return new Int32Array(0);
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(buffer, byteOffset, length >>> 2);
}

// One function for each type of array: a function with both types is slower, because the engine
// cannot specialise it.

/** @param {Uint8Array} column @param {number} n */
function byteAt(column, n) {
  return /** @type {number} */ (column[n]);
}

/** @param {Int32Array} column @param {number} n */
function wordAt(column, n) {
  return /** @type {number} */ (column[n]);
}

/** Converts a name to snake case: "timePrecision" to "time_precision". @param {string} name */
const wireName = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Reads the word lists. @param {any} head @returns {Record<WordList, string[]>} */
function wordLists(head) {
  const lists = WORD_COLUMNS.map(({ words, isNullable }) => [
    words,
    wordList(head, wireName(words), isNullable ? MOST_NULLABLE_WORDS : MOST_WORDS),
  ]);
  return Object.fromEntries(lists);
}

/**
 * Reads the word columns.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {number} count
 * @param {Record<WordList, string[]>} lists
 * @returns {Record<WordColumn, Uint8Array>}
 */
function wordColumns(sections, count, lists) {
  const columns = WORD_COLUMNS.map(({ column, words, isNullable }) => [
    column,
    indices(sections, wireName(column), count, lists[words].length, isNullable ? 0 : 1),
  ]);
  return Object.fromEntries(columns);
}

/**
 * Reads the bit columns. Optional ones are absent if no bit is set.
 *
 * @param {any} head
 * @param {Map<string, Uint8Array>} sections
 * @param {number} count
 * @returns {Record<BitColumn, Uint8Array>}
 */
function bitColumns(head, sections, count) {
  const columns = BIT_COLUMNS.map(({ column, bits, isOptional }) => {
    const name = wireName(column);
    if (isOptional && !sections.has(name)) return [column, new Uint8Array(count)];
    must(JSON.stringify(head[name]) === JSON.stringify(bits), `${name}: must be ${bits.join(", ")}`);
    return [column, indices(sections, name, count, 2 ** bits.length - 1, 0)];
  });
  return Object.fromEntries(columns);
}

/**
 * Reads one word list.
 *
 * @param {any} head
 * @param {string} name
 * @param {number} most
 * @returns {string[]}
 */
function wordList(head, name, most) {
  const list = head[name];
  must(Array.isArray(list) && list.every((word) => typeof word === "string"), `${name}: must be a list of words`);
  must(list.length <= most, `${name}: has more than ${most} words`);
  return list;
}

/**
 * Returns a section, after checking its length.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {string} name
 * @param {number} length
 */
function section(sections, name, length) {
  const content = sections.get(name);
  must(content !== undefined, `${name}: is missing`);
  must(content.length === length, `${name}: has ${content.length} bytes, not ${length}`);
  return content;
}

/**
 * Reads a word column of the wire: 0 is "Unknown", and 1 is the first word.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {string} name
 * @param {number} count
 * @param {number} most
 * @param {0 | 1} least 1: "Unknown" is not allowed
 */
function indices(sections, name, count, most, least) {
  const content = section(sections, name, count);
  // Becomes negative if any index is out of range. This avoids a branch for each row.
  let off = 0;
  for (let row = 0; row < count; row++) {
    const index = byteAt(content, row);
    off |= (index - least) | (most - index);
  }
  if (off < 0) {
    const row = content.findIndex((index) => index < least || index > most);
    throw new BrokenColumns(`${name}, row ${row}: there is no word ${content[row]}`);
  }
  return content;
}

/**
 * Decodes delta-encoded coordinates in planes.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {string} name
 * @param {number} count
 */
function summed(sections, name, count) {
  const content = section(sections, name, PLANES * count);
  const column = new Int32Array(count);
  let place = 0;
  let off = 0;
  for (let row = 0; row < count; row++) {
    place = (place + stepAt(content, row, count)) | 0;
    off |= place | (STEPS - place);
    column[row] = place;
  }
  if (off < 0) {
    const row = column.findIndex((one) => one < 0 || one > STEPS);
    throw new BrokenColumns(`${name}, row ${row}: ${column[row]} is off the world`);
  }
  return column;
}

/**
 * Reads the positions of all rows. Positions shared by several rows are stored once, and rows refer
 * to them by number from 1. Number 0 means that the row has its own position.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {number} count
 * @returns {{ x: Int32Array, y: Int32Array }}
 */
function where(sections, count) {
  if (!sections.has("spot")) return { x: summed(sections, "x", count), y: summed(sections, "y", count) };
  const spot = section(sections, "spot", 2 * count);
  const shared = (sections.get("spots_x")?.length ?? 0) / PLANES;
  const [sharedX, sharedY] = [summed(sections, "spots_x", shared), summed(sections, "spots_y", shared)];
  const [ownX, ownY] = [sections.get("x") ?? new Uint8Array(), sections.get("y") ?? new Uint8Array()];
  const rest = Math.floor(ownX.length / PLANES);
  const [x, y] = [new Int32Array(count), new Int32Array(count)];
  let [next, placeX, placeY, off] = [0, 0, 0, 0];
  for (let row = 0; row < count; row++) {
    const index = byteAt(spot, row) | (byteAt(spot, count + row) << 8);
    if (index === 0) {
      placeX = (placeX + stepAt(ownX, next, rest)) | 0;
      placeY = (placeY + stepAt(ownY, next, rest)) | 0;
      off |= placeX | (STEPS - placeX) | placeY | (STEPS - placeY);
      next++;
      x[row] = placeX;
      y[row] = placeY;
    } else {
      if (index > shared) throw new BrokenColumns(`spot, row ${row}: there is no spot ${index}`);
      x[row] = wordAt(sharedX, index - 1);
      y[row] = wordAt(sharedY, index - 1);
    }
  }
  for (const name of ["x", "y"]) {
    section(sections, name, PLANES * next);
    if (off < 0) summed(sections, name, next); // throws the error with the row
  }
  return { x, y };
}

/**
 * Returns the delta of a coordinate from its planes.
 * @param {Uint8Array} planes
 * @param {number} n
 * @param {number} count
 */
function stepAt(planes, n, count) {
  const folded =
    byteAt(planes, n) |
    (byteAt(planes, count + n) << 8) |
    (byteAt(planes, 2 * count + n) << 16) |
    (byteAt(planes, 3 * count + n) << 24);
  return (folded >>> 1) ^ -(folded & 1);
}

/**
 * Decodes unsigned varints: seven bits a byte, lowest first.
 * @param {Uint8Array} bytes
 * @param {string} name
 * @param {(value: number) => void} run
 */
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

/**
 * Reads the number of rows of each day, and the first day.
 *
 * @param {any} head
 * @param {Map<string, Uint8Array>} sections
 * @param {number} count
 */
function firstDays(head, sections, count) {
  /** @type {number} */
  let firstDay;
  try {
    firstDay = toDay(String(head.first_day));
  } catch {
    throw new BrokenColumns(`first_day: ${head.first_day}`);
  }
  /** @type {number[]} */
  const perDay = [];
  let row = 0;
  eachVarint(sections.get("per_day") ?? new Uint8Array(), "per_day", (rows) => {
    row += rows;
    must(row <= count, `per_day: has more than ${count} rows`);
    perDay.push(rows);
  });
  must(row === count, `per_day: has ${row} rows, not ${count}`);
  return { firstDay, perDay };
}

/**
 * Reads the lengths in days.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {number} count
 * @returns {Int32Array | null} null: all last one day
 */
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

/**
 * Reads the shapes of lines and areas.
 *
 * @param {Map<string, Uint8Array>} sections
 * @param {number} count
 * @returns {Map<number, Shape>}
 */
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
