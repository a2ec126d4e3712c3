/**
 * The list of the events in the window and the map's view that pass the filters. The list offers
 * the map's content to screen readers and the keyboard.
 *
 * The count and the first rows come from the columns, so they follow the map while a slider moves
 * or the time plays. Titles are requested after the last movement.
 */
import { asKnown, inOrderOfColumns } from "../data/outline.js";
import { cursorOf, itemsParameters } from "../data/query.js";
import { toProblem } from "../data/fetch-json.js";
import { viewCountsOf } from "../data/view-counts.js";
import { atMostEvery } from "../lib/frame.js";
import { createLatest } from "../lib/latest.js";
import { formatDistance } from "../lib/numbers.js";
import { shownDays } from "../state/shown-days.js";
import { element } from "./element.js";
import { eventRow, outlineRow } from "./event-row.js";
import { groupedByDay } from "./list-groups.js";
import { boxOfNearest, byDistance, common, eventDistanceM } from "./list-nearest.js";

/**
 * @import { Config, EventFeature, Selection, SelectionSource, State, Store, Translate } from "../types.js"
 */
/** @import { Api } from "../data/api.js" */
/** @import { Outline } from "../data/outline.js" */

/** Delay after the last movement before a request, in milliseconds. */
const REST_MS = 250;
/** Minimum interval of updates while a slider moves, to leave time for the map. */
const FOLLOW_EVERY_MS = 200;
/** Minimum height of a row. Enough rows to fill the screen are drawn while the titles load. */
const ROW_PX = 60;
const PAGE = 50;
/** Maximum number of events of a request for the nearest, and number of such requests. */
const MOST_NEAR = 1000;
const MOST_NEAR_PAGES = 5;

/**
 * @typedef {object} ListParts
 * @property {Store} store
 * @property {SelectionSource} selection
 * @property {Config} config
 * @property {Translate} t
 * @property {Api} api
 * @property {(event: EventFeature) => void} open
 * @property {(busy: boolean) => void} busy called when a request starts and ends
 */

/** @typedef {"newest" | "nearest"} Order */

/**
 * The loaded events, and how to load more.
 * @typedef {object} Page
 * @property {EventFeature[]} events
 * @property {boolean} complete there are no more events
 * @property {string | null} cursor
 */

/**
 * Creates the list.
 * @param {ListParts} parts
 * @returns {{ root: HTMLElement, heading: HTMLElement, show: () => void, hide: () => void, destroy:
 *   () => void }} `show` and `hide` set whether the list is visible; a hidden list sends no
 *   requests
 */
