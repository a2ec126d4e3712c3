/**
 * The legend of the control areas: the assessor and the moment of the assessment, the meaning of
 * each pattern, the choice of assessors, and at the end of the legend the licences.
 *
 * @import { Assessor, Config, ControlArea, Store, TerritorySource, Translate } from "../types.js"
 * @import { Assessed } from "../data/assessments.js"
 * @import { ChangeKind, ChangeSource } from "../data/comparison.js"
 * @import { AreaStyle } from "../lib/area-style.js"
 */
import { isolate } from "../lib/bidi.js";
import {
  CURRENT_DAYS,
  areasDay,
  assessedNow,
  assessedOn,
  chosenAssessors,
  hasEdgesBeside,
  isOld,
} from "../data/assessments.js";
import { drawnChanges } from "../data/comparison.js";
import { webLink } from "../lib/web-link.js";
import { formatDay, toDay } from "../time/day.js";
import { areaIcon } from "./area-icon.js";
import { assessmentText, comparedAreasText, statusNames } from "./area-text.js";
import { element } from "./element.js";

/** @type {readonly ChangeKind[]} */
const CHANGE_KINDS = ["gained", "lost"];

/**
 * Creates the legend.
 * @param {object} options
 * @param {Store} options.store
 * @param {TerritorySource} options.territory
 * @param {ChangeSource} options.change
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {{ root: HTMLElement, licences: HTMLElement } | null} null: no assessors
 */
export function createAreasLegend({ store, territory, change, config, t }) {
  const { assessors, language, theatre } = config;
  if (!assessors.length) return null;
  const names = statusNames(t);
  const changeNames = { gained: t("Gained by the occupier"), lost: t("Lost by the occupier") };
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
    const none = element("option", { value: "" });
    const second = element("select", { class: "field", change: choose }, none, ...options());
    function choose() {
      const over = second.value === first.value ? "" : second.value;
      store.set({ assessors: [first.value, over].filter(Boolean) });
    }
    return {
      root: element(
        "div",
        { class: "legend-choices" },
        element("label", {}, element("span", { class: "note" }, t("Front line from")), first),
        element("label", {}, element("span", { class: "visually-hidden" }, t("Add another assessor's line")), second),
      ),
      show() {
        const chosen = chosenAssessors(store.get(), config);
        first.value = chosen.first?.slug ?? "";
        second.value = chosen.second?.slug ?? "";
        none.textContent = chosen.second ? t("No second line") : t("Add another assessor's line");
        for (const option of second.options) option.disabled = option.value !== "" && option.value === first.value;
      },
    };
  }

  /** Returns the shown assessment of the first assessor. @param {Assessor | null} first */
  function shownOf(first) {
    const history = first && territory.get(first.slug);
    return history && assessedNow(history, store.get());
  }

  /** Returns the shown assessment of the second line. @param {Assessor | null} second */
  function lineOf(second) {
    const history = second && territory.get(second.slug);
    return history && assessedOn(history, areasDay(store.get()));
  }

  /**
   * Shows an assessor.
   * @param {HTMLElement} root
   * @param {Assessor} assessor
   * @param {Assessed | null} assessed
   * @param {string} [before]
   */
  function showAssessor(root, assessor, assessed, before = "") {
    const history = territory.get(assessor.slug);
    const link = webLink(assessor.home_page);
    const name = link
      ? element("a", { href: link.href, rel: "noopener noreferrer nofollow", target: "_blank" }, assessor.name)
      : isolate(assessor.name);
    const missing = store.get().problems[`line ${assessor.slug}`] ? t("not loaded") : t("loading …");
    const words = history ? assessmentText(assessed, history.assessor, t, language) : missing;
    const isFaded = Boolean(assessed && isOld(assessed.age));
    const moment = element("span", { class: isFaded ? "legend-moment old" : "legend-moment" }, words);
    root.replaceChildren(before, name, ", ", moment);
    root.title = isolate(assessor.definition);
  }

  /**
   * Returns the styles in the shown assessment. Statuses that the assessor does not cover are
   * unknown and not listed. A comparison has only those that are drawn: it does not move with time.
   *
   * @param {readonly ControlArea[]} areas
   */
  function styles(areas) {
    const { first } = chosenAssessors(store.get(), config);
    const history = first && territory.get(first.slug);
    const assessment = shownOf(first)?.assessment ?? -1;
    const known = history && assessment >= 0 ? history.covers(assessment) : (first?.covers ?? []);
    const covered = store.get().compare ? known.filter((one) => areas.some(({ status }) => status === one)) : known;
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

  /**
   * Returns the areas of an assessment.
   * @param {Assessor | null} assessor
   * @param {Assessed | null} assessed
   */
  const areasOf = (assessor, assessed) =>
    (assessor && assessed && territory.get(assessor.slug)?.areas(assessed.assessment)) ?? [];

  /**
   * Creates the entry of old assessments. Its room stays while none is drawn, so that nothing moves
   * while the time plays.
   * @param {boolean} isDrawn
   * @param {boolean} isComparison
   */
  function oldEntry(isDrawn, isComparison) {
    if (!isDrawn && isComparison) return [];
    const words = t("Assessed over {count} days before", { count: CURRENT_DAYS });
    const root = entry("occupied", words, true);
    root.classList.toggle("legend-unused", !isDrawn);
    return [root];
  }

  /** The kinds of changes that the map draws. @type {{ of: unknown, kinds: readonly ChangeKind[] }} */
  let drawn = { of: null, kinds: [] };
  let listed = "";
  function write() {
    const { compare } = store.get();
    const { first, second } = chosenAssessors(store.get(), config);
    const [assessed, line] = [shownOf(first), lineOf(second)];
    const areas = areasOf(first, assessed);
    const shown = styles(areas);
    const found = change.get();
    if (drawn.of !== found) {
      drawn = { of: found, kinds: CHANGE_KINDS.filter((kind) => found && drawnChanges(found, kind).length > 0) };
    }
    const [old, oldLine] = [assessed, line].map((one) => isOld(one?.age ?? 0));
    const thin = hasEdgesBeside(areas) || hasEdgesBeside(areasOf(second, line));
    const key = JSON.stringify([shown, second?.slug, drawn.kinds, old, oldLine, thin, compare !== null]);
    if (key !== listed) {
      listed = key;
      list.replaceChildren(
        ...shown.map(([style, words]) => entry(style, words, old)),
        ...(thin
          ? [entry("thin_edge", t("Thin line: edge that is no front line, such as a coast or border"), old)]
          : []),
        ...drawn.kinds.map((kind) => entry(kind, changeNames[kind])),
        ...(second ? [entry("second_line", t("Second line: {name}", { name: second.name }), oldLine)] : []),
        ...oldEntry(Boolean(old || oldLine), compare !== null),
      );
    }
    compared.textContent = comparedAreasText(change.areas(), t, language);
    compared.hidden = compare === null;
    if (first) showAssessor(whose, first, assessed);
    whoseLine.hidden = !second;
    if (second) showAssessor(whoseLine, second, line, `${t("Second line:")} `);
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
  change.watch(write);
  write();
  return {
    root: element("div", { class: "legend-territory" }, list, compared, whose, whoseLine, choices?.root),
    licences,
  };
}
