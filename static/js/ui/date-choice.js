/**
 * The date range as a chip: two days, both inclusive, and common ranges, counted back from the
 * newest event.
 *
 * @import { Config, DayRange, SelectionSource, Store, Translate } from "../types.js"
 */
import { choose } from "../state/choices.js";
import { shownDays } from "../state/shown-days.js";
import { formatRange, toDay } from "../time/day.js";
import { around, configuredDays, theatreDays } from "../time/domain.js";
import { createChip } from "./chip.js";
import { createDayRange } from "./day-range.js";
import { element } from "./element.js";

const QUICK_DAYS = [7, 30, 90];

/**
 * Creates the chip.
 * @param {object} options
 * @param {Store} options.store
 * @param {SelectionSource} options.selection
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {import("./chip.js").Chip}
 */
export function createDateChoice({ store, selection, config, t }) {
  /** Sets the window. @param {DayRange} window */
  const setWindow = (window) => choose(store, { window, mode: "window", playing: null });

  const days = createDayRange({
    words: { from: t("From"), to: t("To"), wrongOrder: t("“From” is after “to”.") },
    errorId: "choice-error",
    errorClass: "choice-error",
    language: config.language,
    t,
    limits: () => around(theatre(), selection.get()?.columns.extent ?? theatre()),
    onChange: setWindow,
  });

  /** Returns the theatre's days. */
  function theatre() {
    const configured = configuredDays(config);
    const columns = selection.get()?.columns;
    return columns ? theatreDays(configured, columns, Date.now()) : configured;
  }

  /** Sets the window to the newest days. @param {number} count */
  function newest(count) {
    const end = toDay(config.newest_day) + 1;
    setWindow({ from: end - count, to: end });
  }

  const content = element(
    "div",
    { class: "dates" },
    ...days.fields.map(({ root }) => root),
    days.error,
    element(
      "div",
      { class: "quick-dates", role: "group", "aria-label": t("Days up to the newest event") },
      ...QUICK_DAYS.map((count) =>
        element(
          "button",
          { type: "button", class: "button", click: () => newest(count) },
          t.plural("{count} day", "{count} days", count, { count }),
        ),
      ),
      element("button", { type: "button", class: "button", click: () => setWindow(theatre()) }, t("All")),
    ),
    element("p", { class: "note" }, t("Both days included (UTC). “7 days” means the 7 days up to the newest event.")),
  );

  const fill = () => days.write(shownDays(store.get()));

  const chip = createChip({ title: t("Date range"), content, dark: true, onOpen: fill, name: "dates" });
  const updateLabel = () => {
    const range = formatRange(shownDays(store.get()), config.language, { month: "short" });
    // During a comparison, the areas are of other days.
    if (store.get().compare) chip.setLabel(t("Events"), range);
    else chip.setLabel(range);
  };
  store.watch(shownDays, () => {
    updateLabel();
    if (chip.isOpen()) fill();
  });
  store.watch((state) => state.compare, updateLabel);
  updateLabel();
  return chip;
}
