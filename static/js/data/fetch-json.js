/**
 * JSON and bytes over HTTP, with every way it can fail told apart.
 *
 * @import { Problem, Translate } from "../types.js"
 */

/** Longer than any answer of ours takes, shorter than a reader waits. */
const TIMEOUT_MS = 15_000;
/** A large part over a slow line takes longer. */
export const PATIENT_MS = 180_000;

/**
 * @typedef {"offline" | "timeout" | "refused" | "broken"} FailureKind `refused`: the server
 *   answered, with an error
 */

/**
 * A request that did not give what was asked; never thrown for one that the page itself gave up.
 */
export class Failure extends Error {
  /** @override */
  name = "Failure";

  /**
   * @param {FailureKind} kind
   * @param {{ status?: number, title?: string, detail?: string, problem?: Record<string, any>,
   *   cause?: unknown }} [more] `status`, `title` and `detail` are what the server's problem
   *   details say, `problem` is all of them
   */
  constructor(kind, { status = 0, title = "", detail = "", problem = {}, cause } = {}) {
    super(detail || title || kind, { cause });
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.problem = problem;
  }
}

/**
 * @typedef {object} RequestOptions
 * @property {AbortSignal} [signal] the page gives up; the promise rejects with its reason
 * @property {string | null} [etag] what the page has; the same again is not read a second time
 * @property {string} [method]
 * @property {unknown} [body] sent as JSON
 * @property {Record<string, string>} [headers] further ones
 * @property {boolean} [plain] asked as the head of a page asks for what it preloads: with other
 *   headers a browser may fetch it a second time
 * @property {number} [timeoutMs]
 */

/**
 * Asks for JSON.
 *
 * @param {string} url
 * @param {RequestOptions} [options]
 * @returns {Promise<{ body: any, etag: string | null, unchanged: boolean }>} `body` is undefined
 *   when unchanged
 * @throws {Failure}
 */
export function fetchJson(url, { etag = null, ...options } = {}) {
  return request(url, { etag, ...options }, async (response) => {
    const received = response.headers.get("ETag");
    if (etag !== null && received === etag) {
      await response.body?.cancel();
      return { body: undefined, etag, unchanged: true };
    }
    return { body: await parsed(response), etag: received, unchanged: false };
  });
}

/**
 * Asks for bytes.
 *
 * @param {string} url
 * @param {RequestOptions} [options]
 * @returns {Promise<Uint8Array>}
 * @throws {Failure}
 */
export function fetchBytes(url, options = {}) {
  return request(url, options, async (response) => new Uint8Array(await response.arrayBuffer()));
}

/**
 * Faults are said in the language of the page; what runs outside of one takes them as they come.
 */
const pageLanguage = () => (typeof document === "undefined" ? "" : document.documentElement.lang);

/**
 * @template T
 * @param {string} url
 * @param {RequestOptions} options
 * @param {(response: Response) => Promise<T>} read
 * @returns {Promise<T>}
 * @throws {Failure}
 */
async function request(
  url,
  { signal, etag = null, method = "GET", body, headers = {}, plain = false, timeoutMs = TIMEOUT_MS },
  read,
) {
  const patience = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, patience]) : patience;
  try {
    const response = await fetch(url, {
      method,
      signal: either,
      cache: etag === null ? "default" : "no-cache",
      credentials: "same-origin",
      headers: {
        ...(!plain && { Accept: "application/json, application/geo+json, application/problem+json, */*;q=0.5" }),
        ...(!plain && pageLanguage() && { "Accept-Language": pageLanguage() }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusal(response);
    return await read(response);
  } catch (error) {
    if (error instanceof Failure || signal?.aborted) throw error;
    if (patience.aborted) throw new Failure("timeout", { cause: error });
    throw new Failure("offline", { cause: error });
  }
}

/** @param {Response} response */
async function parsed(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure("broken", { status: response.status, cause: error });
  }
}

/** @param {Response} response */
async function refusal(response) {
  const answer = await response.json().catch(() => ({}));
  const { title, detail } = Object(answer);
  return new Failure("refused", {
    status: response.status,
    title: typeof title === "string" ? title : response.statusText,
    detail: typeof detail === "string" ? detail : "",
    problem: Object(answer),
  });
}

/**
 * A failure in the reader's words.
 *
 * @param {unknown} error
 * @param {string} what what did not work, in the reader's language
 * @param {(() => void) | null} retry
 * @param {Translate} t
 * @returns {Problem}
 */
export function toProblem(error, what, retry, t) {
  if (!(error instanceof Failure)) return { what, why: t("Something went wrong on this page."), retry };
  switch (error.kind) {
    case "offline":
      return { what, why: t("Can't reach the server. Check your connection."), retry };
    case "timeout":
      return { what, why: t("The server took too long to respond."), retry };
    case "broken":
      return { what, why: t("The server's response could not be read."), retry };
    case "refused":
      return { what, why: t(error.detail || error.title) || t("The server returned an error."), retry };
  }
}
