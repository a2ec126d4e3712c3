/**
 * Converts between the URL of the page and its state. Old URLs must stay readable: a field may gain
 * a format but never lose one. Days in the URL are inclusive and UTC.
 *
 * @import { ColourBy, Config, DayRange, Mode, State } from "../types.js"
 */
import { toDay, toIso } from "../time/day.js";
import { FACETS, NO_FILTERS, byFacet } from "./facets.js";

/**
 * An invalid parameter of a URL and its value.
 * @typedef {{ parameter: string, value: string }} Misread
 */

/**
 * A part of the state that the URL contains.
 * @typedef {object} Field
 * @property {string[]} parameters
 * @property {"replace" | "push" | "open"} history whether a new value adds a history entry; `open`:
 *   only if it is not the default
 * @property {(address: AddressReader, config: Config) => Partial<State>} read returns the default
 *   if the parameter is absent or invalid
 * @property {(state: Readonly<State>) => (string | null)[]} write returns one value for each
 *   parameter, null to omit it. Defaults that may change later are written, so that a copied address
 *   always shows the same
 */

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const LONGEST_WORDS = 200;
/** Latitude limit of Web Mercator, degrees. */
const MERCATOR_LATITUDE = 85.06;
const DEEPEST_ZOOM = 22;
/** One for the areas, one for the line over them. */
const MOST_ASSESSORS = 2;
/** Days of a window if only one end is given. */
const WEEK = 7;

/** @type {readonly Mode[]} */
const MODES = ["window", "cumulative", "day"];
/** @type {readonly ColourBy[]} */
const COLOURS = ["side", "actor", "category", "verification"];
/** @type {readonly "list"[]} */
const PANELS = ["list"];

/** Reads the parameters of a URL and collects the invalid ones. */
class AddressReader {
  /** @type {Misread[]} */
  misread = [];
  #parameters;

  /** @param {URLSearchParams} parameters */
  constructor(parameters) {
    this.#parameters = parameters;
  }

  /**
   * Parses the value of a parameter. Returns null if it is absent or `parse` returns null.
   *
   * @template T
   * @param {string} parameter
   * @param {(text: string) => T | null} parse
   * @returns {T | null}
   */
  read(parameter, parse) {
    const text = this.#parameters.get(parameter);
    if (text === null || text === "") return null;
    const value = parse(text);
    if (value === null) this.refuse(parameter, text);
    return value;
  }

  /** Records an invalid value. @param {string} parameter @param {string} value */
  refuse(parameter, value) {
    this.misread.push({ parameter, value });
  }

