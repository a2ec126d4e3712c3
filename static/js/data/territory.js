/**
 * Loads the assessors' histories, each once, with all areas of every day; and the series of areas
 * by status, for the curve.
 *
 * @import { AreaStatus, Assessor, Config, Store, Territory, TerritorySource, Translate } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { setProblem } from "../state/problems.js";
import { formatMoment } from "../time/day.js";
import { chosenAssessors } from "./assessments.js";
import { toProblem } from "./fetch-json.js";
import { loadPersistently, noticeTeller } from "./persistent.js";

/**
 * Maximum age of a history when the reader returns to the page. An older history is checked for a
 * newer one.
 */
const STALE_AFTER_MS = 5 * 60_000;
/** Duration of one batch of ring building, and the pause after it. */
const PREPARE_MS = 4;
const PAUSE_MS = 40;

/**
 * One status over time, in km²; null where an assessment does not cover it.
 * @typedef {{ in_all: (number | null)[], since_first_day: (number | null)[] | null }} StatusSeries
 */

/**
 * The response of `/api/territory/series`.
 * @typedef {object} Series
 * @property {string} assessor
 * @property {string[]} valid_from RFC 3339, ascending
 * @property {string[]} last_seen_at when the same areas were last seen, for each assessment
 * @property {Partial<Record<AreaStatus, StatusSeries>>} km2
 */

/**
 * @typedef {TerritorySource & { series: (slug: string) => Series | null, start: () => void }}
 *   TerritoryLoader
 */

/**
 * Creates the loader of the histories.
 * @param {object} options
 * @param {Store} options.store
 * @param {Pick<Api, "history" | "series">} options.api
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {TerritoryLoader}
 */
export function createTerritory({ store, api, config, t }) {
  /** @type {Map<string, { territory: Territory, etag: string | null, loadedAt: number }>} */
  const histories = new Map();
  /** @type {Map<string, Series>} */
  const series = new Map();
  /** @type {Set<string>} assessors whose history is loading or loaded */
  const requested = new Set();
  /** @type {Set<() => void>} */
  const watchers = new Set();
  const notify = () => {
    for (const run of [...watchers]) run();
  };

  /**
   * Loads an assessor's history.
   * @param {Assessor} assessor
   * @param {{ again?: boolean }} [how] again: check for a newer history
   */
  async function load(assessor, { again = false } = {}) {
    const { slug, name } = assessor;
    if (requested.has(slug) && !again) return;
    requested.add(slug);
    const part = `line ${slug}`;
    const what = t("The front line of {name} could not be loaded.", { name });
    const loaded = histories.get(slug);
    try {
      const answer = loaded
        ? await api.history(assessor, loaded.etag)
        : await loadPersistently(() => api.history(assessor, null), noticeTeller({ store, part, what, t }));
      setProblem(store, part, null);
      if (!answer) {
        if (loaded) loaded.loadedAt = Date.now();
        return;
      }
      histories.set(slug, { ...answer, loadedAt: Date.now() });
      prepare(answer.territory);
      notify();
    } catch (error) {
      if (loaded) tellAge(error, assessor, loaded.loadedAt);
      else {
        requested.delete(slug);
        setProblem(
          store,
          part,
          toProblem(error, what, () => void load(assessor), t),
        );
      }
    }
  }

  /**
   * Tells the reader that no newer history could be loaded: what is shown is from when.
   * @param {unknown} error
   * @param {Assessor} assessor
   * @param {number} loadedAt milliseconds since 1970
   */
  function tellAge(error, assessor, loadedAt) {
    if (!navigator.onLine) return; // the notice says the same
    const { slug, name } = assessor;
    const what = t("A newer front line of {name} could not be loaded.", { name });
    const problem = toProblem(error, what, () => void load(assessor, { again: true }), t);
    const shown = t("What is shown was loaded on {moment}.", { moment: formatMoment(loadedAt, config.language) });
    setProblem(store, `line ${slug}`, { ...problem, why: `${problem.why} ${shown}` });
  }

  /**
   * Builds rings in small batches, so that a jump to any day is fast.
   * @param {Territory} territory
   */
  function prepare(territory) {
    const isCurrent = [...histories.values()].some((one) => one.territory === territory);
    if (isCurrent && !territory.prepare(PREPARE_MS)) setTimeout(() => prepare(territory), PAUSE_MS);
  }

  /**
   * Loads the series of an assessor.
   * @param {Assessor} assessor
   */
  async function loadSeries({ slug, name }) {
    const part = `series ${slug}`;
    if (requested.has(part)) return;
    requested.add(part);
    const what = t("The areas of {name} in km² could not be loaded.", { name });
    series.set(slug, await loadPersistently(() => api.series(slug), noticeTeller({ store, part, what, t })));
    notify();
  }

  function loadChosen() {
    const { first, second } = chosenAssessors(store.get(), config);
    if (first) {
      void load(first);
      void loadSeries(first);
    }
    if (second) void load(second);
  }

  return {
    get: (slug) => histories.get(slug)?.territory ?? null,
    series: (slug) => series.get(slug) ?? null,
    watch(run) {
      watchers.add(run);
      return () => watchers.delete(run);
    },
    start() {
      store.watch((state) => state.assessors, loadChosen);
      loadChosen();
      addEventListener("online", loadChosen);
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState !== "visible") return;
        for (const { territory, loadedAt } of histories.values()) {
          if (Date.now() - loadedAt > STALE_AFTER_MS) void load(territory.assessor, { again: true });
        }
      });
    },
  };
}
