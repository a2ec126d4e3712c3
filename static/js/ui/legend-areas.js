/**
 * The legend of the control areas: the assessor, the moment and licence of the assessment, the
 * meaning of each pattern, and the choice of assessors.
 *
 * @import { Assessor, Config, Store, TerritorySource, Translate } from "../types.js"
 * @import { AreaStyle } from "../lib/area-style.js"
 */
import { isolate } from "../lib/bidi.js";
import { areasDay, assessmentOn, chosenAssessors } from "../data/assessments.js";
import { webLink } from "../lib/web-link.js";
import { formatDay, toDay } from "../time/day.js";
import { areaIcon } from "./area-icon.js";
import { assessmentText, statusNames } from "./area-text.js";
import { element } from "./element.js";

/**
 * Creates the legend.
 * @param {object} options
 * @param {Store} options.store
 * @param {TerritorySource} options.territory
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {HTMLElement | null} null: no assessors
 */
export function createAreasLegend({ store, territory, config, t }) {
  const { assessors, language, theatre } = config;
  if (!assessors.length) return null;
  const names = statusNames(t);
  const list = element("ul", { class: "legend-areas" });
  const whose = element("p", { class: "note legend-assessment" });
  const whoseLine = element("p", { class: "note legend-assessment" });
  const choices = assessors.length > 1 ? createChoices() : null;

  /** Creates an entry. @param {Parameters<typeof areaIcon>[0]} what @param {string} words */
  const entry = (what, words) => element("li", {}, areaIcon(what), element("span", {}, words));

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
      const isUsual = first.value === assessors[0]?.slug && !over;
      store.set({ assessors: isUsual ? [] : [first.value, over].filter(Boolean) });
    }
    return {
      root: element(
        "div",
        { class: "legend-choices" },
        element("label", {}, element("span", { class: "note" }, t("Front line from")), first),
        element("label", {}, element("span", { class: "note" }, t("Compare with")), second),
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
    const assessment = history ? assessmentOn(history, day()) : -1;
    const validFrom = assessment < 0 ? null : (history?.validFrom[assessment] ?? null);
    const words = history ? assessmentText(validFrom, day(), assessor, t, language) : t("loading …");
    root.replaceChildren(before, name, `, ${words}`, assessor.licence ? ` · ${isolate(assessor.licence)}` : "");
    root.title = isolate(assessor.definition);
  }

  /**
   * Returns the styles in the shown assessment. Statuses that the assessor does not cover are
   * unknown and not listed.
   */
  function styles() {
    const { first } = chosenAssessors(store.get(), config);
    const history = first && territory.get(first.slug);
    const assessment = history ? assessmentOn(history, day()) : -1;
    const covered = history && assessment >= 0 ? history.covers(assessment) : (first?.covers ?? []);
    const before = history && assessment >= 0 && history.areas(assessment).some(({ sinceBefore }) => sinceBefore);
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

  let listed = "";
  function write() {
    const { compare } = store.get();
    const { first, second } = chosenAssessors(store.get(), config);
    const shown = styles();
    const key = JSON.stringify([shown, second?.slug, Boolean(compare)]);
    if (key !== listed) {
      listed = key;
      list.replaceChildren(
        ...shown.map(([style, words]) => entry(style, words)),
        ...(compare ? [entry("gained", t("Gained by the occupier")), entry("lost", t("Lost by the occupier"))] : []),
        ...(second ? [entry("second_line", t("Second line: {name}", { name: second.name }))] : []),
      );
    }
    if (first) showAssessor(whose, first);
    whoseLine.hidden = !second;
    if (second) showAssessor(whoseLine, second, `${t("Second line:")} `);
    choices?.show();
  }

  store.watch((state) => state.shown, write);
  store.watch((state) => state.assessors, write);
  store.watch((state) => state.compare, write);
  territory.watch(write);
  write();
  return element("div", { class: "legend-territory" }, list, whose, whoseLine, choices?.root);
}