  /**
   * Reads a comma-separated list and drops unknown values.
   *
   * @param {string} parameter
   * @param {readonly string[]} known
   * @returns {string[]}
   */
  list(parameter, known) {
    const values = (this.#parameters.get(parameter) ?? "").split(",").filter((value) => value !== "");
    for (const value of values) if (!known.includes(value)) this.refuse(parameter, value);
    return [...new Set(values)].filter((value) => known.includes(value));
  }
}

/** Parses a day, or returns null. @param {string} text */
function parseDay(text) {
  try {
    return toDay(text);
  } catch {
    return null;
  }
}

/**
 * Returns a parser that accepts only known values.
 *
 * @template {string} T
 * @param {readonly T[]} known
 * @returns {(text: string) => T | null}
 */
const oneOf = (known) => (text) => known.find((value) => value === text) ?? null;

/** Parses a map view. @param {string} text latitude, longitude, zoom */
function parseView(text) {
  const numbers = text.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [latitude = NaN, longitude = NaN, zoom = NaN] = numbers;
  const sound =
    numbers.length === 3 &&
    Math.abs(latitude) <= MERCATOR_LATITUDE &&
    Math.abs(longitude) <= 180 &&
    zoom >= 0 &&
    zoom <= DEEPEST_ZOOM;
  return sound ? { latitude, longitude, zoom } : null;
}

/** Parses the days of a comparison. @param {string} text two days, the earlier first */
function parseComparison(text) {
  const [from = null, to = null, ...more] = text.split(",").map(parseDay);
  return from !== null && to !== null && from < to && more.length === 0 ? { from, to } : null;
}

/**
 * Formats a number without trailing zeros.
 *
 * @param {number} value
 * @param {number} digits maximum digits after the point
 */
const shortest = (value, digits) => String(Number(value.toFixed(digits)));

/** Formats a map view. @param {{ longitude: number, latitude: number, zoom: number }} view */
function viewText({ longitude, latitude, zoom }) {
  const east = longitude - 360 * Math.floor((longitude + 180) / 360); // a map may report 397° for 37°
  return [shortest(latitude, 5), shortest(east, 5), shortest(zoom, 2)].join(",");
}

/** Returns the window that the page opens with. @param {Config} config @returns {DayRange} */
function openingWindow({ opening }) {
  return { from: toDay(opening.from), to: toDay(opening.to) + 1 };
}

/**
 * Reads the window of a URL that has both ends, one, or none. With a single end the window is a
 * week. In mode `day` the last day counts.
 *
 * @param {AddressReader} address
 * @param {Config} config
 * @returns {DayRange}
 */
function readWindow(address, config) {
  const opening = openingWindow(config);
  const first = address.read("from", parseDay);
  const last = address.read("to", parseDay);
  if (first === null && last === null) return opening;
  if (first !== null && last !== null && first > last) {
    address.refuse("from", toIso(first));
    address.refuse("to", toIso(last));
    return opening;
  }
  return {
    from: first ?? /** @type {number} */ (last) + 1 - WEEK,
    to: last === null ? /** @type {number} */ (first) + WEEK : last + 1,
  };
}

/** @type {readonly Field[]} */
const FIELDS = [
  {
    parameters: ["at"],
    history: "replace",
    read: (address, config) => ({ view: address.read("at", parseView) ?? config.theatre.view }),
    write: ({ view }) => [viewText(view)],
  },
  {
    parameters: ["from", "to", "mode"],
    history: "replace",
    read(address, config) {
      const mode = address.read("mode", oneOf(MODES)) ?? "window";
      const window = readWindow(address, config);
      return { mode, window: mode === "day" ? { from: window.to - 1, to: window.to } : window };
    },
    write: ({ window, mode }) => [toIso(window.from), toIso(window.to - 1), mode === "window" ? null : mode],
  },
  {
    parameters: [...FACETS.map(({ name }) => name), "q"],
    history: "push",
    read: (address, config) => ({
      filters: {
        ...byFacet(({ name, known }) => address.list(name, known(config))),
        q: address.read("q", (text) => text.trim().slice(0, LONGEST_WORDS)) ?? "",
      },
    }),
    write: ({ filters }) => [...FACETS.map(({ name }) => filters[name].join(",") || null), filters.q || null],
  },
  {
    parameters: ["colour"],
    history: "replace",
    read: (address) => ({ colour: address.read("colour", oneOf(COLOURS)) ?? "side" }),
    write: ({ colour }) => [colour === "side" ? null : colour],
  },
  {
    parameters: ["assessor"],
    history: "replace",
    read(address, { assessors }) {
      const known = assessors.map(({ slug }) => slug);
      const named = address.list("assessor", known).slice(0, MOST_ASSESSORS);
      return { assessors: named.length ? named : known.slice(0, 1) };
    },
    write: ({ assessors }) => [assessors.join(",") || null],
  },
  {
    parameters: ["compare"],
    history: "push",
    read: (address) => ({ compare: address.read("compare", parseComparison) }),
    write: ({ compare }) => [compare && `${toIso(compare.from)},${toIso(compare.to)}`],
  },
  {
    parameters: ["panel"],
    history: "replace",
    read: (address) => ({ panel: address.read("panel", oneOf(PANELS)) }),
    write: ({ panel }) => [panel === "list" ? panel : null],
  },
  {
    // After `panel`: an event opens its card.
    parameters: ["event"],
    history: "open",
    read(address) {
      const id = address.read("event", (text) => (UUID.test(text) ? text.toLowerCase() : null));
      return { selected: id, spot: null, outlined: null, ...(id && { panel: "card" }) };
    },
    write: ({ selected }) => [selected],
  },
];

/**
 * Parses the query string of a URL. Unknown parameters are ignored, because sharing services add
 * some.
 *
 * @param {string} search with or without the "?"
 * @param {Config} config
 * @returns {{ patch: Partial<State>, misread: Misread[], named: Set<string> }} `patch` has every
 *   field; `named` are the parameters present
 */
export function readAddress(search, config) {
  const parameters = new URLSearchParams(search);
  const address = new AddressReader(parameters);
  const patch = Object.assign({}, ...FIELDS.map((field) => field.read(address, config)));
  return { patch, misread: address.misread, named: new Set(parameters.keys()) };
}

/**
 * Formats the query string for a state: "?at=48.2,37.1,12&from=2025-07-15&to=2025-07-21&side=ru". It
 * always has the place and the days, so that it shows the same when the defaults change.
 *
 * @param {Readonly<State>} state
 * @returns {string}
 */
export function writeAddress(state) {
  const parts = FIELDS.flatMap(({ parameters, write }) => {
    const values = write(state);
    return parameters.flatMap((parameter, index) => {
      const value = values[index];
      return value ? [`${parameter}=${encodeURIComponent(value).replaceAll("%2C", ",")}`] : [];
    });
  });
  return `?${parts.join("&")}`;
}

/**
 * Adds the language of the current URL to a query string. The language is not part of the state and
 * not in a cookie.
 *
 * @param {string} search "?at=48.2,37.1,12"
 * @param {string} present the current query string
 * @returns {string}
 */
export function withLanguage(search, present) {
  const language = new URLSearchParams(present).get("lang");
  if (language === null) return search;
  return `${search}&lang=${encodeURIComponent(language)}`;
}

/**
 * Returns the complete URL of a view for sharing.
 *
 * @param {Readonly<State>} state
 * @param {Pick<Location, "origin" | "pathname" | "search">} here
 * @returns {string}
 */
export function linkTo(state, { origin, pathname, search }) {
  return origin + pathname + withLanguage(writeAddress(state), search);
}

/**
 * Returns whether a change of the state adds a history entry.
 *
 * @param {Readonly<State>} before
 * @param {Readonly<State>} now
 * @returns {boolean}
 */
export function addsEntry(before, now) {
  if (now.choices !== before.choices) return true;
  return FIELDS.some(({ history, write }) => {
    const text = write(now).join("&");
    const isNew = text !== write(before).join("&");
    return isNew && (history === "push" || (history === "open" && text !== ""));
  });
}

/**
 * Returns the initial state of the page.
 *
 * @param {Partial<State>} patch from `readAddress`
 * @param {Config} config
 * @returns {State}
 */
export function openingState(patch, config) {
  return {
    window: openingWindow(config),
    shown: null,
    dense: false,
    mode: "window",
    playing: null,
    slowedTo: null,
    skipped: null,
    view: config.theatre.view,
    bounds: null,
    filters: NO_FILTERS,
    colour: "side",
    assessors: config.assessors.slice(0, 1).map(({ slug }) => slug),
    compare: null,
    selected: null,
    spot: null,
    outlined: null,
    panel: null,
    axis: null,
    loading: false,
    progress: null,
    problems: {},
    choices: 0,
    ...patch,
  };
}
