/**
 * "Change between days": two days, and the areas gained and lost between them in km², in total and by
 * status. The map shows the same change. The chip proposes days when it opens; a button, or a day that
 * the reader chooses, starts the comparison.
 *
 * @import { AreaStatus, Comparison, Config, Store, Translate } from "../types.js"
 * @import { Balance, Change, ChangeSource } from "../data/comparison.js"
 */
import { chosenAssessors } from "../data/assessments.js";
import { choose } from "../state/choices.js";
import { dayOf, formatDay, toDay } from "../time/day.js";
import { configuredDays } from "../time/domain.js";
import { areaNumber, comparedText, momentText, statusNames } from "./area-text.js";
import { createChip } from "./chip.js";
import { createDayRange } from "./day-range.js";
import { element } from "./element.js";

/** Distance of the proposed days if the window is one day. */
const USUAL_DAYS = 7;
/** @type {{ month: "short" }} */
const SHORT = { month: "short" };

/**
 * Creates the comparison.
 * @param {object} options
 * @param {Store} options.store
 * @param {ChangeSource} options.change
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {import("./chip.js").Chip | null} null: no assessors
 */
export function createCompare({ store, change, config, t }) {
  if (!config.assessors.length) return null;
  const { language } = config;
  const names = statusNames(t);
  const dayFields = createDayRange({
    words: {
      from: t("Earlier day"),
      to: t("Later day"),
      wrongOrder: t("The earlier day must be before the later day."),
    },
    errorId: "compare-error",
    errorClass: "choice-error",
    fewest: 2,
    language,
    t,
    limits: () => {
      const configured = configuredDays(config);
      const { first } = chosenAssessors(store.get(), config);
      const earliest = first?.first_valid_from ? dayOf(first.first_valid_from) : configured.from;
      return { from: Math.min(configured.from, earliest), to: configured.to };
    },
    onChange: ({ from, to }) => choose(store, { compare: { from, to: to - 1 } }),
  });
  const result = element("div", { class: "compare-result", "aria-live": "polite" });
  const start = element(
    "div",
    { class: "compare-start" },
    element("p", { class: "note" }, t("Proposed days. The map stays as it is until you show the change.")),
    element("button", { type: "button", class: "button dark", click: begin }, t("Show the change")),
  );
  const end = element(
    "button",
    { type: "button", class: "button", hidden: true, click: () => choose(store, { compare: null }) },
    t("End comparison"),
  );

  /** @type {Comparison} */
  let proposed = { from: 0, to: 1 };

  /** Writes the compared days into the fields, or proposes days. */
  function open() {
    const { from, to } = (proposed = store.get().compare ?? proposal());
    dayFields.write({ from, to: to + 1 });
  }

  /**
   * Returns the first and the last day of the window, limited to the days that have assessments. If
   * the window is one day, or ends after the newest assessment, the days lie a week apart.
   * @returns {Comparison}
   */
  function proposal() {
    const { window } = store.get();
    const { first } = chosenAssessors(store.get(), config);
    const earliest = first?.first_valid_from ? dayOf(first.first_valid_from) : window.from;
    const newest = first?.last_valid_from ? dayOf(first.last_valid_from) : window.to - 1;
    const to = Math.max(Math.min(window.to - 1, newest), earliest + 1);
    const from = window.to - window.from > 1 && window.to - 1 <= newest ? window.from : to - USUAL_DAYS;
    return { from: Math.min(Math.max(from, earliest), to - 1), to };
  }

  /** Compares the proposed days, unless the fields have something that is no valid range. */
  function begin() {
    if (!dayFields.isUnfinished && !store.get().compare) choose(store, { compare: proposed });
    // The button is hidden now.
    (store.get().compare ? end : dayFields.fields[0].input).focus({ preventScroll: true });
  }

  /**
   * Creates a row of the table.
   * @param {string} words
   * @param {Balance | null | undefined} balance
   */
  const row = (words, balance) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, words),
      ...(balance
        ? [balance.gained_km2, -balance.lost_km2, balance.net_km2].map((km2) =>
            element("td", {}, areaNumber(km2, language, { signed: true })),
          )
        : [element("td", { colspan: 3 }, t("not covered on both days"))]),
    );

  function write() {
    const { compare } = store.get();
    const found = change.get();
    end.hidden = !compare;
    start.hidden = compare !== null;
    chip.elements[0]?.classList.toggle("active", Boolean(compare));
    chip.setLabel(t("Change between days"), compare ? chosenText(compare) : "");
    if (!compare || !found) {
      result.replaceChildren(
        ...(compare ? [element("p", { class: "note" }, change.refusal() || t("Comparing …"))] : []),
      );
      return;
    }
    const { first } = chosenAssessors(store.get(), config);
    const name = first?.name ?? found.assessor;
    const days = daysOf(found);
    const heading = element("h3", { class: "compare-days" }, comparedText(days, t, language));
    const asked = found.age_days.some((age) => age > 0)
      ? t("You chose {days}. These are the latest assessments of {name} up to then.", {
          name,
          days: comparedText(found.asked, t, language),
        })
      : "";
    if (days.from === days.to) {
      result.replaceChildren(
        heading,
        element(
          "p",
          {},
          t("{name} has nothing newer than {newest} up to {day}.", {
            name,
            newest: formatDay(days.to, language),
            day: formatDay(found.asked.to, language),
          }),
        ),
      );
      return;
    }
    const [earlier, later] = found.valid_from.map((moment) => momentText(Date.parse(moment), language)) ?? [];
    const statuses = /** @type {[AreaStatus, Balance | null][]} */ (Object.entries(found.by_status));
    result.replaceChildren(
      heading,
      ...(asked ? [element("p", { class: "old" }, asked)] : []),
      element(
        "table",
        { class: "compare-table" },
        element(
          "caption",
          { class: "note" },
          t("{name}: {earlier} and {later}, km²", {
            name,
            earlier: earlier ?? "",
            later: later ?? "",
          }),
        ),
        element(
          "thead",
          {},
          element(
            "tr",
            {},
            element("td", {}),
            ...[t("Gained"), t("Lost"), t("Net")].map((words) => element("th", { scope: "col" }, words)),
          ),
        ),
        element(
          "tbody",
          {},
          row(t("Total held"), found.total),
          ...statuses.map(([status, balance]) => row(names[status], balance)),
        ),
      ),
      ...(earlier === later ? [element("p", { class: "note" }, t("Seen unchanged on the later day."))] : []),
    );
  }

  /** Returns the days that a change really compares. @param {Change} change @returns {Comparison} */
  function daysOf({ compared_days: [from, to] }) {
    return { from: toDay(from), to: toDay(to) };
  }

  /**
   * Formats the chip's days: those really compared, or the chosen ones until these are known.
   * @param {Comparison} compare
   */
  function chosenText(compare) {
    const areas = change.areas();
    if (areas === null || areas === "loading") return comparedText(compare, t, language, SHORT);
    return "change" in areas ? comparedText(areas.change, t, language, SHORT) : t("nothing to compare");
  }

  const chip = createChip({
    title: t("Change between days"),
    content: element(
      "div",
      { class: "dates compare" },
      ...dayFields.fields.map(({ root }) => root),
      dayFields.error,
      start,
      result,
      end,
    ),
    onOpen: open,
    name: "compare",
  });
  store.watch((state) => state.compare, write);
  change.watch(write);
  write();
  return chip;
}
