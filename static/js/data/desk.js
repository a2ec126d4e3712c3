/**
 * What members ask of the server: every change carries the token of the session's forms, and where
 * it is of something that others may change too, the version that was seen.
 */
import { fetchJson } from "./fetch-json.js";

/** @typedef {ReturnType<typeof createDesk>} Desk */

/** @param {string} formToken */
export function createDesk(formToken) {
  return {
    /**
     * @param {string} method
     * @param {string} path under /api/desk
     * @param {unknown} [body]
     * @param {number | null} [version] that was seen
     * @returns {Promise<any>}
     * @throws {import("./fetch-json.js").Failure}
     */
    async request(method, path, body, version = null) {
      const headers = { "X-Form-Token": formToken, ...(version !== null && { "If-Match": `"${version}"` }) };
      const options = { method, headers, ...(body !== undefined && { body }) };
      return (await fetchJson(`/api/desk/${path}`, options)).body;
    },
  };
}
