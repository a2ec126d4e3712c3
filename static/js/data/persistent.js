/**
 * Loads what a page can do without for a while: place names, the ground, the curve. A failed load
 * is repeated until it succeeds, and the reader sees what is missing and when the next try is.
 *
 * @import { Problem, Store, Translate } from "../types.js"
 */
import { setProblem } from "../state/problems.js";
import { Failure, toProblem } from "./fetch-json.js";

/** The first and the longest wait, in seconds. Each wait is twice the one before. */
const FIRST_WAIT_S = 2;
const LONGEST_WAIT_S = 60;
/** Statuses below 500 after which another try may succeed. */
const PASSING = [408, 425, 429];

/**
 * Shows a failure, or that there is none any more.
 * @typedef {(failure: { error: Failure, seconds: number | null, retry: () => void } | null) => void}
 *   Teller `seconds` until the next try; null: there is none, because the server refused
 */

/**
 * Returns the wait before the next try, at least the server's `Retry-After`.
 *
 * @param {unknown} error
 * @param {number} failures so far, without this one
 * @returns {number | null} seconds; null: another try would fail too
 */
export function waitAfter(error, failures) {
  const mayPass =
    error instanceof Failure && (error.status < 400 || error.status >= 500 || PASSING.includes(error.status));
  return mayPass ? Math.max(error.retryAfterS, Math.min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** failures)) : null;
}

/**
 * Adds to a message when the next try is.
 *
 * @param {Problem} problem
 * @param {number | null} seconds from `waitAfter`
 * @param {Translate} t
 * @returns {Problem}
 */
export function withNextTry(problem, seconds, t) {
  if (seconds === null) return problem;
  const next = t.plural("Trying again in {count} second.", "Trying again in {count} seconds.", seconds, {
    count: seconds,
  });
  return { ...problem, why: `${problem.why} ${next}` };
}

/**
 * Loads, and repeats the load until it succeeds.
 *
 * @template T
 * @param {() => Promise<T>} load
 * @param {Teller} [tell]
 * @returns {Promise<T>} rejects only for errors that are no failed request
 */
export function loadPersistently(load, tell = () => {}) {
  return new Promise((resolve, reject) => {
    let failures = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    let isLoading = false;

    async function attempt() {
      if (isLoading) return;
      clearTimeout(timer);
      isLoading = true;
      try {
        const loaded = await load();
        globalThis.removeEventListener?.("online", attempt);
        tell(null);
        resolve(loaded);
      } catch (error) {
        if (error instanceof Failure) plan(error);
        else reject(error);
      } finally {
        isLoading = false;
      }
    }

    /** Plans the next try. @param {Failure} error */
    function plan(error) {
      const seconds = waitAfter(error, failures++);
      if (seconds !== null) timer = setTimeout(() => void attempt(), seconds * 1000);
      tell({ error, seconds, retry: () => void attempt() });
    }

    globalThis.addEventListener?.("online", attempt); // the reader need not wait
    void attempt();
  });
}

/**
 * Creates a teller that shows failures in the page's notices. A message that the reader closed
 * stays closed, while the tries go on.
 *
 * @param {object} options
 * @param {Store} options.store
 * @param {string} options.part of the page
 * @param {string} options.what the message, in the reader's language
 * @param {Translate} options.t
 * @returns {Teller}
 */
export function noticeTeller({ store, part, what, t }) {
  /** @type {Problem | null} */
  let shown = null;
  return (failure) => {
    const isClosed = shown !== null && store.get().problems[part] === undefined && failure !== null;
    if (isClosed) return;
    shown = null;
    if (failure) {
      const { error, seconds, retry } = failure;
      const again = () => {
        shown = null;
        retry();
      };
      shown = withNextTry(toProblem(error, what, again, t), seconds, t);
    }
    setProblem(store, part, shown);
  };
}
