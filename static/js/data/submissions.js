/**
 * Submits footage. A rejected submission has field errors or a question for the sender. It is a
 * result, not a failure.
 */
import { Failure, fetchJson } from "./fetch-json.js";

const SUBMISSIONS = "/api/submissions";

/**
 * @typedef {{ field: string, code: string, message: string }} FieldError `field` is a JSON pointer
 */

/**
 * @typedef {object} NearbyEvent
 * @property {string} id
 * @property {string} title
 * @property {string} happened_from
 * @property {string} happened_to
 * @property {string} time_precision
 * @property {number} longitude
 * @property {number} latitude
 * @property {number | null} distance_m
 * @property {string[]} same_footage the submitted links that the event already has
 */

/** @typedef {{ code: string, field: string, message: string, suggestion: any }} Warning */

/**
 * @typedef {{ kind: "received", code: string }
 *   | { kind: "errors", errors: FieldError[] }
 *   | { kind: "warnings", warnings: Warning[] }
 *   | { kind: "conflict" }} Sent
 */

/**
 * Checks a draft without storing it.
 *
 * @param {Record<string, unknown>} draft
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ errors: FieldError[], warnings: Warning[], nearby: NearbyEvent[] }>}
 * @throws {Failure}
 */
export async function checkDraft(draft, signal) {
  const { body } = await fetchJson(`${SUBMISSIONS}/check`, { method: "POST", body: draft, signal });
  return body;
}

/**
 * Sends a submission. Repeats with the same idempotency key create one submission.
 *
 * @param {Record<string, unknown>} draft
 * @returns {Promise<Sent>}
 * @throws {Failure} if the request failed or the server does not accept submissions now
 */
export async function send(draft) {
  try {
    const { body } = await fetchJson(SUBMISSIONS, { method: "POST", body: draft });
    return { kind: "received", code: body.tracking_code };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "refused") throw error;
    const { errors, warnings } = error.problem;
    if (error.status === 422 && Array.isArray(errors)) return { kind: "errors", errors };
    if (error.status === 409) {
      return Array.isArray(warnings) ? { kind: "warnings", warnings } : { kind: "conflict" };
    }
    throw error;
  }
}
