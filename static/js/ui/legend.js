/**
 * The legend of the marks: the current colour scheme, the verification, and every other sign that
 * the map or the timeline draws. It follows what is drawn: marks, or cells for very many events.
 *
 * @import { Config, SelectionSource, Store, TerritorySource, Translate } from "../types.js"
 */
import { colourProperty } from "../lib/colours.js";
import { VERIFICATIONS } from "../state/facets.js";
import { colourNames } from "./colour-text.js";
import { element } from "./element.js";
import { createLegendAge } from "./legend-age.js";
import { SIGNS } from "../lib/draw-signs.js";
import { createAreasLegend } from "./legend-areas.js";
import { createLegendMore } from "./legend-more.js";
import { lineIcon, signEntries } from "./legend-signs.js";
import { verificationText } from "./event-text.js";
import { markIcon } from "./mark-icon.js";

/**
 * Creates the legend.
 * @param {HTMLDetailsElement} root
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {TerritorySource} options.territory
 * @param {import("../data/comparison.js").ChangeSource} options.change
 * @param {Config} options.config
 * @param {Translate} options.t
 */
export function createLegend(root, { store, selection, territory, change, config, t }) {
  const { theatre } = config;
  const names = colourNames(t);
  const title = element("h2", { class: "legend-title note" });
  const meaning = element("p", { class: "note" });
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
    meaning.textContent = names[colour].meaning;
    colours.replaceChildren(
      ...values().map(({ slug, name, weight }) => entry(markIcon(weight, colourProperty(colour, slug)), name)),
    );
    colours.classList.toggle("two-columns", colours.childElementCount > 6);
  }

  const lines = VERIFICATIONS.map(lineIcon);
  const verification = element(
    "div",
    {},
    element("h2", { class: "legend-title note" }, t("Verification")),
    element(
      "ul",
      { class: "legend-weights" },
      ...VERIFICATIONS.flatMap((slug, n) =>
        slug === "confirmed"
          ? []
          : element(
              "li",
              {},
              markIcon(slug, "--ink"),
              lines[n],
              element("span", {}, slug === "geolocated" ? t("Geolocated, confirmed") : verificationText(slug, t).name),
            ),
      ),
    ),
  );
  const isDense = element(
    "p",
    { class: "note" },
    t("Very many events in view: zoom in, or choose a shorter period, to see their verification and precision."),
  );
  const signs = signEntries(t);
  const isOf =
    (/** @type {boolean} */ timeline) =>
    (/** @type {(typeof signs)[number]} */ { sign }) =>
      (SIGNS[sign].on === "timeline") === timeline;

  /**
   * Creates the part of the signs of the map or the timeline.
   * @param {string} words
   * @param {boolean} timeline
   */
  const partOf = (words, timeline) =>
    element(
      "div",
      {},
      element("h2", { class: "legend-title note" }, words),
      element("ul", { class: "legend-signs" }, ...signs.filter(isOf(timeline)).map(({ root }) => root)),
    );

  const areas = createAreasLegend({ store, territory, change, config, t });
  const parts = [
    { name: t("areas"), root: areas?.root ?? null },
    { name: t("colours"), root: element("div", {}, title, meaning, colours) },
    { name: t("verification"), root: element("div", {}, verification, isDense) },
    { name: t("marks"), root: partOf(t("Marks"), false) },
    { name: t("timeline"), root: partOf(t("Timeline"), true) },
    { name: t("licences"), root: areas?.licences ?? null },
  ];
  const more = createLegendMore(root, parts, t);
  root.replaceChildren(
    element("summary", {}, t("Legend"), createLegendAge({ store, territory, change, config, t })),
    element("div", { class: "legend-body" }, ...parts.map((part) => part.root), more),
  );

  /** Shows the signs that the map draws now. */
  function drawSigns() {
    const { dense } = store.get();
    const hasShapes = (selection.get()?.columns.shapes.size ?? 0) > 0;
    for (const { sign, root } of signs) {
      const { on, ...row } = SIGNS[sign];
      const isOn = on === "both" || on === "timeline" || on === (dense ? "cells" : "marks");
      root.hidden = !isOn || ("shapes" in row && !hasShapes);
    }
    for (const line of lines) line.hidden = !hasShapes;
    verification.hidden = dense && !hasShapes;
    isDense.hidden = !dense;
  }

  root.open = matchMedia("(width >= 60rem) and (height >= 40rem)").matches;
  root.hidden = false;

  drawColours();
  drawSigns();
  store.watch((state) => state.colour, drawColours);
  store.watch((state) => state.dense, drawSigns);
  selection.watch(() => {
    if (store.get().colour === "category") drawColours();
    drawSigns();
  });
}
