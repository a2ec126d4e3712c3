/**
 * Sending footage in. Unlike other answers, a refusal says which fields, or asks back: it is a result, not a failure.
 *
 * @import { ApiFault } from "../ui/submit-faults.js"
 * @import { NearbyEvent, Warning } from "../ui/submit-nearby.js"
 */
import { Failure, fetchJson } from "./fetch-json.js";

const SUBMISSIONS = "/api/submissions";

/**
 * @typedef {{ kind: "received", code: string }
 *   | { kind: "faults", faults: ApiFault[] }
 *   | { kind: "warnings", warnings: Warning[] }
 *   | { kind: "conflict" }} Sent
 */

/**
 * Looks a draft over; nothing of it is stored.
 *
 * @param {Record<string, unknown>} draft
 * @param {AbortSignal} [signal]
 * @returns {Promise<{ errors: ApiFault[], warnings: Warning[], nearby: NearbyEvent[] }>}
 * @throws {Failure}
 */
export async function checkDraft(draft, signal) {
  const { body } = await fetchJson(`${SUBMISSIONS}/check`, { method: "POST", body: draft, signal });
  return body;
}

/**
 * Sends a submission. Sent again with the same idempotency key, it is one submission.
 *
 * @param {Record<string, unknown>} draft
 * @returns {Promise<Sent>}
 * @throws {Failure} it did not arrive, or is not taken now
 */
export async function send(draft) {
  try {
    const { body } = await fetchJson(SUBMISSIONS, { method: "POST", body: draft });
    return { kind: "received", code: body.tracking_code };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== "refused") throw error;
    const { errors, warnings } = error.problem;
    if (error.status === 422 && Array.isArray(errors)) return { kind: "faults", faults: errors };
    if (error.status === 409) {
      return Array.isArray(warnings) ? { kind: "warnings", warnings } : { kind: "conflict" };
    }
    throw error;
  }
}
