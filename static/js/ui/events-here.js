/**
 * The list of the events at the position of the card's event, newest first, page by page. Above the
 * list is their true number, from the columns.
 */
import { boxAround } from "../data/spot.js";
import { toProblem } from "../data/fetch-json.js";
import { createLatest } from "../lib/latest.js";
import { middleOf } from "../lib/shape.js";
import { daysTouched, formatRange } from "../time/day.js";
import { element } from "./element.js";
import { eventRow, outlineRow } from "./event-row.js";
import { hereText } from "./event-text.js";

/** @import { Bounds, Config, DayRange, EventFeature, SelectionSource, Store, Translate } from "../types.js" */
/** @import { Outline } from "../data/outline.js" */
/** @import { Spot, SpotPage, Spots } from "../data/spot.js" */
/** @import { RowContext } from "./event-row.js" */

/** Delay after the last change of the period or the filters before a request, in milliseconds. */
const REST_MS = 250;

/** The id of the heading. */
const STACK_TITLE = "card-stack";

/**
 * Creates the list.
 *
 * @param {object} parts
 * @param {Store} parts.store
 * @param {SelectionSource} parts.selection
 * @param {Spots} parts.spots
 * @param {Config} parts.config
 * @param {Translate} parts.t
 * @returns {{ root: HTMLElement, show: (event: EventFeature) => void, leave: () => void, destroy:
 *   () => void }} `show` sets the card's event; the list stays if it has the same events
 */
