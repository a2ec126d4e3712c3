/**
 * The legend of the marks: the current colour scheme and the shapes.
 *
 * @import { Config, SelectionSource, Store, TerritorySource, Translate } from "../types.js"
 */
import { colourProperty } from "../lib/colours.js";
import { VERIFICATIONS } from "../state/facets.js";
import { colourNames } from "./colour-text.js";
import { element } from "./element.js";
import { createLegendAge } from "./legend-age.js";
import { createAreasLegend } from "./legend-areas.js";
import { verificationText } from "./event-text.js";
import { markIcon } from "./mark-icon.js";

/**
 * Creates the legend.
 * @param {HTMLDetailsElement} root
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {TerritorySource} options.territory
 * @param {Config} options.config
 * @param {Translate} options.t
 */
export function createLegend(root, { store, selection, territory, config, t }) {
  const { theatre } = config;
  const names = colourNames(t);
  const title = element("h2", { class: "legend-title note" });
  const colours = element("ul", { class: "legend-colours" });

  /** Creates an entry. @param {HTMLElement} mark @param {string} words */
  const entry = (mark, words) => element("li", {}, mark, element("span", {}, words));

  /** Returns the values of the colour scheme that occur in events. */
  function values() {
    const { colour } = store.get();
    const columns = selection.get()?.columns;
    switch (colour) {
      case "verification":
        return VERIFICATIONS.map((slug) => ({ slug, name: verificationText(slug, t).name, weight: slug }));
      case "category": {
        const used = new Set(columns?.category);
        return theatre.categories
          .filter(({ slug }) => !columns || used.has(columns.categories.indexOf(slug)))
          .map(({ slug, name }) => ({ slug, name, weight: "geolocated" }));
      }
      default:
        return [
          ...theatre.belligerents.map(({ slug, name }) => ({ slug, name, weight: "geolocated" })),
          { slug: null, name: t("Unknown or both"), weight: "geolocated" },
        ];
    }
  }

  function drawColours() {
    const { colour } = store.get();
    title.textContent = t("Colour: {what}", { what: names[colour].name.toLowerCase() });
    colours.replaceChildren(
      ...values().map(({ slug, name, weight }) => entry(markIcon(weight, colourProperty(colour, slug)), name)),
    );
    colours.classList.toggle("two-columns", colours.childElementCount > 6);
  }

  root.replaceChildren(
    element("summary", {}, t("Legend"), createLegendAge({ store, territory, config, t })),
    element(
      "div",
      { class: "legend-body" },
      createAreasLegend({ store, territory, config, t }),
      title,
      colours,
      element("h2", { class: "legend-title note" }, t("Verification")),
      element(
        "ul",
        { class: "legend-weights" },
        ...VERIFICATIONS.filter((slug) => slug !== "confirmed").map((slug) =>
          entry(
            markIcon(slug, "--ink"),
            slug === "geolocated" ? t("Geolocated, confirmed") : verificationText(slug, t).name,
          ),
        ),
      ),
      element(
        "p",
        { class: "note" },
        t("Faint: date known only to the month or year. Darker: several events in one place."),
      ),
    ),
  );
  root.open = !matchMedia("(max-width: 640px), (max-height: 640px)").matches;
  root.hidden = false;

  drawColours();
  store.watch((state) => state.colour, drawColours);
  selection.watch(() => store.get().colour === "category" && drawColours());
}
