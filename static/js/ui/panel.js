/**
 * The panel beside the map (on phones, in the sheet): the card of the selected event, or the list
 * of events.
 *
 * The state is in the store (`panel`, `selected`, `spot`, `outlined`). The panel loads and shows
 * the content. It moves the focus into a card opened by keyboard, and restores the focus when it
 * closes.
 */
import { Failure, toProblem } from "../data/fetch-json.js";
import { icon } from "../lib/icon.js";
import { createLatest } from "../lib/latest.js";
import { layoutNow } from "../lib/layout.js";
import { linkTo } from "../state/url.js";
import { cardActions } from "./card-actions.js";
import { cardShell } from "./card-shell.js";
import { CARD_TITLE, eventCard } from "./event-card.js";
import { createList } from "./event-list.js";
import { element, iconButton } from "./element.js";
import { areaAtEventText } from "./area-at-event.js";
import { createOutsidePeriod } from "./outside-period.js";
import { createSteps } from "./steps.js";
import { createEventsHere } from "./events-here.js";

/**
 * @import { Config, EventFeature, Outlined, SelectionSource, State, Store, TerritorySource, Translate } from "../types.js"
 */
/** @import { Api } from "../data/api.js" */
/** @import { Spots } from "../data/spot.js" */

/**
 * Creates the panel.
 * @param {HTMLElement} root
 * @param {{ store: Store, selection: SelectionSource, territory: TerritorySource, config: Config,
 *   t: Translate, api: Api, spots: Spots }} parts
 * @returns {{ destroy: () => void }}
 */
