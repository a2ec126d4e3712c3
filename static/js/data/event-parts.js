/**
 * Loads the parts of the events: the newest first, several at once. Parts never change, so a loaded
 * part stays valid as long as the manifest lists it. A part that cannot be read is left out and
 * counted; the others are shown.
 *
 * @import { Day, DayRange, EventColumns, EventPart, Progress } from "../types.js"
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
 * @typedef {{ format?: number, stale: boolean, events: number, parts: PartEntry[] }} Manifest
 */

/** @typedef {PartEntry & { days: DayRange }} ReadableEntry */

/** A part does not match its manifest entry. */
class BrokenPart extends Error {
  /** @override */
  name = "BrokenPart";
}

/** Creates the loader. @param {Pick<Api, "columnsManifest" | "columnsPart">} api */
export function createEventParts(api) {
  /** @type {{ stale: boolean, events: number, parts: ReadableEntry[] } | null} */
  let manifest = null;
  /** @type {string | null} */
  let etag = null;
  /** @type {Map<string, EventPart>} by URL */
  const here = new Map();
  /** Numbers of events of the parts that cannot be read. @type {Map<string, number>} by URL */
  const unreadable = new Map();

  /**
   * Returns the missing parts of the given days and of the first view.
   * @param {DayRange[]} ranges
   * @returns {ReadableEntry[]}
   */
  function missingParts(ranges) {
    if (!manifest?.parts.length) return [];
    const end = newestStart(manifest.parts) + 1;
    const neededDays = [{ from: end - FIRST_DAYS, to: end }, ...ranges];
    const named = manifest.parts.filter(({ days }) =>
      neededDays.some(({ from, to }) => days.from < to && days.to > from),
    );
    const rest = manifest.parts.filter((part) => !named.includes(part) && !here.has(part.url));
    const little = rest.reduce((sum, { bytes }) => sum + bytes, 0) <= LITTLE_BYTES;
    return [...named, ...(little ? rest : [])].filter(({ url }) => !here.has(url) && !unreadable.has(url));
  }

  /** Fetches and decodes a part. @param {ReadableEntry} entry @param {AbortSignal} signal */
  async function fetchPart(entry, signal) {
    const bytes = await api.columnsPart(entry.url, signal);
    if (bytes.length !== entry.decoded_bytes) throw new BrokenPart(`${entry.url}: ${bytes.length} bytes`);
    const part = decodeColumns(bytes);
    if (part.count !== entry.events) throw new BrokenPart(`${entry.url}: ${part.count} events`);
    const end = part.firstDay + part.perDay.length;
    if (part.count > 0 && (part.firstDay < entry.days.from || end > entry.days.to)) {
      throw new BrokenPart(`${entry.url}: days ${part.firstDay} to ${end}`);
    }
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
        const { stale, events, parts } = /** @type {Manifest} */ (body);
        const entries = parts.map(withDays);
        manifest = { stale, events, parts: entries.filter((entry) => entry !== null) };
        etag = received;
        const named = new Set(parts.map((part) => part?.url));
        for (const known of [here, unreadable]) for (const url of known.keys()) if (!named.has(url)) known.delete(url);
        for (const [n, part] of parts.entries()) {
          if (!entries[n]) unreadable.set(String(part?.url), Number(part?.events) || 0);
        }
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
     * stored even if another part fails. A part that arrives and cannot be read is not a failure:
     * `unreadable` counts it.
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
            if (error instanceof Failure || error instanceof OtherFormat) failures.push(error);
            else unreadable.set(next.url, next.events);
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

    /**
     * Returns the number of events in parts that cannot be read.
     * @returns {number}
     */
    unreadable: () => [...unreadable.values()].reduce((sum, events) => sum + events, 0),

    /** Requests the unreadable parts again with the next fetch. */
    retryUnreadable() {
      unreadable.clear();
      etag = null;
    },

    /** Returns the number of loaded events. @returns {number} */
    count: () => [...here.values()].reduce((sum, { count }) => sum + count, 0),

    /** @returns {EventColumns | null} the loaded events; null before the first manifest */
    columns() {
      if (!manifest) return null;
      const present = manifest.parts.filter(({ url }) => here.has(url));
      const days = joined(manifest.parts.map((part) => part.days));
      const [first, last] = [days[0], days.at(-1)];
      return assemble(
        present.map(({ url }) => /** @type {EventPart} */ (here.get(url))),
        {
          revision: present.map(({ url }) => url.slice(-8)).join(" "),
          extent: first && last ? { from: first.from, to: last.to } : null,
          total: manifest.events,
          missing: joined(manifest.parts.filter(({ url }) => !here.has(url)).map(({ days }) => days)),
        },
      );
    },
  };
}

/**
 * Returns an entry of the manifest with its days, or null if the entry cannot be read.
 *
 * @param {PartEntry} entry
 * @returns {ReadableEntry | null}
 */
function withDays(entry) {
  try {
    const days = { from: toDay(entry.first_day), to: toDay(entry.last_day) + 1 };
    return days.from < days.to && typeof entry.url === "string" ? { ...entry, days } : null;
  } catch {
    return null;
  }
}

/**
 * Returns the newest day with a one-day event. Events of several days may end much later.
 * @param {ReadableEntry[]} parts
 * @returns {Day}
 */
function newestStart(parts) {
  const starts = parts.filter(({ spans }) => !spans);
  return (starts.length ? starts : parts).reduce((newest, { days }) => Math.max(newest, days.to - 1), -Infinity);
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
