/**
 * Selects the events at a position of the map. The columns have no ids, so the server is queried
 * for the events at that position in the window. Meanwhile the store has their outlines from the
 * columns (`outlined`).
 *
 * @import { Bounds, EventColumns, EventFeature, SelectionSource, Store, Translate } from "../types.js"
 * @import { Api } from "../data/api.js"
 * @import { Spots } from "../data/spot.js"
 * @import { Hit } from "./hit.js"
 */
import { Failure, toProblem } from "../data/fetch-json.js";
import { eventLike, outlineOf } from "../data/outline.js";
import { boxAround } from "../data/spot.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../lib/grid.js";
import { createLatest } from "../lib/latest.js";
import { Lru } from "../lib/lru.js";
import { shownDays } from "../state/shown-days.js";

/** Maximum number of outlines. */
const MOST_OUTLINES = 8;
/** Number of titles that are kept. */
const MOST_TITLES = 500;

/**
 * The query for a position, and its rows in the columns.
 * @typedef {object} Question
 * @property {string} text the key of the query
 * @property {Bounds | null} bounds the position; null: a line or an area
 * @property {() => number[]} rows the rows at the position, newest first
 * @property {(signal?: AbortSignal) => Promise<EventFeature[]>} load the newest of them
 */

/** @typedef {ReturnType<typeof createChooser>} Chooser */

/**
 * Creates the chooser.
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {Spots} options.spots
 * @param {Pick<Api, "item">} options.api
 * @param {Translate} options.t
 */
export function createChooser({ store, selection, spots, api, t }) {
  const latest = createLatest();
  /**
   * The latest prefetched query and its result.
   * @type {{ text: string, events: Promise<EventFeature[]> } | null}
   */
  let foreseen = null;
  /**
   * The latest opened query.
   * @type {{ text: string, selected: string } | null}
   */
  let opened = null;
  /** The rows of the latest query. @type {{ text: string, rows: number[] } | null} */
  let counted = null;
  /** @type {Lru<string, string>} titles by query */
  const titles = new Lru(MOST_TITLES);
  let turns = 0;

  /**
   * Builds the query for a position.
   * @param {Hit} hit
   * @returns {Question | null} null: no columns loaded
   */
  function questionOf({ row, shape: isShape, points }) {
    const columns = selection.get()?.columns;
    if (!columns) return null;
    const shape = isShape ? columns.shapes.get(row) : undefined;
    if (shape) {
      const load = async (/** @type {AbortSignal | undefined} */ signal) => [await api.item(shape.id, signal)];
      return { text: shape.id, bounds: null, rows: () => [row], load };
    }
    const [longitude, latitude] = [longitudeOf(columns.x[row] ?? NaN), latitudeOf(columns.y[row] ?? NaN)];
    const bounds = boxAround(longitude, latitude, store.get().view.zoom);
    const spot = spots.of(bounds, points);
    if (!spot) return null;
    return {
      text: spot.key,
      bounds,
      rows() {
        if (counted?.text !== spot.key) counted = { text: spot.key, rows: spot.rows() };
        return counted.rows;
      },
      load: async (signal) => (await spots.load(spot, null, signal)).events,
    };
  }

  /**
   * Prefetches the events of a position, for the click that follows.
   * @param {Hit | null} hit under a pressed pointer
   */
  function foresee(hit) {
    const question = hit && questionOf(hit);
    if (question && foreseen?.text === question.text) return;
    foreseen = question && prefetch(question);
  }

  /** Starts a query. @param {Question} question @param {AbortSignal} [signal] */
  function prefetch({ text, load }, signal) {
    const events = load(signal);
    events.catch(() => undefined); // whoever waits for the events reports the error
    return { text, events };
  }

  /**
   * Returns the title of a position's only event. The events are kept for a click.
   *
   * @param {Hit} hit under a resting pointer
   * @param {AbortSignal} signal
   * @returns {Promise<string | null>} null: several events, or the title cannot be loaded
   */
  async function titleOf(hit, signal) {
    const question = questionOf(hit);
    if (!question || question.rows().length > 1) return null;
    const known = titles.get(question.text);
    if (known !== undefined) return known;
    const mine = (foreseen = prefetch(question, signal));
    const forget = () => {
      if (foreseen === mine) foreseen = null;
    };
    signal.addEventListener("abort", forget, { once: true });
    try {
      const title = (await mine.events)[0]?.properties.title ?? null;
      if (title !== null) titles.set(question.text, title);
      return title;
    } catch {
      forget();
      return null;
    }
  }

  /**
   * Opens the events of a position.
   * @param {Hit | null} hit under the pointer; null closes the card
   */
  async function choose(hit) {
    const columns = selection.get()?.columns;
    const question = hit && questionOf(hit);
    const { panel, selected, outlined } = store.get();
    if (!hit || !columns || !question) {
      latest.cancel();
      if (!selected && !outlined) return;
      store.set({ selected: null, spot: null, outlined: null, panel: panel === "card" ? null : panel });
      return;
    }
    const isOpen = !outlined && panel === "card" && opened?.selected === selected;
    if (isOpen && opened?.text === question.text) return;
    const prefetched = foreseen?.text === question.text ? foreseen.events : null;
    foreseen = null;
    await open(question, hit.row, columns, prefetched);
  }

  /**
   * Opens the result of a query.
   * @param {Question} question
   * @param {number} row under the pointer
   * @param {EventColumns} columns
   * @param {Promise<EventFeature[]> | null} prefetched the prefetched result
   */
  async function open(question, row, columns, prefetched) {
    const { text, bounds, load } = question;
    const rows = question.rows();
    const outlined = {
      turn: ++turns,
      outlines: rows.slice(0, MOST_OUTLINES).map((one) => outlineOf(columns, one)),
      count: rows.length,
      days: shownDays(store.get()),
      problem: null,
    };
    store.set({ outlined, panel: "card" });
    const isSuperseded = () => store.get().outlined !== outlined;
    const retry = () => void open(question, row, columns, null);
    try {
      const events = await latest.run((signal) => prefetched ?? load(signal));
      if (!events || isSuperseded()) return;
      const chosen =
        eventLike(columns, row, events) ?? events.find((event) => isAt(event, columns, row)) ?? events.at(0);
      if (!chosen) {
        const why = t("It is no longer there. The map may have just been updated.");
        const problem = { what: t("The event could not be opened."), why, retry };
        store.set({ outlined: { ...outlined, outlines: [], problem } });
        return;
      }
      opened = { text, selected: chosen.id };
      store.set({ outlined: null, selected: chosen.id, spot: bounds, panel: "card" });
    } catch (error) {
      if (isSuperseded()) return;
      const isGone = error instanceof Failure && (error.status === 404 || error.status === 410);
      store.set({
        outlined: {
          ...outlined,
          ...(isGone && { outlines: [] }),
          problem: toProblem(error, t("The event could not be opened."), retry, t),
        },
      });
    }
  }

  return {
    choose,
    foresee,
    titleOf,
    /** Returns the rows at a position, newest first. @param {Hit} hit */
    rowsAt: (hit) => questionOf(hit)?.rows() ?? [hit.row],
  };
}

/**
 * Returns whether an event is at the position of a row.
 * @param {EventFeature} event
 * @param {EventColumns} columns
 * @param {number} row
 */
function isAt({ geometry }, columns, row) {
  if (geometry.type !== "Point") return false;
  const [east = NaN, north = NaN] = geometry.coordinates;
  return gridX(east) === columns.x[row] && gridY(north) === columns.y[row];
}