export function createEventsHere({ store, selection, spots, config, t }) {
  const root = element("div", { class: "card-stack" });
  const latest = createLatest();
  /** The card's event and its position. @type {{ event: EventFeature, bounds: Bounds } | null} */
  let card = null;
  /** The listed events. @type {(SpotPage & { spot: Spot, count: number }) | null} */
  let listed = null;
  /** Scroll position of the list. It is lost when the list moves to another card. */
  let scrolled = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let restTimer;

  /** Loads the first page if the events at the position are others than the listed ones. */
  async function refresh() {
    if (!card) return;
    const { event, bounds } = card;
    const spot = spots.of(bounds);
    if (!spot) return;
    if (spot.key === listed?.spot.key) return draw();
    const rows = spot.rows();
    const { happened_from: from, happened_to: to } = event.properties;
    const days = daysTouched(from, to);
    const isInside = days.from < spot.days.to && days.to > spot.days.from;
    if (rows.length <= Number(isInside)) return clear();
    try {
      const page = await latest.run((signal) => spots.first(spot, signal));
      if (!page) return;
      listed = { ...page, spot, count: rows.length };
      scrolled = 0;
      draw();
    } catch (error) {
      clear();
      root.replaceChildren(problem(error, () => void refresh()));
    }
  }

  function clear() {
    latest.cancel();
    listed = null;
    root.replaceChildren();
  }

  /** Loads the next page. */
  async function more() {
    const before = listed;
    if (!before?.cursor) return;
    const { spot, cursor } = before;
    root.setAttribute("aria-busy", "true");
    try {
      const next = await latest.run((signal) => spots.load(spot, cursor, signal));
      if (!next || listed !== before) return;
      listed = { ...before, events: [...before.events, ...next.events], cursor: next.cursor };
      draw();
      rowOf(next.events[0]?.id)?.querySelector("button")?.focus({ preventScroll: true });
    } catch (error) {
      if (listed === before) draw(error);
    } finally {
      root.removeAttribute("aria-busy");
    }
  }

  /** Returns the row of an event. @param {string | undefined} id */
  const rowOf = (id) => (id === undefined ? null : root.querySelector(`[data-id="${CSS.escape(id)}"]`));

  /**
   * Creates the message that events are not loaded.
   * @param {unknown} error
   * @param {() => void} again
   */
  function problem(error, again) {
    const { what, why } = toProblem(error, t("The other events here could not be loaded."), null, t);
    return element(
      "p",
      { class: "card-part note", role: "alert" },
      element("b", {}, what),
      ` ${why} `,
      element("button", { type: "button", class: "link-button", click: again }, t("Try again")),
    );
  }

  /** Draws the list. @param {unknown} [error] the next page is not loaded */
  function draw(error) {
    if (!listed || !card) return;
    const { events, cursor, spot } = listed;
    const { event } = card;
    const context = { config, t, colour: store.get().colour, open };
    const row = (/** @type {EventFeature} */ one) =>
      eventRow(one, context, { when: true, current: one.id === event.id });
    // If all are loaded, their number is the server's.
    const count = cursor === null ? events.length : Math.max(listed.count, events.length);
    const isListed = events.some(({ id }) => id === event.id);
    const rest = element(
      "li",
      { class: "stack-more" },
      element(
        "span",
        { class: "note" },
        t("{shown} of {all} shown", {
          shown: events.length,
          all: count,
        }),
      ),
      error === undefined
        ? element("button", { type: "button", class: "button", click: () => void more() }, t("Show more"))
        : problem(error, () => void more()),
    );
    const rows = [
      ...events.map(row),
      ...(cursor === null ? [] : [rest]),
      ...(isListed || !isHere(spot, event) ? [] : [row(event)]),
    ];
    root.replaceChildren(stackOf(rows, count, spot.days, context));
    const list = root.querySelector(".rows");
    if (!list) return;
    const current = list.querySelector("[aria-current]");
    const below =
      current instanceof HTMLElement && list instanceof HTMLElement ? current.offsetTop - list.offsetTop : 0;
    // Until the reader scrolls, the row of the card is visible.
    list.scrollTop = scrolled || (below > list.clientHeight / 2 ? below : 0);
    list.addEventListener("scroll", () => (scrolled = list.scrollTop));
  }

  /** Returns whether an event is in the days of a spot. @param {Spot} spot @param {EventFeature} event */
  function isHere({ days }, { properties }) {
    const { from, to } = daysTouched(properties.happened_from, properties.happened_to);
    return from < days.to && to > days.from;
  }

  /** Opens the card of another event here. @param {string} id */
  function open(id) {
    store.set({ selected: id, spot: card?.bounds ?? null, outlined: null, panel: "card" });
  }

  function rest() {
    clearTimeout(restTimer);
    if (card) restTimer = setTimeout(() => store.get().playing === null && void refresh(), REST_MS);
  }

  const ends = [
    store.watch((state) => state.shown, rest),
    store.watch((state) => state.playing, rest),
    store.watch(
      (state) => state.colour,
      () => draw(),
    ),
    selection.watch(rest),
  ];

  return {
    root,
    show(event) {
      const { spot, view } = store.get();
      const [longitude, latitude] = middleOf(event.geometry);
      const bounds = spot ?? boxAround(longitude, latitude, view.zoom);
      if (event.geometry.type !== "Point") {
        card = null;
        return clear();
      }
      card = { event, bounds };
      void refresh();
    },
    leave() {
      card = null;
      clear();
    },
    destroy() {
      clearTimeout(restTimer);
      for (const end of ends) end();
      this.leave();
    },
  };
}

/**
 * Creates the list from outlines, before the events are loaded. Its rows cannot be selected, so the
 * list itself takes the focus: keys can scroll it.
 *
 * @param {Outline[]} outlines the newest
 * @param {number} total
 * @param {DayRange} days
 * @param {Omit<RowContext, "open">} context
 * @returns {HTMLElement}
 */
export function outlineStack(outlines, total, days, context) {
  const rows = outlines.map((outline) => outlineRow(outline, context, { when: true }));
  const stack = stackOf(rows, total, days, context);
  const list = stack.querySelector(".rows");
  list?.setAttribute("tabindex", "0");
  list?.setAttribute("aria-labelledby", STACK_TITLE);
  return stack;
}

/**
 * Creates the section.
 *
 * @param {HTMLLIElement[]} rows
 * @param {number} total
 * @param {DayRange} days the period
 * @param {Omit<RowContext, "open">} context
 */
function stackOf(rows, total, days, { config, t }) {
  return element(
    "section",
    { class: "card-part stack", "aria-labelledby": STACK_TITLE },
    element("h2", { id: STACK_TITLE }, hereText(total, t)),
    element("p", { class: "note" }, t("{days}, newest first", { days: formatRange(days, config.language) })),
    element("ul", { class: "rows" }, ...rows),
  );
}
