/**
 * The text about the map: its days in large type, the number of events, and the number of events
 * with vague dates. It follows `state.shown`, not `state.window`. During a comparison, the days of the
 * areas stand below those of the events.
 */

import { countIn } from "../time/bins.js";
import { formatDay, formatRange } from "../time/day.js";
import { comparedAreasText } from "./area-text.js";
import { element } from "./element.js";

/** @import { Config, DayRange, Mode, Store, Translate } from "../types.js" */
/** @import { DayCounts, WindowCount } from "../time/bins.js" */
/** @import { ChangeSource } from "../data/comparison.js" */

/**
 * Number of characters from which months are shortened. Then the font size follows the length;
 * longer texts take two lines.
 */
const ROOMY = 22;
const TWO_LINES = 30;
/** @type {{ month: "short" }} */
const SHORT = { month: "short" };

/**
 * Creates the summary.
 * @param {object} needs
 * @param {Store} needs.store
 * @param {ChangeSource} needs.change
 * @param {(window: DayRange) => boolean} needs.sinceTheBeginning returns whether a window starts at
 *   the beginning of the domain
 * @param {Config} needs.config
 * @param {Translate} needs.t
 */
export function createSummary({ store, change, sinceTheBeginning, config, t }) {
  const { language } = config;
  const days = element("p", { class: "dock-period" });
  const areas = element("p", { class: "dock-areas", hidden: true });
  const count = element("p", { class: "dock-count" });
  const imprecise = element("p", { class: "dock-imprecise" });
  /** @type {{ counts: DayCounts, all: number } | null} */
  let data = null;

  function write() {
    const { mode, window, problems } = store.get();
    const isMissing = data === null && problems["events"] !== undefined;
    const shown = store.get().shown ?? (isMissing ? window : null);
    if (!shown) return;
    days.textContent = shownText(shown, mode);
    const { length } = days.textContent;
    days.style.setProperty("--characters", String(length));
    days.toggleAttribute("data-long", length > TWO_LINES);
    if (isMissing) count.textContent = t("Events not loaded");
    if (!data) return;
    const found = countIn(data.counts, shown);
    count.textContent = t.plural("{count} of {all} event · UTC", "{count} of {all} events · UTC", data.all, {
      count: found.exact,
      all: data.all,
    });
    imprecise.textContent = vagueText(found);
  }

  /**
   * Formats the shown days.
   * @param {DayRange} shown
   * @param {Mode} mode
   */
  function shownText(shown, mode) {
    // The mode changes before the map is repainted, so the text also checks the shown days.
    if (mode === "cumulative" && sinceTheBeginning(shown)) {
      const words = t("Up to {day}", { day: formatDay(shown.to - 1, language) });
      return words.length > ROOMY ? t("Up to {day}", { day: formatDay(shown.to - 1, language, SHORT) }) : words;
    }
    const long = formatRange(shown, language);
    return long.length > ROOMY ? formatRange(shown, language, SHORT) : long;
  }

  /** Formats the number of events with vague dates. @param {WindowCount} found */
  function vagueText({ month, year }) {
    const more = month + year;
    if (month && year) return t("+ {count} known only to the month or year", { count: more });
    if (month) return t("+ {count} known only to the month", { count: more });
    return year ? t("+ {count} known only to the year", { count: more }) : "";
  }

  function writeAreas() {
    areas.textContent = comparedAreasText(change.areas(), t, language);
    areas.hidden = areas.textContent === "";
  }

  const ends = [
    store.watch(({ compare }) => compare, writeAreas),
    store.watch(({ assessors }) => assessors, writeAreas),
    change.watch(writeAreas),
    store.watch(({ shown }) => shown, write),
    store.watch(({ window }) => data === null && window, write),
    store.watch(({ mode }) => mode, write),
    store.watch(({ problems }) => problems["events"], write),
  ];
  write();
  writeAreas();

  return {
    element: element("div", { class: "dock-summary" }, days, areas, count, imprecise),
    /**
     * Shows the counts.
     * @param {DayCounts} counts of the events that pass the filters
     * @param {number} all number of events without filters
     */
    show(counts, all) {
      data = { counts, all };
      write();
    },
    destroy() {
      for (const end of ends) end();
    },
  };
}
