/**
 * The events that the filters leave. Owns the columns: fetches them, asks the server again when words are searched for,
 * looks for a newer edition when the reader comes back to the page, and tells everybody who draws or counts.
 *
 * @import { Config, EventColumns, Problem, Selection, SelectionSource, Store, Translate } from "../types.js"
 * @import { Api } from "./api.js"
 */
import { createLatest } from "../lib/latest.js";
import { decodeColumns } from "./event-columns.js";
import { toProblem } from "./fetch-json.js";
import { maskOf, testsOf } from "./filters.js";

/** How old the columns may be when the reader comes back to the page, before a newer edition is asked for. */
const STALE_AFTER_MS = 5 * 60_000;

/**
 * @typedef {object} Edition
 * @property {EventColumns} columns
 * @property {string | null} etag
 * @property {string} q the words that all of these events contain
 */

/**
 * @typedef {SelectionSource & { start: () => void, loadedAt: () => number | null }} EventSelection `loadedAt`: when the
 *   server last said that this is its newest edition, milliseconds since 1970
 */

/**
 * @param {object} options
 * @param {Store} options.store
 * @param {Pick<Api, "columns" | "forgetEvents">} options.api
 * @param {Config} options.config
 * @param {Translate} options.t
 * @returns {EventSelection}
 */
export function createSelection({ store, api, config, t }) {
  /** @type {Edition | null} */
  let edition = null;
  /** @type {Selection | null} */
  let selection = null;
  /** @type {number | null} */
  let loadedAt = null;
  /** @type {Problem | null} our own, so that only ours is taken back */
  let problem = null;
  const latest = createLatest();
  /** @type {Set<(selection: Selection) => void>} */
  const watchers = new Set();

  function select() {
    if (!edition) return;
    const { columns } = edition;
    const tests = testsOf(columns, store.get().filters, config.theatre.categories);
    selection = { columns, ...maskOf(columns, tests) };
    for (const watcher of [...watchers]) watcher(selection);
  }

  /** @param {{ quietly?: boolean }} [how] quietly: what is there stays good enough when this fails */
  async function load({ quietly = false } = {}) {
    const { q } = store.get().filters;
    const etag = edition?.q === q ? edition.etag : null;
    if (!quietly) store.set({ loading: true });
    try {
      const answer = await latest.run(async (signal) => {
        const { body, etag: given, unchanged } = await api.columns({ q }, { signal, etag });
        return { columns: unchanged ? null : decodeColumns(body), etag: given };
      });
      if (!answer) return; // overtaken: the newer one ends the loading
      loadedAt = Date.now();
      if (answer.columns) {
        if (edition) api.forgetEvents();
        edition = { columns: answer.columns, etag: answer.etag, q };
        select();
      }
      store.set({ loading: false, ...(problem && store.get().problem === problem && { problem: null }) });
      problem = null;
    } catch (error) {
      if (quietly) return;
      problem = toProblem(error, t("The events could not be loaded."), () => void load(), t);
      store.set({ loading: false, problem });
    }
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
            // The words went back to those of the columns at hand: what is still on its way is no longer wanted.
            if (q !== before.q) {
              latest.cancel();
              store.set({ loading: false });
            }
            select();
          }
        },
      );
      addEventListener("online", () => void load({ quietly: edition !== null }));
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "visible" && stale()) void load({ quietly: edition !== null });
      });
    },
  };
}
