/**
 * Loads the parts of the events: the newest first, several at once. Parts never change, so a loaded
 * part stays valid as long as the manifest lists it.
 *
 * @import { DayRange, EventColumns, EventPart, Progress } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { toDay } from "../time/day.js";
import { assemble } from "./assemble.js";
import { FORMAT, OtherFormat, decodeColumns } from "./event-columns.js";
import { Failure } from "./fetch-json.js";

/** Days of the first view, which end with the newest event. */
const FIRST_DAYS = 90;
/** Older parts load without being requested if their compressed size is at most this, in bytes. */
const LITTLE_BYTES = 300_000;
const AT_ONCE = 4;
const GONE = 410;

/**
 * @typedef {object} PartEntry of the manifest
 * @property {string} url
 * @property {number} events
 * @property {string} first_day
 * @property {string} last_day
 * @property {boolean} spans
 * @property {number} bytes
 * @property {number} decoded_bytes
 */

/**
 * `format` is the version of the parts; older servers omit it, which means version 1.
 * @typedef {{ format?: number, stale: boolean, events: number, first_day: string | null, last_day:
 *   string | null, parts: PartEntry[] }} Manifest
 */

/** A part does not match its manifest entry. */
class BrokenPart extends Error {
  /** @override */
  name = "BrokenPart";
}

/** Creates the loader. @param {Pick<Api, "columnsManifest" | "columnsPart">} api */
export function createEventParts(api) {
  /** @type {Manifest | null} */
  let manifest = null;
  /** @type {string | null} */
  let etag = null;
  /** @type {Map<string, EventPart>} by URL */
  const here = new Map();

  /** Returns the days of a part. @param {PartEntry} part @returns {DayRange} */
  const daysOf = (part) => ({ from: toDay(part.first_day), to: toDay(part.last_day) + 1 });

  /**
   * Returns the missing parts of the given days and of the first view.
   * @param {DayRange[]} ranges
   * @returns {PartEntry[]}
   */
  function missingParts(ranges) {
    if (!manifest?.last_day) return [];
    const end = toDay(newestStart(manifest)) + 1;
    const neededDays = [{ from: end - FIRST_DAYS, to: end }, ...ranges];
    const named = manifest.parts.filter((part) => {
      const days = daysOf(part);
      return neededDays.some(({ from, to }) => days.from < to && days.to > from);
    });
    const rest = manifest.parts.filter((part) => !named.includes(part) && !here.has(part.url));
    const little = rest.reduce((sum, { bytes }) => sum + bytes, 0) <= LITTLE_BYTES;
    return [...named, ...(little ? rest : [])].filter(({ url }) => !here.has(url));
  }

  /** Fetches and decodes a part. @param {PartEntry} entry @param {AbortSignal} signal */
  async function fetchPart(entry, signal) {
    const bytes = await api.columnsPart(entry.url, signal);
    if (bytes.length !== entry.decoded_bytes) throw new BrokenPart(`${entry.url}: ${bytes.length} bytes`);
    const part = decodeColumns(bytes);
    if (part.count !== entry.events) throw new BrokenPart(`${entry.url}: ${part.count} events`);
    here.set(entry.url, part);
  }

  return {
    /**
     * Fetches the manifest.
     *
     * @param {AbortSignal} signal
     * @returns {Promise<{ changed: boolean, stale: boolean }>} `stale`: try again in a moment
     * @throws {OtherFormat} if the format is not supported; loaded parts stay
     */
    async refresh(signal) {
      const { body, etag: received, unchanged } = await api.columnsManifest(signal, etag);
      if (!unchanged) {
        const { format = 1 } = body;
        if (format !== FORMAT) throw new OtherFormat(`the parts are of version ${format}, not ${FORMAT}`);
        manifest = /** @type {Manifest} */ (body);
        etag = received;
        const named = new Set(manifest.parts.map(({ url }) => url));
        for (const url of here.keys()) if (!named.has(url)) here.delete(url);
      }
      return { changed: !unchanged, stale: manifest?.stale ?? false };
    },

    /** Forgets the ETag of the manifest, so that the next request returns the whole manifest. */
    forget() {
      etag = null;
    },

    /**
     * Returns whether parts of the given days are missing.
     * @param {DayRange[]} ranges
     * @returns {boolean}
     */
    lacks: (ranges) => missingParts(ranges).length > 0,

    /**
     * Fetches the missing parts of the given days and of the first view. Parts that arrive are
     * stored even if another part fails.
     *
     * @param {DayRange[]} ranges
     * @param {AbortSignal} signal
     * @param {(progress: Progress) => void} onProgress after each part
     * @throws the most specific failure, after all parts were tried
     */
    async fetch(ranges, signal, onProgress) {
      const queue = missingParts(ranges);
      const all = queue.reduce((sum, { bytes }) => sum + bytes, 0);
      let loaded = 0;
      /** @type {unknown[]} */
      const failures = [];
      const worker = async () => {
        for (let next = queue.shift(); next; next = queue.shift()) {
          try {
            await fetchPart(next, signal);
          } catch (error) {
            if (signal.aborted) throw error;
            failures.push(error);
            // The part was replaced, so this manifest is out of date. The other parts are not
            // fetched.
            if (error instanceof Failure && error.status === GONE) return;
          }
          loaded += next.bytes;
          onProgress({ loaded, all });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      if (failures.length) throw failures.find((error) => error instanceof OtherFormat) ?? failures[0];
    },

    /** Returns the number of loaded events. @returns {number} */
    count: () => [...here.values()].reduce((sum, { count }) => sum + count, 0),

    /** @returns {EventColumns | null} the loaded events; null before the first manifest */
    columns() {
      if (!manifest) return null;
      const present = manifest.parts.filter(({ url }) => here.has(url));
      const { first_day: first, last_day: last } = manifest;
      return assemble(
        present.map(({ url }) => /** @type {EventPart} */ (here.get(url))),
        {
          revision: present.map(({ url }) => url.slice(-8)).join(" "),
          extent: first && last ? { from: toDay(first), to: toDay(last) + 1 } : null,
          total: manifest.events,
          missing: joined(manifest.parts.filter(({ url }) => !here.has(url)).map(daysOf)),
        },
      );
    },
  };
}

/**
 * Returns the newest day with a one-day event. Events of several days may end much later.
 * @param {Manifest} manifest
 */
function newestStart({ parts, last_day: last }) {
  const days = parts.filter(({ spans }) => !spans).map(({ last_day }) => last_day);
  return days.length ? days.reduce((one, other) => (one > other ? one : other)) : /** @type {string} */ (last);
}

/** Merges adjacent and overlapping ranges. @param {DayRange[]} ranges */
export function joined(ranges) {
  /** @type {DayRange[]} */
  const all = [];
  for (const { from, to } of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = all.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else all.push({ from, to });
  }
  return all;
}
