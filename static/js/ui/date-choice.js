/**
 * The date range as a chip: two days, both inclusive, and common ranges, counted back from the
 * newest event.
 *
 * @import { Config, DayRange, SelectionSource, Store, Translate } from "../types.js"
 */
import { formatRange, toDay, toIso } from "../time/day.js";
import { createChip } from "./chip.js";
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
  const errorMessage = element("p", { class: "choice-error", id: "choice-error", role: "alert" });
  const from = element("input", {
    type: "date",
    class: "field",
    required: true,
    "aria-describedby": "choice-error",
    change: take,
  });
  const to = element("input", {
    type: "date",
    class: "field",
    required: true,
    "aria-describedby": "choice-error",
    change: take,
  });

  /** Sets the window. @param {DayRange} window */
  const setWindow = (window) => store.set({ window, mode: "window", playing: null });

  function take() {
    const problem = problemOf();
    errorMessage.textContent = problem;
    for (const input of [from, to]) input.toggleAttribute("aria-invalid", problem !== "");
    if (!problem) setWindow({ from: toDay(from.value), to: toDay(to.value) + 1 });
  }

  function problemOf() {
    try {
      return toDay(from.value) > toDay(to.value) ? t("“From” is after “to”.") : "";
    } catch {
      return t("Enter both days as real calendar dates.");
    }
  }

  /** Sets the window to the newest days. @param {number} days */
  function newest(days) {
    const end = toDay(config.newest_day) + 1;
    setWindow({ from: end - days, to: end });
  }

  function all() {
    const extent = selection.get()?.columns.extent;
    setWindow(
      extent && extent.to > extent.from
        ? extent
        : { from: toDay(config.theatre.first_day), to: toDay(config.newest_day) + 1 },
    );
  }

  const content = element(
    "div",
    { class: "dates" },
    element("label", {}, element("span", { class: "note" }, t("From")), from),
    element("label", {}, element("span", { class: "note" }, t("To")), to),
    errorMessage,
    element(
      "div",
      { class: "quick-dates", role: "group", "aria-label": t("Days up to the newest event") },
      ...QUICK_DAYS.map((days) =>
        element(
          "button",
          { type: "button", class: "button", click: () => newest(days) },
          t.plural("{count} day", "{count} days", days, { count: days }),
        ),
      ),
      element("button", { type: "button", class: "button", click: all }, t("All")),
    ),
    element("p", { class: "note" }, t("Both days included (UTC). “7 days” means the 7 days up to the newest event.")),
  );

  function fill() {
    const { window } = store.get();
    from.value = toIso(window.from);
    to.value = toIso(window.to - 1);
    errorMessage.textContent = "";
  }

  const chip = createChip({ title: t("Date range"), content, dark: true, onOpen: fill, name: "dates" });
  const updateLabel = () => {
    const { shown, window } = store.get();
    chip.setLabel(formatRange(shown ?? window, config.language, { month: "short" }));
  };
  store.watch((state) => state.shown ?? state.window, updateLabel);
  store.watch(
    (state) => state.window,
    () => chip.isOpen() && !errorMessage.textContent && fill(),
  );
  updateLabel();
  return chip;
}
