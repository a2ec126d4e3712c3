/**
 * The day of the shown assessment, and its age if it is old, or both days of a comparison, in the
 * summary of the legend: visible while the legend is folded, as on phones.
 *
 * @import { ChangeSource } from "../data/comparison.js"
 * @import { Config, Store, TerritorySource, Translate } from "../types.js"
 */
import { areasDay, assessedOn, chosenAssessors } from "../data/assessments.js";
import { dayAt, formatDay } from "../time/day.js";
import { ageText, comparedAreasText } from "./area-text.js";
import { element } from "./element.js";

/** @type {{ month: "short" }} */
const SHORT = { month: "short" };

/**
 * Creates the text.
 * @param {object} options
 * @param {Store} options.store
 * @param {TerritorySource} options.territory
 * @param {ChangeSource} options.change
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {HTMLElement | null} null: no assessors
 */
export function createLegendAge({ store, territory, change, config, t }) {
  if (!config.assessors.length) return null;
  const { language } = config;
  const words = element("span", { class: "legend-age" });

  function write() {
    const compared = comparedAreasText(change.areas(), t, language, SHORT);
    if (compared) {
      words.textContent = compared;
      words.classList.remove("old");
      return;
    }
    const { first } = chosenAssessors(store.get(), config);
    const history = first && territory.get(first.slug);
    if (!history) return;
    const assessed = assessedOn(history, areasDay(store.get()));
    const old = assessed ? ageText(assessed, t, language, SHORT) : "";
    const current = assessed && t("assessed {day}", { day: formatDay(dayAt(assessed.lastSeen), language, SHORT) });
    words.textContent = old || current || t("no assessment yet");
    words.classList.toggle("old", old !== "");
  }

  store.watch(areasDay, write);
  store.watch((state) => state.assessors, write);
  store.watch((state) => state.compare, write);
  territory.watch(write);
  change.watch(write);
  write();
  return words;
}