export function createList({ store, selection, config, t, api, open, busy }) {
  const latest = createLatest();
  /** @type {Page | null} */
  let page = null;
  /** @type {Order} */
  let order = "newest";
  let active = false;
  /** Keys of the latest query, of the query of the page, and of the failed query. */
  let requested = "";
  let answered = "";
  let failed = "";
  /** Whether the rows come from the columns instead of the page. */
  let isHead = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let restTimer;

  const heading = element("h2", { id: "list-title", tabindex: "-1" }, t("Events"));
  const count = element("p", { class: "list-count", "aria-hidden": "true" });
  /** The count for screen readers, updated after the last movement. */
  const status = element("p", { class: "visually-hidden", role: "status" });
  /** On paper, where no more can be loaded, how many events the list leaves out. */
  const printed = element("p", { class: "list-printed", hidden: true });
  const sorting = element(
    "select",
    { class: "field list-order", "aria-label": t("Sort by") },
    element("option", { value: "newest" }, t("Newest")),
    element("option", { value: "nearest" }, t("Nearest")),
  );
  const body = element("div", { class: "list-body" });
  const root = element(
    "section",
    { class: "list", "aria-labelledby": "list-title" },
    element("div", { class: "list-head" }, heading, count, printed, status, sorting),
    body,
  );
  sorting.addEventListener("change", () => {
    order = sorting.value === "nearest" ? "nearest" : "newest";
    void refresh();
  });

  /** Refreshes the list after the last change, unless the time plays. */
  function rest() {
    clearTimeout(restTimer);
    if (active) restTimer = setTimeout(() => store.get().playing === null && void refresh(), REST_MS);
  }

  /** Returns the key of the current query. @param {Selection} chosen */
  function questionNow(chosen) {
    const { window, filters, bounds } = store.get();
    return JSON.stringify([chosen.columns.revision, window, filters, bounds, order]);
  }

  async function refresh() {
    const chosen = selection.get();
    if (active && !chosen) drawUnloaded();
    if (!active || !chosen) return;
    const question = questionNow(chosen);
    if (question === requested) {
      // The window returned to its previous days.
      if (isHead && requested === answered) {
        draw();
        busy(false);
      }
      return;
    }
    requested = question;
    const state = store.get();
    await load((signal) => firstPage(chosen, state, signal));
  }

  /** Loads a page. @param {(signal: AbortSignal) => Promise<Page>} question */
  async function load(question) {
    busy(true);
    try {
      const answer = await latest.run(question);
      if (!answer) return; // a newer query replaced this one, and resets `busy`
      page = answer;
      answered = requested;
      failed = "";
      draw();
    } catch (error) {
      failed = requested;
      requested = answered = "";
      drawProblem(error);
    }
    busy(false);
  }

  /**
   * Loads the first page.
   * @param {Selection} chosen
   * @param {Readonly<State>} state
   * @param {AbortSignal} signal
   * @returns {Promise<Page>}
   */
  async function firstPage(chosen, state, signal) {
    return order === "nearest" ? nearestPage(chosen, state, PAGE, signal) : newestPage(state, null, signal);
  }

  /**
   * Loads a page of the newest events.
   * @param {Readonly<State>} state
   * @param {string | null} cursor
   * @param {AbortSignal} signal
   * @returns {Promise<Page>}
   */
  async function newestPage(state, cursor, signal) {
    const answer = await api.items({ ...itemsParameters(state), limit: PAGE, cursor }, signal);
    const further = cursorOf(answer);
    return { events: inOrderOfColumns(answer.features), complete: further === null, cursor: further };
  }

  /**
   * Loads the nearest events. The server sorts only by time, so the query has the box that contains
   * the nearest events, from the columns.
   *
   * @param {Selection} chosen
   * @param {Readonly<State>} state
   * @param {number} limit
   * @param {AbortSignal} signal
   * @returns {Promise<Page>}
   */
  async function nearestPage(chosen, state, limit, signal) {
    const inView = viewCountsOf(chosen, state.bounds).rows(state.window);
    const near = boxOfNearest(chosen.columns, inView, state.view, limit);
    const parameters = itemsParameters({ ...state, bounds: near ? common(near, state.bounds) : state.bounds });
    /** @type {EventFeature[]} */
    const found = [];
    // One coordinate may have thousands of events, and an older event may be nearer than a newer one.
    for (let cursor = null, pages = 0; pages < MOST_NEAR_PAGES; pages++) {
      const answer = await api.items({ ...parameters, limit: MOST_NEAR, cursor }, signal);
      found.push(...answer.features);
      cursor = cursorOf(answer);
      if (cursor === null) break;
    }
    const events = byDistance(found, state.view).slice(0, limit);
    return { events, complete: inView.length <= limit || events.length < limit, cursor: null };
  }

  async function more() {
    const chosen = selection.get();
    const before = page;
    if (!chosen || !before) return;
    const state = store.get();
    await load(async (signal) => {
      if (order === "nearest") return nearestPage(chosen, state, before.events.length + PAGE, signal);
      const next = await newestPage(state, before.cursor, signal);
      return { ...next, events: [...before.events, ...next.events] };
    });
    const added = page?.events[before.events.length];
    if (added) rowButton(added.id)?.focus({ preventScroll: true });
  }

  /** Updates the list after a change of the map. */
  function follow() {
    const chosen = selection.get();
    if (!active || !chosen) return;
    const { inView, inWindow } = counts(chosen);
    showCount(inView, inWindow);
    drawHead(chosen);
  }

  /**
   * Draws the first rows from the columns, unless the reader has scrolled down or a row has the
   * focus.
   *
   * @param {Selection} chosen
   */
  function drawHead(chosen) {
    const { window, bounds } = store.get();
    const range = shownDays(store.get());
    if (order === "nearest" || body.contains(document.activeElement) || !isAtTop()) return;
    if (chosen.columns.missing.some(({ from, to }) => from < range.to && to > range.from)) return;
    const question = questionNow(chosen);
    const isAnswered = question === failed || (question === answered && !isHead);
    if (isAnswered && range === window) return;
    if (question !== requested) {
      latest.cancel();
      requested = answered;
    }
    const { columns } = chosen;
    const rowCount = Math.min(PAGE, Math.ceil(innerHeight / ROW_PX));
    const days = viewCountsOf(chosen, bounds).newest(range, rowCount);
    const loaded = page?.events ?? [];
    const events = days.flatMap((rows) => asKnown(columns, rows, loaded, rowCount)).slice(0, rowCount);
    body.replaceChildren(...(events.length ? byDay(events) : [nothing()]));
    isHead = true;
  }

  /** Returns whether neither the list nor the sheet around it is scrolled. */
  function isAtTop() {
    for (let one = root.parentElement; one; one = one.parentElement) if (one.scrollTop > 0) return false;
    return true;
  }

  /** Creates the rows under headings of days. @param {(EventFeature | Outline)[]} events */
  function byDay(events) {
    const { selected, colour } = store.get();
    const rows = { config, t, colour, open: openRow };
    return groupedByDay(events, t, config.language).map(({ heading: words, events: ofDay }) =>
      element(
        "section",
        { class: "list-day" },
        element("h3", {}, words),
        list(
          ofDay.map((event) =>
            "id" in event ? eventRow(event, rows, { current: event.id === selected }) : outlineRow(event, rows),
          ),
        ),
      ),
    );
  }

  function draw() {
    if (!page) return;
    const keep = anchor();
    isHead = false;
    /** @type {HTMLElement[]} */
    const parts = order === "nearest" ? [list(byDistanceRows(page.events))] : byDay(page.events);
    if (!page.events.length) parts.push(nothing());
    if (!page.complete) {
      parts.push(element("button", { type: "button", class: "button list-more", click: more }, t("Show more")));
    }
    body.replaceChildren(...parts);
    keep();
    updateText();
  }

  /** Creates the rows with distances. @param {EventFeature[]} events */
  function byDistanceRows(events) {
    const { selected, view, colour } = store.get();
    const rows = { config, t, colour, open: openRow };
    return events.map((event) => {
      const aside = formatDistance(eventDistanceM(event, view), config.language);
      return eventRow(event, rows, { when: true, aside, current: event.id === selected });
    });
  }

  function redraw() {
    if (isHead) follow();
    else draw();
  }

  /** Creates a list element. @param {HTMLLIElement[]} items */
  const list = (items) => element("ul", { class: "rows" }, ...items);

  /** Opens the event of a row. @param {string} id */
  function openRow(id) {
    const event = page?.events.find((one) => one.id === id);
    if (event) open(event);
  }

  /** Returns the button of a row. @param {string} id */
  const rowButton = (id) =>
    /** @type {HTMLButtonElement | null} */ (body.querySelector(`[data-id="${CSS.escape(id)}"] button`));

  /** Stores the scroll position and the focus. Returns a function that restores them. */
  function anchor() {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-id]"));
    const focusedId = focused && body.contains(focused) ? focused.dataset.id : null;
    const top = root.getBoundingClientRect().top;
    const seen = [...body.querySelectorAll("li[data-id]")].find((row) => row.getBoundingClientRect().bottom > top);
    const seenId = seen instanceof HTMLElement ? seen.dataset.id : undefined;
    const before = seen?.getBoundingClientRect().top ?? 0;
    return () => {
      const again = seenId && rowButton(seenId)?.closest("li");
      const scroller = root.closest(".panel-body");
      if (scroller) {
        if (again) scroller.scrollTop += again.getBoundingClientRect().top - before;
        else scroller.scrollTop = 0;
      }
      if (focusedId) (rowButton(focusedId) ?? heading).focus({ preventScroll: true });
    };
  }

  /** Shows the number of events: of the list if it is complete, else of the columns. */
  function updateText() {
    const chosen = selection.get();
    if (!chosen || !page) return;
    const { inWindow, inView } = counts(chosen);
    const has = page.complete && order === "newest" ? page.events.length : inView;
    showCount(has, Math.max(has, inWindow));
    status.textContent = count.textContent;
  }

  /** Returns the counts from the columns. @param {Selection} chosen */
  function counts(chosen) {
    return viewCountsOf(chosen, store.get().bounds).count(shownDays(store.get()));
  }

  /** Shows the count. @param {number} inView @param {number} inWindow */
  function showCount(inView, inWindow) {
    count.textContent = t("{shown} in view of {all} in this period", {
      shown: inView,
      all: inWindow,
    });
  }

  /** Says how many events are printed, if not all. */
  function updatePrinted() {
    const chosen = selection.get();
    const all = chosen ? counts(chosen).inView : 0;
    const listed = body.querySelectorAll(".rows > li").length;
    printed.hidden = listed === 0 || listed >= all;
    printed.textContent = t("The first {shown} of {all} events", {
      shown: listed,
      all,
    });
  }

  function nothing() {
    return element(
      "p",
      { class: "list-empty" },
      t("No events in this view for this period. Zoom out or choose a longer period."),
    );
  }

  /** Shows an error. @param {unknown} error */
  function drawProblem(error) {
    isHead = false;
    body.replaceChildren(problemBox(toProblem(error, t("The list could not be loaded."), () => void refresh(), t)));
  }

  /** Shows why there are no events to list: they could not be loaded, or are on their way. */
  function drawUnloaded() {
    const problem = store.get().problems["events"];
    body.replaceChildren(...(problem ? [problemBox(problem)] : []));
  }

  /** Creates the box of an error. @param {import("../types.js").Problem} problem */
  function problemBox({ what, why, retry, retryLabel = t("Try again") }) {
    return element(
      "div",
      { class: "panel-problem", role: "alert" },
      element("p", {}, element("b", {}, what), " ", why),
      element("button", { type: "button", class: "button", click: () => retry?.() }, retryLabel),
    );
  }

  const following = atMostEvery(FOLLOW_EVERY_MS, follow);
  addEventListener("beforeprint", updatePrinted);
  const ends = [
    store.watch((state) => state.shown, following.schedule),
    store.watch((state) => state.bounds, following.schedule),
    store.watch((state) => state.window, rest),
    store.watch((state) => state.filters, rest),
    store.watch((state) => state.bounds, rest),
    store.watch((state) => state.playing, rest),
    store.watch(
      (state) => state.selected,
      (selected) => {
        for (const button of body.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
        if (selected) rowButton(selected)?.setAttribute("aria-current", "true");
      },
    ),
    store.watch((state) => state.colour, redraw),
    store.watch(
      ({ problems }) => problems["events"],
      () => void refresh(),
    ),
    selection.watch(following.schedule),
    selection.watch(rest),
  ];

  return {
    root,
    heading,
    show() {
      active = true;
      follow();
      void refresh();
    },
    hide() {
      active = false;
      clearTimeout(restTimer);
      following.cancel();
      latest.cancel();
      requested = answered;
      busy(false);
    },
    destroy() {
      this.hide();
      for (const end of ends) end();
      removeEventListener("beforeprint", updatePrinted);
      root.remove();
    },
  };
}
