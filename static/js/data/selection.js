/**
 * The events that pass the filters. Loads the parts that the window and the axis need, and queries
 * the server for a text search. Checks for newer parts when the reader returns to the page.
 * Notifies watchers.
 *
 * @import { Config, DayRange, EventColumns, Problem, Selection, SelectionSource, Store, Translate } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { reloadPage } from "../state/follow-address.js";
import { setProblem } from "../state/problems.js";
import { formatMoment, formatRange } from "../time/day.js";
import { assemble } from "./assemble.js";
import { OtherFormat, decodeColumns } from "./event-columns.js";
import { createEventParts } from "./event-parts.js";
import { Failure, toProblem } from "./fetch-json.js";
import { maskOf, testsOf } from "./filters.js";
import { waitAfter, withNextTry } from "./persistent.js";

/**
 * Maximum age of the columns when the reader returns to the page. Older columns are checked for a
 * newer edition.
 */
const STALE_AFTER_MS = 5 * 60_000;
/** Interval of retries while the server rebuilds parts. */
const AGAIN_MS = 1000;
const MOST_AGAIN = 10;
/** Delay after the last movement of a slider before a request. */
const REST_MS = 120;
/**
 * Minimum interval between updates while parts arrive. An update also needs twice as many events as
 * shown, or the longer interval, because merging all parts takes longer the more there are.
 */
const SHOW_EVERY_MS = 600;
const SHOW_AT_LAST_MS = 10_000;
const GONE = 410;
/** The name of this part among the problems. */
const PART = "events";

/**
 * @typedef {SelectionSource & { start: () => void, loadedAt: () => number | null }} EventSelection
 *   `loadedAt`: when the server last confirmed this edition as the newest (milliseconds since
 *   1970)
 */

/**
 * Creates the selection.
 * @param {object} options
 * @param {Store} options.store
 * @param {Pick<Api, "columns" | "columnsManifest" | "columnsPart" | "forgetEvents">} options.api
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {EventSelection}
 */
