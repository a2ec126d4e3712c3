/**
 * Earlier and later: from the card of one event to the next in time, among those that the filters
 * leave and whose place the map shows. A step out of the window takes the window along.
 */
import { Failure } from "../data/fetch-json.js";
import { bboxText, itemsParameters } from "../data/query.js";
import { broughtTo } from "../time/window.js";
import { announce } from "./announce.js";
import { element, iconButton } from "./element.js";
import {
  eventOf,
  eventsOn,
  nextRow,
  questionFor,
  questionOn,
  rowsOn,
  spotOf,
  spotOfRow,
  standing,
} from "./neighbours.js";

/** @import { EventFeature, Selection, SelectionSource, Store, Translate } from "../types.js" */
/** @import { Api } from "../data/api.js" */

/** The most events asked for on one spot and day. */
const MOST_ON_SPOT = 1_000;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {SelectionSource} parts.selection
 * @param {Api} parts.api
 * @param {Translate} parts.t
 * @param {(event: EventFeature, stacked: string[]) => void} parts.open
 * @returns {{ root: HTMLElement, of: (event: EventFeature, signal: AbortSignal) => void, ofNone: ()
 *   => void, refresh: () => void }} `of` says whose neighbours they are, `ofNone` that it is not
 *   known yet; `refresh` looks again whether there are any
 */
export function createSteps({ store, selection, api, t, open }) {
  const earlier = iconButton("back", t("Earlier event in this view"), { click: () => void busyUntil(step(-1)) });
  const later = iconButton("forward", t("Later event in this view"), { click: () => void busyUntil(step(1)) });
  const root = element("div", { class: "panel-steps", role: "group", "aria-label": t("By time") }, earlier, later);
  /** @type {EventFeature | null} */
  let current = null;
  /** What lies on its spot and day: the rows there have no ids. @type {EventFeature[]} */
  let sameSpot = [];
  let looking = Promise.resolve();
  /** @type {AbortSignal | undefined} */
  let signal;
  let waits = 0;

  /**
   * Says, while something is asked, that the buttons may change yet.
   * @param {Promise<void>} loading
   */
  async function busyUntil(loading) {
    waits++;
    root.setAttribute("aria-busy", "true");
    try {
      await loading;
    } finally {
      if (--waits === 0) root.removeAttribute("aria-busy");
    }
  }

  /** @param {1 | -1} direction */
  async function step(direction) {
    const chosen = selection.get();
    const from = current;
    if (!chosen || !from || signal?.aborted) return;
    try {
      await looking;
      const row = nextRow(chosen, standing(chosen, from, sameSpot), direction, store.get().bounds);
      const event = row === null ? null : eventOf(chosen, row, await load(questionFor(chosen.columns, row)));
      if (signal?.aborted || from !== current) return;
      if (!event || row === null) return void announce(t("No more events in this view."));
      takeWindowAlong(chosen, row);
      announce(event.properties.title);
      open(event, [event.id]);
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof Failure)) throw error;
      announce(t("The event could not be loaded."));
    }
  }

  /**
   * Asks what the server has on the spot of an event, when the columns have several rows there.
   *
   * @param {EventFeature} event
   */
  async function lookAround(event) {
    const chosen = selection.get();
    const spot = spotOf(event);
    if (!chosen || !spot || rowsOn(chosen, spot).length < 2) return;
    try {
      const found = eventsOn(await load(questionOn(spot)), spot);
      if (event !== current) return;
      sameSpot = found;
      refresh();
    } catch {
      // Then the first of them stands for all: a step may skip some, and the list has them.
    }
  }

  /** @param {ReturnType<typeof questionFor>} question */
  async function load(question) {
    const filters = itemsParameters({ filters: store.get().filters });
    const where =
      "ids" in question
        ? { ids: question.ids.join(",") }
        : { ...filters, bbox: bboxText(question.bbox), datetime: question.datetime };
    const { features } = await api.items({ ...where, limit: MOST_ON_SPOT }, signal);
    return features;
  }

  /** @param {Selection} chosen @param {number} row */
  function takeWindowAlong({ columns }, row) {
    const { window, mode } = store.get();
    const { day } = spotOfRow(columns, row);
    const inside = day < window.to && day + (columns.days[row] ?? 1) > window.from;
    if (!inside) store.set({ window: broughtTo(mode, window, day, columns.extent) });
  }

  function refresh() {
    const chosen = selection.get();
    if (!chosen || !current) return;
    const at = standing(chosen, current, sameSpot);
    const { bounds } = store.get();
    // Not `disabled`: that would take the focus from whoever steps to the last one.
    earlier.setAttribute("aria-disabled", String(nextRow(chosen, at, -1, bounds) === null));
    later.setAttribute("aria-disabled", String(nextRow(chosen, at, 1, bounds) === null));
  }

  return {
    root,
    of(event, its) {
      current = event;
      sameSpot = [event];
      signal = its;
      refresh();
      looking = busyUntil(lookAround(event));
    },
    ofNone() {
      current = null;
      earlier.setAttribute("aria-disabled", "true");
      later.setAttribute("aria-disabled", "true");
    },
    refresh,
  };
}
