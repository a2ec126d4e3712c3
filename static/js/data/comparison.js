/**
 * Loads the changes between the two compared days, and says which days the areas show. Sends one
 * request for each pair of days and assessor, and notifies watchers.
 *
 * @import { AreaStatus, Comparison, Config, Day, Store, TerritorySource, Translate } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { createLatest } from "../lib/latest.js";
import { setProblem } from "../state/problems.js";
import { toDay, toIso } from "../time/day.js";
import { assessedOn, chosenAssessors, comparedDays } from "./assessments.js";
import { Failure, toProblem } from "./fetch-json.js";

/** The name of this part among the problems. */
const PART = "comparison";

/** @typedef {{ gained_km2: number, lost_km2: number, net_km2: number }} Balance */

/**
 * The response of `/api/territory/change`.
 * @typedef {object} Change
 * @property {string} assessor
 * @property {[string, string]} valid_from of the two assessments, RFC 3339
 * @property {Comparison} asked the chosen days, added by the page
 * @property {[string, string]} compared_days the days whose ground is compared; equal: nothing can
 *   be compared
 * @property {[number, number]} age_days of the two assessments, on the requested days
 * @property {AreaStatus[]} held
 * @property {Balance | null} total
 * @property {Partial<Record<AreaStatus, Balance | null>>} by_status null: one of the assessments
 *   does not cover the status
 * @property {import("geojson").Feature<import("geojson").MultiPolygon, { status: AreaStatus,
 *   change: "gained" | "lost", area_km2: number }>[]} features
 */

/** @typedef {"gained" | "lost"} ChangeKind */

/**
 * What the areas on the map show during a comparison: the change between two days, or one day alone,
 * because nothing can be compared. No day: no assessment yet.
 * @typedef {{ change: Comparison } | { alone: Day | null } | "loading"} ComparedAreas
 */

/**
 * @typedef {object} ChangeSource
 * @property {() => Change | null} get null: no comparison, or still loading
 * @property {() => string} refusal the error message, or empty
 * @property {() => ComparedAreas | null} areas null: no comparison. Title, dock and legend name the
 *   days of the areas by this alone
 * @property {(run: () => void) => () => void} watch
 */

/**
 * Returns the changes of one kind that the map draws: those of held areas. The table has the others.
 *
 * @param {Pick<Change, "features" | "held">} change
 * @param {ChangeKind} kind
 */
export const drawnChanges = ({ features, held }, kind) =>
  features.filter(({ properties }) => properties.change === kind && held.includes(properties.status));

/**
 * Creates the source of the comparison.
 * @param {object} options
 * @param {Store} options.store
 * @param {Pick<Api, "change">} options.api
 * @param {TerritorySource} options.territory
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {ChangeSource}
 */
export function createComparison({ store, api, territory, config, t }) {
  const latest = createLatest();
  /** @type {Set<() => void>} */
  const watchers = new Set();
  /** @type {Change | null} */
  let change = null;
  let refusal = "";

  const notify = () => {
    for (const run of [...watchers]) run();
  };

  /** Sets the change and notifies watchers. @param {Change | null} now @param {string} [why] */
  function setChange(now, why = "") {
    change = now;
    refusal = why;
    notify();
  }

  /** Returns the change of the chosen days: an earlier one is not shown for other days. */
  function current() {
    const { compare } = store.get();
    const { first } = chosenAssessors(store.get(), config);
    return change?.asked === compare && change?.assessor === first?.slug ? change : null;
  }

  /** @returns {ComparedAreas | null} */
  function areas() {
    const { compare } = store.get();
    const { first } = chosenAssessors(store.get(), config);
    if (!compare || !first) return null;
    const found = current();
    const history = territory.get(first.slug);
    if (!found && !history) return "loading";
    const days = found
      ? { from: toDay(found.compared_days[0]), to: toDay(found.compared_days[1]) }
      : refusal === "" && history && comparedDays(history, compare);
    if (days && days.from !== days.to) return { change: days };
    if (days) return { alone: days.to };
    const later = history && assessedOn(history, compare.to);
    return { alone: later ? compare.to - later.age : null };
  }

  async function load() {
    const { compare } = store.get();
    const { first } = chosenAssessors(store.get(), config);
    if (!compare || !first) {
      latest.cancel();
      setChange(null);
      setProblem(store, PART, null);
      return;
    }
    refusal = "";
    store.set({ loading: true });
    notify();
    try {
      const parameters = { assessor: first.slug, from: toIso(compare.from), to: toIso(compare.to) };
      const answer = await latest.run((signal) => api.change(parameters, signal));
      if (!answer) return; // replaced by a newer request
      setChange({ ...answer, asked: compare });
      store.set({ loading: false });
      setProblem(store, PART, null);
    } catch (error) {
      const problem = toProblem(error, t("The two days could not be compared."), () => void load(), t);
      setChange(null, problem.why);
      // The date fields show this error, because it is about the chosen days.
      const refused = error instanceof Failure && error.kind === "refused" && error.status < 500;
      store.set({ loading: false });
      setProblem(store, PART, refused ? null : problem);
    }
  }

  store.watch((state) => state.compare, load);
  store.watch((state) => chosenAssessors(state, config).first?.slug, load);
  territory.watch(notify);
  if (store.get().compare) void load();

  return {
    get: current,
    refusal: () => refusal,
    areas,
    watch(run) {
      watchers.add(run);
      return () => watchers.delete(run);
    },
  };
}