export function createSelection({ store, api, config, t }) {
  const parts = createEventParts(api);
  /** @type {{ columns: EventColumns, q: string } | null} */
  let edition = null;
  /** @type {Selection | null} */
  let selection = null;
  /** @type {number | null} */
  let loadedAt = null;
  /** The number of unreadable events that the reader was told. */
  let toldUnreadable = 0;
  /** Whether the reader has seen the message about a new format. */
  let isOutdated = false;
  /** The running request. @type {AbortController | null} */
  let running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retryTimer;
  let retries = 0;
  /** Failed loads since the last success. */
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let restTimer;
  /** @type {Set<(selection: Selection) => void>} */
  const watchers = new Set();

  function select() {
    if (!edition) return;
    const { columns } = edition;
    const tests = testsOf(columns, store.get().filters, config.theatre.categories);
    selection = { columns, ...maskOf(columns, tests) };
    for (const watcher of [...watchers]) watcher(selection);
  }

  /** Returns the visible days. @returns {DayRange[]} */
  function looked() {
    const { window, axis } = store.get();
    return axis ? [window, axis] : [window];
  }

  /** Shows new columns. @param {EventColumns | null} columns @param {string} q */
  function take(columns, q) {
    if (!columns || (edition?.q === q && edition.columns.revision === columns.revision && same(columns))) return;
    if (edition) api.forgetEvents();
    edition = { columns, q };
    select();
  }

  /**
   * Returns whether the columns have the same events as the shown ones.
   * @param {EventColumns} columns
   */
  const same = ({ total, missing }) =>
    edition?.columns.total === total && JSON.stringify(edition.columns.missing) === JSON.stringify(missing);

  /** Loads the results of a text search. @param {string} q @param {AbortSignal} signal */
  async function loadAnswer(q, signal) {
    const part = decodeColumns(await api.columns({ q }, signal));
    take(assemble([part], { revision: `${q} ${Date.now()}` }), q);
  }

  /** Loads the missing parts. @param {AbortSignal} signal */
  async function loadParts(signal) {
    const { stale } = await parts.refresh(signal);
    loadedAt = Date.now();
    clearTimeout(retryTimer);
    if (!stale) retries = 0;
    else if (retries++ < MOST_AGAIN) retryTimer = setTimeout(() => void load({ quietly: true }), AGAIN_MS);
    let isReadable = true;
    try {
      const first = parts.columns();
      if (first && first.total === 0) take(first, "");
      let shownAt = performance.now();
      await parts.fetch(looked(), signal, (progress) => {
        if (signal.aborted || progress.loaded >= progress.all) return;
        store.set({ progress });
        // Shows the parts that arrived so far, for slow connections.
        const waited = performance.now() - shownAt;
        const grown = parts.count() >= 2 * (edition?.columns.count ?? 0);
        if (waited < SHOW_EVERY_MS || (!grown && waited < SHOW_AT_LAST_MS)) return;
        take(parts.columns(), "");
        shownAt = performance.now();
      });
    } catch (error) {
      isReadable = !(error instanceof OtherFormat);
      throw error;
    } finally {
      // If nothing can be read, the shown events stay.
      if (!signal.aborted && (isReadable || !edition)) take(parts.columns(), "");
    }
  }

  /**
   * Loads the events.
   * @param {{ quietly?: boolean }} [how] quietly: ignore failures, and continue to show the loaded
   *   events
   */
  async function load({ quietly = false } = {}) {
    running?.abort();
    clearTimeout(retryTimer);
    const mine = (running = new AbortController());
    const { q } = store.get().filters;
    if (!quietly) store.set({ loading: true });
    try {
      await whileNothingGoes(() => (q ? loadAnswer(q, mine.signal) : loadParts(mine.signal)));
      if (running !== mine) return; // replaced by a newer load, which resets `loading`
      loadedAt = Date.now();
      store.set({ loading: false, progress: null });
      setProblem(store, PART, null);
      failures = 0;
      isOutdated = false;
      if (!q) tellUnreadable();
    } catch (error) {
      if (running !== mine) return;
      store.set({ loading: false, progress: null });
      if (error instanceof OtherFormat) {
        if (quietly && isOutdated) return;
        isOutdated = true;
        setProblem(store, PART, reloadOffer());
      } else if (!quietly) setProblem(store, PART, plannedRetry(error));
      else if (navigator.onLine) setProblem(store, PART, agedOffer(error)); // else the notice says the same
    }
  }

  /**
   * Plans the next try, and returns the message about the failure.
   * @param {unknown} error
   * @returns {Problem}
   */
  function plannedRetry(error) {
    const seconds = waitAfter(error, failures++);
    const retry = () => void load();
    if (seconds !== null) retryTimer = setTimeout(retry, seconds * 1000);
    return withNextTry(toProblem(error, whatIsMissing(), retry, t), seconds, t);
  }

  /**
   * Returns the message that no newer events could be loaded: what is shown is from when.
   * @param {unknown} error
   * @returns {Problem}
   */
  function agedOffer(error) {
    const { why, ...problem } = toProblem(error, t("Newer events could not be loaded."), () => void load(), t);
    if (loadedAt === null) return { ...problem, why };
    const moment = formatMoment(loadedAt, config.language);
    return { ...problem, why: `${why} ${t("What is shown was loaded on {moment}.", { moment })}` };
  }

  /** Tells the reader once that some events cannot be read. The map shows the others. */
  function tellUnreadable() {
    const count = parts.unreadable();
    if (count === toldUnreadable) return;
    toldUnreadable = count;
    setProblem(store, "unreadable events", count === 0 ? null : unreadableOffer(count));
  }

  /** Returns the message about unreadable events. @param {number} count @returns {Problem} */
  function unreadableOffer(count) {
    return {
      what: t.plural("{count} event could not be read.", "{count} events could not be read.", count, {
        count,
      }),
      why: t("The map shows all others."),
      retry() {
        parts.retryUnreadable();
        toldUnreadable = 0;
        void load();
      },
    };
  }

  /**
   * Runs a load again if a part was replaced after the manifest was fetched.
   * @param {() => Promise<void>} run
   */
  async function whileNothingGoes(run) {
    try {
      await run();
    } catch (error) {
      if (!(error instanceof Failure) || error.status !== GONE) throw error;
      parts.forget();
      await run();
    }
  }

  /**
   * Returns the offer to reload the page. A retry would fail again, because this page cannot read
   * the new format.
   * @returns {Problem}
   */
  function reloadOffer() {
    return {
      what: t("The map was updated on the server."),
      why: t("Reload the page to see new events."),
      retry: () => reloadPage(store),
      retryLabel: t("Reload the page"),
    };
  }

  function whatIsMissing() {
    const missing = edition?.q === "" ? edition.columns.missing : [];
    const [from, to] = [missing[0]?.from, missing.at(-1)?.to];
    if (!edition || edition.columns.count === 0 || from === undefined || to === undefined) {
      return t("The events could not be loaded.");
    }
    const days = formatRange({ from, to }, config.language);
    return t("Some events of {days} could not be loaded.", { days });
  }

  /** Loads the events of days that came into view. */
  function needMore() {
    clearTimeout(restTimer);
    if (store.get().filters.q || !edition || !parts.lacks(looked())) return;
    restTimer = setTimeout(() => void load(), REST_MS);
  }

  const stale = () => loadedAt === null || Date.now() - loadedAt > STALE_AFTER_MS;

  return {
    get: () => selection,

    watch(run) {
      watchers.add(run);
      if (selection) run(selection);
      return () => watchers.delete(run);
    },

    loadedAt: () => loadedAt,

    start() {
      void load();
      store.watch(
        (state) => state.filters,
        ({ q }, before) => {
          if (q !== before.q && q !== edition?.q) void load();
          else {
            // The search text is the loaded one again, so the running request is not needed.
            if (q !== before.q) {
              running?.abort();
              running = null;
              store.set({ loading: false, progress: null });
            }
            select();
          }
        },
      );
      store.watch((state) => state.window, needMore);
      store.watch((state) => state.axis, needMore);
      addEventListener("online", () => void load({ quietly: edition !== null }));
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible" && stale()) void load({ quietly: edition !== null });
      });
    },
  };
}
