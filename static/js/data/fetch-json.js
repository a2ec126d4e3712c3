/**
 * Fetches JSON and bytes over HTTP, and classifies failures.
 *
 * @import { Problem, Translate } from "../types.js"
 */

/** Default timeout, longer than the slowest response. */
const TIMEOUT_MS = 15_000;
/** Timeout for large parts over a slow connection. */
export const PATIENT_MS = 180_000;

/**
 * @typedef {"offline" | "timeout" | "refused" | "broken"} FailureKind `refused`: the server
 *   answered, with an error
 */

/** A failed request. Requests that the page aborts do not throw it. */
export class Failure extends Error {
  /** @override */
  name = "Failure";

  /**
   * @param {FailureKind} kind
   * @param {{ status?: number, title?: string, detail?: string, problem?: Record<string, any>,
   *   retryAfterS?: number, cause?: unknown }} [more] `status`, `title` and `detail` come from the
   *   server's problem details, `problem` is the whole object; `retryAfterS`: the server asks to
   *   wait so many seconds
   */
  constructor(kind, { status = 0, title = "", detail = "", problem = {}, retryAfterS = 0, cause } = {}) {
    super(detail || title || kind, { cause });
    this.kind = kind;
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.problem = problem;
    this.retryAfterS = retryAfterS;
  }
}

/**
 * @typedef {object} RequestOptions
 * @property {AbortSignal} [signal] aborts the request; the promise rejects with its reason
 * @property {string | null} [etag] of the response that the page has; an unchanged response has no
 *   body
 * @property {string} [method]
 * @property {unknown} [body] sent as JSON
 * @property {Record<string, string>} [headers] additional headers
 * @property {boolean} [plain] sends no extra headers, so that the browser can use the response of a
 *   preload link
 * @property {number} [timeoutMs]
 * @property {RequestPriority} [priority] low: what the page needs is requested first
 */

/**
 * Fetches JSON.
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
 * Fetches bytes.
 *
 * @param {string} url
 * @param {RequestOptions} [options]
 * @returns {Promise<Uint8Array>}
 * @throws {Failure}
 */
export function fetchBytes(url, options = {}) {
  return request(url, options, async (response) => new Uint8Array(await response.arrayBuffer()));
}

/** The language of error messages. It is empty outside of a page. */
const pageLanguage = () => (typeof document === "undefined" ? "" : document.documentElement.lang);

/**
 * Sends a request and reads the response.
 *
 * @template T
 * @param {string} url
 * @param {RequestOptions} options
 * @param {(response: Response) => Promise<T>} read
 * @returns {Promise<T>}
 * @throws {Failure}
 */
async function request(
  url,
  { signal, etag = null, method = "GET", body, headers = {}, plain = false, timeoutMs = TIMEOUT_MS, priority = "auto" },
  read,
) {
  const patience = AbortSignal.timeout(timeoutMs);
  const either = signal ? AbortSignal.any([signal, patience]) : patience;
  try {
    const response = await fetch(url, {
      method,
      priority,
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

/** Parses the body as JSON. @param {Response} response */
async function parsed(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Failure("broken", { status: response.status, cause: error });
  }
}

/** Converts an error response to a Failure. @param {Response} response */
async function refusal(response) {
  const answer = await response.json().catch(() => ({}));
  const { title, detail } = Object(answer);
  return new Failure("refused", {
    status: response.status,
    title: typeof title === "string" ? title : response.statusText,
    detail: typeof detail === "string" ? detail : "",
    problem: Object(answer),
    retryAfterS: secondsUntil(response.headers.get("Retry-After")),
  });
}

/** Parses `Retry-After`: seconds, or a date. @param {string | null} text */
function secondsUntil(text) {
  const seconds = text === null ? 0 : /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return seconds > 0 ? Math.ceil(seconds) : 0;
}

/**
 * Converts a failure to a message for the reader.
 *
 * @param {unknown} error
 * @param {string} what the task that failed, in the reader's language
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