export function createPanel(root, { store, selection, territory, config, t, api, spots }) {
  const latest = createLatest();
  /** Aborts the requests of the current card. */
  let card = new AbortController();
  /** @type {EventFeature | null} the event of the current card */
  let drawn = null;
  /** @type {Element | null} the focused element before the panel opened */
  let cameFrom = null;
  /** @type {string | null} the last opened card, for the focus of the list */
  let lastCard = null;
  let listWasOpen = false;
  let byKeyboard = false;

  const progress = element("div", { class: "panel-progress", "aria-hidden": "true" });
  const body = element("div", { class: "panel-body" });
  const toggle = document.getElementById("list-toggle");
  const list = createList({
    store,
    selection,
    config,
    t,
    api,
    busy,
    open,
  });
  const steps = createSteps({ store, selection, api, t, open });
  const outside = createOutsidePeriod({ store, config, t });
  const here = createEventsHere({ store, selection, spots, config, t });
  const back = element(
    "button",
    { type: "button", class: "button plain panel-back", click: backToList },
    icon("list"),
    t("List"),
  );
  const closing = iconButton("close", t("Close"), { click: close });
  const bar = element("div", { class: "panel-bar" }, back, steps.root, closing);
  root.replaceChildren(bar, progress, body);

  /** Shows whether the panel is loading. @param {boolean} now */
  function busy(now) {
    root.setAttribute("aria-busy", String(now));
  }

  /**
   * Opens an event's card. The map moves if the place is not visible (`map/uncover.js`).
   *
   * @param {EventFeature} event
   */
  function open(event) {
    store.set({ selected: event.id, spot: null, outlined: null, panel: "card" });
  }

  function close() {
    const { panel } = store.get();
    if (panel === "card" && listWasOpen) backToList();
    else store.set({ panel: null, selected: null, spot: null, outlined: null });
  }

  /** Returns the content that a state shows. @param {Readonly<State>} state */
  const shownBy = ({ panel, selected, outlined }) => (panel === "card" && !selected && !outlined ? null : panel);

  /** Updates the content from the store. */
  function update() {
    const state = store.get();
    const shown = shownBy(state);
    const wasHidden = root.hidden;
    const hadFocus = root.contains(document.activeElement);
    if (shown && wasHidden) cameFrom = document.activeElement;
    root.hidden = shown === null;
    if (shown && wasHidden && layoutNow() === "flow") root.scrollIntoView();
    toggle?.setAttribute("aria-pressed", String(shown === "list"));
    if (shown !== "card") leaveCard();
    if (shown !== "list") list.hide();
    if (shown === "list") showList(hadFocus || byKeyboard);
    else if (shown === "card" && state.outlined) showShell(state.outlined, hadFocus || byKeyboard);
    else if (shown === "card" && state.selected) void showCard(state.selected, hadFocus || byKeyboard);
    else {
      listWasOpen = false;
      if (!wasHidden) giveBackFocus(hadFocus);
    }
  }

  function leaveCard() {
    card.abort();
    latest.cancel();
    here.leave();
    drawn = null;
  }

  /**
   * Shows the outlines of a selection on the map.
   * @param {Outlined} outlined
   * @param {boolean} focus
   */
  function showShell(outlined, focus) {
    leaveCard();
    busy(outlined.problem === null);
    place(cardShell(outlined, { config, t, colour: store.get().colour }));
    steps.ofNone();
    if (focus) focusHeading();
  }

  /** Shows the list. @param {boolean} focus */
  function showList(focus) {
    const returning = body.firstChild !== list.root && listWasOpen;
    const from = returning ? lastCard : null;
    listWasOpen = true;
    root.dataset.shows = "list";
    root.setAttribute("aria-labelledby", "list-title");
    back.hidden = true;
    steps.root.hidden = true;
    if (body.firstChild !== list.root) body.replaceChildren(list.root);
    list.show();
    if (!focus) return;
    const row = from && list.root.querySelector(`[data-id="${CSS.escape(from)}"] button`);
    (row instanceof HTMLElement ? row : list.heading).focus();
  }

  /**
   * Loads and shows a card. The old card stays until then.
   *
   * @param {string} id
   * @param {boolean} focus
   */
  async function showCard(id, focus) {
    if (drawn?.id === id) return here.show(drawn);
    lastCard = id;
    busy(true);
    try {
      const event = await latest.run((signal) => api.item(id, signal));
      if (!event) return; // another card was opened meanwhile
      busy(false);
      draw(event, focus);
    } catch (error) {
      busy(false);
      drawProblem(id, error, focus);
    }
  }

  /** Shows the card of an event. @param {EventFeature} event @param {boolean} focus */
  function draw(event, focus) {
    card.abort();
    card = new AbortController();
    drawn = event;
    const drawnCard = eventCard(event, {
      config,
      t,
      api,
      colour: store.get().colour,
      lineThen: config.assessors.length ? (one) => areaAtEventText(one, { store, territory, config, t }) : null,
      watchLine: territory.watch,
      signal: card.signal,
    });
    drawnCard.append(cardActions(event, t, () => linkTo(store.get(), location)));
    drawnCard.querySelector(".card-kind")?.before(here.root, outside.root);
    place(drawnCard);
    steps.of(event, card.signal);
    here.show(event);
    outside.show(event);
    if (focus) focusHeading();
  }

  /**
   * Focuses the heading, except when stepping from card to card, where the button keeps the focus.
   */
  function focusHeading() {
    if (!bar.contains(document.activeElement)) document.getElementById(CARD_TITLE)?.focus();
  }

  /** Redraws the content after a change of the colour scheme. */
  function redraw() {
    const { outlined } = store.get();
    if (outlined) showShell(outlined, false);
    if (!drawn) return;
    const at = body.scrollTop;
    draw(drawn, false);
    body.scrollTop = at;
  }

  /** Replaces the content. @param {HTMLElement} content */
  function place(content) {
    root.dataset.shows = "card";
    root.setAttribute("aria-labelledby", CARD_TITLE);
    back.hidden = false;
    steps.root.hidden = false;
    body.replaceChildren(content);
    body.scrollTop = 0;
  }

  /** Shows an error. @param {string} id @param {unknown} error @param {boolean} focus */
  function drawProblem(id, error, focus) {
    drawn = null;
    const gone = error instanceof Failure && (error.status === 404 || error.status === 410);
    const { what, why } = problemText(error);
    const heading = element("h2", { id: CARD_TITLE, class: "card-title", tabindex: "-1" }, what);
    place(
      element(
        "div",
        { class: "card panel-problem", role: "alert" },
        heading,
        element("p", { dir: "auto" }, why),
        !gone &&
          element("button", { type: "button", class: "button", click: () => void showCard(id, true) }, t("Try again")),
      ),
    );
    steps.root.hidden = true;
    if (focus) focusHeading();
  }

  /** Returns the text of an error. @param {unknown} error */
  function problemText(error) {
    if (error instanceof Failure && error.status === 404) {
      return { what: t("No such event"), why: t("There is no event with this link on the map.") };
    }
    if (error instanceof Failure && error.status === 410) {
      return { what: t("Withdrawn"), why: error.detail || t("This event was published here and later withdrawn.") };
    }
    return toProblem(error, t("The event could not be loaded."), null, t);
  }

  /** Restores the focus. @param {boolean} hadFocus */
  function giveBackFocus(hadFocus) {
    if (!hadFocus && document.activeElement !== document.body) return;
    const back =
      cameFrom instanceof HTMLElement && cameFrom !== document.body && cameFrom.isConnected ? cameFrom : toggle;
    back?.focus({ preventScroll: true });
    cameFrom = null;
  }

  function backToList() {
    store.set({ panel: "list", selected: null, spot: null, outlined: null });
  }

  function toggleList() {
    const open = shownBy(store.get()) === "list";
    store.set({ panel: open ? null : "list", selected: null, spot: null, outlined: null });
  }

  /** Handles keys. @param {KeyboardEvent} event */
  function onKey(event) {
    byKeyboard = true;
    if (event.key !== "Escape" || event.defaultPrevented || root.hidden) return;
    const target = event.target instanceof Element ? event.target : document.body;
    // Elsewhere Escape belongs to an open dialog, popover or search.
    const ours = root.contains(target) || target === document.body || target.closest("#map, #main, #list-toggle");
    if (!ours || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    close();
  }

  function onPointer() {
    byKeyboard = false;
  }

  if (toggle) toggle.hidden = false;
  toggle?.addEventListener("click", toggleList);
  document.addEventListener("keydown", onKey);
  document.addEventListener("pointerdown", onPointer, true);
  const ends = [
    store.watch(({ panel, selected, spot, outlined }) => {
      const { turn = 0, problem = null } = outlined ?? {};
      return [panel, selected, turn, problem !== null, spot].join(" ");
    }, update),
    store.watch((state) => state.colour, redraw),
    store.watch(
      (state) => state.bounds,
      () => steps.refresh(),
    ),
    selection.watch(() => steps.refresh()),
  ];
  update();

  return {
    destroy() {
      for (const end of ends) end();
      toggle?.removeEventListener("click", toggleList);
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("pointerdown", onPointer, true);
      leaveCard();
      list.destroy();
      here.destroy();
      outside.destroy();
      root.replaceChildren();
    },
  };
}
