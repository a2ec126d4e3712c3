/**
 * The legend of the control areas: the assessor and the moment of the assessment, the meaning of
 * each pattern, the choice of assessors, and at the end of the legend the licences.
 *
 * @import { Assessor, Config, ControlArea, Store, TerritorySource, Translate } from "../types.js"
 * @import { AreaStyle } from "../lib/area-style.js"
 */
import { isolate } from "../lib/bidi.js";
import {
  CURRENT_DAYS,
  areasDay,
  assessedOn,
  chosenAssessors,
  comparedDays,
  hasEdgesBeside,
  isOld,
} from "../data/assessments.js";
import { webLink } from "../lib/web-link.js";
import { formatDay, toDay } from "../time/day.js";
import { areaIcon } from "./area-icon.js";
import { assessmentText, comparedText, statusNames } from "./area-text.js";
import { element } from "./element.js";

/**
 * Creates the legend.
 * @param {object} options
 * @param {Store} options.store
 * @param {TerritorySource} options.territory
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {{ root: HTMLElement, licences: HTMLElement } | null} null: no assessors
 */
export function createAreasLegend({ store, territory, config, t }) {
  const { assessors, language, theatre } = config;
  if (!assessors.length) return null;
  const names = statusNames(t);
  const list = element("ul", { class: "legend-areas" });
  const whose = element("p", { class: "note legend-assessment" });
  const whoseLine = element("p", { class: "note legend-assessment" });
  const compared = element("p", { class: "legend-compared" });
  const licences = element("div", { class: "note legend-licences" });
  const choices = assessors.length > 1 ? createChoices() : null;

  /**
   * Creates an entry.
   * @param {Parameters<typeof areaIcon>[0]} what
   * @param {string} words
   * @param {boolean} [isFaded]
   */
  const entry = (what, words, isFaded) => element("li", {}, areaIcon(what, isFaded), element("span", {}, words));

  function createChoices() {
    const options = () => assessors.map(({ slug, name }) => element("option", { value: slug }, name));
    const first = element("select", { class: "field", change: choose }, ...options());
    const second = element(
      "select",
      { class: "field", change: choose },
      element("option", { value: "" }, t("No second line")),
      ...options(),
    );
    function choose() {
      const over = second.value === first.value ? "" : second.value;
      store.set({ assessors: [first.value, over].filter(Boolean) });
    }
    return {
      root: element(
        "div",
        { class: "legend-choices" },
        element("label", {}, element("span", { class: "note" }, t("Front line from")), first),
        element("label", {}, element("span", { class: "visually-hidden" }, t("Compare with")), second),
      ),
      show() {
        const chosen = chosenAssessors(store.get(), config);
        first.value = chosen.first?.slug ?? "";
        second.value = chosen.second?.slug ?? "";
        for (const option of second.options) option.disabled = option.value !== "" && option.value === first.value;
      },
    };
  }

  const day = () => areasDay(store.get());

  /**
   * Shows an assessor.
   * @param {HTMLElement} root
   * @param {Assessor} assessor
   * @param {string} [before]
   */
  function showAssessor(root, assessor, before = "") {
    const history = territory.get(assessor.slug);
    const link = webLink(assessor.home_page);
    const name = link
      ? element("a", { href: link.href, rel: "noopener noreferrer nofollow", target: "_blank" }, assessor.name)
      : isolate(assessor.name);
    const assessed = history && assessedOn(history, day());
    const missing = store.get().problems[`line ${assessor.slug}`] ? t("not loaded") : t("loading …");
    const words = history ? assessmentText(assessed, history.assessor, t, language) : missing;
    const isFaded = Boolean(assessed && isOld(assessed.age));
    const moment = element("span", { class: isFaded ? "legend-moment old" : "legend-moment" }, words);
    root.replaceChildren(before, name, ", ", moment);
    root.title = isolate(assessor.definition);
  }

  /**
   * Returns the styles in the shown assessment. Statuses that the assessor does not cover are
   * unknown and not listed.
   *
   * @param {readonly ControlArea[]} areas
   */
  function styles(areas) {
    const { first } = chosenAssessors(store.get(), config);
    const history = first && territory.get(first.slug);
    const assessment = (history && assessedOn(history, day())?.assessment) ?? -1;
    const covered = history && assessment >= 0 ? history.covers(assessment) : (first?.covers ?? []);
    const before = areas.some(({ sinceBefore }) => sinceBefore);
    /** @type {[AreaStyle, string][]} */
    const found = covered.map((status) => [status, names[status]]);
    if (before) {
      found.splice(1, 0, [
        "held_before",
        t("Occupied before {day}", { day: formatDay(toDay(theatre.first_day), language, { month: "short" }) }),
      ]);
    }
    return found;
  }

  /** Returns the shown areas of an assessor. @param {Assessor | null} assessor */
  function areasOf(assessor) {
    const history = assessor && territory.get(assessor.slug);
    const assessed = history && assessedOn(history, day());
    return assessed ? history.areas(assessed.assessment) : [];
  }

  /** Returns whether the shown assessment is old. @param {Assessor | null} assessor */
  function isOldNow(assessor) {
    const history = assessor && territory.get(assessor.slug);
    return isOld((history && assessedOn(history, day())?.age) ?? 0);
  }

  /**
   * Returns the days that are really compared.
   * @param {Assessor | null} assessor
   * @param {import("../types.js").Comparison} compare
   */
  function daysCompared(assessor, compare) {
    const history = assessor && territory.get(assessor.slug);
    return history && comparedDays(history, compare);
  }

  let listed = "";
  function write() {
    const { compare } = store.get();
    const { first, second } = chosenAssessors(store.get(), config);
    const areas = areasOf(first);
    const shown = styles(areas);
    const days = compare && daysCompared(first, compare);
    const changed = days !== null && days.from !== days.to;
    const [old, oldLine] = [isOldNow(first), isOldNow(second)];
    const thin = hasEdgesBeside(areas) || hasEdgesBeside(areasOf(second));
    const key = JSON.stringify([shown, second?.slug, changed, old, oldLine, thin]);
    if (key !== listed) {
      listed = key;
      list.replaceChildren(
        ...shown.map(([style, words]) => entry(style, words, old)),
        ...(thin
          ? [entry("thin_edge", t("Thin line: edge that is no front line, such as a coast or border"), old)]
          : []),
        ...(changed ? [entry("gained", t("Gained by the occupier")), entry("lost", t("Lost by the occupier"))] : []),
        ...(second ? [entry("second_line", t("Second line: {name}", { name: second.name }), oldLine)] : []),
        entry("occupied", t("Faded: assessed more than {count} days before", { count: CURRENT_DAYS }), true),
      );
    }
    compared.textContent = days ? t("Compared: {days}", { days: comparedText(days, t, language) }) : "";
    compared.hidden = !days;
    if (first) showAssessor(whose, first);
    whoseLine.hidden = !second;
    if (second) showAssessor(whoseLine, second, `${t("Second line:")} `);
    licences.replaceChildren(
      ...[first, second].flatMap((one) =>
        one?.licence ? element("p", {}, t("{assessor}: {words}", { assessor: one.name, words: one.licence })) : [],
      ),
    );
    choices?.show();
  }

  store.watch((state) => state.shown, write);
  store.watch((state) => state.assessors, write);
  store.watch((state) => state.compare, write);
  store.watch((state) => state.problems, write);
  territory.watch(write);
  write();
  return {
    root: element("div", { class: "legend-territory" }, list, compared, whose, whoseLine, choices?.root),
    licences,
  };
}
