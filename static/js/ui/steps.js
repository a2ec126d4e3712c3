/**
 * The buttons for the previous and next event in time, among those that pass the filters and are in
 * view. A step out of the window moves the window.
 */
import { Failure, toProblem } from "../data/fetch-json.js";
import { bboxText, itemsParameters } from "../data/query.js";
import { setProblem } from "../state/problems.js";
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

/** Maximum number of events requested for one position and day. */
const MOST_ON_SPOT = 1_000;

/**
 * Creates the buttons.
 * @param {object} parts
 * @param {Store} parts.store
 * @param {SelectionSource} parts.selection
 * @param {Api} parts.api
 * @param {Translate} parts.t
 * @param {(event: EventFeature) => void} parts.open
 * @returns {{ root: HTMLElement, of: (event: EventFeature, signal: AbortSignal) => void, ofNone: ()
 *   => void, refresh: () => void }} `of` sets the current event, `ofNone` clears it; `refresh`
 *   updates the state of the buttons
 */
export function createSteps({ store, selection, api, t, open }) {
  const earlier = iconButton("back", t("Earlier event in this view"), { click: () => void busyUntil(step(-1)) });
  const later = iconButton("forward", t("Later event in this view"), { click: () => void busyUntil(step(1)) });
  const root = element("div", { class: "panel-steps", role: "group", "aria-label": t("By time") }, earlier, later);
  /** @type {EventFeature | null} */
  let current = null;
  /** The events at the same position and day, whose rows have no ids. @type {EventFeature[]} */
  let sameSpot = [];
  let looking = Promise.resolve();
  /** @type {AbortSignal | undefined} */
  let signal;
  let pendingRequests = 0;

  /**
   * Sets `aria-busy` until a request ends.
   * @param {Promise<void>} loading
   */
  async function busyUntil(loading) {
    pendingRequests++;
    root.setAttribute("aria-busy", "true");
    try {
      await loading;
    } finally {
      if (--pendingRequests === 0) root.removeAttribute("aria-busy");
    }
  }

  /** Opens the next event. @param {1 | -1} direction */
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
      open(event);
    } catch (error) {
      if (signal?.aborted) return;
      if (!(error instanceof Failure)) throw error;
      setProblem(
        store,
        "step",
        toProblem(error, t("The event could not be loaded."), () => void step(direction), t),
      );
    }
  }

  /**
   * Loads the events at the position of an event, if the columns have several rows there.
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
      // The first row is used instead. A step may then skip events, which are still in the list.
    }
  }

  /** Sends a query. @param {ReturnType<typeof questionFor>} question */
  async function load(question) {
    const filters = itemsParameters({ filters: store.get().filters });
    const where =
      "ids" in question
        ? { ids: question.ids.join(",") }
        : { ...filters, bbox: bboxText(question.bbox), datetime: question.datetime };
    const { features } = await api.items({ ...where, limit: MOST_ON_SPOT }, signal);
    return features;
  }

  /** Moves the window to a row outside it. @param {Selection} chosen @param {number} row */
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
    // Uses `aria-disabled`, because `disabled` would remove the focus from the button.
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
