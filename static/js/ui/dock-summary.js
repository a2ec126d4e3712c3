/**
 * What the map shows, in words: its days in large type, how many events, and how many more are
 * known only vaguely. It follows `state.shown`, never what is merely asked for.
 */

import { formatCount } from "../lib/numbers.js";
import { countIn } from "../time/bins.js";
import { formatDay, formatRange } from "../time/day.js";
import { element } from "./element.js";

/** @import { Config, DayRange, Mode, Store, Translate } from "../types.js" */
/** @import { DayCounts, WindowCount } from "../time/bins.js" */

/**
 * Longer words are written with short months; the type then follows the length, and what is longer
 * still takes two lines.
 */
const ROOMY = 22;
const TWO_LINES = 30;
/** @type {{ month: "short" }} */
const SHORT = { month: "short" };

/**
 * @param {object} needs
 * @param {Store} needs.store
 * @param {(window: DayRange) => boolean} needs.sinceTheBeginning whether a window leaves nothing
 *   out before it
 * @param {Config} needs.config
 * @param {Translate} needs.t
 */
export function createSummary({ store, sinceTheBeginning, config, t }) {
  const { language } = config;
  const days = element("p", { class: "dock-shown" });
  const count = element("p", { class: "dock-count" });
  const vague = element("p", { class: "dock-vague" });
  /** @type {{ counts: DayCounts, all: number } | null} */
  let data = null;

  function write() {
    const { shown, mode } = store.get();
    if (!shown) return;
    days.textContent = shownText(shown, mode);
    const { length } = days.textContent;
    days.style.setProperty("--characters", String(length));
    days.toggleAttribute("data-long", length > TWO_LINES);
    if (!data) return;
    const found = countIn(data.counts, shown);
    count.textContent = t.plural("{count} of {all} event · UTC", "{count} of {all} events · UTC", data.all, {
      count: formatCount(found.exact, language),
      all: formatCount(data.all, language),
    });
    vague.textContent = vagueText(found);
  }

  /**
   * @param {DayRange} shown
   * @param {Mode} mode
   */
  function shownText(shown, mode) {
    // The mode is asked for at once, the map follows: only days that are shown since the beginning
    // are called so.
    if (mode === "cumulative" && sinceTheBeginning(shown)) {
      const words = t("Up to {day}", { day: formatDay(shown.to - 1, language) });
      return words.length > ROOMY ? t("Up to {day}", { day: formatDay(shown.to - 1, language, SHORT) }) : words;
    }
    const long = formatRange(shown, language);
    return long.length > ROOMY ? formatRange(shown, language, SHORT) : long;
  }

  /** @param {WindowCount} found */
  function vagueText({ month, year }) {
    const more = formatCount(month + year, language);
    if (month && year) return t("+ {count} known only to the month or year", { count: more });
    if (month) return t("+ {count} known only to the month", { count: more });
    return year ? t("+ {count} known only to the year", { count: more }) : "";
  }

  const ends = [store.watch(({ shown }) => shown, write), store.watch(({ mode }) => mode, write)];
  write();

  return {
    element: element("div", { class: "dock-summary" }, days, count, vague),
    /**
     * @param {DayCounts} counts of what the filters leave
     * @param {number} all events without filters
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
