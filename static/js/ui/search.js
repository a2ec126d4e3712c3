/**
 * The search box: finds places by any spelling, accepts coordinates, and searches the events'
 * texts. A combobox by the ARIA authoring practices.
 *
 * @import { Config, Store, Translate } from "../types.js"
 * @import { Api } from "../data/api.js"
 */
import { createLatest } from "../lib/latest.js";
import { icon } from "../lib/icon.js";
import { choose } from "../state/choices.js";
import { element } from "./element.js";

const PAUSE_MS = 180;
const SHORTEST = 2;
/** Zoom level at which a settlement fills the screen. */
const PLACE_ZOOM = 13;
const COORDINATES = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

/**
 * An option of the list; without `act` it is only a message.
 * @typedef {{ picture: string, text: string, note?: string, act?: () => void }} Choice
 */

/** @typedef {{ longitude: number, latitude: number, name: string }} FoundPlace */

/**
 * Creates the search box.
 * @param {HTMLElement} root
 * @param {object} options
 * @param {Store} options.store
 * @param {Pick<Api, "places">} options.api
 * @param {Config} options.config
 * @param {Translate} options.t
 * @param {(place: FoundPlace | null) => void} options.onPlace called with the chosen place, or null
 *   when the box is cleared
 */
export function createSearch(root, { store, api, config, t, onPlace }) {
  const latest = createLatest();
  /** @type {{ choice: Choice, row: HTMLLIElement }[]} */
  let rows = [];
  let active = -1;
  /** The text of the listed results, and whether Enter was pressed before they arrived. */
  let answered = "";
  let goWhenAnswered = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pause;

  const input = element("input", {
    type: "search",
    class: "search-field",
    role: "combobox",
    "aria-label": t("Search places and events"),
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": "search-list",
    placeholder: t("Search places and events"),
    autocomplete: "off",
    spellcheck: "false",
    maxlength: 200,
    enterkeyhint: "search",
  });
  const list = element("ul", {
    id: "search-list",
    class: "search-list paper",
    role: "listbox",
    "aria-label": t("Search results"),
    hidden: true,
  });
  root.replaceChildren(icon("search"), input, list);

  /** Shows the options. @param {Choice[]} choices */
  function show(choices) {
    rows = choices.map((choice, index) => {
      const row = element(
        "li",
        {
          id: `search-${index}`,
          role: "option",
          "aria-selected": "false",
          "aria-disabled": choice.act ? null : "true",
        },
        icon(choice.picture),
        element(
          "span",
          { class: "search-text", dir: "auto" },
          choice.text,
          choice.note && element("span", { class: "note" }, choice.note),
        ),
      );
      // Prevents the focus from leaving the field, which would close the list.
      row.addEventListener("pointerdown", (event) => event.preventDefault());
      row.addEventListener("click", () => choice.act && go(choice));
      return { choice, row };
    });
    list.replaceChildren(...rows.map(({ row }) => row));
    list.hidden = rows.length === 0;
    input.setAttribute("aria-expanded", String(rows.length > 0));
    point(-1);
  }

  const close = () => show([]);

  /** Highlights an option. @param {number} index -1: none */
  function point(index) {
    rows[active]?.row.setAttribute("aria-selected", "false");
    active = index;
    const row = rows[index]?.row;
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
  }

  /** Highlights the next option. @param {1 | -1} step */
  function pointNext(step) {
    const reachable = rows.flatMap(({ choice }, index) => (choice.act ? [index] : []));
    if (!reachable.length) return;
    const at = reachable.indexOf(active);
    point(reachable.at(at < 0 && step < 0 ? -1 : (at + step) % reachable.length) ?? -1);
  }

  /** Chooses an option. @param {Choice} choice */
  function go(choice) {
    clearTimeout(pause);
    latest.cancel();
    close();
    choice.act?.();
  }

  /** Moves the map to a place. @param {FoundPlace} place */
  function goTo(place) {
    input.value = place.name;
    const { longitude, latitude } = place;
    const zoom = Math.max(PLACE_ZOOM, Math.min(15, store.get().view.zoom));
    choose(store, { view: { longitude, latitude, zoom } });
    onPlace(place);
  }

  /** Returns the option for typed coordinates. @param {string} text @returns {Choice[]} */
  function coordinates(text) {
    const [, north, east] = COORDINATES.exec(text) ?? [];
    const [latitude, longitude] = [Number(north), Number(east)];
    if (north === undefined || Math.abs(latitude) > 85 || Math.abs(longitude) > 180) return [];
    const name = `${north}, ${east}`;
    return [
      { picture: "place", text: name, note: t("latitude, longitude"), act: () => goTo({ longitude, latitude, name }) },
    ];
  }

  /** Returns the option for a text search. @param {string} q @returns {Choice} */
  const wordsChoice = (q) => ({
    picture: "text",
    text: t("Search events for “{words}”", { words: q }),
    act() {
      input.value = "";
      onPlace(null);
      store.set({ filters: { ...store.get().filters, q } });
    },
  });

  /**
   * Returns the options for found places.
   * @param {import("../data/api.js").PlacePage} page
   * @returns {Choice[]}
   */
  function places(page) {
    return page.features.map(({ geometry, properties }) => {
      const [longitude = NaN, latitude = NaN] = geometry.coordinates;
      const name = properties.names[config.language] ?? properties.name;
      const { matched } = properties;
      const spelled = matched && matched !== name ? t("“{words}”", { words: matched }) : "";
      const note = [properties.name === name ? "" : properties.name, spelled, properties.country]
        .filter(Boolean)
        .join(" · ");
      return { picture: "place", text: name, note, act: () => goTo({ longitude, latitude, name }) };
    });
  }

  async function look() {
    const q = input.value.trim();
    if (q.length < SHORTEST) {
      latest.cancel();
      answered = "";
      close();
      return;
    }
    const typed = coordinates(q);
    /** @type {Choice[]} */
    let found;
    try {
      const page = typed.length ? null : await latest.run((signal) => api.places(q, signal));
      if (!typed.length && !page) return; // the text changed meanwhile
      found = page ? places(page) : typed;
      if (!found.length) found = [{ picture: "place", text: t("No place found for “{words}”", { words: q }) }];
    } catch {
      found = [{ picture: "place", text: t("Place search is unavailable. Try again."), act: () => void look() }];
    }
    answered = q;
    if (document.activeElement !== input) return;
    show([...found, wordsChoice(q)]);
    if (goWhenAnswered) enter();
  }

  /** Chooses the highlighted option, else the first one with an action. */
  function enter() {
    goWhenAnswered = false;
    const chosen = rows[active]?.choice ?? rows.find(({ choice }) => choice.act)?.choice;
    if (chosen) go(chosen);
  }

  input.addEventListener("input", () => {
    goWhenAnswered = false;
    clearTimeout(pause);
    if (input.value === "") onPlace(null);
    pause = setTimeout(look, input.value === "" ? 0 : PAUSE_MS);
  });
  input.addEventListener("focus", () => {
    if (input.value.trim().length >= SHORTEST && rows.length === 0) pause = setTimeout(look, PAUSE_MS);
  });
  // Back undoes a search: its place is not marked any more.
  addEventListener("popstate", () => {
    input.value = "";
    onPlace(null);
  });
  input.addEventListener("blur", () => {
    clearTimeout(pause);
    latest.cancel();
    close();
  });
  input.addEventListener("keydown", (event) => {
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        pointNext(event.key === "ArrowDown" ? 1 : -1);
        break;
      case "Enter":
        event.preventDefault();
        if (answered === input.value.trim() && rows.length) enter();
        else if (input.value.trim().length >= SHORTEST) {
          goWhenAnswered = true;
          clearTimeout(pause);
          void look();
        }
        break;
      case "Escape":
        if (rows.length === 0) break; // the browser clears the field
        event.preventDefault();
        close();
        break;
    }
  });
}
