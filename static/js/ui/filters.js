/**
 * The row of chips: dates, facets, text search and colour scheme. Each chip opens its choice, with
 * the number of events in the window for every value.
 *
 * @import { ColourBy, Config, Filters, SelectionSource, Store, Translate } from "../types.js"
 * @import { Facet } from "../state/facets.js"
 */
import { dayIndexOf, rowsIn } from "../data/day-index.js";
import { facetCounts, testsOf } from "../data/filters.js";
import { oncePerFrame } from "../lib/frame.js";
import { icon } from "../lib/icon.js";
import { FACETS, NO_FILTERS, byFacet, isFiltering } from "../state/facets.js";
import { shownDays } from "../state/shown-days.js";
import { linkTo } from "../state/url.js";
import { createChip } from "./chip.js";
import { colourNames } from "./colour-text.js";
import { createCompare } from "./compare.js";
import { createDateChoice } from "./date-choice.js";
import { element } from "./element.js";
import { facetText } from "./facet-text.js";
import { createOptions } from "./options.js";
import { shareChip } from "./share.js";

/**
 * Creates the chips.
 *
 * @param {HTMLElement} root
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {import("../data/comparison.js").ChangeSource} options.change
 * @param {Config} options.config
 * @param {Translate} options.t
 */
export function createFilters(root, { store, selection, change, config, t }) {
  const { categories } = config.theatre;
  const { language } = config;

  /** Changes the filters. @param {Partial<Filters>} patch */
  const filter = (patch) => store.set({ filters: { ...store.get().filters, ...patch } });

  const words = facetText(config, t);
  const facets = byFacet(({ name }) => createFacet(name, words[name]));

  /**
   * Creates the chip of a facet.
   *
   * @param {Facet} facet
   * @param {import("./facet-text.js").FacetText} words
   */
  function createFacet(facet, { title, label, options, explanation }) {
    const unstated = element("p", { class: "choice-unstated" });
    const list = createOptions({ name: facet, options, language, onChange: (chosen) => filter({ [facet]: chosen }) });
    const everything = element(
      "button",
      { type: "button", class: "link-button", click: () => filter({ [facet]: [] }) },
      t("Show all"),
    );
    const content = element(
      "div",
      {},
      explanation && element("p", { class: "choice-head note" }, explanation),
      unstated,
      list.root,
      element("p", { class: "choice-foot note" }, t("Tick none to show all."), " ", everything),
    );
    const chip = createChip({
      title,
      isShort: label !== undefined,
      content,
      onOpen: () => counting.schedule(),
      name: facet,
    });
    return { list, everything, unstated, chip };
  }

  /** Summarises a choice in a word or two. @param {Facet} facet @param {string[]} chosen */
  function valueText(facet, chosen) {
    const { options, summary, hasNames } = words[facet];
    if (chosen.length === 0) return t("all");
    const summed = summary?.(chosen);
    if (summed) return summed;
    const names = options.filter(({ slug }) => chosen.includes(slug)).map(({ name }) => name);
    if (names.length !== 1) return t("{count} of {all}", { count: names.length, all: options.length });
    const [name = ""] = names;
    return hasNames ? name : name.toLocaleLowerCase(language);
  }

  const sought = element("span", {});
  const forget = element(
    "button",
    { type: "button", class: "chip", "data-chip": "words", hidden: true, click: () => filter({ q: "" }) },
    sought,
    icon("close"),
  );
  const colours = createColourChoice({ store, t });
  const reset = element(
    "button",
    {
      type: "button",
      class: "chip plain",
      "data-chip": "reset",
      hidden: true,
      click: () => store.set({ filters: NO_FILTERS }),
    },
    t("Reset filters"),
  );

  root.replaceChildren(
    ...createDateChoice({ store, selection, config, t }).elements,
    shareChip(config.theatre.name, t, () => linkTo(store.get(), location)),
    ...Object.values(facets).flatMap(({ chip }) => chip.elements),
    forget,
    ...colours.elements,
    ...(createCompare({ store, change, config, t })?.elements ?? []),
    reset,
  );

  function updateLabels() {
    const { filters } = store.get();
    for (const { name } of FACETS) {
      const { chip, list, everything } = facets[name];
      const { title, label = title, options, fewest = 0 } = words[name];
      const chosen = filters[name];
      list.choose(chosen);
      everything.hidden = chosen.length === 0;
      chip.setLabel(label, valueText(name, chosen));
      const [button] = chip.elements;
      button?.classList.toggle("active", chosen.length > 0);
      button?.toggleAttribute("hidden", options.length < fewest && chosen.length === 0);
    }
    forget.hidden = filters.q === "";
    sought.textContent = t("“{words}”", { words: filters.q });
    forget.ariaLabel = t("Stop filtering by “{words}”", { words: filters.q });
    reset.hidden = !isFiltering(filters);
  }

  /** Counts only for open chips, because counting reads every row of the window. */
  function count() {
    const latest = selection.get();
    const open = FACETS.find(({ name }) => facets[name].chip.isOpen());
    if (!latest || !open) return;
    const { filters } = store.get();
    const rows = rowsIn(dayIndexOf(latest.columns), shownDays(store.get()));
    const tests = testsOf(latest.columns, filters, categories);
    const counts = facetCounts(latest.columns, tests, rows, categories, [open.name]);
    const { bySlug, all, unstated } = counts[open.name];
    // If nobody states a value, a count of 0 would look like a fact.
    facets[open.name].list.count(bySlug, { isKnown: unstated < all || all === 0 });
    facets[open.name].unstated.textContent = unstated > 0 ? (words[open.name].unstated?.(unstated, all) ?? "") : "";
  }

  const counting = oncePerFrame(count);
  store.watch((state) => state.filters, updateLabels);
  store.watch((state) => state.shown, counting.schedule);
  selection.watch(counting.schedule);
  updateLabels();
}

/**
 * Creates the chip of the colour scheme.
 *
 * @param {{ store: Store, t: Translate }} options
 */
function createColourChoice({ store, t }) {
  const names = colourNames(t);
  const inputs = Object.entries(names).map(([value, { name, meaning }]) => {
    const input = element("input", {
      type: "radio",
      name: "colour",
      value,
      change: () => store.set({ colour: /** @type {ColourBy} */ (value) }),
    });
    const label = element(
      "label",
      { class: "option" },
      input,
      element("span", { class: "option-name" }, name, element("span", { class: "note" }, ` ${meaning}`)),
    );
    return { input, label };
  });
  const chip = createChip({
    title: t("Colour by"),
    content: element("div", { class: "options" }, ...inputs.map(({ label }) => label)),
    name: "colour",
  });
  const updateLabels = () => {
    const { colour } = store.get();
    for (const { input } of inputs) input.checked = input.value === colour;
    chip.setLabel(t("Colour"), names[colour].name.toLowerCase());
  };
  store.watch((state) => state.colour, updateLabels);
  updateLabels();
  return chip;
}
