/**
 * The row of chips: dates, category, side, verification, words, and what the colours mean. Each opens its choice, with how
 * many events of the window every value would leave.
 *
 * @import { ColourBy, Config, Filters, SelectionSource, Store, Translate } from "../types.js"
 */
import { dayIndexOf, rowsIn } from "../data/day-index.js";
import { facetCounts, testsOf } from "../data/filters.js";
import { oncePerFrame } from "../lib/frame.js";
import { icon } from "../lib/icon.js";
import { colourProperty } from "../map/palette.js";
import { VERIFICATIONS } from "../state/url.js";
import { createChip } from "./chip.js";
import { colourNames } from "./colour-words.js";
import { createCompare } from "./compare.js";
import { createDateChoice } from "./date-choice.js";
import { element } from "./element.js";
import { verificationWords } from "./event-words.js";
import { markIcon } from "./mark-icon.js";
import { createOptions } from "./options.js";

/** @typedef {"category" | "side" | "verification"} Facet */

/** @type {Filters} */
const NO_FILTERS = { category: [], side: [], verification: [], q: "" };

/**
 * @param {HTMLElement} root
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {import("../data/comparison.js").ChangeSource} options.change
 * @param {Config} options.config
 * @param {Translate} options.t
 */
export function createFilters(root, { store, selection, change, config, t }) {
  const { categories, belligerents } = config.theatre;
  const { language } = config;

  /** @param {Partial<Filters>} patch */
  const filter = (patch) => store.set({ filters: { ...store.get().filters, ...patch } });

  const facets = {
    category: createFacet(
      "category",
      t("Category"),
      categories.map(({ slug, name, parent }) => ({ slug, name, parent })),
    ),
    side: createFacet(
      "side",
      t("Side"),
      belligerents.map(({ slug, name }) => ({
        slug,
        name,
        mark: markIcon("geolocated", colourProperty("side", slug)),
      })),
    ),
    verification: createFacet(
      "verification",
      t("Verification"),
      VERIFICATIONS.map((slug) => {
        const { name, meaning } = verificationWords(slug, t);
        return { slug, name, meaning, mark: markIcon(slug, "--ink") };
      }),
    ),
  };

  /** @param {Facet} facet @param {string} title @param {import("./options.js").Option[]} options */
  function createFacet(facet, title, options) {
    const list = createOptions({ name: facet, options, language, onChange: (chosen) => filter({ [facet]: chosen }) });
    const everything = element(
      "button",
      { type: "button", class: "link-button", click: () => filter({ [facet]: [] }) },
      t("Show all"),
    );
    const content = element(
      "div",
      {},
      list.root,
      element("p", { class: "choice-foot note" }, t("Nothing ticked shows all."), " ", everything),
    );
    const chip = createChip({ title, content, onOpen: () => count(), name: facet });
    return { title, options, list, everything, chip };
  }

  /** What is chosen, in a word or two. @param {Facet} facet @param {string[]} chosen */
  function valueWords(facet, chosen) {
    const { options } = facets[facet];
    if (chosen.length === 0 || (facet === "verification" && chosen.length === options.length)) return t("all");
    if (facet === "side" && chosen.length === 2 && options.length === 2) return t("both");
    if (
      facet === "verification" &&
      chosen.length === 2 &&
      chosen.includes("geolocated") &&
      chosen.includes("confirmed")
    ) {
      return t("geolocated +");
    }
    const names = options
      .filter(({ slug }) => chosen.includes(slug))
      .map(({ name }) => name.toLocaleLowerCase(language));
    return names.length === 1 ? (names[0] ?? "") : t("{count} of {all}", { count: names.length, all: options.length });
  }

  const words = element("span", {});
  const forget = element(
    "button",
    { type: "button", class: "chip", "data-chip": "words", hidden: true, click: () => filter({ q: "" }) },
    words,
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
    ...Object.values(facets).flatMap(({ chip }) => chip.elements),
    forget,
    ...colours.elements,
    ...(createCompare({ store, change, config, t })?.elements ?? []),
    reset,
  );

  function say() {
    const { filters } = store.get();
    for (const facet of /** @type {Facet[]} */ (Object.keys(facets))) {
      const { chip, list, title, everything } = facets[facet];
      list.choose(filters[facet]);
      everything.hidden = filters[facet].length === 0;
      chip.say(title, valueWords(facet, filters[facet]));
      chip.elements[0]?.classList.toggle("active", filters[facet].length > 0);
    }
    forget.hidden = filters.q === "";
    words.textContent = t("“{words}”", { words: filters.q });
    forget.ariaLabel = t("Stop filtering by “{words}”", { words: filters.q });
    reset.hidden = filters === NO_FILTERS || Object.values(filters).every((value) => value.length === 0);
  }

  /** Only while somebody looks: counting looks at every row of the window. */
  function count() {
    const latest = selection.get();
    if (!latest || !Object.values(facets).some(({ chip }) => chip.isOpen())) return;
    const { filters, shown, window } = store.get();
    const rows = rowsIn(dayIndexOf(latest.columns), shown ?? window);
    const counts = facetCounts(latest.columns, testsOf(latest.columns, filters, categories), rows, categories);
    for (const facet of /** @type {Facet[]} */ (Object.keys(facets))) facets[facet].list.count(counts[facet]);
  }

  const counting = oncePerFrame(count);
  store.watch((state) => state.filters, say);
  store.watch((state) => state.shown, counting.ask);
  selection.watch(counting.ask);
  say();
}

/**
 * What the colours of the marks mean.
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
  const say = () => {
    const { colour } = store.get();
    for (const { input } of inputs) input.checked = input.value === colour;
    chip.say(t("Colour"), names[colour].name.toLowerCase());
  };
  store.watch((state) => state.colour, say);
  say();
  return chip;
}
