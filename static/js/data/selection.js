/**
 * The events that the filters leave. Owns the columns: fetches the parts that the window and the
 * axis need, asks the server when words are searched for, looks for newer parts when the reader
 * comes back to the page, and tells everybody who draws or counts.
 *
 * @import { Config, DayRange, EventColumns, Problem, Selection, SelectionSource, Store, Translate } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { reloadPage } from "../state/follow-address.js";
import { formatRange } from "../time/day.js";
import { assemble } from "./assemble.js";
import { OtherFormat, decodeColumns } from "./event-columns.js";
import { createEventParts } from "./event-parts.js";
import { Failure, toProblem } from "./fetch-json.js";
import { maskOf, testsOf } from "./filters.js";

/**
 * How old the columns may be when the reader comes back to the page, before a newer edition is
 * asked for.
 */
const STALE_AFTER_MS = 5 * 60_000;
/** Parts that are being made anew are there after this, and it is asked so often. */
const AGAIN_MS = 1000;
const MOST_AGAIN = 10;
/** A slider on its way asks for nothing until it rests this long. */
const REST_MS = 120;
/**
 * Parts that arrive one after the other are shown no oftener than this, and when there are twice as
 * many events as are shown, or after so long: to put all of them together anew takes the longer the
 * more there are.
 */
const SHOW_EVERY_MS = 600;
const SHOW_AT_LAST_MS = 10_000;
const GONE = 410;

/**
 * @typedef {SelectionSource & { start: () => void, loadedAt: () => number | null }} EventSelection
 *   `loadedAt`: when the server last said that this is its newest edition, milliseconds since 1970
 */

/**
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
  /** @type {Problem | null} our own, so that only ours is taken back */
  let problem = null;
  /** Whether the reader was told that the server has another format by now. */
  let isOutdated = false;
  /** What is under way. @type {AbortController | null} */
  let running = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;
  let timesAgain = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  /** @type {Set<(selection: Selection) => void>} */
  const watchers = new Set();

  function select() {
    if (!edition) return;
    const { columns } = edition;
    const tests = testsOf(columns, store.get().filters, config.theatre.categories);
    selection = { columns, ...maskOf(columns, tests) };
    for (const watcher of [...watchers]) watcher(selection);
  }

  /** The days that somebody looks at. @returns {DayRange[]} */
  function looked() {
    const { window, axis } = store.get();
    return axis ? [window, axis] : [window];
  }

  /** @param {EventColumns | null} columns @param {string} q */
  function take(columns, q) {
    if (!columns || (edition?.q === q && edition.columns.revision === columns.revision && same(columns))) return;
    if (edition) api.forgetEvents();
    edition = { columns, q };
    select();
  }

  /** @param {EventColumns} columns */
  const same = ({ total, missing }) =>
    edition?.columns.total === total && JSON.stringify(edition.columns.missing) === JSON.stringify(missing);

  /** @param {string} q @param {AbortSignal} signal */
  async function loadAnswer(q, signal) {
    const part = decodeColumns(await api.columns({ q }, signal));
    take(assemble([part], { revision: `${q} ${Date.now()}` }), q);
  }

  /** @param {AbortSignal} signal */
  async function loadParts(signal) {
    const { stale } = await parts.refresh(signal);
    loadedAt = Date.now();
    clearTimeout(again);
    if (!stale) timesAgain = 0;
    else if (timesAgain++ < MOST_AGAIN) again = setTimeout(() => void load({ quietly: true }), AGAIN_MS);
    let isReadable = true;
    try {
      const first = parts.columns();
      if (first && first.total === 0) take(first, "");
      let shownAt = performance.now();
      await parts.fetch(looked(), signal, (progress) => {
        if (signal.aborted || progress.loaded >= progress.all) return;
        store.set({ progress });
        // Over a slow line what has come by now is worth showing.
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
      // What is shown stays when nothing can be read in its place.
      if (!signal.aborted && (isReadable || !edition)) take(parts.columns(), "");
    }
  }

  /**
   * @param {{ quietly?: boolean }} [how] quietly: what is there stays good enough when this fails
   */
  async function load({ quietly = false } = {}) {
    running?.abort();
    const mine = (running = new AbortController());
    const { q } = store.get().filters;
    if (!quietly) store.set({ loading: true });
    try {
      await whileNothingGoes(() => (q ? loadAnswer(q, mine.signal) : loadParts(mine.signal)));
      if (running !== mine) return; // overtaken: the newer one ends the loading
      loadedAt = Date.now();
      store.set({
        loading: false,
        progress: null,
        ...(problem && store.get().problem === problem && { problem: null }),
      });
      problem = null;
      isOutdated = false;
    } catch (error) {
      if (running !== mine) return;
      store.set({ loading: false, progress: null });
      const isNews = error instanceof OtherFormat && !isOutdated;
      if (quietly && !isNews) return;
      isOutdated ||= isNews;
      problem = error instanceof OtherFormat ? reloadOffer() : toProblem(error, whatIsMissing(), () => void load(), t);
      store.set({ problem });
    }
  }

  /**
   * A part may be replaced between the manifest and its being asked for: the next manifest names
   * another.
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
   * To try again would bring the same: only a newer page reads the newer format.
   * @returns {Problem}
   */
  function reloadOffer() {
    return {
      what: t("The map was updated on the server."),
      why: t("Reload the page to see new events."),
      retry: () => reloadPage({ store, config }),
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

  /** Days came into view whose events are not here. */
  function needMore() {
    clearTimeout(resting);
    if (store.get().filters.q || !edition || !parts.lacks(looked())) return;
    resting = setTimeout(() => void load(), REST_MS);
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
            // The words went back to those of the columns at hand: what is still on its way is no
            // longer wanted.
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
