/**
 * Selects the events at a position of the map. The columns have no ids, so the server is queried
 * for the events at that position in the window. Meanwhile the store has their outlines from the
 * columns (`outlined`).
 *
 * @import { Bounds, EventColumns, EventFeature, SelectionSource, Store, Translate } from "../types.js"
 * @import { Api } from "../data/api.js"
 * @import { Hit } from "./hit.js"
 */
import { Failure, toProblem } from "../data/fetch-json.js";
import { pointsIn } from "../data/in-box.js";
import { eventLike, inOrderOfColumns, outlineOf } from "../data/outline.js";
import { itemsParameters } from "../data/query.js";
import { gridX, gridY, latitudeOf, longitudeOf } from "../lib/grid.js";
import { createLatest } from "../lib/latest.js";

/** Maximum number of events at one position in the card. */
const MOST_STACKED = 100;
/** Maximum number of outlines. */
const MOST_OUTLINES = 8;

/**
 * @typedef {(longitude: number, latitude: number) => Bounds} Around returns the box that counts as
 *   one position for the type of pointer
 */

/**
 * The query for a position, and its rows in the columns.
 * @typedef {object} Question
 * @property {string} text the key of the query
 * @property {() => number[]} rows the rows at the position, newest first
 * @property {(signal?: AbortSignal) => Promise<EventFeature[]>} load
 */

/**
 * Creates the chooser.
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {Pick<Api, "items" | "item">} options.api
 * @param {Translate} options.t
 * @returns {{ choose: (hit: Hit | null, around: Around) => Promise<void>, foresee: (hit: Hit |
 *   null, around: Around) => void }} `choose` without a hit closes the card; `foresee` prefetches
 *   the events under a pressed pointer
 */
export function createChooser({ store, selection, api, t }) {
  const latest = createLatest();
  /**
   * The latest prefetched query and its result.
   * @type {{ text: string, events: Promise<EventFeature[]> } | null}
   */
  let foreseen = null;
  /**
   * The latest opened query.
   * @type {{ text: string, stacked: string[], selected: string } | null}
   */
  let opened = null;
  let turns = 0;

  /**
   * Builds the query for a position.
   * @param {Hit} hit
   * @param {Around} around
   * @returns {Question | null} null: no columns loaded
   */
  function questionOf({ row, shape: isShape, points }, around) {
    const chosen = selection.get();
    if (!chosen) return null;
    const { columns } = chosen;
    const shape = isShape ? columns.shapes.get(row) : undefined;
    if (shape) {
      return { text: shape.id, rows: () => [row], load: async (signal) => [await api.item(shape.id, signal)] };
    }
    const { shown, window, filters } = store.get();
    const days = shown ?? window;
    const bounds = around(longitudeOf(columns.x[row] ?? NaN), latitudeOf(columns.y[row] ?? NaN));
    const parameters = { ...itemsParameters({ window: days, filters, bounds }), limit: MOST_STACKED };
    return {
      text: JSON.stringify(parameters),
      rows: () => pointsIn(chosen, days, bounds, points),
      async load(signal) {
        const { features } = await api.items(parameters, signal);
        return inOrderOfColumns(features.filter(({ geometry }) => geometry.type === "Point"));
      },
    };
  }

  /** Prefetches the events of a position. @param {Hit | null} hit @param {Around} around */
  function foresee(hit, around) {
    foreseen = null;
    const question = hit && questionOf(hit, around);
    if (!question) return;
    const events = question.load();
    events.catch(() => undefined); // `choose` reports the error
    foreseen = { text: question.text, events };
  }

  /** Opens the events of a position. @param {Hit | null} hit @param {Around} around */
  async function choose(hit, around) {
    const columns = selection.get()?.columns;
    const question = hit && questionOf(hit, around);
    const { panel, selected, stacked, outlined } = store.get();
    if (!hit || !columns || !question) {
      latest.cancel();
      if (!selected && !outlined) return;
      store.set({ selected: null, stacked: [], outlined: null, panel: panel === "card" ? null : panel });
      return;
    }
    const isOpen = !outlined && panel === "card" && opened?.selected === selected && opened?.stacked === stacked;
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
    const { text, load } = question;
    const rows = question.rows();
    const outlined = {
      turn: ++turns,
      outlines: rows.slice(0, MOST_OUTLINES).map((one) => outlineOf(columns, one)),
      count: Math.min(rows.length, MOST_STACKED),
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
      opened = { text, selected: chosen.id, stacked: events.map(({ id }) => id) };
      store.set({ outlined: null, selected: opened.selected, stacked: opened.stacked, panel: "card" });
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

  return { choose, foresee };
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
